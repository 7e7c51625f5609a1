"""Our form handed in as the file itself: values of its form or its text, held against what one sees.

A stored value counts only when the drawn page shows it. Text that is hidden, white, off the page or
covered is not taken; a field that shows something else than it stores is an alteration.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

import cv2
import msgspec
import numpy as np

from forms.geometry import Box
from forms.layout import accepted, comb_pitch, normalise
from forms.model import Choice, Edition, Field, Mark, Paragraph, Wording
from intake.alignment import Alignment
from intake.drawn_text import Boxes, DrawnText
from intake.readings import FieldReading, FieldSource

_OUTSIDE: Final = 0.6
"""Mm around a box in which a sign's middle still belongs to it: viewers set text a little off."""
_NEXT_LINE: Final = 0.5
"""Share of a sign's height by which the next one must lie lower to stand on another line."""
_GAP: Final = 0.13
"""Share of a sign's height (about 1.2 em) from which the space between two of them parts words."""
_AGAIN: Final = 0.3
"""Share of a sign's width by which the same sign lies away at most when it was drawn twice for one."""
_SQUARE: Final = 1.0
"""Mm of the squares in which the same sign is sought again; it lies no further off than one."""
_BELOW: Final = 6.0
"""Mm under a box of several lines within which a further line stands."""
_STRIDE: Final = 3.5
"""Mm beside the edge of a box within which a text that goes on has a sign; the next box is further off."""
_SURE: Final = 0.9999
_RESEMBLING: Final = 0.8
"""Share of signs in common from which a reading may be a misreading of the stored text."""
_SPANISH: Final = frozenset("abcdefghijklmnopqrstuvwxyzáéíóúüñªº")
_ALIKE: Final = str.maketrans("01i|5826", "olllsbzg")
"""Signs that a recogniser takes for one another in running text; numbers are compared as they are."""
_LOOK_THE_SAME: Final = str.maketrans("I|", "ll")
"""Signs that nobody can tell from one another."""

Places = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class StoredValue:
    """What the file says that a field holds; ``runs_on`` when the text goes on beside its box."""

    text: str
    source: FieldSource
    runs_on: bool = False


def stored_values(
    edition: Edition, page: int, form: Mapping[str, str], text: DrawnText, alignment: Alignment
) -> dict[str, StoredValue]:
    """The value of each field of a page: of the file's own form, or else the text drawn inside its box."""
    text = DrawnText(text.signs, _on_paper(text.boxes, alignment))
    middles = (text.boxes[:, :2] + text.boxes[:, 2:]) / 2
    found: dict[str, StoredValue] = {}
    for box in edition.value_fields:
        if box.page != page:
            continue
        typed = _of_form(box, form)
        if typed:
            found[box.name] = StoredValue(typed, "acroform")
        elif not isinstance(box.kind, Choice | Mark) and (drawn := _inside(box, text, middles)):
            runs_on = _runs_on(box, middles) or _goes_on_below(edition, box, text, middles)
            found[box.name] = StoredValue(drawn, "text", runs_on)
    return found


def confirm_stored(
    edition: Edition, seen: Mapping[str, FieldReading], stored: Mapping[str, StoredValue]
) -> dict[str, FieldReading]:
    """What was seen on the drawn page, made sure or put in question by what the file stores."""
    unseen = {
        name: _unseen(edition.field(name), value)
        for name, value in stored.items()
        if name not in seen and value.source == "acroform"
    }
    return unseen | {
        name: _confirm(edition.field(name), reading, stored[name]) if name in stored else reading
        for name, reading in seen.items()
    }


def _confirm(field: Field, seen: FieldReading, stored: StoredValue) -> FieldReading:
    if seen.state == "missing":
        # White or covered text is no value; a form's own value is named, for somebody typed it.
        return _unseen(field, stored) if stored.source == "acroform" else seen
    if isinstance(field.kind, Choice | Mark) and seen.state == "doubtful":
        return seen  # a second mark is seen, or a struck one, whatever the field says
    if stored.runs_on:
        return msgspec.structs.replace(seen, state="doubtful", confidence=min(seen.confidence, 0.5))
    if says_the_same(field, stored.text, seen.value) and not (
        stored.source == "text" and _accents_differ(stored.text, seen.value)
    ):
        return msgspec.structs.replace(
            seen, value=stored.text, state="read", source=stored.source, confidence=_SURE
        )
    if stored.source == "text" and not _resembles(stored.text, seen.value):
        # Drawn text that one does not see, or sees otherwise, is not taken.
        return msgspec.structs.replace(seen, state="doubtful", confidence=min(seen.confidence, 0.5))
    if stored.source == "text" and _is_garbled(stored.text):
        return msgspec.structs.replace(seen, state="doubtful", confidence=min(seen.confidence, 0.5))
    different = stored.source == "acroform" and _plainly_other(stored.text, seen)
    return msgspec.structs.replace(
        seen,
        value=stored.text,
        state="altered" if different else "doubtful",
        source=stored.source,
        confidence=0.5,
        seen=seen.value,
    )


