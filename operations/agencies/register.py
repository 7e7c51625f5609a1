"""The agencies where appointments are booked: what each attends, when, and on which days it rests.

Data with its source in ``agencies.yaml``; the operator's own file of the same shape may stand in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from forms.rest_days import is_working_day

_DATA: Final = Path(__file__).with_name("agencies.yaml")
_HORIZONS: Final = frozenset({"this-month", "next-month"})


class AgenciesError(ValueError):
    """The file of agencies cannot be used; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A place that attends. ``verified`` says whether its data rest on more than a guess; ``zone`` is empty
    where it is the mainland's.
    """

    id: str
    name: str
    province: str
    address: str
    verified: bool
    source: str
    opens: time
    closes: time
    slot_minutes: int
    capacity: int
    horizon: str
    procedures: tuple[str, ...]
    mall: bool = False
    zone: str = ""

    @property
    def hours(self) -> tuple[time, ...]:
        """When appointments begin; the last ends by closing time."""
        start = datetime.combine(date.min, self.opens)
        end = datetime.combine(date.min, self.closes)
        step = timedelta(minutes=self.slot_minutes)
        return tuple((start + step * place).time() for place in range((end - start) // step))

    def last_day(self, today: date) -> date:
        """The last day that can be booked."""
        months = 1 if self.horizon == "this-month" else 2
        first = today.replace(day=1)
        for _ in range(months):
            first = (first + timedelta(days=32)).replace(day=1)
        return first - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agencies:
    """All of them, with the provinces and procedures by their codes."""

    all: tuple[Agency, ...]
    provinces: Mapping[str, str]
    procedures: Mapping[str, str]
    most_per_person: int
    decreed: Mapping[date, str]
    local: Mapping[str, Mapping[date, str]]

    def find(self, agency_id: str) -> Agency | None:
        return next((agency for agency in self.all if agency.id == agency_id), None)

    def of_office(self, office: str) -> Agency | None:
        """The agency that a window belongs to, by the office's name."""
        return next((agency for agency in self.all if agency.name == office), None)

    def serving(self, province: str, procedure: str) -> tuple[Agency, ...]:
        return tuple(
            agency for agency in self.all if agency.province == province and procedure in agency.procedures
        )

    def works_on(self, agency: Agency, day: date) -> bool:
        more = {**self.decreed, **self.local.get(agency.id, {})}
        return is_working_day(day, more)

    def bookable_days(self, agency: Agency, today: date) -> tuple[date, ...]:
        """Days from tomorrow to the horizon on which the agency works: today is for who is there."""
        last = agency.last_day(today)
        span = (today + timedelta(days=step) for step in range(1, (last - today).days + 1))
        return tuple(day for day in span if self.works_on(agency, day))


@cache
def load_agencies(path: Path = _DATA) -> Agencies:
    """Read the file; :class:`AgenciesError`."""
    told = yaml.safe_load(path.read_text("utf-8"))
    defaults = told["defaults"]
    agencies = Agencies(
        all=tuple(_read_agency(defaults | each) for each in told["agencies"]),
        provinces=told["provinces"],
        procedures=told["procedures"],
        most_per_person=told["most_per_person"],
        decreed=told["decreed_rest_days"],
        local=told["local_rest_days"],
    )
    _check(agencies)
    return agencies


def _read_agency(told: dict[str, Any]) -> Agency:
    try:
        return Agency(
            **{
                **told,
                "opens": time.fromisoformat(told["opens"]),
                "closes": time.fromisoformat(told["closes"]),
                "procedures": tuple(told["procedures"]),
            }
        )
    except (TypeError, ValueError) as error:
        raise AgenciesError(f"agency {told.get('id')}: {error}") from error


def _check(agencies: Agencies) -> None:
    names = [agency.id for agency in agencies.all]
    if len(set(names)) != len(names) or len({agency.name for agency in agencies.all}) != len(names):
        raise AgenciesError("two agencies have one id or one name")
    for agency in agencies.all:
        fault = (
            "its province is none"
            if agency.province not in agencies.provinces
            else "a procedure is none"
            if not set(agency.procedures) <= agencies.procedures.keys()
            else "it closes before it opens"
            if not agency.hours
            else "its capacity is none"
            if agency.capacity < 1
            else "its horizon is none"
            if agency.horizon not in _HORIZONS
            else "it has no source"
            if not agency.source
            else ""
        )
        if fault:
            raise AgenciesError(f"agency {agency.id}: {fault}")
    if strangers := agencies.local.keys() - set(names):
        raise AgenciesError(f"rest days of an agency that is none: {', '.join(strangers)}")
