"""A second look at a signature box, by a small network of our own: a name by hand, nothing by hand, or
something that people must be asked about.

The rules of ``intake.signatures`` measure strokes, and a seal's strokes measure like a name's: the network
sees which of them it is. ``signature_sight.md`` says what it learnt from and what it must not be used for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition
from intake.expectation import sample_fixed_parts
from intake.network import Floats, Network, arrays_in, network_of
from intake.readings import SignatureState
from intake.sampling import Grid, Ink, Paper

PER_MM: Final = 3.0
"""Samples per mm that the network looks at: a pen's line is one or two of them wide."""
_OVER: Final = 2
"""Samples each way that are averaged into one, so that grain is."""
AREA: Final = (92.0, 46.0)
"""Mm of width and height around the middle of a box that are looked at: the largest box and 6 mm more on each
side, so that a stamp across its edge and a name beside it are seen as such."""
SIGHTS: Final = ("nothing", "name", "ask")
"""What each output of the network stands for, in their order."""


SURE_NAME: Final = 0.95
SURE_NOTHING: Final = 0.95
"""Chances from which a doubt is settled. Of the calibration's 766 boxes that the rules doubted they settled
373, one wrongly: a name beside its box, which is sought by itself.
"""
DENIED_NAME: Final = 0.5
DENIED_NAME_ON_POOR: Final = 0.2
DENIED_NOTHING: Final = 0.2
"""Chances below which what the rules are sure of is doubtful none the less. Of the calibration's boxes on
fair scans that the rules call present the first takes 365 of 371 that are not and 8 of 1,153 that are; on
poor scans, where a name's own strokes break, the second takes 65 of 74 and none of 267. Of those called empty
the third takes 142 of 182 that are not and 1 of 1,115 that are.
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """Chances, 0 to 1, that a name stands in the box and that nothing by hand does; else people are asked."""

    name: float
    nothing: float


def look_again(paper: Paper, edition: Edition, page: int, box: Box) -> Sight:
    """What the network makes of the box."""
    picture = picture_of(seen_ink(paper, box), printed_ink(edition, page, area_of(box)))
    nothing, name, _ = chances_of(_network(), picture[None])[0].tolist()
    return Sight(name, nothing)


def chances_of(network: Network, pictures: Floats) -> NDArray[np.float64]:
    """The chance of each of ``SIGHTS`` for each picture: the mean of what the network makes of it and of it
    mirrored. What it never saw the like of looks to it like one thing one way and like another the other way.
    """
    both = np.concatenate((pictures, pictures[:, :, ::-1]))
    scores = network.scores(both).astype(np.float64)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = powers / powers.sum(axis=1, keepdims=True)
    mean: NDArray[np.float64] = (chances[: len(pictures)] + chances[len(pictures) :]) / 2
    return mean


def reconsidered(
    state: SignatureState,
    sight: Sight,
    *,
    provable: bool,
    poor: bool,
    deniable: bool = True,
    claimable: bool = True,
) -> SignatureState:
    """The state that the rules gave, after a second look: a doubt goes where the sight is sure, and what the
    sight denies becomes a doubt, on a ``poor`` scan less readily, and not at all where the rules have seen
    what is not ``deniable``. Absence must be ``provable`` on the scan for a doubt to become that, and for a
    name there must be ink that is ``claimable``.
    """
    match state:
        case "present":
            denied = DENIED_NAME_ON_POOR if poor else DENIED_NAME
            return "doubtful" if deniable and sight.name < denied else state
        case "absent":
            return "doubtful" if sight.nothing < DENIED_NOTHING else state
        case "doubtful":
            if claimable and sight.name >= SURE_NAME:
                return "present"
            return "absent" if sight.nothing >= SURE_NOTHING and provable else state


def area_of(box: Box) -> Grid:
    """The samples that are looked at of a box."""
    width, height = AREA
    left, top = box.x + (box.width - width) / 2, box.y + (box.height - height) / 2
    return Grid(left, top, PER_MM, round(width * PER_MM), round(height * PER_MM))


def seen_ink(paper: Paper, box: Box) -> Ink:
    """The ink around a box, bare paper at nothing, from -0.3 to 1.3."""
    grid = area_of(box)
    fine = Grid(grid.x, grid.y, PER_MM * _OVER, grid.columns * _OVER, grid.rows * _OVER)
    ink = cv2.resize(paper.sample(fine), (grid.columns, grid.rows), interpolation=cv2.INTER_AREA)
    seen: Ink = np.clip(ink - np.float32(np.median(ink)), -0.3, 1.3)
    return seen


@cache
def printed_ink(edition: Edition, page: int, grid: Grid) -> Ink:
    """The blank form's own ink there, as soft as a fair scan shows it."""
    soft: Ink = cv2.GaussianBlur(sample_fixed_parts(edition, page, grid), (0, 0), 0.6)
    return soft


def picture_of(seen: Ink, printed: Ink) -> Floats:
    """What the network takes: rows × columns × seen and printed ink."""
    return np.stack((seen, printed), axis=-1)


def network_in(data: bytes) -> Network:
    """The network of a model file's bytes. Nothing in it is code: pickles are refused with ``ValueError``,
    and so is a network that tells apart something else.
    """
    network = network_of(arrays_in(data))
    if network.output.bias.size != len(SIGHTS):
        raise ValueError("the file is no model of signatures: make it anew by bench.training.signatures")
    return network


@cache
def _network() -> Network:
    return network_in(files("intake").joinpath("signature_sight.npz").read_bytes())
