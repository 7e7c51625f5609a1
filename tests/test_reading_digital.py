"""Digital copies of our form: a stored value counts when one sees it, and nothing in a file is ink."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import numpy as np
import pikepdf
import pytest
from digital_samples import (
    POINT,
    REQUEST,
    VALUES,
    clipped_text_at,
    codes,
    copy,
    drawn_over,
    filled,
    flattened,
    joined,
    line_at,
    noted,
    patch_at,
    printed_to_file,
    read,
    struck_out_by_note,
    text_at,
    turned,
    two_to_a_sheet,
    typed_only,
    values_of,
    with_other_words,
)
from pikepdf import Array, Dictionary, Name, String

from bench.material import EDITIONS, KEY, KEYS, random_values
from forms.geometry import Box
from forms.layout import normalise_values, tick_boxes
from forms.model import Edition, Values
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.blank import draw_blank
from generators.pages import draw_sealed
from intake.alignment import Alignment
from intake.batch import read_batch
from intake.digital_route import stored_values
from intake.drawn_text import DrawnText
from intake.pages import ReadingContext
from intake.pdf_fields import page_values
from intake.readings import DocumentReading, FieldReading

NUMBER = number_from_entropy(bytes(range(RANDOM_BYTES)))


def field(document: DocumentReading, name: str) -> tuple[str, str, str]:
    found: FieldReading = document.fields[name]
    return found.state, found.source, found.value


def shown(document: DocumentReading) -> Values:
    return {name: found.value for name, found in document.fields.items()}


def sources(document: DocumentReading) -> dict[str, str]:
    return {name: found.source for name, found in document.fields.items()}


@pytest.mark.parametrize("seed", [3, 4])
def test_a_form_filled_in_a_viewer_gives_every_value_from_its_fields(seed: int) -> None:
    values = values_of(seed)
    document = read(filled(REQUEST, values))
    assert document.route == "digital"
    assert shown(document) == values
    assert {found.state for found in document.fields.values()} == {"read"}
    assert set(sources(document).values()) == {"acroform"}


def test_values_that_a_program_put_in_and_left_for_the_viewer_to_draw_are_read() -> None:
    assert shown(read(typed_only(REQUEST, VALUES))) == VALUES


@pytest.mark.parametrize("make", [flattened, printed_to_file], ids=["flattened", "printed to a file"])
def test_text_inside_the_boxes_is_the_value_when_the_form_is_gone(make: object) -> None:
    assert callable(make)
    document = read(make(copy()))
    assert document.route == "digital"
    assert shown(document) == VALUES
    assert {found.state for found in document.fields.values()} == {"read"}
    ticked = {"sheet_type", "representative_id_kind"}
    assert {name for name, source in sources(document).items() if source == "ocr"} == ticked
    assert {source for name, source in sources(document).items() if name not in ticked} == {"text"}


def test_our_sealed_form_as_the_file_that_was_never_printed_is_confirmed_and_has_no_ink() -> None:
    pdf = draw_sealed(REQUEST, VALUES, document=NUMBER, issued=date(2026, 12, 1), key=KEY).pdf
    document = read(pdf)
    assert document.route == "digital"
    assert {found.state for found in document.fields.values()} == {"confirmed"}
    assert document.signatures["representative_signature"].state == "absent"
    assert "SIGNATURE_ABSENT" in codes(document)


def test_a_field_that_shows_something_else_than_it_holds_is_altered_with_both() -> None:
    document = read(filled(REQUEST, VALUES, {"ruc": "0990012345001"}))
    assert field(document, "ruc") == ("altered", "acroform", VALUES["ruc"])
    assert document.fields["ruc"].seen == "0990012345001"
    (found,) = [each for each in document.problems if each.code == "FIELD_ALTERED"]
    assert VALUES["ruc"] in found.message
    assert "0990012345001" in found.message


def test_a_field_covered_by_other_text_is_altered() -> None:
    box = REQUEST.field("place").box
    data = drawn_over(flattened(copy()), patch_at(box) + text_at(box, "Macas"))
    state, _, value = field(read(data), "place")
    assert (state, value) == ("doubtful", "Macas")


@pytest.mark.parametrize(
    "operators",
    [
        text_at(REQUEST.field("place").box, "Loja", "1 g"),
        text_at(REQUEST.field("place").box, "Loja", mode=3),
        text_at(REQUEST.field("place").box, "Loja") + patch_at(REQUEST.field("place").box),
    ],
    ids=["white", "invisible", "covered"],
)
def test_text_that_nobody_sees_is_not_taken(operators: str) -> None:
    state, _, value = field(read(drawn_over(draw_blank(REQUEST), operators)), "place")
    assert (state, value) == ("missing", "")


def test_a_value_that_the_stored_form_does_not_show_is_asked_about() -> None:
    document = read(filled(REQUEST, VALUES, {"email": ""}))
    assert field(document, "email")[0] == "doubtful"
    assert "FIELD_DOUBTFUL" in codes(document)


@pytest.mark.parametrize("other", ["pagosnomina@empresa.example", "pagos-nomina@empresa.example"])
def test_an_address_that_shows_another_point_than_it_stores_is_not_given_as_read(other: str) -> None:
    values = {**VALUES, "email": "pagos.nomina@empresa.example"}
    document = read(filled(REQUEST, values, {"email": other}))
    assert document.fields["email"].state in {"doubtful", "altered"}
    assert document.fields["email"].seen == other


def test_a_drawn_signature_in_a_file_is_not_by_hand() -> None:
    box = REQUEST.field("representative_signature").box
    x, y = box.x * 72 / 25.4, (297 - box.bottom) * 72 / 25.4
    curve = " ".join(
        f"{x + 20 + 8 * step} {y + 30 + (-1) ** step * 20} {x + 24 + 8 * step} {y + 10} {x + 28 + 8 * step} "
        f"{y + 30} c"
        for step in range(14)
    )
    document = read(drawn_over(flattened(copy()), f"q 1.2 w {x + 20} {y + 30} m {curve} S Q"))
    assert document.signatures["representative_signature"].state == "absent"
    assert "SIGNATURE_NOT_HANDWRITTEN" in codes(document)


def test_an_edition_reads_its_own_blank_as_empty() -> None:
    document = read(draw_blank(REQUEST))
    assert {found.state for found in document.fields.values()} == {"missing"}


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.form)
def test_every_form_has_a_digital_route(edition: Edition) -> None:
    values = normalise_values(random_values(edition, np.random.default_rng(8)))
    document = read(filled(edition, values))
    assert shown(document) == values


@pytest.mark.filterwarnings("ignore:This document has")
@pytest.mark.parametrize("listed", [True, False], ids=["in the form", "left out of the form"])
def test_forms_joined_in_one_file_keep_each_its_own_values_though_their_fields_share_names(
    listed: bool,
) -> None:
    data = joined(copy(), filled(REQUEST, values_of(4)), listed=listed)
    first, second = read_batch([("copia.pdf", data)], ReadingContext(KEYS)).documents
    assert shown(first) == VALUES
    assert shown(second) == values_of(4)
    for document in (first, second):
        assert {found.state for found in document.fields.values()} == {"read"}
        assert set(sources(document).values()) == {"acroform"}


def test_text_of_a_page_on_its_side_is_read_in_the_order_of_its_lines() -> None:
    document = read(turned(flattened(copy())))
    assert shown(document) == VALUES
    assert {found.state for found in document.fields.values()} == {"read"}


def test_a_long_text_of_which_a_program_draws_the_beginning_is_a_question_and_no_alteration() -> None:
    petition = VALUES["petition"]
    document = read(filled(REQUEST, VALUES, {"petition": petition[: len(petition) // 2].strip()}))
    assert field(document, "petition") == ("doubtful", "acroform", petition)
    assert "FIELD_ALTERED" not in codes(document)


def test_a_letter_typed_for_a_digit_is_a_question_and_no_alteration() -> None:
    mistyped = VALUES["ruc"].replace("0", "O", 1)
    document = read(filled(REQUEST, {**VALUES, "ruc": mistyped}))
    assert field(document, "ruc")[0] == "doubtful"
    assert "FIELD_ALTERED" not in codes(document)


def test_accents_that_a_printing_program_confused_are_asked_about_as_one_sees_them() -> None:
    values = {**VALUES, "business_name": "MUEBLES RÍO VERDE"}
    document = read(with_other_words(flattened(filled(REQUEST, values)), "Í", "Õ"))
    assert field(document, "business_name") == ("doubtful", "ocr", "MUEBLES RÍO VERDE")
    assert field(document, "place")[0] == "read"


def test_a_choice_whose_name_was_stored_as_a_text_is_held_against_what_is_ticked() -> None:
    with pikepdf.open(BytesIO(copy())) as pdf:
        (choice,) = (item for item in pdf.Root.AcroForm.Fields if str(item.T) == "sheet_type")
        other = next(kid for kid in choice.Kids if Name(f"/{VALUES['sheet_type']}") not in kid.AP.N)
        for kid in choice.Kids:
            kid.AS = Name.Off
        other.AS = next(Name(state) for state in other.AP.N if state != "/Off")
        choice.V = String(f"/{VALUES['sheet_type']}")
        buffer = BytesIO()
        pdf.save(buffer)
    assert field(read(buffer.getvalue()), "sheet_type")[0] == "altered"


def struck(name: str) -> Box:
    """Where a line through a value runs: as long as a number, or as the first words of a text."""
    box = REQUEST.field(name).box
    return Box(box.x + 0.7, box.y + 0.2, box.width - 1.4 if name == "ruc" else 24, 6.6)


@pytest.mark.parametrize(
    ("name", "colour"), [("ruc", "0.8 0 0 RG"), ("representative_name", "0 G"), ("email", "0 G")]
)
def test_a_value_with_a_line_drawn_through_it_is_asked_about(name: str, colour: str) -> None:
    document = read(drawn_over(flattened(copy()), line_at(struck(name), 0.5, colour)))
    assert document.fields[name].state == "doubtful"
    assert {found.state for other, found in document.fields.items() if other != name} == {"read"}


def test_a_value_that_a_viewer_struck_out_is_asked_about_though_its_field_still_holds_it() -> None:
    document = read(struck_out_by_note(copy(), struck("email")))
    assert field(document, "email") == ("doubtful", "acroform", VALUES["email"])
    assert {found.state for name, found in document.fields.items() if name != "email"} == {"read"}


@pytest.mark.parametrize("subtype", ["StrikeOut", "Line", "Ink"])
def test_a_value_that_only_some_viewers_show_struck_out_is_asked_about(subtype: str) -> None:
    document = read(noted(copy(), subtype, struck("email")))
    assert document.fields["email"].state == "doubtful"
    assert {found.state for name, found in document.fields.items() if name != "email"} == {"read"}


def test_two_forms_printed_side_by_side_on_one_page_are_both_read() -> None:
    authorization = next(edition for edition in EDITIONS if edition.form == "third-party-authorization")
    values = normalise_values(random_values(authorization, np.random.default_rng(8)))
    data = two_to_a_sheet(copy(), filled(authorization, values))
    first, second = read_batch([("copia.pdf", data)], ReadingContext(KEYS)).documents
    assert (first.form, second.form) == ("employer-request", "third-party-authorization")
    assert first.route == second.route == "digital"
    assert shown(first)["ruc"] == VALUES["ruc"]
    assert shown(second) == values
    assert {found.state for found in second.fields.values()} <= {"read", "doubtful"}
    assert {found.state for found in first.signatures.values()} == {"absent"}


def test_a_second_mark_beside_the_chosen_one_is_asked_about_though_the_field_stores_a_choice() -> None:
    chosen = VALUES["sheet_type"]
    other = next(box for value, box in tick_boxes(REQUEST.field("sheet_type")) if value != chosen)
    aside = Box(other.x - 2.4, other.y + 0.1, other.width, other.height)
    document = read(drawn_over(copy(), text_at(aside, "X")))
    assert field(document, "sheet_type")[0] == "doubtful"


def test_text_that_a_program_drew_twice_to_make_it_bold_is_read_once() -> None:
    box = REQUEST.field("place").box
    aside = Box(box.x + 0.1, box.y, box.width, box.height)
    others = [box for box in REQUEST.value_fields if not tick_boxes(box) and box.name != "place"]
    between = "".join(text_at(other.box, "Riobamba") for other in others)
    data = drawn_over(draw_blank(REQUEST), text_at(box, "Riobamba") + between + text_at(aside, "Riobamba"))
    assert field(read(data), "place") == ("read", "text", "Riobamba")


def test_a_date_typed_in_another_order_is_asked_about_with_what_it_should_be() -> None:
    document = read(filled(REQUEST, {**VALUES, "date": "20/11/2026"}))
    assert field(document, "date") == ("doubtful", "acroform", "20/11/2026")
    assert "FIELD_FORMAT" in codes(document)


def test_drawn_text_that_the_edge_of_its_box_cuts_off_is_asked_about() -> None:
    shows = (
        "Importadora y Distribuidora Nacional de Materiales de Construccion Materiales Herramientas Ventanas"
    )
    box = REQUEST.field("business_name").box
    document = read(drawn_over(draw_blank(REQUEST), clipped_text_at(box, f"{shows} del Norte")))
    assert field(document, "business_name")[::2] == ("doubtful", shows)


@pytest.mark.parametrize("name", ["ruc", "representative_id", "email", "branch", "period"])
@pytest.mark.parametrize("way", [1, -1])
def test_a_value_crossed_out_from_corner_to_corner_is_asked_about(name: str, way: int) -> None:
    box = REQUEST.field(name).box
    across = Box(box.x + 0.7, box.y, min(box.width, 50.0) - 1.4, box.height)
    line = line_at(across, 0.7, rise=way * 0.85 * box.height / POINT)
    assert read(drawn_over(flattened(copy()), line)).fields[name].state == "doubtful"


@pytest.mark.parametrize(
    ("name", "stored", "seen"),
    [
        ("email", "mail@empresa.ec", "mali@empresa.ec"),
        ("email", "ventas5s@empresa.ec", "ventass5@empresa.ec"),
        ("representative_name", "Elisa Milan", "Eilsa Miian"),
    ],
)
def test_signs_that_only_a_recogniser_confuses_are_not_the_same(name: str, stored: str, seen: str) -> None:
    document = read(filled(REQUEST, {**VALUES, name: stored}, {name: seen}))
    assert document.fields[name].state != "read"


def test_a_text_whose_beginning_or_end_is_cut_off_is_asked_about() -> None:
    name, petition = REQUEST.field("representative_name").box, REQUEST.field("petition").box
    left, low = name.x / POINT, (297 - name.bottom) / POINT
    room = f"{left:.2f} {low:.2f} {name.width / POINT:.2f} {name.height / POINT:.2f} re W n"
    before = f"q {room} BT /Over 11 Tf {left - 26:.2f} {low + 6:.2f} Td (Maria Fernanda Suarez) Tj ET Q"
    foot, high = (297 - petition.bottom) / POINT, petition.height / POINT
    numbers = ("Una", "Dos", "Tres", "Cuatro", "Cinco", "Seis", "Siete")
    lines = " ".join(f"({word} la planilla de mayo) Tj T*" for word in numbers)
    room = f"{petition.x / POINT:.2f} {foot:.2f} {petition.width / POINT:.2f} {high:.2f} re W n"
    start = f"{petition.x / POINT + 4:.2f} {foot + high - 11:.2f} Td"
    after = f"q {room} BT /Over 11 Tf 14.5 TL {start} {lines} ET Q"
    cut_off = ("representative_name", "petition")
    others = {name: value for name, value in VALUES.items() if name not in cut_off}
    document = read(drawn_over(flattened(filled(REQUEST, others)), f"{before} {after}"))
    for cut in cut_off:
        assert document.fields[cut].state == "doubtful", cut


def test_a_number_that_runs_over_its_last_cell_is_asked_about() -> None:
    box = REQUEST.field("representative_id").box
    cells = [Box(box.x + 5.0 * place, box.y, 5.0, box.height) for place in range(15)]
    corner = f"{box.x / POINT:.2f} {(297 - box.bottom) / POINT:.2f}"
    room = f"{corner} {65 / POINT:.2f} {box.height / POINT:.2f} re W n"
    signs = "".join(text_at(cell, sign) for cell, sign in zip(cells, "AB1234567890123", strict=True))
    document = read(drawn_over(draw_blank(REQUEST), f"q {room} {signs} Q"))
    assert document.fields["representative_id"].state == "doubtful"


def test_thousands_of_signs_over_one_another_are_told_apart_by_those_near_them() -> None:
    """Each was held against all: 4,000 took 22 seconds."""
    box = REQUEST.field("petition").box
    places = np.arange(20_000)
    corners = np.stack((box.x + 1 + places % 170, box.y + 1 + places // 170 * 0.2), axis=1)
    text = DrawnText("l" * len(places), np.hstack((corners, corners + 0.4)))
    found = stored_values(REQUEST, 1, {}, text, Alignment(np.eye(3), 4, 0.0))
    # Rows of equal signs are 0.2 mm apart, each sign 0.4 mm wide: none is another one's second drawing.
    assert len(found["petition"].text.replace(" ", "")) == (corners[:, 1] + 0.2 < box.bottom + 0.6).sum()


def test_fields_whose_parents_go_in_circles_are_left_soon() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    parent = pdf.make_indirect(Dictionary(T=String("x" * 300_000)))
    parent.Parent = parent
    widgets = [
        pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, T=String(f"a{place}"), V=String("v"), Parent=parent
            )
        )
        for place in range(300)
    ]
    pdf.pages[0].obj.Annots = Array(widgets)
    found = page_values(pdf, 1)
    assert found is not None
    assert len(found) < 20


def test_a_value_that_thousands_of_fields_share_is_looked_at_a_few_times() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    value = pdf.make_indirect(Array([pdf.make_indirect(String("x" * 500_000))] * 100))
    widgets = [
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, T=String(f"a{place}"), V=value))
        for place in range(300)
    ]
    pdf.pages[0].obj.Annots = Array(widgets)
    found = page_values(pdf, 1)
    assert found is not None
    assert 0 < len(found) < 20
    assert {len(text) for text in found.values()} == {10_000}


def test_of_two_fields_that_had_one_name_nothing_is_said() -> None:
    with pikepdf.open(BytesIO(copy())) as pdf:
        other = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, T=String("ruc#1"), V=String("1790010937001"))
        )
        pdf.pages[0].obj.Annots.append(other)
        found = page_values(pdf, 1)
    assert found is not None
    assert "ruc" not in found
    assert found["ruc#1"] == "1790010937001"
    assert found["email"] == VALUES["email"]
