"""The pages that follow from the code: `make docs` writes them, a test fails when one is out of date.

python -m docs.generate
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import Field, fields
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from docs.agencies import CORRECTING_AGENCIES
from forms.description import describe
from forms.fingerprints import fingerprint
from forms.model import Edition, Form
from forms.personal import Datum, datum_of
from forms.problems import CATALOGUE, ProblemKind
from forms.register import all_forms
from operations.agencies.register import load_agencies
from operations.personal_data import EXPORTERS, Place, View, view_of
from operations.retention_schedules import load_passing_terms
from operations.settings import PREFIX, Settings
from operations.users import UserRole
from regeneration import cases
from regeneration.batch_layout import TAILS, columns_of
from regeneration.novedades import NovedadType
from regeneration.parameters import ParameterValue, load_parameters
from regeneration.sheet_states import transition_rows

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
    """A whole page: paragraphs, which are wrapped, and tables, with a blank line between any two."""
    paragraphs = [
        fill(part, 100, break_on_hyphens=False) if isinstance(part, str) else "\n".join(part)
        for part in parts
    ]
    return "\n\n".join((f"# {title}", *paragraphs)) + "\n"


def problems_page() -> str:
    return page(
        "Problems",
        notice("forms/problems.py"),
        "A problem is an expected outcome: a code for programs and a Spanish sentence for people. Words in "
        "braces are filled in with the facts of the occurrence. The same code is in `--json`, on the screen "
        "and in HTTP errors. An *error* stops the step; a *warning* is shown and recorded.",
        table(
            ("code", "severity", "who acts", "sentence"),
            map(problem_row, sorted(CATALOGUE.values(), key=lambda kind: kind.code)),
        ),
    )


def personal_data_page() -> str:
    places = [(datum, place) for datum in Datum for place in Place]
    return page(
        "Who sees which personal data",
        notice("operations/personal_data.py"),
        "What each role sees on screens, in lists and in answers to programs, after the principle of "
        "processing no more than the task needs (LOPDP, article 10; the articles are likely). Employers see "
        "their own place's data only, delegates that of the place they prepare papers for; nobody who is "
        "not signed in sees any. The archivist may have the masks "
        "of one file taken off, which is an event of the audit trail. A paper that somebody opens shows what "
        "is on it, and opening it is an event; a masked paper is a thumbnail. A whole file as a package "
        "(`paquete.zip`) holds everything unmasked: the last row says who may have one, and each is an "
        "event.",
        table(
            ("datum", "where", *(role.label for role in UserRole)),
            (
                *(
                    (datum.label, place.label, *(view_of(role, datum, place).label for role in UserRole))
                    for datum, place in places
                ),
                (
                    "expediente completo",
                    "paquete (ZIP)",
                    *((View.FULL if role in EXPORTERS else View.NONE).label for role in UserRole),
                ),
            ),
        ),
        "Of each signature that is present the service keeps a trace, the middle of its lines, to know the "
        "same picture on another paper. Nobody sees it, packages leave it out, and it ends with the picture "
        "of its page (decision 0015).",
        "Fields of the forms that hold personal data:",
        table(
            ("form", "field", "datum"),
            (
                (form.title, field.title, found.label)
                for form in all_forms()
                for field in form.current.value_fields
                if (found := datum_of(field)) is not None
            ),
        ),
        "What is forgotten by itself (`operations/retention_schedules.yaml`):",
        table(
            ("data", "days", "source", "confidence"),
            (
                (term.title, str(term.days), term.reference, term.confidence.value)
                for term in load_passing_terms().values()
            ),
        ),
    )


def problem_row(kind: ProblemKind) -> tuple[str, ...]:
    return f"`{kind.code}`", kind.severity.value, kind.audience.value, kind.sentence


ADDING_PARAMETERS = """## Adding a value: for operators

The basic wage is decreed each December and ends with its year. `ventanilla check` tells six weeks before
the end which parameter runs out, and is not content on a day that has no value. The next value is a
YAML file, of any name, in `parameters/` of the data folder (or in `VENTANILLA_PARAMETERS_DIR`):

```yaml
basic-wage:
  values:
    - since: 2027-01-01
      until: 2027-12-31
      parts: {amount: "490.00"}          # an example; write what was decreed
      reference: "Acuerdo ministerial, its number and date"
      confidence: sure                   # sure, likely or guess
```

- It starts the day after the last value. Where that one is open, as rates are, it closes it the day before.
- What is known is never changed: a file that overlaps, leaves a gap, repeats a key, has no reference, or
  names an unknown parameter or part stops the service with the file and the fault. `ventanilla check` reads
  it as the service does: run it before the restart.
