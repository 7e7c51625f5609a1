"""Reading our blank form as people fill it: what the blank does not have is the answer.

Typed text goes to the line recogniser, digits written into combs to the handwriting recogniser, ticks are
weighed; prose written by hand is never guessed but shown to the clerk. What is measured elsewhere is
judged here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec
import numpy as np

from forms.checks import check_values
from forms.geometry import Box
from forms.identity import IdentityKind
from forms.layout import comb_pitch, tick_boxes
from forms.model import Check, Date, Edition, Field, Period, Values
from forms.problems import Severity
from intake.handwriting.candidates import KnownNumbers
from intake.handwriting.numbers import NumberKind
from intake.handwriting.reading import read_comb
from intake.notes_beside import find_notes
from intake.readings import FieldReading, FieldSource, FieldState
from intake.residue import PER_MM, Residue, added_ink, shows_thin_ink, strokes
from intake.sampling import Paper
from intake.struck_out import is_struck_out
from intake.tick_boxes import judge_ticks, measure_ticks
from intake.typed_values import TypedValue, read_typed


@dataclass(frozen=True, slots=True)
class TemplateThresholds:
    """Where scores of a filled blank turn into states; the figures are those of ``bench/template.py``.

    ``surely_hand`` and ``surely_typed`` bound the logarithm of the odds of type: between them both
    recognisers must read the same digits; ``company`` is the weight of the page's other boxes in it. Running
    text counts as typed from odds of ``type`` by itself, on a page that leans no further than ``pen`` to
    handwriting, and is accepted only on one that leans to type by ``typed_page``. ``text`` and ``comb`` are
    the recogniser's own chances from which a value is accepted without asking, ``rival`` the chance of
    another sign in a text up to which it is: a lost accent seldom leaves less. ``written`` is the least mm²
    of ink that can be an answer, ``faint`` the darkness under which there is nothing.
    """

    surely_hand: float = -1.0
    surely_typed: float = 1.0
    company: float = 0.5
    type: float = 0.5
    pen: float = 0.3
    typed_page: float = 1.2
    text: float = 0.8
    rival: float = 0.015
    comb: float = 0.9
    written: float = 0.3
    faint: float = 0.14


DEFAULT: Final = TemplateThresholds()

_TEXT_SURE: Final = 0.998
_COMB_SURE: Final = 0.999
"""Confidence of what is accepted: of 460 texts and 700 combs of the scans that the bounds were set on none
was wrong, which proves no more than this.
"""


@dataclass(frozen=True, slots=True)
class KnownEmployers:
    """What the register knows, as a prior for digits written by hand: branches and representatives' numbers
    by RUC.
    """

    branches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    representatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOBODY: Final = KnownEmployers()


@dataclass(frozen=True, slots=True)
class _Found:
    """A value with what vouches for it, before the form's own checks."""

    value: str
    state: FieldState
    source: FieldSource
    confidence: float


