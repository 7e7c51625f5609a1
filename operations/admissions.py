"""Faults of a value that a person may admit, knowingly and for a reason: the paper may be right."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from forms.problems import Problem, Severity
from regeneration.cases import CaseEvent
from storage.schema import CaseEventRow

ADMITTED: Final = "admitted"
"""Where a *correct* event keeps what was admitted: by form and field, the code of the fault."""
ADMISSIBLE: Final = frozenset({"RUC_CHECK_DIGIT"})
"""A check digit that does not fit is a typing error nearly always, and some certificates have one."""


def admit(faults: Sequence[Problem], codes: Collection[str]) -> tuple[Problem, ...]:
    """The faults of which those that are admitted stop nothing any more; they are told as warnings."""
    admissible = ADMISSIBLE.intersection(codes)
    return tuple(
        replace(each, severity=Severity.WARNING) if each.code in admissible else each for each in faults
    )


def admitted_before(
    events: Sequence[CaseEventRow], form: str, values: Mapping[str, str], faults: Sequence[Problem]
) -> tuple[Problem, ...]:
    """The faults as :func:`admit` gives them, where a person admitted one of the very value that stands."""
    return tuple(
        found for each in faults for found in admit([each], _codes_of(events, form, each.field or "", values))
    )


def _codes_of(
    events: Sequence[CaseEventRow], form: str, field: str, values: Mapping[str, str]
) -> frozenset[str]:
    """What was admitted when the value that stands was written."""
    for row in reversed(events):
        written = row.data.get("answers", {}).get(form, {}) if row.event == CaseEvent.CORRECT.value else {}
        if field in written:
            code = row.data.get(ADMITTED, {}).get(form, {}).get(field, "")
            return frozenset({code} if written[field] == values.get(field) else ())
    return frozenset()
