"""A plain handwriting: each sign as pen strokes through control points, as adults in Ecuador learn to write.

Measures: baseline 0, small letters 4 high, capitals and digits 8, tails down to -4; ``/`` lifts the pen.
Small letters run from a hairline in at the left to one out at the right, so that they join.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]
"""Points (n, 2); here y grows upwards."""

_RING: Final = "2.8,8 .8,7 0,4 .7,1 2.5,0 4.5,1.1 5.2,4 4.5,6.9 2.6,8 1.8,7.8"

_SMALL: Final = {
    "a": "0,0 1,1 3.6,3.7 2.4,4 1,2.6 1,.8 2,0 3.4,1.2 4,3.8 3.9,1 4.5,.1 5.5,.8",
    "b": "0,0 2,4 3,7.5 2.2,8 1.6,6 1.5,1 2.4,0 3.6,1.2 3.4,3 4.2,3 5,2.6",
    "c": "0,0 1,1 3.2,3.6 2.4,4 1,2.6 1,.8 2.2,0 4,1",
    "d": "0,0 1,1 3.6,3.6 2.4,4 1,2.6 1,.8 2,0 3.2,1.2 4.2,8 3.9,1 4.5,.1 5.5,.8",
    "e": "0,0 1.8,1.6 2.6,3.2 2,4 1,2.8 1,.8 2.2,0 3.8,1",
    "f": "0,0 2,4 3,7.5 2.2,8 1.6,5 1.4,-3 2,-4 2.6,-2 2,.4 4,1",
    "g": "0,0 1,1 3.8,3.6 2.4,4 1,2.6 1,.8 2,.2 3.4,1.6 3.8,3.8 3.4,-2.6 2.2,-4 1.4,-3 3,-1 5.4,.6",
    "h": "0,0 2,4 3,7.5 2.2,8 1.6,6 1.4,0 2,2.6 3.2,4 4,3 4,.6 4.6,0 5.6,.8",
    "i": "0,0 1.4,3.8 1.4,1 2,0 3,.8/1.7,5.7 1.9,5.5",
    "j": "0,0 1.4,3.8 1.2,-2.4 .2,-4 -.4,-3 1,-1 3,.6/1.7,5.7 1.9,5.5",
    "k": "0,0 2,4 3,7.5 2.2,8 1.6,6 1.4,0 1.8,2.4 3.4,3.8 2.4,2.2 1.9,2 3.4,.2 4.6,.8",
    "l": "0,0 2,4 2.8,7.4 2.1,8 1.5,6 1.5,1 2.2,0 3.4,.8",
    "m": "0,0 1,3.6 1.2,0 1.8,3 2.6,4 3,3 3,0 3.6,3 4.4,4 4.8,3 4.9,.6 5.5,0 6.4,.8",
    "n": "0,0 1,3.6 1.2,0 1.9,3 2.9,4 3.4,3 3.5,.6 4.1,0 5,.8",
    "o": "0,0 1,1.4 2.6,4 1.4,3.4 1,1.2 2,0 3.2,1 3.2,3 2.4,4 3.4,3.2 4.6,3.2",
    "p": "0,0 1.4,3.8 1,-4 1.2,1.6 2.2,3.8 3.4,3 3.2,.8 2,0 3.6,.1 4.8,.8",
    "q": "0,0 1,1 3.8,3.6 2.4,4 1,2.6 1,.8 2,.2 3.4,1.6 3.8,3.8 3.4,-3 4,-4 4.4,-2 5.2,.6",
    "r": "0,0 1.2,3.6 1.5,4.4 1.9,3.6 3,3.6 2.8,1 3.4,0 4.4,.8",
    "s": "0,0 1.6,2.6 2.2,4.2 2.4,2.6 2.8,1 2,0 .8,.4 2.4,.2 4,.8",
    "t": "0,0 1.6,4 2,7 1.8,3 2,.6 2.8,0 3.8,.8/.4,4.8 3.4,5.2",
    "u": "0,0 1,3.8 1,1 1.8,0 3,1.4 3.6,3.8 3.5,1 4.1,0 5,.8",
    "v": "0,0 1,3.8 1.6,1 2.2,0 3.2,2.4 3.4,4 4.6,3.4",
    "w": "0,0 .8,3.8 1.2,.6 1.8,0 2.6,3 3,.6 3.6,0 4.6,2.6 4.6,4 5.6,3.4",
    "x": "0,0 1,3.6 2,2 3,.2 4.4,.8/3.4,4 .6,0",
    "y": "0,0 1,3.8 1,1.4 1.8,.4 3,1.6 3.6,3.8 3.2,-2.6 2.2,-4 1.4,-3 3,-1 5,.6",
    "z": "0,0 1,3.6 3,3.8 1.4,1 1,.2 2.6,.4 2.4,-3 1.4,-4 1,-2.8 2.4,-.6 4.4,.6",
}
_LARGE: Final = {
    "A": "0,0 2.4,8 2.7,8 5,0/.8,3 4.4,3",
    "B": ".2,8 0,0/0,7.8 3.2,7.8 4,6 3,4.4 .5,4.2 3.8,3.9 4.6,2 3.4,.2 0,0",
    "C": "4.6,6.6 3.2,8 1,7 0,4 1,1 3,0 4.8,1.4",
    "D": ".2,8 0,0/-.4,7.8 2.8,7.6 5,4.2 3.4,.8 0,0",
    "E": "4.2,8 .2,7.8 0,7.5 0,.4 .2,0 4.6,.2/.2,4.2 3.6,4.3",
    "F": "4.6,8 .2,7.8 0,7.5 0,0/.2,4.2 3.6,4.3",
    "G": "4.8,6.6 3.2,8 1,7 0,4 1,1 3,0 4.6,1 4.7,3.4 2.8,3.4",
    "H": ".1,8 0,0/4.6,8 4.5,0/0,4.1 4.6,4.3",
    "I": "1,8 .9,0",
    "J": "3.6,8 3.6,2 2.8,.2 1.2,0 .2,1.6",
    "K": ".1,8 0,0/4.4,8 .4,3.7 .8,3.7 4.8,0",
    "L": ".2,8 0,.4 .2,0 4.4,.2",
    "M": "0,0 .6,7.8 .8,7.8 2.7,2.4 2.9,2.4 5,8 5.2,7.8 5.7,0",
    "N": "0,0 0,7.8 .2,7.8 4.4,.2 4.6,.2 4.7,8",
    "O": _RING,
    "P": ".1,8 0,0/-.3,7.8 3.4,7.7 4.4,6 3.4,4.1 .2,3.8",
    "Q": _RING + "/3,2 5.6,-.6",
    "R": ".1,8 0,0/-.3,7.8 3.4,7.7 4.3,6 3.4,4.2 .5,3.9 1,3.8 4.9,0",
    "S": "4.4,6.9 2.6,8 .6,7 .6,5.2 3,4 4.6,2.6 4.2,.8 2.2,0 .1,1.2",
    "T": "-.2,7.8 5,8/2.5,7.9 2.4,0",
    "U": "0,8 0,2 1,.3 2.4,0 4,.6 4.6,2.4 4.7,8",
    "V": "0,8 2.3,.2 2.6,.2 4.9,8",
    "W": "0,8 1.5,.2 1.7,.2 3.2,6 3.4,6 4.8,.2 5,.2 6.4,8",
    "X": "0,8 4.6,0/4.5,8 .1,0",
    "Y": "0,8 2.4,4/5,8 2.4,4 1.6,0",
    "Z": ".2,7.8 4.5,8 4.4,7.6 0,.4 .3,.1 4.8,.2",
    "0": "2.4,8 .7,7 0,4 .6,1 2.1,0 3.8,1.1 4.4,4 3.8,6.9 2.2,8 1.6,7.7",
    "1": ".4,6.2 1.9,8 2,7.6 1.9,0",
    "2": ".2,6.4 1.2,7.8 3,7.8 4,6 2.6,3.4 0,.2 .3,0 4.4,.2",
    "3": ".2,7.2 2,8 3.8,6.8 3.3,4.9 1.6,4.2 3.7,3.7 4.2,1.6 2.4,0 .1,.8",
    "4": "3,8 .1,2.8 .3,2.6 4.7,2.7/3.4,5 3.2,0",
    "5": "4.1,8 .9,7.9 .7,7.7 .4,4.5 2.4,5 4,3.4 3.6,1 1.8,0 .1,.8",
    "6": "3.6,7.8 1.4,5.6 .3,2.6 1,.3 3,.1 4,1.8 3.2,3.7 1.4,3.8 .5,2.4",
    "7": "0,7.8 4.3,8 4.3,7.7 2,3.4 1.6,0/1,4.1 3.6,4.3",
    "8": "3.8,7 2,8 .6,6.8 1.4,5 3.4,3.4 4,1.6 2.2,0 .3,1.4 1,3.2 3.2,5 3.8,7",
    "9": "3.8,6.4 2.2,8 .4,6.6 .8,4.6 2.6,4.3 3.8,6.2 3.6,3 2.6,0",
    "-": ".4,3.8 3,4",
    ".": ".4,.2 .6,0",
    ",": ".6,.3 .2,-1.4",
    "/": "0,-.8 3.4,8.6",
    "@": "3.6,3 2.6,4.6 1.6,3 2.4,1.8 3.6,3.4 4.4,1.6 5.6,3.6 4.6,6.4 2,6.6 .2,3.6 1.4,.2 4.4,-.4",
}
_MARKS: Final = {
    "\u0301": "0,0 1,1.4",
    "\u0303": "-1,0 0,.7 .8,.1 1.8,.8",
    "\u0308": "0,.4 .2,.3/1.6,.4 1.8,.3",
}
_SPACE: Final = 3.2
_GAP: Final = 1.6


def write(text: str, *, joined: bool = True) -> list[Stroke]:
    """The strokes of one line of writing, in the order in which a hand makes them.

    Joined, the small letters of a word are one stroke and its dots and bars come after; a sign that the
    hand does not know leaves a space.
    """
    strokes: list[Stroke] = []
    word: list[Stroke] = []
    later: list[Stroke] = []
    x, last = 0.0, ""
    for sign in unicodedata.normalize("NFD", text):
        if sign in _MARKS:
            top = 5.2 if last in _SMALL else 9.0
            later += moved(_strokes_of(_MARKS[sign]), x - 3.4, top)
        elif joined and sign in _SMALL:
            first, *rest = _strokes_of(_SMALL[sign])
            word += moved([first], x, 0.0)
            later += moved(rest, x, 0.0)
            x += float(first[-1, 0])
        else:
            strokes += [*_as_one(word), *later]
            word, later = [], []
            known = _strokes_of(_LARGE.get(sign) or _SMALL.get(sign.lower(), "")) if sign != " " else []
            strokes += moved(known, x, 0.0)
            x += max((float(piece[:, 0].max()) for piece in known), default=_SPACE) + (_GAP if known else 0.0)
        last = sign
    return [*strokes, *_as_one(word), *later]


def moved(strokes: Sequence[Stroke], x: float, y: float) -> list[Stroke]:
    """The strokes shifted by ``x`` and ``y``."""
    return [np.add(stroke, (x, y)) for stroke in strokes]


def _as_one(word: list[Stroke]) -> list[Stroke]:
    # The hairline out of a letter is the hairline into the next: its doubled point is left out.
    return [np.vstack((word[0], *(letter[1:] for letter in word[1:])))] if word else []


@cache
def _strokes_of(shape: str) -> tuple[Stroke, ...]:
    return tuple(
        np.array([[float(value) for value in point.split(",")] for point in stroke.split()])
        for stroke in shape.split("/")
        if stroke
    )