def read_filled(
    paper: Paper, edition: Edition, page: int, known: KnownEmployers, limits: TemplateThresholds = DEFAULT
) -> dict[str, FieldReading]:
    """Every field of a page of a filled blank that holds ink, and the required ones that hold none."""
    boxes = [box for box in edition.value_fields if box.page == page]
    found = {box.name: _read_ticks(paper, edition, box) for box in boxes if tick_boxes(box)}
    ticked = {name: box.value for name, box in found.items() if box.state == "read"}
    written = [_look(paper, edition, box, ticked, limits) for box in boxes if not tick_boxes(box)]
    for look, leaning in zip(written, _leanings(written), strict=True):
        values = {name: box.value for name, box in found.items() if box.state == "read"}
        judged = _judge(paper, edition, look, leaning, values, known, limits)
        found[look.box.name] = _struck(judged) if look.struck else judged
    notes = find_notes(paper, edition, page)
    found = {name: _beside_note(each) if name in notes else each for name, each in found.items()}
    if not shows_thin_ink(paper):
        found = {name: _unproved(edition.field(name), each) for name, each in found.items()}
    shifts = {look.box.name: look.residue.shift for look in written}
    return doubt_impossible(
        edition,
        {
            box.name: _reading(box, notes.get(box.name, box.box), found[box.name], shifts.get(box.name))
            for box in boxes
            if found[box.name].state != "missing" or box.required
        },
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A box to be written in: what was added there, what that says as type, nothing when it is empty, and
    whether a line runs through it.
    """

    box: Field
    residue: Residue
    typed: TypedValue | None
    empty: _Found | None
    struck: bool = False


def _read_ticks(paper: Paper, edition: Edition, box: Field) -> _Found:
    ticks = judge_ticks(box, measure_ticks(paper, edition, box))
    return _Found(ticks.value, ticks.state, "ocr", ticks.confidence)


def _look(paper: Paper, edition: Edition, box: Field, ticked: Values, limits: TemplateThresholds) -> _Look:
    residue = added_ink(paper, edition, box.page, box.box)
    empty = _emptiness(residue, limits)
    if empty is not None:
        return _Look(box, residue, None, empty)
    # A number of a kind that we know has digits only; an identity of unknown kind may have letters.
    digits_only = number_kind(box, ticked) is not None
    typed = read_typed(residue.ink, box, digits_only=digits_only)
    return _Look(box, residue, typed, None, is_struck_out(residue))


def _leanings(looks: Sequence[_Look]) -> list[float]:
    """For each box, what the others of the page say about typing: a form is mostly filled in one way."""
    odds = [float(np.clip(look.typed.odds, -4, 4)) if look.typed else 0.0 for look in looks]
    return [(sum(odds) - own) / max(len(odds) - 1, 1) for own in odds]


def _judge(
    paper: Paper,
    edition: Edition,
    look: _Look,
    leaning: float,
    values: Values,
    known: KnownEmployers,
    limits: TemplateThresholds,
) -> _Found:
    if look.empty is not None:
        return look.empty
    own = look.typed.odds if look.typed is not None else 0.0
    if comb_pitch(look.box) is None:
        # Block letters by hand can look like type: what is accepted stands among other type.
        text = _judge_text(look.typed, min(own - limits.type, leaning + limits.pen), limits)
        return text if leaning >= limits.typed_page or text.state != "read" else _doubted(text)
    odds = own + limits.company * leaning if look.typed is not None else 0.0
    machine = _judge_typed_comb(look.typed, limits)
    kind = number_kind(look.box, values)
    if odds >= limits.surely_typed:
        return machine
    if kind is None:
        return machine if odds >= 0 else _Found("", "doubtful", "handwriting", 0.0)
    number = read_comb(paper, edition, look.box, kind, _known_for(look.box, values, known))
    hand = _Found(number.value, number.state, "handwriting", number.confidence)
    if odds < limits.surely_hand:
        return hand
    nearer = machine if odds >= 0 else hand
    return nearer if machine.value == hand.value else _doubted(nearer)


def _reading(box: Field, area: Box, found: _Found, shift: tuple[float, float] | None) -> FieldReading:
    """The reading of a box, seen in ``area``."""
    right, down = shift or (0.0, 0.0)
    box_mm = (round(area.x + right, 2), round(area.y + down, 2), round(area.width, 2), round(area.height, 2))
    return FieldReading(found.value, found.state, found.source, found.confidence, box.page, box_mm)


def _emptiness(residue: Residue, limits: TemplateThresholds) -> _Found | None:
    """That nobody wrote here, or that something too faint to read stands here; else nothing."""
    area = float(strokes(residue.ink).sum()) / PER_MM**2
    if area >= limits.written:
        return None
    if float(np.percentile(residue.ink, 99.7)) < limits.faint or area > 0:
        return _Found("", "missing", "ocr", 0.99)
    return _Found("", "doubtful", "ocr", 0.5)


def number_kind(box: Field, values: Values) -> NumberKind | None:
    """What kind of number a comb holds, or nothing when it may hold letters or nobody has said."""
    if Check.RUC in box.checks:
        return "ruc"
    if Check.BRANCH in box.checks:
        return "branch"
    if isinstance(box.kind, Period):
        return "period"
    if isinstance(box.kind, Date):
        return "date"
    if Check.IDENTITY in box.checks and values.get(box.related or "") == IdentityKind.CEDULA.value:
        return "cedula"
    return None


def _known_for(box: Field, values: Values, known: KnownEmployers) -> KnownNumbers | None:
    """The numbers that the register has for a box, narrowed to the employer once its RUC was read."""
    ruc = values.get("ruc", "")
    match number_kind(box, values):
        case "ruc":
            numbers = tuple(known.branches)
        case "branch":
            numbers = known.branches.get(ruc, ())
        case "cedula":
            numbers = known.representatives.get(ruc, ())
        case _:
            numbers = ()
    return KnownNumbers.of(numbers) if numbers else None


def _judge_text(typed: TypedValue | None, odds: float, limits: TemplateThresholds) -> _Found:
    """Running text: typed and sure, typed and to be looked at, or written by hand and not guessed."""
    if typed is None or not typed.text:
        return _Found("", "doubtful", "ocr", 0.0)
    if odds < 0:
        return _Found("", "doubtful", "handwriting", 0.0)
    if typed.sound and typed.chance >= limits.text and typed.rival <= limits.rival:
        return _Found(typed.text, "read", "ocr", _TEXT_SURE)
    return _Found(typed.text, "doubtful", "ocr", typed_confidence(typed.chance))


def _judge_typed_comb(typed: TypedValue | None, limits: TemplateThresholds) -> _Found:
    if typed is None or not typed.text:
        return _Found("", "doubtful", "ocr", 0.0)
    if typed.sound and typed.chance >= limits.comb:
        return _Found(typed.text, "read", "ocr", _COMB_SURE)
    return _Found(typed.text, "doubtful", "ocr", typed_confidence(typed.chance))


def _unproved(box: Field, found: _Found) -> _Found:
    """What a reading is worth on a scan that loses thin ink: an empty box may have held something, and
    running text may have lost an accent.
    """
    if found.state == "missing":
        return _Found("", "doubtful", found.source, 0.5)
    running = not tick_boxes(box) and comb_pitch(box) is None
    return _doubted(found) if running and found.state == "read" else found


def _struck(found: _Found) -> _Found:
    """What is left of a value that somebody struck out: nothing that one could accept unseen."""
    return _Found("", "doubtful", found.source, 0.0)


def _beside_note(found: _Found) -> _Found:
    """What a reading is worth beside which somebody wrote: it may have been taken back, and what seems to be
    missing may stand there.
    """
    return replace(found, state="doubtful", confidence=min(found.confidence, 0.5))


def _doubted(found: _Found) -> _Found:
    return replace(found, state="doubtful", confidence=min(found.confidence, 0.9))


def typed_confidence(chance: float) -> float:
    """The chance that typed text in doubt is right, from the recogniser's own: of lines with 0.5 and more 95
    of 100 were, of those that read differently in two framings about half.
    """
    return round(0.5 + 0.4 * min(chance, 1.0), 4)


def doubt_impossible(edition: Edition, readings: Mapping[str, FieldReading]) -> dict[str, FieldReading]:
    """The readings, in doubt where the form's own checks say that a value cannot be."""
    values = {name: reading.value for name, reading in readings.items() if reading.value}
    wrong = {
        found.field
        for found in check_values(edition, values)
        if found.severity is Severity.ERROR and found.field in values
    }
    return {
        name: msgspec.structs.replace(reading, state="doubtful", confidence=min(reading.confidence, 0.5))
        if name in wrong and reading.state == "read"
        else reading
        for name, reading in readings.items()
    }
