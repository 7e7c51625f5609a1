"""Blank forms that people filled in: typed, ticked, written by hand, left empty; who is asked about what."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bench.material import KEYS, random_paper, random_values
from bench.template_material import tick_by_hand, type_in_viewer, type_over, write_by_hand
from forms.geometry import Box
from forms.layout import comb_pitch, tick_boxes
from forms.model import Edition, Values
from forms.register import find_form
from generators.blank import draw_blank
from generators.paper.files import encode
from generators.paper.ink import Pen, draw_strokes, sign, smooth, strike, write_over
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Grey, Sheet, print_page, white_out
from intake.batch import read_batch
from intake.pages import PageResult, ReadingContext, read_page
from intake.readings import DocumentReading

PEN = Pen(0.4, 50)
CONTEXT = ReadingContext(KEYS)


def edition_of(form: str) -> Edition:
    found = find_form(form)
    assert found is not None
    return found.current


REQUEST, AUTHORIZATION = edition_of("employer-request"), edition_of("third-party-authorization")


@cache
def values_of(edition: Edition) -> Values:
    values = random_values(edition, np.random.default_rng(5))
    holder = "representative" if edition is REQUEST else "grantor"
    return values | {f"{holder}_id_kind": "cedula", f"{holder}_id": "1712345675"}


def scanned(sheet: Sheet, dpi: int = 200, **scanner: float) -> Grey:
    random = np.random.default_rng(3)
    return scan(sheet, Scanner(dpi=dpi, **scanner), random)  # type: ignore[arg-type]


@cache
def typed_page(edition: Edition, face: str = "/Helv", size: float = 10) -> PageResult:
    sheet = print_page(type_in_viewer(draw_blank(edition), values_of(edition), face, size))
    return read_page(scanned(sheet, rotation_deg=1.5), CONTEXT)


@pytest.mark.parametrize("edition", [REQUEST, AUTHORIZATION], ids=lambda edition: edition.form)
def test_what_was_typed_in_a_viewer_is_read(edition: Edition) -> None:
    result = typed_page(edition)
    assert {name: found.value for name, found in result.fields.items()} == values_of(edition)
    states = [found.state for found in result.fields.values()]
    assert set(states) <= {"read", "doubtful"}
    assert states.count("read") >= len(states) - 3


def test_a_typewriters_face_is_read_too() -> None:
    pdf = type_over(draw_blank(REQUEST), REQUEST, values_of(REQUEST), "Courier", np.random.default_rng(1))
    fields = read_page(scanned(print_page(pdf), dpi=300), CONTEXT).fields
    assert {name: found.value for name, found in fields.items()} == values_of(REQUEST)
    sure = {name for name, found in fields.items() if found.state == "read"}
    assert len(sure & {"ruc", "branch", "date", "period", "representative_id", "sheet_type"}) >= 4


def read_sheet(sheet: Sheet) -> DocumentReading:
    batch = read_batch([("papel.pdf", encode([scanned(sheet)], "pdf", 200))], CONTEXT)
    (document,) = batch.documents
    return document


@cache
def empty_form() -> DocumentReading:
    return read_sheet(print_page(draw_blank(REQUEST)))


def test_nothing_is_invented_on_an_empty_form() -> None:
    required = {box.name for box in REQUEST.value_fields if box.required}
    assert {name: found.state for name, found in empty_form().fields.items()} == dict.fromkeys(
        required, "missing"
    )
    assert empty_form().signatures["representative_signature"].state == "absent"


def test_an_empty_form_names_each_missing_datum() -> None:
    missing = {found.field for found in empty_form().problems if found.code == "FIELD_MISSING"}
    assert missing == {box.name for box in REQUEST.value_fields if box.required}
    assert (empty_form().route, empty_form().outcome) == ("template", "review")


@cache
def written_form() -> DocumentReading:
    random = np.random.default_rng(11)
    sheet = write_by_hand(print_page(draw_blank(REQUEST)), REQUEST, values_of(REQUEST), random, None)
    return read_sheet(sign(sheet, REQUEST.signature_fields[0].box, random))


def test_prose_by_hand_is_asked_and_never_guessed() -> None:
    for name in ("business_name", "representative_name", "petition", "address", "email"):
        found = written_form().fields[name]
        assert (found.value, found.state) == ("", "doubtful")
    asked = {found.field for found in written_form().problems if found.code == "FIELD_DOUBTFUL"}
    assert {"business_name", "petition"} <= asked


def test_what_is_there_and_unread_is_not_called_missing() -> None:
    assert "FIELD_MISSING" not in {found.code for found in written_form().problems}


def test_ticks_and_signature_by_hand_are_seen() -> None:
    for name in ("sheet_type", "representative_id_kind"):
        found = written_form().fields[name]
        assert (found.value, found.state) == (values_of(REQUEST)[name], "read")
    assert written_form().signatures["representative_signature"].state == "present"


def test_digits_by_hand_are_no_accepted_lie() -> None:
    for name in ("ruc", "branch", "date", "period", "representative_id"):
        found = written_form().fields[name]
        assert found.state == "doubtful" or found.value == values_of(REQUEST)[name]
        assert found.source == "handwriting"


@cache
def spoilt_form() -> DocumentReading:
    """Typed, then a second tick, a pen through the RUC, and a cédula that cannot be."""
    random = np.random.default_rng(2)
    values = values_of(REQUEST) | {"representative_id": "1712345676"}
    sheet = print_page(type_in_viewer(draw_blank(REQUEST), values, "/Helv", 10))
    other = next(
        box for value, box in tick_boxes(REQUEST.field("sheet_type")) if value != values["sheet_type"]
    )
    return read_sheet(strike(tick_by_hand(sheet, other, PEN, random), REQUEST.field("ruc").box, random, PEN))


def cell_of(name: str, place: int) -> Box:
    """A cell of a comb."""
    box = REQUEST.field(name).box
    cells, pitch = comb_pitch(REQUEST.field(name)) or (1, box.width)
    return Box(box.x + place % cells * pitch, box.y, pitch, box.height)


@cache
def typed_sheet() -> Sheet:
    return print_page(type_in_viewer(draw_blank(REQUEST), values_of(REQUEST), "/Helv", 10))


def crossed(sheet: Sheet, cell: Box, how: str, pen: Pen, random: np.random.Generator) -> Sheet:
    """A digit with a stroke through it, aslant or level."""
    left, right, top, bottom = cell.x + 0.8, cell.right - 0.8, cell.y + 0.9, cell.bottom - 0.9
    middle = (top + bottom) / 2
    ends = {"/": (bottom, top), "\\": (top, bottom), "—": (middle, middle - 0.2)}[how]
    stroke = np.array([[left, ends[0]], [(left + right) / 2, sum(ends) / 2 + 0.1], [right, ends[1]]])
    return draw_strokes(sheet, [smooth(stroke)], pen, random)


@pytest.mark.parametrize("how", ["/", "\\", "—"])
@pytest.mark.parametrize("name", ["date", "period", "branch", "ruc"])
def test_a_typed_digit_that_a_pen_crossed_out_is_not_given_as_read(name: str, how: str) -> None:
    """Whether or not the right one stands beside it."""
    random = np.random.default_rng(8)
    sheet = crossed(typed_sheet(), cell_of(name, -1), how, Pen(0.4, 90), random)
    fields = read_sheet(sheet).fields
    assert fields[name].state == "doubtful"
    assert {found.state for other, found in fields.items() if other != name and found.value} == {"read"}


@pytest.mark.parametrize("place", ["above", "below", "right"])
def test_a_value_beside_which_somebody_wrote_is_asked_about_and_its_crop_shows_the_note(place: str) -> None:
    random = np.random.default_rng(9)
    box = REQUEST.field("period").box
    x, y = {
        "above": (box.right - 4.6, box.y - 4.2),
        "below": (box.right - 4.6, box.bottom + 0.4),
        "right": (box.right + 0.8, box.y + 1.2),
    }[place]
    note = Box(x, y, 4.0, 4.0)
    document = read_sheet(write_over(typed_sheet(), note, "5", random, pen=Pen(0.4, 90)))
    found = document.fields["period"]
    assert found.state == "doubtful"
    left, top, width, height = found.box_mm
    assert Box(left, top, width, height).grown(0.7).contains(Box(x + 0.8, y + 0.8, 2.0, 2.0))
    assert document.fields["ruc"].state == document.fields["date"].state == "read"


def test_a_ring_around_a_choice_is_no_missing_answer() -> None:
    random = np.random.default_rng(10)
    values = {name: value for name, value in values_of(REQUEST).items() if name != "sheet_type"}
    sheet = print_page(type_in_viewer(draw_blank(REQUEST), values, "/Helv", 10))
    _, square = tick_boxes(REQUEST.field("sheet_type"))[0]
    turn = np.linspace(0, 6.6, 40)
    middle = square.x + square.width / 2 + 9, square.y + square.height / 2
    ring = np.column_stack((middle[0] + 12.5 * np.cos(turn), middle[1] + 3.6 * np.sin(turn)))
    document = read_sheet(draw_strokes(sheet, [ring], Pen(0.5, 80), random))
    assert document.fields["sheet_type"].state == "doubtful"


def test_two_ticks_are_for_the_clerk() -> None:
    assert spoilt_form().fields["sheet_type"].state == "doubtful"


def test_a_number_struck_through_is_for_the_clerk() -> None:
    assert spoilt_form().fields["ruc"].state == "doubtful"
    assert [told.field for told in spoilt_form().problems if told.code == "FIELD_STRUCK_OUT"] == ["ruc"]
    assert "FIELD_STRUCK_OUT" not in {told.code for told in written_form().problems}


def test_an_impossible_value_is_doubted_however_clear() -> None:
    found = spoilt_form().fields["representative_id"]
    assert (found.value, found.state) == ("1712345676", "doubtful")


def test_a_lost_symbol_does_not_lose_the_form() -> None:
    sheet = print_page(type_in_viewer(draw_blank(AUTHORIZATION), values_of(AUTHORIZATION), "/Helv", 10))
    spoilt = white_out(sheet, AUTHORIZATION.frame.small_seal.grown(1))
    result = read_page(scanned(spoilt), CONTEXT)
    assert result.identity is not None
    assert result.identity.edition is AUTHORIZATION
    found = result.fields["ruc"]
    assert (found.value, found.state) == (values_of(AUTHORIZATION)["ruc"], "read")


def test_a_sealed_page_needs_no_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(height: int) -> None:
        raise AssertionError("the line recogniser is for pages without a seal")

    monkeypatch.setattr("intake.line_recognition._recogniser", load)
    paper = random_paper(np.random.default_rng(4), REQUEST, unsigned=0)
    result = read_page(scanned(paper.sheet), CONTEXT)
    assert {found.state for found in result.fields.values()} == {"confirmed"}
