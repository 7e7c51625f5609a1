"""A petition that is longer than its box: two sheets that name each other, and no word lost between them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from forms.catalog.employer_request import EMPLOYER_REQUEST
from forms.catalog.request_continuation import CONTINUED, REQUEST_CONTINUATION, REQUEST_NUMBER
from forms.checks import check_values
from forms.continuation import (
    check_sheets,
    has_continuation,
    named_continuation,
    on_two_sheets,
    room_on_sheets,
    split_text,
)
from forms.layout import columns, normalise, overflow, wrap
from forms.model import Values
from forms.numbers import number_from_entropy
from forms.problems import Problem, Severity, has_errors
from tests.test_ground_drawing import sample

EDITION = EMPLOYER_REQUEST.current
BOX = EDITION.field("petition")
FIRST, SECOND = (number_from_entropy(bytes([place] * 9)) for place in (7, 9))
LONG = "El aviso de salida de la trabajadora se registró con otra fecha. " * 20

words = st.text(alphabet="abcñáé,.", min_size=1, max_size=200)
texts = st.lists(st.tuples(words, st.sampled_from((" ", "\n", "\n\n"))), min_size=6, max_size=120).map(
    lambda parts: normalise("".join(word + end for word, end in parts))
)
long_texts = texts.filter(lambda text: overflow(BOX, text) is not None)


def errors(values: Values) -> list[Problem]:
    return [each for each in check_sheets(EDITION, values) if each.severity is Severity.ERROR]


def lines(text: str) -> int:
    return len(wrap(text, columns(BOX)))


@given(long_texts)
def test_both_parts_fit_and_nothing_is_lost(text: str) -> None:
    first, rest = split_text(BOX, text)
    assert first
    assert lines(first) <= 4
    assert re.sub(r"\s", "", first + rest) == re.sub(r"\s", "", text)
    # No word is cut, but one that fills four lines by itself.
    if " " in text[: 4 * columns(BOX)].strip() or "\n" in text[: 4 * columns(BOX)].strip():
        assert (first.split() + rest.split()) == text.split()


@given(long_texts)
def test_no_further_word_would_have_fitted_on_the_first_sheet(text: str) -> None:
    first, rest = split_text(BOX, text)
    next_word = rest.split()[0]
    start = len(text) - len(text[len(first) :].lstrip())
    assert text[start:].startswith(next_word)
    assert lines(text[: start + len(next_word)]) > 4


def test_the_two_sheets_name_each_other() -> None:
    values = sample(EDITION) | {"petition": LONG}
    assert has_continuation(EDITION, values)
    sheets = on_two_sheets(EDITION, values, request=FIRST, continuation=SECOND)
    assert named_continuation(sheets.request["petition"]) == SECOND
    assert sheets.continuation[REQUEST_NUMBER] == FIRST
    assert sheets.continuation["ruc"] == values["ruc"]
    assert overflow(BOX, sheets.request["petition"]) is None
    assert not has_errors(check_values(REQUEST_CONTINUATION.current, sheets.continuation))
    kept = {name: text for name, text in values.items() if name != "petition"}
    assert {name: text for name, text in sheets.request.items() if name != "petition"} == kept


def test_a_petition_that_fits_stays_on_its_sheet() -> None:
    values = sample(EDITION)
    assert not has_continuation(EDITION, values)
    assert check_sheets(EDITION, values) == check_values(EDITION, values)
    assert named_continuation(values["petition"]) is None
    assert named_continuation("(Continúa en la hoja 0000-0000-0000-0001.)") is None  # a wrong check sign


def test_what_fits_on_neither_sheet_is_refused_with_the_room_of_both() -> None:
    most = 30 * columns(BOX)
    assert room_on_sheets(EDITION, BOX) == most
    assert room_on_sheets(EDITION, EDITION.field("address")) < most
    fitting = sample(EDITION) | {"petition": "x" * 83 + (" " + "x" * 83) * 29}
    assert check_sheets(EDITION, fitting) == check_values(EDITION, sample(EDITION))
    (found,) = errors(fitting | {"petition": fitting["petition"] + " x"})
    assert (found.code, found.field) == ("TEXT_DOES_NOT_FIT", "petition")
    assert "30 líneas" in found.message
    assert "31 líneas" in found.message


def test_other_faults_of_the_form_are_told_as_well() -> None:
    found = errors(sample(EDITION) | {"petition": LONG, "email": "nadie"})
    assert [each.field for each in found] == ["email"]


def test_the_text_of_the_continuation_is_checked_too() -> None:
    (found,) = errors(sample(EDITION) | {"petition": LONG + "漢"})
    assert (found.code, found.field) == ("CHARACTER_NOT_PRINTABLE", "petition")
    assert CONTINUED not in found.message