- It counts from the next start of `serve` and `worker`; explanations and comparisons name it as any other."""


def agencies_page() -> str:
    agencies = load_agencies()
    return page(
        "Agencies where appointments are booked",
        notice("operations/agencies/agencies.yaml"),
        "No complete official list could be had: what is not verified is starting data, and the pages say "
        "so. Slot length, capacity and the turns that one person may have are guesses of ours "
        "([open questions](open-questions.md)).",
        table(
            ("id", "agency", "province", "hours", "slot, places", "verified", "source"),
            (
                (
                    f"`{each.id}`",
                    f"{each.name}, {each.address}",
                    agencies.provinces[each.province],
                    f"{each.opens:%H:%M} to {each.closes:%H:%M}",
                    f"{each.slot_minutes} min, {each.capacity}",
                    "yes" if each.verified else "no",
                    each.source,
                )
                for each in agencies.all
            ),
        ),
        CORRECTING_AGENCIES.splitlines(),
    )


def parameters_page() -> str:
    return page(
        "Rates, bases and limits by date",
        notice("regeneration/parameter_data/"),
        "Every value that a rebuilt sheet rests on, and where it comes from. A day that no row covers has no "
        "value: the rebuild stops with `PARAMETER_NOT_IN_FORCE` and guesses nothing. Whatever is not `sure` "
        "is an [open question](open-questions.md).",
        table(
            ("parameter", "from", "until", "value", "confidence", "reference"),
            (parameter_row(each) for values in load_parameters().values.values() for each in values),
        ),
        ADDING_PARAMETERS.splitlines(),
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


def settings_page() -> str:
    return page(
        "Settings",
        notice("operations/settings.py"),
        "Every setting has a default that works. Another value comes from the environment, or from a TOML "
        "file that `VENTANILLA_SETTINGS` names, with the same names in lower case and without the prefix; "
        "the environment goes first. `ventanilla check` shows the values in use, secrets masked.",
        table(("variable", "default", "meaning"), map(setting_row, fields(Settings))),
    )


def setting_row(setting: Field[Any]) -> tuple[str, ...]:
    default = str(setting.default).lower() if isinstance(setting.default, bool) else str(setting.default)
    meaning = setting.metadata["english"] + (" Secret." if setting.metadata["secret"] else "")
    return f"`{PREFIX}{setting.name.upper()}`", f"`{default}`" if default else "–", meaning


def sheet_states_page() -> str:
    return page(
        "States of a sheet and of its receipt",
        notice("regeneration/sheet_states.py"),
        "What a table does not have is refused by name. «cancelado» is what the institute calls a *paid* "
        "receipt, so it is always shown as «cancelado (pagado)». A sheet with a receipt that is not annulled "
        "is neither annulled nor replaced, whatever its own state says.",
        table(("of", "state", "event", "next state"), transition_rows()),
    )


def batch_format_page() -> str:
    return page(
        "Batch file of novedades",
        notice("regeneration/batch_layout.py"),
        "The institute's own format: ASCII, one record a line, columns between `;`, dates AAAAMMDD, amounts "
        "with a point and two decimals whatever the locale, one record of a type for each person. `MSU` and "
        "`INS` are confirmed by two or three sources; `ENT` and `SAL` rest on one transcription.",
        *(part for kind in TAILS for part in batch_record_parts(kind)),
    )


def batch_record_parts(kind: NovedadType) -> Iterator[str | Iterable[str]]:
    columns = columns_of(kind)
    yield f"## {kind.value}: {kind.label}"
    yield f"`{';'.join(column.name for column in columns)}`"
    yield table(
        ("place", "name", "column", "holds"),
        (
            (str(place), f"`{column.name}`", column.label, column.holds)
            for place, column in enumerate(columns, start=1)
        ),
    )


def commands_page() -> str:
    """Help is in the language of the environment, so a process of its own is asked in English."""
    command = [sys.executable, "-m", "docs.commands"]
    environment = os.environ | {"LC_ALL": "en_US.UTF-8"}
    told = subprocess.run(command, cwd=DOCS.parent, env=environment, capture_output=True, check=True)
    intro = (
        "Every command as its `--help` tells it, in English; with a Spanish `LANG`, the help and what people "
        "read are in Spanish. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 the input could not "
        "be read, 4 the store or an engine is out of reach."
    )
    return page("Commands", notice("cli/"), intro, told.stdout.decode().splitlines())


def form_page(form: Form) -> str:
    current = form.current
    return page(
        form.title,
        notice("forms/catalog/"),
        f"Form `{form.name}`. Boxes are left, top, width and height in mm from the top-left corner of the "
        f"page, {current.width:g} × {current.height:g} mm; room is in characters.",
        table(("edition", "fingerprint", "pages"), map(edition_row, form.editions)),
        *(part for edition in reversed(form.editions) for part in field_parts(edition)),
    )


def edition_row(edition: Edition) -> tuple[str, ...]:
    return edition.name, f"`{fingerprint(edition).hex()[:16]}…`", str(edition.pages)


def field_parts(edition: Edition) -> Iterator[str | Iterable[str]]:
    yield f"## Fields of {edition.name}"
    heads = ("name", "label", "kind", "required", "room", "page", "box (mm)", "what to write")
    yield table(heads, map(field_row, describe(edition)["fields"]))


def field_row(field: dict[str, Any]) -> tuple[str, ...]:
    options = ", ".join(f"`{option}`" for option in field.get("options", ()))
    return (
        f"`{field['name']}`",
        field["label"],
        field["kind"],
        "yes" if field["required"] else "no",
        "–" if options else str(field.get("max_length", "–")),
        str(field["page"]),
        ", ".join(f"{measure:g}" for measure in field["box_mm"]),
        field["help"] + (f" ({options})" if options else ""),
    )


def written_pages() -> dict[Path, str]:
    """Every page that follows from the code, by its place."""
    return {
        DOCS / "personal-data.md": personal_data_page(),
        DOCS / "problems.md": problems_page(),
        DOCS / "parameters.md": parameters_page(),
        DOCS / "agencies.md": agencies_page(),
        DOCS / "settings.md": settings_page(),
        DOCS / "commands.md": commands_page(),
        DOCS / "case-states.md": cases.write_page(),
        DOCS / "sheet-states.md": sheet_states_page(),
        DOCS / "batch-format.md": batch_format_page(),
        **{DOCS / "forms" / f"{form.name}.md": form_page(form) for form in all_forms()},
    }


def main() -> None:
    for place, text in written_pages().items():
        if not place.exists() or place.read_text("utf-8") != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
            print(f"wrote {place.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
