"""A sealed page handed in as a file: a value is confirmed when one sees all of it and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final

import numpy as np
import pytest
from digital_samples import (
    copied_onto,
    cropped,
    drawn_over,
    drawn_under,
    layered,
    line_at,
    noted,
    patch_at,
    printed_to_file,
    text_at,
    turned,
    two_to_a_sheet,
)

from bench.material import EDITIONS, KEY, KEYS, random_values
from forms.geometry import POINT, Box
from forms.layout import field_runs, normalise_values, tick_boxes
from forms.model import MONO_ADVANCE, VALUE_SIZE, Choice
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from intake.batch import read_batch
from intake.pages import ReadingContext
from intake.readings import DocumentReading

REQUEST: Final = next(edition for edition in EDITIONS if edition.form == "employer-request")
PETITION: Final = "El afiliado no trabaja desde el 31 de julio y la planilla le cobra el mes completo."
VALUES: Final = {
    **normalise_values(random_values(REQUEST, np.random.default_rng(3))),
    "petition": PETITION,
}


@cache
def sealed(entropy: int = 0) -> bytes:
    number = number_from_entropy(bytes(range(entropy, entropy + RANDOM_BYTES)))
    return draw_sealed(REQUEST, VALUES, document=number, issued=date(2026, 12, 1), key=KEY).pdf


def word(said: str) -> Box:
    """Where a word of the petition's first line stands."""
    run = field_runs(REQUEST.field("petition"), PETITION)[0]
    advance = MONO_ADVANCE * VALUE_SIZE * POINT
    return Box(run.x + run.text.index(said) * advance - 0.2, run.baseline - 3.2, len(said) * advance, 4.2)


def read(data: bytes) -> DocumentReading:
    (document,) = read_batch([("copia.pdf", data)], ReadingContext(KEYS)).documents
    return document


def codes(document: DocumentReading, name: str) -> set[str]:
    return {found.code for found in document.problems if found.field == name}


def open_fields(document: DocumentReading) -> set[str]:
    return {name for name, found in document.fields.items() if found.state != "confirmed"}


@pytest.mark.parametrize("said", ["no", "31", "afiliado", "y"])
def test_a_word_that_was_covered_is_not_confirmed_whatever_stands_under_the_cover(said: str) -> None:
    document = read(drawn_over(sealed(), patch_at(word(said))))
    assert open_fields(document) == {"petition"}
    assert "INK_OUTSIDE" not in codes(document, "petition")


def test_of_a_value_of_which_a_part_is_covered_it_is_told_that_one_does_not_see_it() -> None:
    document = read(drawn_over(sealed(), patch_at(word("no"))))
    assert codes(document, "petition") == {"FIELD_DOUBTFUL", "FIELD_PARTLY_HIDDEN"}


def test_a_cover_is_seen_though_a_picture_lies_behind_the_page() -> None:
    behind = "595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI"
    data = drawn_over(sealed(), patch_at(word("no")))
    assert open_fields(read(drawn_under(data, behind))) == {"petition"}


@pytest.mark.parametrize("subtype", ["StrikeOut", "Ink", "Line", "FreeText", "Redact", "Underline"])
def test_a_value_with_a_note_through_it_that_each_viewer_draws_is_asked_about(subtype: str) -> None:
    box = word("31")
    if subtype == "Underline":  # whose line runs at the foot of its box
        box = Box(box.x, box.y, box.width, box.height / 2)
    document = read(noted(sealed(), subtype, box))
    assert open_fields(document) == {"petition"}
    assert "INK_OUTSIDE" in codes(document, "petition")


@pytest.mark.parametrize(("shown", "printed"), [(True, False), (False, True), (False, False)])
def test_a_cover_that_is_only_printed_or_only_shown_counts_and_a_hidden_one_does_not(
    shown: bool, printed: bool
) -> None:
    document = read(layered(sealed(), patch_at(word("no")), shown=shown, printed=printed))
    assert open_fields(document) == ({"petition"} if shown or printed else set())


@pytest.mark.parametrize("colour", ["0.8 0 0 RG", "0 G", "1 G"])
def test_a_thin_line_through_a_word_is_asked_about(colour: str) -> None:
    assert open_fields(read(drawn_over(sealed(), line_at(word("31"), 0.6, colour, rise=0)))) == {"petition"}


