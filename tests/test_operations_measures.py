"""Measures of the window: minutes, doubts and corrections that add up, and not a word of anybody's data."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bench.reviewed_cases import replay_cases
from operations.closing import refuse
from operations.demonstration_data import REPRESENTATIVE, RUC
from operations.four_eyes import agree
from operations.house import House
from operations.measures import measure_window, write_measures
from operations.review import REQUEST
from operations.window import correct, view_case
from tests.operations_samples import (
    NOON,
    Clock,
    accepted,
    issue_request,
    received_and_read,
)
from tests.spreadsheet_opening import open_in_spreadsheet
from tests.test_operations_journey import scan_with_white_out

SINCE = NOON - timedelta(days=1)


def refused_after(house: House, clock: Clock, minutes: float) -> None:
    number = received_and_read(house)
    clock.pass_time(minutes=minutes)
    assert refuse(house, number, "No corresponde.", "ventanilla") is None


def test_minutes_are_those_from_the_reception_to_the_first_decision(house: House, clock: Clock) -> None:
    for minutes in (2, 4, 9):
        refused_after(house, clock, minutes)
    received_and_read(house)
    (month,) = measure_window(house, SINCE).months
    assert (str(month.month), month.office, month.cases) == ("2026-11", "Quito - Matriz", 4)
    assert (month.median_minutes, month.slow_minutes) == (4.0, 9.0)
    assert (month.asked, month.doubts_per_hundred, month.outcomes["corrected"]) == (0, 0.0, 0)


def test_doubts_and_corrections_are_counted_by_field(house: House) -> None:
    number = received_and_read(house, ("blanca.pdf", scan_with_white_out(house, "phone")))
    (asked,) = [row for row in view_case(house, number, "prueba").fields if row.asks]
    assert asked.name == "phone"
    before = measure_window(house, SINCE).months[0]
    assert (before.asked, before.outcomes["open"]) == (1, 1)
    assert correct(house, number, REQUEST, {"phone": "02 222 2222"}, "ventanilla") == ()
    measures = measure_window(house, SINCE)
    (month,) = measures.months
    assert (month.asked, month.outcomes["corrected"], month.outcomes["open"]) == (1, 1, 0)
    assert month.doubts_per_hundred == pytest.approx(100 / month.values)
    first = measures.fields[0]
    assert (first.label, first.read, first.asked, first.corrected) == (asked.label, 1, 1, 1)


def test_older_cases_are_left_out(house: House, clock: Clock) -> None:
    refused_after(house, clock, 1)
    assert measure_window(house, NOON + timedelta(days=1)).months == ()


def test_the_list_for_spreadsheets_names_nobody(house: House) -> None:
    assert accepted(house, received_and_read(house)) == ()
    data = write_measures(measure_window(house, SINCE))
    assert [row["tramites"] for row in open_in_spreadsheet(data)] == [1]
    for known in (RUC, *REPRESENTATIVE):
        assert known not in data.decode("utf-8-sig")


def test_a_spreadsheet_of_this_country_counts_with_the_list(house: House, clock: Clock) -> None:
    for minutes in (7, 8.5):
        refused_after(house, clock, minutes)
    (row,) = open_in_spreadsheet(write_measures(measure_window(house, SINCE)))
    assert (row["mes"], row["oficina"]) == ("2026-11", "Quito - Matriz")
    assert (row["tramites"], row["minutos_mediana"]) == (2, Decimal("7.8"))
    assert (row["minutos_nueve_de_diez"], row["dudas_por_cien"]) == (Decimal("8.5"), 0)


def test_reviewed_cases_are_read_again_and_compared(house: House) -> None:
    assert accepted(house, received_and_read(house)) == ()
    received_and_read(house, ("otra.pdf", issue_request(house).pdf))
    replayed, told = replay_cases(house, SINCE, 10)
    assert replayed == 1, "of a case that nobody accepted nobody said what is right"
    assert told["employer-request", "ruc", "digital"]["exact"] == 1
    assert sum(kinds["wrong"] for kinds in told.values()) == 0


def test_a_reading_that_stands_and_is_not_what_was_accepted_is_wrong(house: House) -> None:
    number = received_and_read(house)
    assert correct(house, number, REQUEST, {"phone": "02 222 2222"}, "supervision") == ()
    assert agree(house, number, "ventanilla") is None
    assert accepted(house, number) == ()
    _, told = replay_cases(house, SINCE, 10)
    assert told[REQUEST, "phone", "digital"] == {"wrong": 1}
