"""Rest days by the law's moving rule, against the official calendar and the days that others get wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rest_days import add_working_days, is_working_day, national_rest_days


def days(year: int) -> list[str]:
    return [f"{day:%m-%d}" for day in national_rest_days(year)]


def test_the_official_calendar_of_2026() -> None:
    # Without 2 January, which was a bridge by decree 249 and not law.
    assert days(2026) == [
        "01-01", "02-16", "02-17", "04-03", "05-01", "05-25", "08-10", "10-09", "11-02", "11-03", "12-25",
    ]  # fmt: skip


def test_2027_by_the_law() -> None:
    assert days(2027) == [
        "01-01", "02-08", "02-09", "03-26", "04-30", "05-24", "08-09", "10-08", "11-01", "11-02",
        "12-24", "12-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "rests"),
    [
        ("2027-08-10", False),
        ("2027-11-03", False),
        ("2028-05-24", False),
        ("2028-08-10", False),
        ("2029-05-01", False),
        ("2029-11-01", True),
        ("2030-05-01", False),
        ("2024-10-09", False),
        ("2021-12-24", True),
        ("2021-12-31", True),
        ("2024-11-01", True),
        ("2024-11-04", True),
    ],
)
def test_days_that_a_list_of_civic_dates_gets_wrong(day: str, rests: bool) -> None:
    assert (date.fromisoformat(day) in national_rest_days(int(day[:4]))) is rests


def test_a_year_before_the_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="2017"):
        national_rest_days(2016)


@given(st.integers(2017, 2100))
def test_every_year_has_eleven_or_so_rest_days_and_none_on_a_weekend(year: int) -> None:
    found = national_rest_days(year)
    assert 10 <= len(found) <= 12
    assert all(day.weekday() < 5 for day in found)


@given(st.dates(date(2017, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_a_term_counts_its_working_days(start: date, count: int) -> None:
    end = add_working_days(start, count)
    between = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day) for day in between) == count
    assert is_working_day(end)


def test_more_days_of_rest_put_the_end_off() -> None:
    start = date(2026, 12, 4)
    assert add_working_days(start, 1) == date(2026, 12, 7)
    assert add_working_days(start, 1, {date(2026, 12, 7)}) == date(2026, 12, 8)
