"""Identity numbers: real and synthetic ones with what must be said of each, and no typing error unseen."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forms.identity import (
    PROVINCES,
    IdentityKind,
    check_branch,
    check_cedula,
    check_identity,
    check_ruc,
    is_natural_person,
)
from forms.problems import Severity

PUBLIC: Final = [
    "1760004650001",
    "1760013210001",
    "1760003090001",
    "1768153530001",
    "1768152560001",
    "1760005620001",
    "1760003410001",
    "0660001250001",
    "1768092990001",
]
PRIVATE: Final = ["1790010937001", "1790105601001", "1791251237001", "1790016919001"]
BY_CHANCE: Final = ["1793189624001", "1793221293001"]
"""Newer companies that satisfy a rule which was not made for them."""
UNVERIFIABLE: Final = ["1793213150001", "1793189906001", "0993366721001", "0993370026001", "0993381661001"]
"""Newer active companies that satisfy none."""
NATURAL: Final = [
    "1712345675001",
    "0100000017001",
    "2400000010001",
    "3000000012001",
    "0960000016001",
    "1760000016001",
]
WRONG_DIGIT: Final = ["1712345676001"]
WRONG_DIGIT_OF_A_COMPANY: Final = ["1790010938001", "1760001520001"]
MALFORMED: Final = [
    "2512345678001",
    "9912345678001",
    "1790010937000",
    "1760004650000",
    "17900109370",
    "1790010937OO1",
    "1790010937002",
    "1760004650002",
    "١٧٩٠٠١٠٩٣٧٠٠١",
]
CEDULAS: Final = [
    "1710034065",
    "1712345675",
    "0100000017",
    "2400000010",
    "3000000012",
    "0960000016",
    "1760000016",
    "0962893970",
]


def codes(number: str) -> list[str]:
    return [found.code for found in check_ruc(number)]


@pytest.mark.parametrize("number", PUBLIC + PRIVATE)
def test_ruc_of_an_old_institution_is_accepted(number: str) -> None:
    assert check_ruc(number) == ()


@pytest.mark.parametrize("number", BY_CHANCE + UNVERIFIABLE + WRONG_DIGIT_OF_A_COMPANY)
def test_ruc_of_a_company_is_never_refused_for_its_digit(number: str) -> None:
    assert [found.severity for found in check_ruc(number)] in ([], [Severity.WARNING])


@pytest.mark.parametrize("number", UNVERIFIABLE + WRONG_DIGIT_OF_A_COMPANY)
def test_ruc_that_no_rule_verifies_warns(number: str) -> None:
    (found,) = check_ruc(number, "ruc")
    assert (found.code, found.severity, found.field) == ("RUC_CHECK_DIGIT", Severity.WARNING, "ruc")


@pytest.mark.parametrize("number", NATURAL)
def test_natural_person_is_told_that_the_procedure_is_for_entities(number: str) -> None:
    assert is_natural_person(number)
    (found,) = check_ruc(number)
    assert (found.code, found.severity) == ("RUC_NOT_ELIGIBLE", Severity.WARNING)


@pytest.mark.parametrize("number", WRONG_DIGIT)
def test_wrong_digit_of_a_person_is_an_error(number: str) -> None:
    found = check_ruc(number)
    assert [each.code for each in found] == ["RUC_CHECK_DIGIT", "RUC_NOT_ELIGIBLE"]
    assert found[0].severity is Severity.ERROR


@pytest.mark.parametrize("number", [*MALFORMED, "", "1", " 1790010937001", "1790010937001\n"])
def test_malformed_ruc_gets_one_reason(number: str) -> None:
    (found,) = check_ruc(number)
    assert (found.code, found.severity) == ("RUC_FORMAT", Severity.ERROR)


def test_third_digit_that_nobody_has_yet_warns() -> None:
    assert codes("1772345675001") == ["RUC_CHECK_DIGIT"]
    assert check_ruc("1772345675001")[0].severity is Severity.WARNING


def test_type_does_not_follow_from_the_rule_that_passes() -> None:
    # Satisfies the rule of companies by accident, but its third digit is none of theirs.
    assert codes("0961234565001") == ["RUC_CHECK_DIGIT"]


@pytest.mark.parametrize("number", CEDULAS)
def test_cedula_is_accepted(number: str) -> None:
    assert check_cedula(number) == ()


@given(st.sampled_from(CEDULAS), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_of_a_cedula_is_always_found(number: str, place: int, step: int) -> None:
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert [found.severity for found in check_cedula(wrong)] == [Severity.ERROR]


@given(st.sampled_from(CEDULAS), st.integers(0, 8))
def test_swapped_neighbours_of_a_cedula_are_found(number: str, place: int) -> None:
    first, second = number[place], number[place + 1]
    assume(first != second)
    assume({first, second} != {"0", "9"})  # the one swap that modulus 10 cannot see
    swapped = number[:place] + second + first + number[place + 2 :]
    assert check_cedula(swapped)


@given(st.text(max_size=20))
def test_anything_typed_gets_an_answer_and_no_exception(typed: str) -> None:
    for answer in (check_ruc(typed), check_branch(typed), check_cedula(typed)):
        assert all(found.message for found in answer)
    for kind in IdentityKind:
        assert all(found.message for found in check_identity(typed, kind))


@given(st.sampled_from(sorted(PROVINCES)), st.sampled_from("69"), st.integers(0, 10**7 - 1))
def test_no_well_formed_ruc_of_an_entity_is_refused(province: str, third: str, rest: int) -> None:
    found = check_ruc(f"{province}{third}{rest:07d}001")
    assert all(each.severity is Severity.WARNING for each in found)


def test_foreigner_code_is_opaque_and_never_checked_by_digit() -> None:
    assert check_identity("1710034066", IdentityKind.FOREIGNER_CODE) == ()
    assert check_identity("AB12345", IdentityKind.FOREIGNER_CODE) == ()
    for wrong in ("", "AB 123", "A" * 14, "Ñ1"):
        assert [f.code for f in check_identity(wrong, IdentityKind.FOREIGNER_CODE)] == ["ID_FORMAT"]


@pytest.mark.parametrize("number", ["0001", "0117", "9999"])
def test_branch_is_accepted(number: str) -> None:
    assert check_branch(number) == ()


@pytest.mark.parametrize("number", ["0000", "001", "00001", "A001", "", "٠٠٠١"])
def test_malformed_branch_is_refused(number: str) -> None:
    assert [found.code for found in check_branch(number, "branch")] == ["BRANCH_FORMAT"]
