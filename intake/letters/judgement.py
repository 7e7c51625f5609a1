"""From what a letter says to readings: what is sure, what the clerk must look at, what is missing.

A letter has no seal and a recogniser may err in one digit, so one mention alone is never more than
doubtful: a value is read when two places agree on it, or when the file's own text says what one sees and its
pattern leaves no doubt where it begins and ends. What the register confirms is made sure later, by who has
the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forms.checks import check_values
from forms.layout import overflow
from forms.model import Edition, Field
from forms.problems import Problem, Severity, problem
from intake.letters.extraction import Datum
from intake.letters.text import LetterText, Span, fold
from intake.readings import BoxMm, FieldReading, FieldState


@dataclass(frozen=True, slots=True)
class LetterThresholds:
    """Where evidence turns into states; the figures are those of ``bench/letters.py``.

    ``plain`` is the weight of a mention from which it is about the datum at all, ``certain`` that from which
    one mention will do where the file's text is known; ``chance`` the recogniser's
    own for the line. The confidences are the shares that were right of values so found: said twice or
    printed, said once on a sure line, said once on another; that of a value that a pen touched is set low, so
    that nothing is made sure of it unseen.
    """

    plain: float = 0.75
    certain: float = 0.9
    chance: float = 0.6
    agreed: float = 0.998
    once: float = 0.985
    unsure: float = 0.85
    marked: float = 0.5


DEFAULT: Final = LetterThresholds()
_OF_ONE_PATTERN: Final = frozenset(
    {
        "ruc",
        "branch",
        "representative_id",
        "representative_id_kind",
        "period",
        "date",
        "email",
        "sheet_number",
    }
)
"""Data that have a shape of their own, so that what stands beside them cannot slip in."""
_ASKED_ALWAYS: Final = frozenset({"petition", "address"})
"""Long texts whose end is a matter of judgement: the clerk looks at them, however well they were read."""


def judge(
    edition: Edition, letter: LetterText, found: Mapping[str, Datum], limits: LetterThresholds = DEFAULT
) -> dict[str, FieldReading]:
    """A reading for each field of the request that the letter states or that it lacks."""
    readings: dict[str, FieldReading] = {}
    for field in edition.value_fields:
        datum = found.get(field.name)
        if datum is not None:
            readings[field.name] = _judge_one(field, letter, datum, limits)
        elif field.required:
            readings[field.name] = FieldReading("", "missing", "ocr", 0.5, 1, _whole(letter))
    return _doubted_where_wrong(edition, readings)


def _judge_one(field: Field, letter: LetterText, datum: Datum, limits: LetterThresholds) -> FieldReading:
    span = datum.mention.span
    printed = all(line.printed for line in letter.lines_of(span))
    sure_line = letter.chance_of(span) >= limits.chance
    plain = datum.mention.weight >= limits.plain and not datum.disputed
    by_itself = printed and field.name in _OF_ONE_PATTERN and datum.mention.weight >= limits.certain
    marked = _is_marked(letter, span, datum.value)
    agreed = plain and not marked and (by_itself or (datum.agreeing > 1 and sure_line))
    state: FieldState = "read" if agreed and field.name not in _ASKED_ALWAYS else "doubtful"
    confidence = limits.agreed if agreed else limits.once if plain and sure_line else limits.unsure
    confidence = min(confidence, limits.marked) if marked else confidence
    box = letter.box_of(span)
    where = (round(box.x, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2))
    value, page = fitted(field, datum.value), letter.page_of(span)
    return FieldReading(value, state, "text" if printed else "ocr", confidence, page, where)


def _is_marked(letter: LetterText, span: Span, value: str) -> bool:
    """Whether a pen touched a value, here or at another of its places."""
    lines = letter.lines_of(span)
    said = fold(value)
    return any(line.marked and (line in lines or said in fold(line.text)) for line in letter.lines)


def fitted(field: Field, value: str) -> str:
    """The value as the form can hold it: a petition without its last sentences where it is too long.

    Any other, and one that is still too long, stays whole, and the form's own check names it: the stop of
    «Av.» ends no sentence.
    """
    while field.name == "petition" and overflow(field, value) and ". " in value.rstrip("."):
        value = value.rstrip(".").rpartition(". ")[0] + "."
    return value


def _whole(letter: LetterText) -> BoxMm:
    """The box around all lines of the first page, for what may stand anywhere."""
    boxes = [line.box for line in letter.lines if line.page == 1]
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return (round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2))


def _doubted_where_wrong(edition: Edition, readings: dict[str, FieldReading]) -> dict[str, FieldReading]:
    """The readings, in doubt where the form's own checks say that a value cannot be."""
    values = {name: reading.value for name, reading in readings.items() if reading.value}
    wrong = {
        found.field for found in check_values(edition, values) if found.severity is Severity.ERROR
    } & values.keys()
    return {
        name: FieldReading(
            reading.value,
            "doubtful",
            reading.source,
            min(reading.confidence, 0.5),
            reading.page,
            reading.box_mm,
        )
        if name in wrong
        else reading
        for name, reading in readings.items()
    }


def letter_problems(edition: Edition, readings: Mapping[str, FieldReading]) -> Sequence[Problem]:
    """What the clerk is told: doubts, what is missing, and what the form's checks say of the values."""
    doubts = [
        problem("FIELD_DOUBTFUL", field=name, label=edition.field(name).title)
        for name, reading in readings.items()
        if reading.state == "doubtful"
    ]
    values = {name: reading.value for name, reading in readings.items() if reading.value}
    return [*doubts, *check_values(edition, values)]
