"""Tables that people open in a spreadsheet set to Spanish (Ecuador), fill in and send back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from regeneration.novedad_entries import HEADERS, read_entries, write_example
from regeneration.tabulation import SHEET_HEADS, sheet_as_csv
from tests.regeneration_samples import ANA, make_line, make_sheet, run
from tests.spreadsheet_opening import open_in_spreadsheet

SEPTEMBER = date(2026, 9, 1)
TODAY = date(2026, 10, 2)


def test_the_example_opens_with_amounts_to_count_with() -> None:
    rows = open_in_spreadsheet(write_example(SEPTEMBER))
    assert list(rows[0]) == list(HEADERS)
    assert [row["sueldo"] for row in rows] == [Decimal("482.00"), "", Decimal("600.00"), "", ""]
    assert [row["valor"] for row in rows] == ["", "", "", Decimal("35.50"), ""]


def test_the_example_is_read_back_as_it_was_given() -> None:
    novedades, problems = read_entries(write_example(SEPTEMBER), TODAY, "prueba")
    assert problems == ()
    assert [(each.type.value, each.wage or each.amount) for each in novedades] == [
        ("ENT", Decimal("482.00")),
        ("SAL", None),
        ("MSU", Decimal("600.00")),
        ("INS", Decimal("35.50")),
        ("LIC", None),
    ]


def test_days_are_read_as_a_spreadsheet_saves_them() -> None:
    """A cell that was 2026-09-01 becomes a day, and is saved as one here writes it, without zeros before."""
    saved = write_example(SEPTEMBER).replace(b"2026-09-01", b"1/9/2026")
    novedades, problems = read_entries(saved, TODAY, "prueba")
    assert problems == ()
    assert {each.effective for each in novedades} == {SEPTEMBER}
    assert novedades[-1].until == SEPTEMBER


def test_a_sheet_opens_in_columns_with_its_accents() -> None:
    (row,) = open_in_spreadsheet(sheet_as_csv(run(make_sheet(make_line(ANA))).before))
    assert tuple(row) == SHEET_HEADS
    assert row["sueldo"] == "550.00", "for programs, and the printed paper vouches for these bytes"