def test_text_in_a_place_where_nothing_was_printed_is_asked_about() -> None:
    values = {name: value for name, value in VALUES.items() if name != "sheet_number"}
    number = number_from_entropy(bytes(range(RANDOM_BYTES)))
    pdf = draw_sealed(REQUEST, values, document=number, issued=date(2026, 12, 1), key=KEY).pdf
    document = read(drawn_over(pdf, text_at(REQUEST.field("sheet_number").box, "7")))
    assert open_fields(document) == {"sheet_number"}


@pytest.mark.parametrize(
    "make",
    [
        lambda data: data,
        turned,
        printed_to_file,
        lambda data: printed_to_file(data, 0.8, 9.0, 12.0),
        lambda data: printed_to_file(data, 1.03, -3.0, -4.0),
        lambda data: two_to_a_sheet(data, sealed(9)),
        lambda data: noted(data, "Highlight", word("31"), C=[1, 1, 0.5]),
        lambda data: noted(data, "StrikeOut", word("31"), F=2),
    ],
    ids=["plain", "turned", "printed", "smaller", "larger", "side by side", "highlighted", "hidden note"],
)
def test_an_honest_copy_is_confirmed_whatever_program_made_it(make: Callable[[bytes], bytes]) -> None:
    document = read_batch([("copia.pdf", make(sealed()))], ReadingContext(KEYS)).documents[0]
    assert document.route == "digital"
    assert not open_fields(document)
    assert {found.code for found in document.problems} == {"SIGNATURE_ABSENT"}


def test_of_a_page_that_was_cut_off_nothing_is_said_to_be_added_nor_an_absent_signature_to_be_printed() -> (
    None
):
    document = read(cropped(sealed(), Box(0, 0, 210, 195)))
    assert {"email", "phone", "address"} <= open_fields(document)
    for name in open_fields(document):
        assert codes(document, name) == {"FIELD_DOUBTFUL", "FIELD_PARTLY_HIDDEN"}
    assert codes(document, "representative_signature") == {"SIGNATURE_ABSENT"}


def test_a_name_drawn_elsewhere_in_a_file_is_no_signature_at_all() -> None:
    box = REQUEST.field("petition").box
    x, y = box.x / POINT + 60, (297 - box.bottom) / POINT + 12
    curve = " ".join(
        f"{x + 8 * step} {y + (-1) ** step * 9} {x + 4 + 8 * step} {y + 4} {x + 8 + 8 * step} {y} c"
        for step in range(16)
    )
    document = read(drawn_over(sealed(), f"q 1.2 w {x} {y} m {curve} S Q"))
    assert document.fields["petition"].state != "confirmed"
    assert codes(document, "representative_signature") == {"SIGNATURE_ABSENT"}


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_copies_of_a_page_the_one_that_shows_another_value_is_told(turn: int) -> None:
    changed = drawn_over(sealed(), patch_at(word("31")) + text_at(word("31"), "13"))
    files = [("buena.pdf", sealed()), ("otra.pdf", changed)][::turn]
    (document,) = read_batch(files, ReadingContext(KEYS)).documents
    assert open_fields(document) == {"petition"}
    (told,) = (found for found in document.problems if found.code == "COPIES_DIFFER")
    assert told.field == "petition"
    assert "«otra.pdf»" in told.message
    assert "PAGE_DUPLICATE" in {found.code for found in document.problems}


def test_two_copies_that_show_the_same_are_told_as_copies_only() -> None:
    files = [("a.pdf", sealed()), ("b.pdf", printed_to_file(sealed()))]
    (document,) = read_batch(files, ReadingContext(KEYS)).documents
    assert not open_fields(document)
    assert "COPIES_DIFFER" not in {found.code for found in document.problems}


def test_a_second_tick_is_told_by_the_labels_that_the_form_prints() -> None:
    boxes = dict(tick_boxes(REQUEST.field("sheet_type")))
    ticked = VALUES["sheet_type"]
    other = next(value for value in boxes if value != ticked)
    document = read(copied_onto(sealed(), boxes[ticked], boxes[other]))
    assert document.fields["sheet_type"].state == "altered"
    (told,) = (found for found in document.problems if found.code == "FIELD_ALTERED")
    kind = REQUEST.field("sheet_type").kind
    assert isinstance(kind, Choice)
    labels = {option.value: option.label for option in kind.options}
    both = " y ".join(labels[value] for value in boxes if value in {ticked, other})
    assert f"se imprimió «{labels[ticked]}» y en el papel se ve «{both}»" in told.message
