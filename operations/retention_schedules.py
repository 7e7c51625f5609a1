"""How long each kind of document is kept, by ``retention_schedules.yaml``: years, legal source, confidence;
and after how many days what proves nothing is forgotten.

A kind of document that no schedule names is kept: nothing is ever due by an oversight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from regeneration.parameters import Confidence

_FILE: Final = Path(__file__).with_suffix(".yaml")
_KEYS: Final = frozenset({"name", "title", "kinds", "action", "years", "reference", "confidence", "why"})


class ScheduleError(ValueError):
    """The file of schedules is broken; the message says where."""


class RetentionAction(Enum):
    KEEP = "keep"
    DISPOSE = "dispose"

    @property
    def label(self) -> str:
        return {"keep": "Conservación permanente", "dispose": "Revisión y eliminación con acta"}[self.value]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A term; ``years`` is 0 for what is kept for ever."""

    name: str
    title: str
    kinds: tuple[str, ...]
    action: RetentionAction
    years: int
    reference: str
    confidence: Confidence
    why: str

    def due_on(self, closed: date) -> date | None:
        """The first day on which the documents of a case closed on a day may be disposed of, if ever.

        What was closed on a 29 February is due on 1 March where the year has none.
        """
        if self.action is RetentionAction.KEEP:
            return None
        try:
            return closed.replace(year=closed.year + self.years)
        except ValueError:
            return date(closed.year + self.years, 3, 1)


@dataclass(frozen=True, slots=True)
class PassingTerm:
    """After how many days something that is of use for a while only is forgotten."""

    name: str
    title: str
    days: int
    reference: str
    confidence: Confidence
    why: str


@cache
def load_schedules() -> tuple[Schedule, ...]:
    """The schedules that came with this version; :class:`ScheduleError`."""
    return parse_schedules(yaml.safe_load(_FILE.read_text("utf-8")))


def parse_schedules(body: Any) -> tuple[Schedule, ...]:
    """Schedules from the file's content; :class:`ScheduleError` also when two name the same kind."""
    try:
        schedules = tuple(_parse(each) for each in body["schedules"])
    except (KeyError, TypeError, ValueError) as error:
        raise ScheduleError(f"{_FILE.name}: {error}") from error
    kinds = [kind for schedule in schedules for kind in schedule.kinds]
    if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        raise ScheduleError(f"{_FILE.name}: more than one schedule names {', '.join(twice)}")
    return schedules


def _parse(body: dict[str, Any]) -> Schedule:
    if unknown := set(body) - _KEYS:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    action, years = RetentionAction(body["action"]), body.get("years", 0)
    if (action is RetentionAction.DISPOSE) != (isinstance(years, int) and years > 0):
        raise ValueError(f"{body['name']}: years are for what is disposed of, and at least one")
    return Schedule(
        name=body["name"],
        title=body["title"],
        kinds=tuple(body["kinds"]),
        action=action,
        years=years,
        reference=body["reference"],
        confidence=Confidence(body["confidence"]),
        why=body["why"],
    )


def schedule_named(name: str) -> Schedule:
    """The schedule of a name; :class:`KeyError` where it is not in the file any more."""
    return {schedule.name: schedule for schedule in load_schedules()}[name]


@cache
def load_passing_terms() -> Mapping[str, PassingTerm]:
    """The terms of what is forgotten by itself, by name; :class:`ScheduleError`."""
    return parse_passing_terms(yaml.safe_load(_FILE.read_text("utf-8")))


def parse_passing_terms(body: Any) -> Mapping[str, PassingTerm]:
    """Terms from the file's content; :class:`ScheduleError` also for one of less than a day."""
    try:
        terms = [_parse_passing(each) for each in body["passing"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ScheduleError(f"{_FILE.name}: {error}") from error
    return {term.name: term for term in terms}


def _parse_passing(body: dict[str, Any]) -> PassingTerm:
    days = body["days"]
    if not isinstance(days, int) or days < 1:
        raise ValueError(f"{body['name']}: days are a whole number, and at least one")
    return PassingTerm(**{**body, "confidence": Confidence(body["confidence"])})