def _resembles(stored: str, seen: str) -> bool:
    """Whether a reading differs from the stored text in few signs only, as misreadings do."""
    return SequenceMatcher(None, _folded(stored), _folded(seen), autojunk=False).ratio() >= _RESEMBLING


def _plainly_other(stored: str, seen: FieldReading) -> bool:
    """Whether a field surely shows another value than it stores. One that shows the beginning only, which is
    what programs draw of a long text, and a sign typed for one that looks like it are no alteration.
    """
    held, shown = _folded(stored), _folded(seen.value)
    if seen.state != "read" or not shown or held == shown:
        return False
    clipped = len(shown) < len(held) and _resembles(held[: len(shown)], shown)
    return not clipped


def _accents_differ(stored: str, seen: str) -> bool:
    """Whether drawn text has other accents than one sees: printing programs confuse them, and an accent that
    is seen is there. One that the recogniser lost is no difference, unless no Spanish word has it.
    """
    held, shown = (_letters(text) for text in (stored, seen))
    if len(held) != len(shown):
        return _is_garbled(stored)
    return any(
        one != other and _bare(one) == _bare(other) and (one not in _SPANISH or other != _bare(other))
        for one, other in zip(held, shown, strict=True)
    )


def _letters(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFC", text).casefold() if sign.isalpha())


def _bare(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0]


def _is_garbled(text: str) -> bool:
    """Whether a text has letters of no Spanish word, as of a printing program that confused its signs."""
    return any(sign not in _SPANISH for sign in _letters(text))


def _unseen(field: Field, stored: StoredValue) -> FieldReading:
    box = field.box
    where = (box.x, box.y, box.width, box.height)
    return FieldReading(stored.text, "doubtful", stored.source, 0.5, field.page, where, "")


def says_the_same(field: Field, stored: str, seen: str) -> bool:
    """Whether a recogniser's reading of a box confirms the stored value. Numbers and choices must be the
    same; running text may differ in signs that look alike, in case, accents and spaces, but in no point or
    dash: an address of e-mail is another without it.
    """
    if comb_pitch(field) is not None or isinstance(field.kind, Choice | Mark):
        return stored == seen
    same = _digits(stored) == _digits(seen) and _points(stored) == _points(seen)
    return bool(stored) and same and _as_seen(stored) == _as_seen(seen)


def _as_seen(text: str) -> str:
    """The letters and digits of a text, those alike that look the same in most typefaces, accents or not."""
    return _plain(text.translate(_LOOK_THE_SAME))


def _folded(text: str) -> str:
    """The letters and digits of a text, those alike that a recogniser takes for one another."""
    return _plain(text).translate(_ALIKE)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum() or sign in "@&|")


def _points(text: str) -> list[tuple[int, str]]:
    """The signs of a text that are neither letters nor digits, each with how many of those precede it."""
    found: list[tuple[int, str]] = []
    before = 0
    for sign in unicodedata.normalize("NFC", text):
        if sign.isalnum() or sign == "|":  # which is how a recogniser may see a letter
            before += 1
        elif not sign.isspace():
            found.append((before, sign))
    return found


def _digits(text: str) -> str:
    """The numbers of a text, for no digit of a telephone or a street may pass for another."""
    return re.sub(r"\D", "", text)


def _of_form(field: Field, form: Mapping[str, str]) -> str:
    value = normalise(form.get(field.name, ""))
    if isinstance(field.kind, Choice | Mark):
        value = value.removeprefix("/")  # some programs store the state's name as a text
        return value if value in accepted(field) else ""
    return value if isinstance(field.kind, Paragraph) else value.replace("\n", " ")


def _on_paper(boxes: Boxes, alignment: Alignment) -> Boxes:
    """Boxes of a picture in mm of the upright paper, whatever way the page lies in its file."""
    if not len(boxes):
        return np.zeros((0, 4))
    inverse = np.linalg.inv(alignment.matrix)
    first, second = (
        cv2.perspectiveTransform(ends[None], inverse)[0] for ends in (boxes[:, :2], boxes[:, 2:])
    )
    placed: Boxes = np.hstack((np.minimum(first, second), np.maximum(first, second)))
    return placed


