"""Forms as PDF pages: values at their places, symbols in their corners, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from forms.geometry import POINT
from forms.layout import Run, normalise_values, printed_runs
from forms.model import Edition, Values
from forms.seal import SigningKey, seal_page, seal_small
from generators.assembly import Mould, assemble, make_mould
from generators.symbols import Symbol, encode_symbol, fit_symbol, symbol_operators
from generators.tagging import FULL_SYMBOL, OWN, REFERENCE, SMALL_SYMBOL
from generators.template import Template, draw_template

REFERENCE_SIZE: Final = 12.0
REFERENCE_DROP: Final = 4.0
"""Points of the document number's type, and mm from the top of its box down to its baseline."""
_NOTE_SIZE: Final = 6.5
_NOTE_LEADING: Final = 3.1


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a document adds to one page beside its values: its two symbols and the lines between them."""

    full: Symbol | None
    small: Symbol | None
    reference: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedForm:
    """An issued form: the PDF and what each page's full symbol says.

    ``values_in_seal`` is false when they did not fit, so that only their digest is on the paper.
    """

    pdf: bytes
    seals: tuple[str, ...]
    values_in_seal: bool


@cache
def drawn_template(edition: Edition) -> Template:
    """The edition's template, drawn the first time and kept."""
    return draw_template(edition)


@cache
def _mould(edition: Edition) -> Mould:
    return make_mould(drawn_template(edition))


def draw_sealed(
    edition: Edition,
    values: Values,
    *,
    document: str,
    issued: date,
    key: SigningKey,
    case: str | None = None,
) -> SealedForm:
    """Draw and seal a form. ``values`` must have passed ``forms.checks``; ``document`` is a number of
    ``forms.numbers``. Values that are too long for the symbol are sealed by their digest.
    """
    spelled = normalise_values(values)
    seals, symbols = _seal_pages(edition, spelled, document, issued, key, case, with_values=True)
    in_seal = all(symbols)
    if not in_seal:
        seals, symbols = _seal_pages(edition, spelled, document, issued, key, case, with_values=False)
    marks = [
        PageMarks(
            symbol,
            encode_symbol(seal_small(edition, document=document, key=key, page=page), "Q"),
            document,
            reference_notes(edition, issued, page),
        )
        for page, symbol in enumerate(symbols, start=1)
    ]
    pdf = draw_pages(edition, printed_runs(edition, spelled), marks, issued)
    return SealedForm(pdf, tuple(seals), in_seal)


def reference_notes(edition: Edition, issued: date, page: int) -> tuple[str, ...]:
    """The lines under the document's number on a sealed page."""
    return (
        f"Documento emitido el {issued.isoformat()}  ·  Edición {edition.name}  ·  "
        f"Hoja {page} de {edition.pages}",
        "Compruebe este documento en /verificar con el código de arriba o con una fotografía.",
        "No escriba ni selle sobre los códigos impresos.",
    )


def _seal_pages(
    edition: Edition,
    values: Values,
    document: str,
    issued: date,
    key: SigningKey,
    case: str | None,
    *,
    with_values: bool,
) -> tuple[list[str], list[Symbol | None]]:
    seals = [
        seal_page(
            edition,
            values,
            document=document,
            issued=issued,
            key=key,
            page=page,
            case=case,
            with_values=with_values,
        )
        for page in range(1, edition.pages + 1)
    ]
    return seals, [fit_symbol(seal, edition.frame.full_seal) for seal in seals]


def draw_unsealed(edition: Edition, values: Values) -> bytes:
    """A form with its values but without symbols, for looking at before it is issued."""
    marks = [
        PageMarks(None, None, "", ("BORRADOR SIN SELLO: no sirve para presentar en ventanilla.",))
        for _ in range(edition.pages)
    ]
    return draw_pages(edition, printed_runs(edition, normalise_values(values)), marks, None)


def draw_pages(edition: Edition, runs: tuple[Run, ...], marks: list[PageMarks], issued: date | None) -> bytes:
    """Print runs and page marks on the edition's template; ``issued`` dates the file."""
    template = drawn_template(edition)
    contents = [
        _page_content(edition, [run for run in runs if run.page == page], mark, template.codes, structure.own)
        for page, (mark, structure) in enumerate(zip(marks, template.structures, strict=True), start=1)
    ]
    return assemble(_mould(edition), contents, _description(edition, marks[0].reference, issued))


def _description(edition: Edition, reference: str, issued: date | None) -> bytes:
    title = f"{edition.title} {reference}".strip()
    facts = [f"/Title {_pdf_text(title)}", "/Producer (Ventanilla)", "/Creator (Ventanilla)"]
    if issued:
        facts.append(f"/CreationDate (D:{issued:%Y%m%d}000000-05'00')")
    return f"<< {' '.join(facts)} >>".encode("ascii")


def _pdf_text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def _page_content(
    edition: Edition,
    runs: list[Run],
    mark: PageMarks,
    codes: Mapping[str, tuple[str, int]],
    numbers: Mapping[str, int],
) -> str:
    """The operators of one page in Latin-1: values first, then symbols and reference, each in the piece of
    marked content that the edition's structure foresees (``numbers``), be it empty.
    """
    shown: dict[str, list[str]] = {name: [] for name in numbers}
    for run in runs:
        shown[run.field].append(_run_operators(run, edition.height, codes))
    frame = edition.frame
    for name, symbol, box in (
        (FULL_SYMBOL, mark.full, frame.full_seal),
        (SMALL_SYMBOL, mark.small, frame.small_seal),
    ):
        if symbol is not None:
            shown[name].append(symbol_operators(symbol, box, edition.height))
    shown[REFERENCE].append(_reference_operators(edition, mark, codes))
    parts = ["0 g 0 G\n"]
    for name, number in numbers.items():
        operators = "".join(shown[name])
        text = f"BT\n{operators}ET\n" if operators and name not in OWN else operators
        parts.append(f"/Span <</MCID {number}>> BDC\n{text}EMC\n")
    return "".join(parts)


def _reference_operators(edition: Edition, mark: PageMarks, codes: Mapping[str, tuple[str, int]]) -> str:
    box = edition.frame.reference
    rows = [(mark.reference, box.y + REFERENCE_DROP, REFERENCE_SIZE)] if mark.reference else []
    rows += [(note, box.y + 8.4 + _NOTE_LEADING * place, _NOTE_SIZE) for place, note in enumerate(mark.notes)]
    runs = [Run("", text, box.x, baseline, 0.6 * size * POINT, size, 1) for text, baseline, size in rows]
    return "BT\n" + "".join(_run_operators(run, edition.height, codes) for run in runs) + "ET\n"


def _run_operators(run: Run, page_height: float, codes: Mapping[str, tuple[str, int]]) -> str:
    """Show one run: placed once, with the extra space between signs that its pitch asks for."""
    extra = (run.pitch - 0.6 * run.size * POINT) / POINT
    shown: list[str] = []
    font = ""
    for sign in run.text.rstrip(" "):
        name, code = codes[sign]
        if name != font:
            if shown:
                shown.append(") Tj ")
            shown.append(f"{name} {run.size:g} Tf (")
            font = name
        shown.append(f"\\{code:03o}" if code < 32 or code > 126 or code in b"()\\" else chr(code))
    if not shown:
        return ""
    place = f"{run.x / POINT:.3f} {(page_height - run.baseline) / POINT:.3f}"
    return f"{extra:.4f} Tc 1 0 0 1 {place} Tm {''.join(shown)}) Tj\n"
