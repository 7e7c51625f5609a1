"""Monthly volumes of attentions and complaints: what the institute published, then our own count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from sqlalchemy import func, select

from operations.house import House
from regeneration.months import Month
from regeneration.spreadsheets import write_rows
from storage.complaint_tables import ComplaintRow
from storage.schema import CaseRow

_PUBLISHED: Final = Path(__file__).with_name("published.yaml")


@dataclass(frozen=True, slots=True)
class MonthlyVolume:
    """How many were attended and how many complained in a month; ``published`` by the institute before this
    service counted.
    """

    month: Month
    attentions: int
    complaints: int
    published: bool


def monthly_volumes(house: House) -> tuple[MonthlyVolume, ...]:
    """Every month that is known, the oldest first. Where both tell of a month our count is added to what was
    published, for they are of different windows.
    """
    attentions, complaints = _count_attentions(house), _count_complaints(house)
    published = load_published()
    months = sorted(published.keys() | attentions.keys() | complaints.keys())
    return tuple(
        MonthlyVolume(
            month,
            published.get(month, (0, 0))[1] + attentions[month],
            published.get(month, (0, 0))[0] + complaints[month],
            month in published,
        )
        for month in months
    )


@cache
def load_published() -> dict[Month, tuple[int, int]]:
    """Complaints and attentions by month, as published."""
    told = yaml.safe_load(_PUBLISHED.read_text("utf-8"))
    return {
        Month.parse(name): (each["complaints"], each["attentions"]) for name, each in told["months"].items()
    }


def _count_attentions(house: House) -> Counter[Month]:
    """Cases by the office's month in which their papers came in."""
    with house.database.reading() as session:
        days = (at.astimezone(house.zone) for at in session.scalars(select(CaseRow.received_at)))
        return Counter(Month(day.year, day.month) for day in days)


def _count_complaints(house: House) -> Counter[Month]:
    with house.database.reading() as session:
        month = func.substr(ComplaintRow.day, 1, 7)
        query = select(month.label("month"), func.count().label("filed")).group_by(month)
        return Counter({Month.parse(row.month): row.filed for row in session.execute(query)})


def write_volumes(volumes: tuple[MonthlyVolume, ...]) -> bytes:
    """Open data: one line a month, whole numbers only.

    Parted like every table of the service, for those who download it open it in a spreadsheet; of the law on
    transparency no rule is known that asks for commas, and a program finds the ``;`` in the first line.
    """
    rows = (
        (
            str(each.month),
            each.attentions,
            each.complaints,
            "registro público de trámites" if each.published else "este servicio",
        )
        for each in volumes
    )
    return write_rows((("mes", "atenciones", "quejas", "fuente"), *rows))
