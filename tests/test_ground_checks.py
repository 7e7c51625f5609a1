"""The checks of values: what passes, what each fault is called, in the order of the form."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.checks import check_values
from forms.layout import PRINTABLE, normalise, normalise_values
from forms.model import Choice, Values
from forms.problems import has_errors
from forms.register import find_edition

REQUEST = find_edition("employer-request", "2026-12")
AUTHORIZATION = find_edition("third-party-authorization", "2026-12")
assert REQUEST
assert AUTHORIZATION

GOOD_REQUEST: Final = {
    "ruc": "1790010937001",
    "branch": "0001",
    "business_name": "COMERCIAL ÑUSTA & HIJOS CÍA. LTDA.",
    "representative_name": "María José Yépez Guamán",
    "representative_id_kind": "cedula",
    "representative_id": "1712345675",
    "period": "2026-09",
    "sheet_type": "contributions",
    "petition": "Solicito regenerar la planilla.\nEl nuevo sueldo ya consta.",
    "email": "pagos@empresa.example",
    "address": "Av. 10 de Agosto N24-53 y Bogotá",
    "phone": "02 394 5666",
    "place": "Quito",
    "date": "2026-12-01",
}
GOOD_AUTHORIZATION: Final = {
    "ruc": "1790010937001",
    "branch": "0001",
    "business_name": "COMERCIAL ÑUSTA & HIJOS CÍA. LTDA.",
    "grantor_name": "María José Yépez Guamán",
    "grantor_id_kind": "cedula",
    "grantor_id": "1712345675",
    "authorized_name": "Łukasz Žižek",
    "authorized_id_kind": "foreigner-code",
    "authorized_id": "E1234567",
    "procedure": "Regeneración de planillas de aportes",
    "valid_from": "2026-12-01",
    "valid_until": "2026-12-31",
    "place": "Cuenca",
    "date": "2026-12-01",
}


def codes(values: Values) -> list[tuple[str, str | None]]:
    assert REQUEST
    return [(found.code, found.field) for found in check_values(REQUEST, values)]


def test_good_values_have_no_problem() -> None:
    assert check_values(REQUEST, GOOD_REQUEST) == ()
    assert check_values(AUTHORIZATION, GOOD_AUTHORIZATION) == ()


@pytest.mark.parametrize("name", [field.name for field in REQUEST.value_fields])
def test_each_missing_value_is_named_if_the_form_needs_it(name: str) -> None:
    values = {key: value for key, value in GOOD_REQUEST.items() if key != name}
    expected = [("FIELD_MISSING", name)] if REQUEST.field(name).required else []
    assert codes(values) == expected
    assert codes(values | {name: " \u00a0 "}) == expected


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ruc", "1790010937", "RUC_FORMAT"),
        ("ruc", "1793213150001", "RUC_CHECK_DIGIT"),
        ("branch", "1", "BRANCH_FORMAT"),
        ("representative_id", "1712345676", "ID_CHECK_DIGIT"),
        ("representative_id", "AB12345", "ID_FORMAT"),
        ("representative_id_kind", "passport", "FIELD_FORMAT"),
        ("period", "2026-13", "FIELD_FORMAT"),
        ("period", "2026-9", "FIELD_FORMAT"),
        ("period", "0206-09", "FIELD_FORMAT"),
        ("date", "2026-02-29", "FIELD_FORMAT"),
        ("date", "01/12/2026", "FIELD_FORMAT"),
        ("date", "20261201", "FIELD_FORMAT"),
        ("sheet_type", "aportes", "FIELD_FORMAT"),
        ("email", "pagos@empresa", "FIELD_FORMAT"),
        ("email", "pagos empresa@x.ec", "FIELD_FORMAT"),
        ("phone", "no tengo", "FIELD_FORMAT"),
        ("representative_name", "山田太郎", "CHARACTER_NOT_PRINTABLE"),
        ("petition", "precio 5 €", "CHARACTER_NOT_PRINTABLE"),
        ("petition", "tabulador\u0007", "CHARACTER_NOT_PRINTABLE"),
        ("place", "x" * 60, "TEXT_DOES_NOT_FIT"),
        ("petition", "línea\n" * 30, "TEXT_DOES_NOT_FIT"),
        ("petition", "x" * 3000, "TEXT_DOES_NOT_FIT"),
    ],
)
def test_each_fault_has_its_name(name: str, value: str, code: str) -> None:
    found = codes(GOOD_REQUEST | {name: value})
    assert set(found) == {(code, name)}


def test_values_that_no_field_takes_are_told() -> None:
    assert codes(GOOD_REQUEST | {"colour": "azul"}) == [("FIELD_UNKNOWN", "colour")]


def test_a_term_must_not_end_before_it_begins() -> None:
    found = check_values(AUTHORIZATION, GOOD_AUTHORIZATION | {"valid_until": "2026-11-30"})
    assert [(each.code, each.field) for each in found] == [("FIELD_FORMAT", "valid_until")]
    assert "2026-12-01" in found[0].message


def test_the_kind_of_document_decides_how_its_number_is_checked() -> None:
    values = GOOD_AUTHORIZATION | {"authorized_id_kind": "cedula"}
    assert [each.code for each in check_values(AUTHORIZATION, values)] == ["ID_FORMAT"]


@given(st.text(max_size=60))
def test_normal_spelling_is_normal(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.dictionaries(st.sampled_from([*GOOD_REQUEST, "colour", ""]), st.text(max_size=40)))
def test_whatever_is_typed_gets_sentences_and_no_exception(values: Values) -> None:
    assert REQUEST
    found = check_values(REQUEST, values)
    assert all(each.message for each in found)
    assert has_errors(found), "a form with values at random lacks something"


@given(st.text(alphabet=sorted(PRINTABLE), max_size=80))
def test_decomposed_letters_are_checked_as_people_see_them(text: str) -> None:
    assert REQUEST
    typed = GOOD_REQUEST | {"petition": f"x {text}"}
    decomposed = {name: unicodedata.normalize("NFD", value) for name, value in typed.items()}
    assert check_values(REQUEST, decomposed) == check_values(REQUEST, typed)
    assert normalise_values(decomposed) == normalise_values(typed)


PASTED: Final = (
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2010\u2011\u2013\u2014\u2212\u2026"
    "\u2009\u202f\u2028\u200b\u00ad\ufb01\ufeff\u0301\u0303"
)


def test_signs_that_telephones_and_word_processors_write_are_printed_as_plain_ones() -> None:
    values = GOOD_REQUEST | {
        "representative_name": "María D\u2019Angelo",
        "petition": "La \u201cnovedad\u201d \u2013 de mayo\u2014 ya consta\u2026 n\u00ba\u202f3\u200b",
    }
    assert codes(values) == []
    spelled = normalise_values(values)
    assert spelled["representative_name"] == "María D'Angelo"
    assert spelled["petition"] == 'La "novedad" - de mayo- ya consta... n\u00ba 3'


@given(st.text(alphabet=st.one_of(st.sampled_from(PASTED), st.characters(exclude_categories=["Cs"]))))
def test_a_spelling_is_spelled_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet=sorted(PRINTABLE - {" ", "\u00a0"}), max_size=80))
def test_what_was_printable_before_is_left_as_it_was(text: str) -> None:
    """Values that were sealed before signs were made plain read the same after."""
    assert normalise(text) == unicodedata.normalize("NFC", text)


TODAY: Final = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("date", "1900-01-01", "DATE_UNLIKELY"),
        ("date", "2027-12-01", "DATE_UNLIKELY"),
        ("date", "2026-12-15", None),
        ("date", "2026-03-01", None),
        ("period", "2099-12", "PERIOD_UNLIKELY"),
        ("period", "2027-01", "PERIOD_UNLIKELY"),
        ("period", "1999-01", "PERIOD_UNLIKELY"),
        ("period", "2026-12", None),
        ("sheet_number", "2026/10/000123 #!", "SHEET_NUMBER_UNLIKELY"),
        ("sheet_number", "no sé", "SHEET_NUMBER_UNLIKELY"),
        ("sheet_number", "2026-10-000123", None),
        ("sheet_number", "A12345678", None),
    ],
)
def test_what_is_unlikely_on_the_day_is_warned_of_and_may_be_issued(
    name: str, value: str, code: str | None
) -> None:
    assert REQUEST
    values = GOOD_REQUEST | {name: value}
    found = check_values(REQUEST, values, TODAY)
    assert [(each.code, each.field) for each in found] == ([(code, name)] if code else [])
    assert not has_errors(found)
    assert all(REQUEST.field(name).label in each.message and value in each.message for each in found)
    assert check_values(REQUEST, values) == ()  # who names no day is told nothing that depends on it


def test_an_authorization_may_last_for_years() -> None:
    assert AUTHORIZATION
    assert check_values(AUTHORIZATION, GOOD_AUTHORIZATION | {"valid_until": "2028-11-30"}, TODAY) == ()


def test_a_wrong_choice_is_told_the_words_that_the_form_shows() -> None:
    assert REQUEST
    (found,) = check_values(REQUEST, GOOD_REQUEST | {"sheet_type": "aportes"})
    kind = REQUEST.field("sheet_type").kind
    assert isinstance(kind, Choice)
    assert all(f"«{option.label}»" in found.message for option in kind.options)
    assert not any(option.value in found.message for option in kind.options)