def _inside(field: Field, text: DrawnText, middles: Boxes) -> str:
    """The text whose signs lie in the field's box, line by line; a comb's signs without spaces."""
    area = field.box.grown(_OUTSIDE)
    chosen = _once(text, np.flatnonzero(_within(area, middles)), middles)
    if not chosen.size:
        return ""
    spaced = comb_pitch(field) is None
    return normalise(join_signs(text, chosen, spaced=spaced).replace("\n", " " if spaced else ""))


def _runs_on(field: Field, middles: Boxes) -> bool:
    """Whether text goes on past an edge of its box, where a program drew it and cut it off."""
    return any(_crosses(field.box, middles, edge, side) for edge, side in _sides(field.box))


def _sides(box: Box) -> tuple[tuple[float, int], tuple[float, int]]:
    """The left and the right edge of a box, each with the way that leads out of it."""
    return (box.x, -1), (box.right, 1)


def _crosses(box: Box, middles: Boxes, edge: float, side: int) -> bool:
    """Whether signs stand on both sides of an upright edge, near it and as high as the box."""
    strip = Box(edge - _STRIDE, box.y, 2 * _STRIDE, box.height)
    near = np.flatnonzero(_within(strip, middles))
    beyond = side * (middles[near, 0] - edge) > _OUTSIDE
    return bool(beyond.any() and not beyond.all())


def _goes_on_below(edition: Edition, field: Field, text: DrawnText, middles: Boxes) -> bool:
    """Whether a text of several lines has a line under its box that is none of the blank's own words."""
    if not isinstance(field.kind, Paragraph):
        return False
    box = field.box
    below = np.flatnonzero(_within(Box(box.x, box.bottom + _OUTSIDE, box.width, _BELOW - _OUTSIDE), middles))
    if not below.size:
        return False
    own = _wording(edition)
    lines = join_signs(text, below, spaced=False).split("\n")
    return any(_letters(line) not in own for line in lines)


@cache
def _wording(edition: Edition) -> str:
    """The letters of all words that the blank has, one text after another."""
    choices = [option.label for field in edition.fields if isinstance(field.kind, Choice)
               for option in field.kind.options]  # fmt: skip
    fixed = [part.text for part in edition.furniture if isinstance(part, Wording)]
    labels = [part for field in edition.fields for part in (field.label, field.help)]
    return " ".join(map(_letters, (*choices, *fixed, *labels)))


def _once(text: DrawnText, chosen: Places, middles: Boxes) -> Places:
    """The chosen signs without those that were drawn again over themselves, as programs do for bold."""
    kept: dict[tuple[str, int, int], list[int]] = {}
    for place in chosen.tolist():
        sign, wide = text.signs[place], float(text.boxes[place, 2] - text.boxes[place, 0])
        reach = min(_AGAIN * wide, _SQUARE)
        across, down = (int(step) for step in middles[place] // _SQUARE)
        squares = [(sign, across + right, down + below) for right in (-1, 0, 1) for below in (-1, 0, 1)]
        same = [other for square in squares for other in kept.get(square, ())]
        if not same or float(np.abs(middles[same] - middles[place]).max(axis=1).min()) > reach:
            kept.setdefault((sign, across, down), []).append(place)
    return np.array(sorted(place for places in kept.values() for place in places), dtype=np.intp)


def _within(area: Box, middles: Boxes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    x, y = middles[:, 0], middles[:, 1]
    return (x > area.x) & (x < area.right) & (y > area.y) & (y < area.bottom)


def join_signs(text: DrawnText, chosen: np.ndarray, *, spaced: bool) -> str:
    """The chosen signs of upright text as lines from the top, words parted where there is room."""
    boxes = text.boxes[chosen]
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    feet = boxes[:, 3]
    lines: list[list[int]] = []
    foot = -np.inf
    for place in np.argsort(feet, kind="stable").tolist():
        if feet[place] - foot > _NEXT_LINE * height:
            lines.append([])
            foot = float(feet[place])
        lines[-1].append(place)
    return "\n".join(_line(text, chosen, boxes, line, height, spaced=spaced) for line in lines)


def _line(
    text: DrawnText, chosen: np.ndarray, boxes: Boxes, line: list[int], height: float, *, spaced: bool
) -> str:
    parts: list[str] = []
    end: float | None = None
    for place in sorted(line, key=lambda place: float(boxes[place, 0])):
        if spaced and end is not None and boxes[place, 0] - end > _GAP * height:
            parts.append(" ")
        parts.append(text.signs[int(chosen[place])])
        end = float(boxes[place, 2])
    return "".join(parts)
