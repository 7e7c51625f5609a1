"""From cells to numbers: clear ink is believed, unclear ink is asked about, and a register is no cage."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.ec import ci

from intake.handwriting.candidates import KnownNumbers
from intake.handwriting.decoding import decode_number
from intake.handwriting.digits import BLANK, OTHER, SIGNS, DigitProbabilities
from intake.handwriting.numbers import LENGTHS, NumberKind, layouts, likelihood, spelled

KINDS: tuple[NumberKind, ...] = ("ruc", "cedula", "branch", "period", "date")
CELLS: dict[NumberKind, int] = {"ruc": 13, "cedula": 13, "branch": 4, "period": 7, "date": 10}
CLEAR = 0.9995
CEDULA, COMPANY = "1710034065", "1793213150001"


def seen(signs: str, cells: int | None = None, sure: float = CLEAR) -> np.ndarray:
    """A table in which each cell shows its sign, the rest of the chance spread over all others."""
    text = signs.ljust(cells or len(signs))
    table = np.full((len(text), len(SIGNS)), (1 - sure) / (len(SIGNS) - 1))
    table[np.arange(len(text)), [SIGNS.index(sign) for sign in text]] = sure
    return table


def decode(table: np.ndarray, kind: NumberKind, known: object = None):  # type: ignore[no-untyped-def]
    return decode_number(DigitProbabilities(table), kind, known)  # type: ignore[arg-type]


def smudged(table: np.ndarray, place: int) -> np.ndarray:
    """The same table with a cell that could be any digit."""
    unclear = table.copy()
    unclear[place] = [0.099] * 10 + [0.005, 0.005]
    return unclear


digits = st.text("0123456789", min_size=13, max_size=13)
kinds = st.sampled_from(KINDS)


@given(kinds, digits)
def test_clear_ink_is_what_it_says_even_where_rules_say_otherwise(kind: NumberKind, number: str) -> None:
    number = number[: LENGTHS[kind]]
    way = layouts(kind, CELLS[kind])[0]
    signs = [" "] * CELLS[kind]
    for place, sign in zip(way.places, number, strict=True):
        signs[place] = sign
    found = decode(seen("".join(signs), sure=1 - 1e-6), kind)
    if found.value != spelled(kind, number):
        # An impossible month or day gives way to another order of the same signs, as people write them.
        assert kind in {"period", "date"}
        assert likelihood(kind, number) < likelihood(kind, found.value.replace("-", ""))
    assert 0 <= found.confidence <= 1
    assert found.runner_up != found.value


@given(st.lists(digits, max_size=8), digits)
def test_a_register_is_no_cage(register: list[str], number: str) -> None:
    """A clear number that the register lacks is never replaced by one that it has."""
    found = decode(seen(number, sure=1 - 1e-7), "ruc", register)
    assert found.value == number


@given(st.integers(0, 12), st.integers(1, 9))
def test_a_clear_digit_is_not_outvoted_in_silence(place: int, step: int) -> None:
    """The paper differs in one clear digit from the only number on record: somebody must look."""
    other = COMPANY[:place] + str((int(COMPANY[place]) + step) % 10) + COMPANY[place + 1 :]
    found = decode(seen(other), "ruc", [COMPANY])
    assert found.state == "doubtful" or found.value == other


@settings(max_examples=25)
@given(kinds, st.randoms(use_true_random=False))
def test_the_order_of_the_register_does_not_matter(kind: NumberKind, random) -> None:  # type: ignore[no-untyped-def]
    length = LENGTHS[kind]
    register = ["".join(random.choices("0123456789", k=length)) for _ in range(100)]
    rng = np.random.default_rng(random.randrange(1000))
    table = rng.dirichlet(np.full(len(SIGNS), 0.3), CELLS[kind])
    one = decode(table, kind, register)
    shuffled = random.sample(register, len(register))
    assert decode(table, kind, shuffled) == one
    assert decode(table, kind, KnownNumbers.of(shuffled)) == one


def test_sure_ink_and_the_register_are_read() -> None:
    found = decode(seen(COMPANY), "ruc", [COMPANY, "1760004650001"])
    assert (found.value, found.state) == (COMPANY, "read")
    assert found.confidence >= 0.999


def test_the_register_tells_two_digits_apart() -> None:
    table = seen(COMPANY)
    table[3, 3], table[3, 8] = 0.45, 0.55 - 10 * table[3, 0]
    assert decode(table, "ruc").value != COMPANY
    found = decode(table, "ruc", [COMPANY])
    assert found.value == COMPANY
    assert found.runner_up == COMPANY[:3] + "8" + COMPANY[4:]


def test_a_check_digit_proves_nothing_by_itself() -> None:
    """One digit that could be any: the check digit names it, and a clerk still looks."""
    for place in range(10):
        found = decode(smudged(seen(CEDULA, 13), place), "cedula")
        assert found.value == CEDULA
        assert found.state == "doubtful"


def test_a_wrong_check_digit_is_read_when_the_ink_says_so() -> None:
    wrong = CEDULA[:-1] + "6"
    assert not ci.is_valid(wrong)
    assert decode(seen(wrong, 13, sure=0.99999), "cedula").value == wrong


@pytest.mark.parametrize("place", range(13))
def test_ink_that_is_no_digit_is_asked_about(place: int) -> None:
    signs = COMPANY[:place] + "?" + COMPANY[place + 1 :]
    for register in (None, [COMPANY]):
        found = decode(seen(signs), "ruc", register)
        assert found.state == "doubtful"
        assert found.cells[place].sign == "?"


@pytest.mark.parametrize("signs", [COMPANY[:12], COMPANY[:6] + " " + COMPANY[7:]])
def test_a_number_with_a_gap_is_asked_about(signs: str) -> None:
    assert decode(seen(signs, 13), "ruc", [COMPANY]).state == "doubtful"


def test_a_digit_too_many_is_asked_about() -> None:
    assert decode(seen(CEDULA + "7", 13), "cedula", [CEDULA]).state == "doubtful"


def test_an_empty_comb_is_missing() -> None:
    found = decode(seen("", 13), "ruc", [COMPANY])
    assert (found.value, found.state, found.runner_up) == ("", "missing", None)
    faint = seen("", 13, sure=0.9)
    assert decode(faint, "ruc").state == "doubtful"


def test_a_cedula_may_stand_anywhere_in_its_comb() -> None:
    for start in range(4):
        assert decode(seen(" " * start + CEDULA, 13), "cedula", [CEDULA]).value == CEDULA


@pytest.mark.parametrize(
    ("kind", "signs", "value"),
    [
        ("period", "2026 09", "2026-09"),
        ("period", "2026?09", "2026-09"),
        ("period", "202609 ", "2026-09"),
        ("period", "09?2026", "2026-09"),
        ("date", "2026?12?01", "2026-12-01"),
        ("date", "01 12 2026", "2026-12-01"),
        ("date", "25122026  ", "2026-12-25"),
        ("branch", "0001", "0001"),
    ],
)
def test_periods_and_days_in_the_ways_people_write_them(kind: NumberKind, signs: str, value: str) -> None:
    assert decode(seen(signs), kind).value == value


@pytest.mark.parametrize(("kind", "fixed"), [("ruc", "001"), ("cedula", "")])
def test_likelihoods_of_numbers_add_up_to_about_one(kind: NumberKind, fixed: str) -> None:
    """Told from a sample of one of 26 provinces: no kind may promise more than there is."""
    rng = np.random.default_rng(4)
    numbers = [f"17{rng.integers(10**8):08d}{fixed}" for _ in range(6000)]
    total = np.mean([likelihood(kind, number) for number in numbers]) * 26 * 10**8
    assert 0.8 < total < 1.25


def test_likelihoods_of_branches_periods_and_days_add_up_to_about_one() -> None:
    branches = sum(likelihood("branch", f"{number:04d}") for number in range(10_000))
    periods = sum(
        likelihood("period", f"{year}{month:02d}") for year in range(1990, 2060) for month in range(100)
    )
    first, last = date(1999, 1, 1).toordinal(), date(2051, 1, 1).toordinal()
    days = sum(likelihood("date", f"{date.fromordinal(day):%Y%m%d}") for day in range(first, last))
    assert all(0.9 < total < 1.1 for total in (branches, periods, days))


def test_tables_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="column"):
        DigitProbabilities(np.zeros((13, 10)))
    with pytest.raises(ValueError, match="no room"):
        decode(seen("123"), "ruc")


def test_columns_are_in_the_order_of_the_signs() -> None:
    assert (SIGNS[OTHER], SIGNS[BLANK]) == ("?", " ")
    assert decode(seen("0001"), "branch").cells[3].sign == "1"
