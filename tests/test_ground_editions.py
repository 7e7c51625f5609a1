"""Editions: frozen by their fingerprints, laid out so that nothing overlaps, wrapped the same everywhere."""

from __future__ import annotations

import dataclasses
from io import BytesIO
from itertools import combinations, pairwise
from typing import Final

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from forms.checks import check_values
from forms.description import describe
from forms.fingerprints import fingerprint, lock_text, locked
from forms.geometry import A4_HEIGHT, A4_WIDTH, Box
from forms.layout import (
    PRINTABLE,
    Run,
    columns,
    field_runs,
    overflow,
    printed_runs,
    room,
    tick_boxes,
    wrap,
)
from forms.model import Edition, Field, Wording
from forms.register import all_forms, find_edition, find_edition_by_key, find_form
from generators.blank import draw_blank
from generators.typefaces import value_face_file

EDITIONS: Final = tuple(edition for form in all_forms() for edition in form)
FIELDS: Final = [(edition, field) for edition in EDITIONS for field in edition.value_fields]
KINDS: Final = {type(field.kind): (edition, field) for edition, field in FIELDS}
PAGE: Final = Box(0, 0, A4_WIDTH, A4_HEIGHT)

editions = pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: f"{edition.form}/{edition.name}")
words = st.text(alphabet="abcñÁ.,", min_size=1, max_size=14)
written = st.lists(st.lists(words, max_size=12).map(" ".join), min_size=1, max_size=4).map("\n".join)


def test_fingerprints_equal_the_lock() -> None:
    assert locked() == {f"{edition.form}/{edition.name}": fingerprint(edition).hex() for edition in EDITIONS}
    assert {line for line in lock_text(EDITIONS).splitlines() if not line.startswith("#")} == {
        f"{name} {value}" for name, value in locked().items()
    }


@editions
def test_any_printed_change_changes_the_fingerprint(edition: Edition) -> None:
    first = edition.fields[0]
    index = next(i for i, item in enumerate(edition.furniture) if isinstance(item, Wording))
    line = edition.furniture[index]
    assert isinstance(line, Wording)
    comma = dataclasses.replace(line, text=line.text + ",")
    changed = [
        dataclasses.replace(edition, title=edition.title + " "),
        dataclasses.replace(edition, fields=edition.fields[1:]),
        dataclasses.replace(
            edition, fields=(dataclasses.replace(first, box=first.box.grown(0.01)), *edition.fields[1:])
        ),
        dataclasses.replace(
            edition, furniture=(*edition.furniture[:index], comma, *edition.furniture[index + 1 :])
        ),
    ]
    assert len({fingerprint(edition), *map(fingerprint, changed)}) == len(changed) + 1


@editions
def test_help_on_the_screen_may_be_bettered(edition: Edition) -> None:
    fields = tuple(dataclasses.replace(field, help=field.help + " Mejor.") for field in edition.fields)
    assert fingerprint(dataclasses.replace(edition, fields=fields)) == fingerprint(edition)


def test_what_a_screen_calls_a_datum_is_printed_nowhere() -> None:
    """The petition's label on paper tells whoever has the pen what to write; a list of data needs a name."""
    form = find_form("employer-request")
    assert form is not None
    edition = form.current
    petition = edition.field("petition")
    assert petition.title == "Petición"
    (missing,) = (found for found in check_values(edition, {}) if found.field == "petition")
    assert "«Petición»" in missing.message
    fields = tuple(dataclasses.replace(field, screen_label="Otro nombre") for field in edition.fields)
    assert fingerprint(dataclasses.replace(edition, fields=fields)) == fingerprint(edition)
    printed = PdfReader(BytesIO(draw_blank(edition))).pages[0].extract_text()
    assert petition.label in " ".join(printed.split())
    assert "Otro nombre" not in printed


@editions
def test_edition_is_found_by_name_and_by_key(edition: Edition) -> None:
    assert find_edition(edition.form, edition.name) is edition
    assert find_edition_by_key(fingerprint(edition)[:8]) is edition


def test_unknown_editions_are_not_found() -> None:
    assert find_form("no-such-form") is None
    assert find_edition("employer-request", "1999-01") is None
    assert find_edition("no-such-form", "2026-12") is None
    assert find_edition_by_key(bytes(8)) is None


