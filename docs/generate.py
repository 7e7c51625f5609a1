"""The pages that follow from the code: `make docs` writes them, a test fails when one is out of date.

python docs/generate.py [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from forms.description import describe
from forms.fingerprints import fingerprint
from forms.model import Edition, Form
from forms.problems import CATALOGUE, ProblemKind
from forms.register import all_forms
from regeneration import cases
from regeneration.parameters import ParameterValue, load_parameters

DOCS: Final = Path(__file__).resolve().parent


def notice(source: str) -> str:
    """The line that keeps people from editing a written page by hand."""
    return f"This page is written from `{source}` by `make docs`; change that, not this."


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table, a line at a time; a bar inside a cell is escaped."""
    heads = tuple(heads)
    yield row(heads)
    yield "|" + "---|" * len(heads)
    yield from map(row, rows)


def row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def page(title: str, *parts: str | Iterable[str]) -> str:
    """A whole page: the title and its paragraphs, a blank line between any two."""
    paragraphs = [part if isinstance(part, str) else "\n".join(part) for part in parts]
    return "\n\n".join((f"# {title}", *paragraphs)) + "\n"


def problems_page() -> str:
    return page(
        "Problems",
        notice("forms/problems.py"),
        "What can be wrong with values, paper, files and cases. A program goes by the code, which never "
        "changes its meaning; a person reads the sentence. An *error* stops the step until someone mends "
        "it, a *warning* is shown and recorded. Words in braces are the facts of the occurrence.",
        table(("Code", "Severity", "For", "Sentence"), map(problem_row, CATALOGUE.values())),
    )


def problem_row(kind: ProblemKind) -> tuple[str, ...]:
    return f"`{kind.code}`", kind.severity.value, kind.audience.value, kind.sentence


def parameters_page() -> str:
    return page(
        "Rates, bases and limits by date",
        notice("regeneration/parameter_data/"),
        "Every value that a rebuilt sheet rests on, with where it comes from. A day that no row covers has "
        "no value: the rebuild stops with `PARAMETER_NOT_IN_FORCE` and guesses nothing. What is not `sure` is "
        "listed in [open-questions.md](open-questions.md).",
        table(
            ("Parameter", "From", "Until", "Value", "Confidence", "Reference"),
            (parameter_row(each) for values in load_parameters().values.values() for each in values),
        ),
    )


def parameter_row(value: ParameterValue) -> tuple[str, ...]:
    single = tuple(value.parts) == ("amount",)
    parts = "; ".join(f"{amount}" if single else f"{name} {amount}" for name, amount in value.parts.items())
    return (
        f"`{value.name}`",
        value.since.isoformat(),
        value.until.isoformat() if value.until else "open",
        f"{parts} {value.unit.value}",
        value.confidence.value,
        value.reference,
    )


def form_index_page() -> str:
    rows = (
        (f"[`{form.name}`]({form.name}.md)", form.title, ", ".join(edition.name for edition in form))
        for form in all_forms()
    )
    return page(
        "Forms",
        notice("forms/catalog/"),
        "A form is one file in `forms/catalog/`; drawing, blank fillable PDF, reading zones, checks and these "
        "pages come from it.",
        table(("Form", "Title", "Editions"), rows),
    )


def form_page(form: Form) -> str:
    return page(
        form.title,
        notice(f"forms/catalog/{form.name.replace('-', '_')}.py"),
        f"Name: `{form.name}`. Boxes are `x, y, width, height` in millimetres from the top-left corner of the "
        "page. A signature box holds no value.",
        *(part for edition in reversed(form.editions) for part in edition_parts(edition)),
    )


def edition_parts(edition: Edition) -> Iterator[str | Iterable[str]]:
    yield f"## Edition {edition.name}"
    yield (
        f"{edition.pages} page{'s'[: edition.pages != 1]} of {edition.width:g} × {edition.height:g} mm. "
        f"Fingerprint `{fingerprint(edition).hex()}`."
    )
    heads = ("Field", "Printed label", "Kind", "Page", "Box (mm)", "Required", "Room", "Checks")
    yield table(heads, map(field_row, describe(edition)["fields"]))


def field_row(field: dict[str, Any]) -> tuple[str, ...]:
    kind = field["kind"]
    if options := field.get("options"):
        kind += ": " + ", ".join(f"`{option}`" for option in options)
    return (
        f"`{field['name']}`",
        field["label"],
        kind,
        str(field["page"]),
        ", ".join(f"{measure:g}" for measure in field["box_mm"]),
        "yes" if field["required"] else "no",
        str(field.get("max_length", "–")),
        ", ".join(field.get("checks", ())) or "–",
    )


def written_pages() -> dict[Path, Callable[[], str]]:
    """Every page that follows from the code, by its place, with what writes it."""
    return {
        DOCS / "problems.md": problems_page,
        DOCS / "parameters.md": parameters_page,
        DOCS / "case-states.md": cases.write_page,
        DOCS / "forms" / "README.md": form_index_page,
        **{DOCS / "forms" / f"{form.name}.md": lambda form=form: form_page(form) for form in all_forms()},
    }


def out_of_date() -> list[Path]:
    """The written pages that differ from what the code says now, and form pages that no form has."""
    pages = written_pages()
    strange = [found for found in (DOCS / "forms").glob("*.md") if found not in pages]
    stale = [
        place for place, write in pages.items() if not place.exists() or place.read_text("utf-8") != write()
    ]
    return sorted(strange + stale)


def main() -> int:
    stale = out_of_date()
    if "--check" in sys.argv[1:]:
        for place in stale:
            print(f"{place.relative_to(DOCS.parent)} is not what the code says: run `make docs`")
        return bool(stale)
    pages = written_pages()
    for place in stale:
        if write := pages.get(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(write(), "utf-8")
        else:
            place.unlink()
        print(f"{'wrote' if write else 'removed'} {place.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
