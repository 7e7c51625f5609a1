"""Parameters: dated values with a source; what has no value on a date is said, not guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from regeneration.parameters import (
    Confidence,
    NotInForce,
    ParametersError,
    ParameterValue,
    load_parameters,
    parse_parameters,
    read_parameters,
)

GOOD = """
rate:
  label: Tasa
  unit: percent
  values:
    - {since: 2010-01-01, until: 2014-12-31, parts: {amount: "9.35"}, reference: norma, confidence: likely}
    - {since: 2015-01-01, until: open, parts: {amount: "9.45"}, reference: norma, confidence: sure}
"""

BASIC_WAGE = dict(
    zip(
        range(2010, 2027),
        [240, 264, 292, 318, 340, 354, 366, 375, 386, 394, 400, 400, 425, 450, 460, 470, 482],
        strict=True,
    )
)


def test_every_value_has_source_and_dates_in_order() -> None:
    for values in load_parameters().values.values():
        for value in values:
            assert value.reference
            assert value.parts
            assert isinstance(value.confidence, Confidence)
        assert [each.since for each in values] == sorted(each.since for each in values)


def test_whatever_is_not_sure_is_an_open_question() -> None:
    told = (Path(__file__).parents[1] / "docs" / "open-questions.md").read_text("utf-8")
    unsure = [
        value.key
        for values in load_parameters().values.values()
        for value in values
        if value.confidence is not Confidence.SURE
    ]
    assert unsure
    assert [key for key in unsure if f"`{key}`" not in told] == []


@pytest.mark.parametrize(("year", "amount"), list(BASIC_WAGE.items()))
def test_basic_wage_of_each_year(year: int, amount: int) -> None:
    for day in (date(year, 1, 1), date(year, 12, 31)):
        found = load_parameters().find("basic-wage", day)
        assert isinstance(found, ParameterValue)
        assert found.amount == Decimal(amount)


@pytest.mark.parametrize("day", [date(2009, 12, 31), date(2027, 1, 1)])
def test_a_date_without_value_is_named(day: date) -> None:
    found = load_parameters().find("basic-wage", day)
    assert found == NotInForce("basic-wage", day, "Salario básico unificado")
    assert isinstance(found, NotInForce)
    shown = found.as_problem()
    assert shown.code == "PARAMETER_NOT_IN_FORCE"
    assert "«Salario básico unificado»" in shown.message
    assert "basic-wage" not in shown.message


@pytest.mark.parametrize(
    ("regime", "personal", "employer"),
    [("private", "9.45", "11.15"), ("banks-and-municipal", "11.45", "11.15"), ("public", "11.45", "9.15")],
)
def test_rates_by_regime(regime: str, personal: str, employer: str) -> None:
    found = load_parameters().find(f"contribution/{regime}", date(2026, 9, 1))
    assert isinstance(found, ParameterValue)
    assert dict(found.parts) == {"personal": Decimal(personal), "employer": Decimal(employer)}
    assert found.key == f"contribution/{regime}@2015-01-01"


def test_a_value_ends_the_day_before_the_next() -> None:
    values = parse_parameters(GOOD)["rate"]
    assert [each.amount for each in values] == [Decimal("9.35"), Decimal("9.45")]
    assert values[1].until is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("label: Tasa", "label: Tasa\n  label: Otra", "twice"),
        ("label: Tasa", "label: Tasa\n  note: algo", "note"),
        ("reference: norma, confidence: likely", "confidence: likely", "reference"),
        ("reference: norma, confidence: likely", 'reference: " ", confidence: likely', "reference"),
        ("until: 2014-12-31", "until: 2014-12-30", "the day after"),
        ("until: 2014-12-31", "until: 2015-06-30", "the day after"),
        ("until: 2014-12-31", "until: open", "the day after"),
        ("until: 2014-12-31", "until: 2009-12-31", "ends before"),
        ("since: 2010-01-01", "since: ayer", "dates"),
        ("since: 2010-01-01", "since: 2010-01-01 10:00:00", "dates"),
        ('"9.35"', "9.35", "quoted"),
        ('"9.35"', '"NaN"', "quoted"),
        ('"9.35"', '"-1"', "quoted"),
        ("confidence: sure", "confidence: maybe", "maybe"),
        ("unit: percent", "unit: furlongs", "furlongs"),
        ("rate:", "rate: [", "YAML"),
    ],
)
def test_a_broken_file_is_refused_and_says_why(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(ParametersError, match=said):
        parse_parameters(GOOD.replace(old, new, 1))


def test_a_name_in_two_files_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for file in files:
        file.write_text(GOOD, "utf-8")
    assert list(read_parameters(files[:1]).values) == ["rate"]
    with pytest.raises(ParametersError, match="another file"):
        read_parameters(files)
