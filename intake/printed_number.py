"""The document number as it is printed beside the small symbol, for paper whose symbols cannot be decoded.

Each of the sixteen signs is weighed against all that may stand there. Two of them check the others, so only
one string in a thousand is a number at all: those that are most like the print are told apart by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import POINT
from forms.model import MONO_ADVANCE, PageFrame
from forms.numbers import ALPHABET, CHECK_MODULUS
from generators.pages import REFERENCE_DROP, REFERENCE_SIZE
from intake.expectation import BLURS, glyphs
from intake.sampling import Grid, Ink, Paper
from intake.strips import CellShape

_PITCH: Final = 16
_PER_MM: Final = _PITCH / (MONO_ADVANCE * REFERENCE_SIZE * POINT)
_SIGNS: Final = 19
_GROUP: Final = 5
_HEIGHT: Final = 26
_BASELINE: Final = 21.0
_SHAPE: Final = CellShape(REFERENCE_SIZE, _PER_MM, _PITCH, _PITCH, _HEIGHT, 0.0, _BASELINE)
_REACH: Final = 5
"""Samples (0.8 mm) around its place that the number is looked for in."""
_DATA: Final = 14
_HALF_KEPT: Final = 1500
"""Likeliest halves of a number that are put together: with fewer, true numbers of harsh scans were lost."""
_AHEAD: Final = 0.15
"""How far ahead of every other number one must be to be read off the print alone. Of 60 harsh and 60 extreme
scans no wrong number reached 0.09, and no right one of which a person was sure stayed below 0.2.
"""

_OTHER: Final = 0.25
"""How much more like another sign a place must be to show that one. Of 74 clean, moderate and harsh scans no
sign of the right number was more than 0.1 behind; of other numbers four signs at least were by 0.47 where the
scan was moderate.
"""
_PLAIN: Final = 0.75
"""How like that other sign the place must be at least: a stamp or a fold is like none."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LikelyNumbers:
    """The numbers most like the print, best first, and how far ``ahead`` of the second the first is."""

    numbers: tuple[str, ...]
    ahead: float


def read_printed_number(likely: LikelyNumbers) -> str | None:
    """The number that the print shows, or nothing when it cannot be read without a doubt."""
    return likely.numbers[0] if likely.ahead >= _AHEAD else None


def likely_numbers(paper: Paper, frame: PageFrame, most: int) -> LikelyNumbers:
    """At most so many numbers that the print under the frame's reference may show."""
    fit = _weigh_signs(paper, frame)
    first, second = _likely_halves(fit[:7], 0), _likely_halves(fit[7:_DATA], 7)
    check = fit[_DATA][np.arange(CHECK_MODULUS) >> 5] + fit[_DATA + 1][np.arange(CHECK_MODULUS) & 31]
    rests = (first.rests[:, None] + second.rests) % CHECK_MODULUS
    scores = (first.scores[:, None] + second.scores + check[rests]).ravel()
    best = np.argpartition(-scores, most)[:most]
    best = best[np.argsort(-scores[best])]
    left, right = np.divmod(best, len(second.scores))
    rest = rests.ravel()[best]
    signs = np.column_stack((first.signs[left], second.signs[right], rest >> 5, rest & 31))
    # The lead counts for more where signs look like themselves: in grain, all leads shrink.
    clear = float(fit.max(axis=1).mean())
    ahead = float(scores[best[0]] - scores[best[1]]) * clear / max(1.0 - clear * clear, 0.02)
    return LikelyNumbers(tuple(_spelled(row) for row in signs.tolist()), ahead)


def other_number(paper: Paper, frame: PageFrame, number: str) -> str | None:
    """What the print shows in the place of ``number`` when that is plainly another one, else nothing."""
    wide = paper.sample(_where(frame))
    best, found = -1.0, np.zeros((_DATA + 2, len(ALPHABET)), np.float32)
    for blur in range(len(BLURS) - 1):
        pictures = glyphs(ALPHABET + "-", _SHAPE, blur)
        line = np.concatenate([pictures[(ALPHABET + "-").index(sign)] for sign in number], axis=1)
        _, score, _, (right, down) = cv2.minMaxLoc(cv2.matchTemplate(wide, line, cv2.TM_CCOEFF_NORMED))
        if score > best:
            best, seen = score, wide[down : down + _HEIGHT, right : right + _SIGNS * _PITCH]
            found = _cells(seen) @ _flat(pictures[:-1]).T
    places = [ALPHABET.index(sign) for sign in number if sign != "-"]
    own, most = found[np.arange(len(places)), places], found.max(axis=1)
    if not ((most - own >= _OTHER) & (most >= _PLAIN)).any():
        return None
    return _spelled(found.argmax(axis=1).tolist())


def _spelled(places: list[int]) -> str:
    signs = "".join(ALPHABET[place] for place in places)
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


@dataclass(frozen=True, slots=True)
class _Halves:
    """Likely halves of a number: their signs, scores, and what they add to the number's rest."""

    signs: Places
    scores: Ink
    rests: Places


def _likely_halves(fit: Ink, start: int) -> _Halves:
    """The best ways to read the signs from place ``start`` of a number on."""
    kept = _Halves(np.zeros((1, 0), np.int64), np.zeros(1, np.float32), np.zeros(1, np.int64))
    every = np.arange(len(ALPHABET))
    for place, weights in enumerate(fit, start=start):
        scores = (kept.scores[:, None] + weights).ravel()
        best = np.argsort(-scores)[:_HALF_KEPT]
        before, sign = np.divmod(best, len(ALPHABET))
        worth = pow(len(ALPHABET), _DATA - 1 - place, CHECK_MODULUS) * every % CHECK_MODULUS
        rests = (kept.rests[before] + worth[sign]) % CHECK_MODULUS
        kept = _Halves(np.column_stack((kept.signs[before], sign)), scores[best], rests)
    return kept


def _where(frame: PageFrame) -> Grid:
    """Where the number is looked for, ``_REACH`` samples wider on each side than it is."""
    left = frame.reference.x - _REACH / _PER_MM
    top = frame.reference.y + REFERENCE_DROP - (_BASELINE + _REACH) / _PER_MM
    return Grid(left, top, _PER_MM, _SIGNS * _PITCH + 2 * _REACH, _HEIGHT + 2 * _REACH)


def _weigh_signs(paper: Paper, frame: PageFrame) -> Ink:
    """How like each sign of the alphabet each of the sixteen signs is: an array signs × alphabet."""
    wide = paper.sample(_where(frame))
    best, found = -1.0, np.zeros((_DATA + 2, len(ALPHABET)), np.float32)
    for blur in range(len(BLURS) - 1):
        pictures = _flat(glyphs(ALPHABET, _SHAPE, blur))
        for down in range(2 * _REACH + 1):
            for right in range(2 * _REACH + 1):
                line = wide[down : down + _HEIGHT, right : right + _SIGNS * _PITCH]
                fit = _cells(line) @ pictures.T
                score = float(fit.max(axis=1).mean())
                if score > best:
                    best, found = score, fit
    return found


def _flat(pictures: Ink) -> Ink:
    """Each picture as a row of length one, free of its mean."""
    rows = pictures.reshape(len(pictures), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    unit: Ink = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return unit


def _cells(line: Ink) -> Ink:
    cells = line.reshape(_HEIGHT, _SIGNS, _PITCH).transpose(1, 0, 2)
    return _flat(cells[[place for place in range(_SIGNS) if place % _GROUP != _GROUP - 1]])
