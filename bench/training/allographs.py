"""Ways of writing digits that are usual in Ecuador and rare among the writers of the training material.

Shapes as in ``generators.paper.letters``: points on strokes, 8 high, ``/`` lifts the pen. A guess from
how digits are taught and seen; no sample of Ecuadorian writers was at hand.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from generators.paper.ink import Random
from generators.paper.letters import Stroke

_RING: Final = "2.4,8 .8,7.2 .1,4.5 .4,1.4 1.9,0 3.6,.7 4.4,3.6 4,6.6 2.6,8"

ALLOGRAPHS: Final[dict[int, tuple[str, ...]]] = {
    0: (
        _RING,
        _RING + "/4.6,8.2 .2,-.3",
        _RING + "/3.9,6.4 .8,1.6",
        "2,8 .3,5.6 .4,2 1.7,0 2.9,1.6 3,5.4 2.2,7.8 1.6,8.1",
        "3,7.8 1,7 .1,4 .9,.8 2.8,0 4.6,1.8 4.8,5 3.4,7.6 2,7.9",
    ),
    1: (
        "1.2,8 1.1,4 1,0",
        ".1,5.9 1.8,8 1.9,7.7 1.8,0",
        "0,4.6 2.3,8 2.4,7.7 2.3,0",
        "0,5.4 2,8 2.1,7.8 2,0/.4,.1 3.6,0",
        ".6,6.6 1.8,8 1.9,7.8 1.8,0/.2,0 3.4,.1",
        "-.2,3.4 2.6,8 2.7,7.6 2.5,0",
    ),
    2: (
        ".2,6.2 1.2,7.8 3,7.8 3.8,6 2.4,3 .1,.3 .3,.1 4.3,.2",
        ".3,6.4 1.4,7.9 3.2,7.4 3.6,5.4 1.8,1.6 .5,.2 .2,.9 1.2,1.2 2.6,.2 4.4,.4",
        "0,7.6 3.4,7.8 3.6,7.4 3.2,4.4 .1,.2 .4,.1 4.2,0",
    ),
    3: (
        ".2,7.2 2,8 3.8,6.8 3.2,4.9 1.4,4.3 3.7,3.6 4.2,1.6 2.4,0 .1,.8",
        ".1,7.9 3.9,7.9 3.9,7.7 1.7,4.7 1.9,4.6 3.9,3.6 4,1.4 2.2,0 0,.9",
    ),
    4: (
        "3,8 .1,2.8 .3,2.6 4.7,2.7/3.4,5 3.2,0",
        ".6,8 .3,4 .5,3.7 4.4,3.9/3.7,8 3.5,0",
        "3.4,0 3.5,8 3.3,8 .1,2.6 .3,2.4 4.8,2.5",
        "1.2,7.8 .2,3.9 .5,3.6 3.9,3.7/3.6,7.2 3.2,4 3,0",
        "3.5,8 .2,3 .4,2.8 4.4,2.9/3.6,7.9 3.5,0",
    ),
    5: (
        "4.1,8 .9,7.9 .7,7.7 .4,4.5 2.4,5 4,3.4 3.6,1 1.8,0 .1,.8",
        ".8,7.8 .5,4.4 2.2,4.9 3.9,3.4 3.5,.9 1.7,0 .1,.7/.8,7.8 4.4,8.1",
    ),
    6: (
        "3.6,7.8 1.4,5.6 .3,2.6 1,.3 3,.1 4,1.8 3.2,3.7 1.4,3.8 .5,2.4",
        "2.6,8 .7,4.6 .2,1.8 1.4,0 3.2,.5 3.6,2.4 2.4,3.8 .5,2.2",
    ),
    7: (
        "0,7.8 4.3,8 4.3,7.7 2,3.4 1.6,0/1,4.1 3.6,4.3",
        "0,7.8 4.3,8 4.3,7.7 2.2,3.4 1.8,0",
        "0,6.8 .2,7.9 .5,7.8 4.2,7.9 4.2,7.6 2,3 1.6,0/.8,3.9 3.7,4",
        "0,7.6 3.8,7.9 3.9,7.6 2.6,3.6 2.3,0/1.2,4.4 4,3.9",
        "0,6.9 .3,7.8 4,7.8 4,7.5 2.6,4 1.2,0",
    ),
    8: (
        "3.8,7 2,8 .6,6.8 1.4,5 3.4,3.4 4,1.6 2.2,0 .3,1.4 1,3.2 3.2,5 3.8,7",
        "2.1,4.3 .5,5.8 1.2,7.7 2.9,7.8 3.5,6 2.1,4.3 .2,2.6 .8,.3 3.2,.2 3.9,2.4 2.2,4.3",
    ),
    9: (
        "3.8,6.4 2.2,8 .4,6.6 .8,4.6 2.6,4.3 3.8,6.2 3.6,3 2.6,0",
        "3.7,7 2,8 .3,6.6 .7,4.6 2.4,4.3 3.6,6 3.7,7.6 3.7,7.2 3.6,0",
        "3.6,7.4 1.6,7.9 .2,6 1.2,4.2 3,4.8 3.7,7.2 3.6,3 2.4,.4 .4,.2",
    ),
}
"""Shapes of each digit: 0 with and without slash, 1 with and without flag and base, 4 open and closed, 7 with
and without bar and serif, 9 straight and bent; a second or third way of the others.
"""


def draw_allograph(digit: int, rng: Random) -> list[Stroke]:
    """One of the ways of writing a digit, its points strayed as a hand strays; y grows upwards."""
    shape = str(rng.choice(ALLOGRAPHS[digit]))
    strokes = [
        np.array([[float(value) for value in point.split(",")] for point in stroke.split()])
        for stroke in shape.split("/")
    ]
    wander = float(rng.uniform(0.1, 0.38))
    return [stroke + rng.normal(0, wander, stroke.shape) for stroke in strokes]