@editions
def test_nothing_overlaps_and_nothing_leaves_the_page(edition: Edition) -> None:
    frame = edition.frame
    boxes = [*frame.marks, frame.full_seal, frame.small_seal, *(field.box for field in edition.fields)]
    assert all(PAGE.contains(box) for box in boxes)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other), (one, other)


@editions
def test_people_sign_away_from_the_symbols(edition: Edition) -> None:
    frame = edition.frame
    for field in edition.signature_fields:
        assert not field.box.grown(5).overlaps(frame.small_seal)
        assert not field.box.grown(20).overlaps(frame.full_seal)


@editions
def test_names_are_unique_and_related_fields_exist(edition: Edition) -> None:
    names = [field.name for field in edition.fields]
    assert len(set(names)) == len(names)
    assert {field.related for field in edition.fields if field.related} <= set(names)


@editions
def test_wording_stays_inside_the_frame(edition: Edition) -> None:
    for item in edition.furniture:
        if isinstance(item, Wording):
            assert 15 <= item.x <= 195
            assert 15 <= item.baseline <= 282


@editions
def test_description_names_every_field(edition: Edition) -> None:
    described = describe(edition)
    assert [field["name"] for field in described["fields"]] == [field.name for field in edition.fields]
    assert all(len(field["box_mm"]) == 4 for field in described["fields"])


def test_value_face_has_every_printable_sign_at_one_width() -> None:
    font = TTFont(BytesIO(value_face_file()))
    names = font.getBestCmap()
    assert {sign for sign in PRINTABLE if ord(sign) not in names} == set()
    assert {font["hmtx"][names[ord(sign)]][0] for sign in PRINTABLE} == {600}
    assert font["head"].unitsPerEm == 1000


@given(written, st.integers(1, 40))
def test_wrapping_loses_no_sign_and_fits(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert [*map(str.strip, lines)] == lines or " " in text


@given(written, st.integers(14, 60))
def test_wrapping_keeps_words_whole_and_lines_full(text: str, width: int) -> None:
    wrapped = [wrap(paragraph, width) for paragraph in text.split("\n")]
    assert [line for lines in wrapped for line in lines] == wrap(text, width)
    for paragraph, lines in zip(text.split("\n"), wrapped, strict=True):
        assert [word for line in lines for word in line.split()] == paragraph.split()
        for line, following in pairwise(lines):
            assert len(line) + 1 + len(following.split(" ", 1)[0]) > width


@pytest.mark.parametrize(("edition", "field"), FIELDS, ids=lambda item: getattr(item, "name", ""))
def test_the_fullest_value_stays_in_its_box(edition: Edition, field: Field) -> None:
    options = [value for value, _ in tick_boxes(field)]
    for value in options or ["0" * room(field)]:
        assert overflow(field, value) is None
        for run in field_runs(field, value):
            shown = [run.glyph_box(place) for place, sign in enumerate(run.text) if sign.strip()]
            within = field.box.grown(0.01)
            for glyph in shown:
                assert within.x <= glyph.x
                assert glyph.right <= within.right or options
                assert within.y <= run.baseline <= within.bottom


@pytest.mark.parametrize(("edition", "field"), KINDS.values(), ids=[kind.__name__ for kind in KINDS])
def test_what_does_not_fit_is_refused_before_it_is_drawn(edition: Edition, field: Field) -> None:
    too_long = "0" * (room(field) + 1)
    assert overflow(field, too_long)
    assert any(found.field == field.name for found in check_values(edition, {field.name: too_long}))
    with pytest.raises(ValueError, match=field.name):
        printed_runs(edition, {field.name: too_long})


@editions
def test_lines_of_a_paragraph_do_not_touch(edition: Edition) -> None:
    for field in edition.value_fields:
        runs: tuple[Run, ...] = field_runs(field, "") if tick_boxes(field) else ()
        if room(field) > columns(field) and not runs:
            value = "\n".join("Ñg" for _ in range(room(field) // columns(field)))
            baselines = [run.baseline for run in field_runs(field, value)]
            assert all(below - above > 4 for above, below in pairwise(baselines))
