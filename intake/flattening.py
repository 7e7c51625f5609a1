"""Holding a page that does not lie flat: the print that it should show is found again patch by patch.

A homography takes the page for a plane. Curled and creased paper is none: its print stands up to millimetres
away, another way at every place. What the patches tell is smoothed to one bend of the page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.model import Edition, Values
from intake.bend import COLUMNS, ROWS, Bend, node_shares
from intake.expected_page import expect_page, page_grid
from intake.sampling import Ink, Paper

_PER_MM: Final = 4.0


@dataclass(frozen=True, slots=True)
class _Look:
    """One look over the page, all in mm: size of the patches, their distance, how far each is looked for."""

    width: float
    height: float
    apart: float
    reach: float


_LOOKS: Final = (_Look(36, 20, 12, 4.0), _Look(22, 10, 7, 1.5), _Look(16, 8, 6, 0.75))
_GLANCE: Final = _Look(30, 14, 20, 2.0)
"""The look that tells whether a closer one is worth its time."""
_GLANCED: Final = 12
"""Patches that it must find to tell."""
_FLAT: Final = 0.3
"""Mm up to which nine patches of ten are away on paper that lies flat."""
_GOOD: Final = 0.5
"""Correlation from which a patch was found."""
_TOLD: Final = 0.25
"""Weight from which a patch tells how far away it lies along an axis."""
_ENOUGH: Final = 40
"""Patches that must be found for a bend to be told."""
_HEARINGS: Final = 4
"""Times that the patches are heard, each time heeded anew."""
_STIFFNESS: Final = 0.02
"""Weight of the paper's wish to be smooth against one patch."""
_PLAIN: Final = 0.003
"""Mean square change from sample to sample that print tells its place by half."""
_DOUBT: Final = 0.15
"""Mm between a patch and its neighbours' word from which the patch counts less."""


def hold_by_print(paper: Paper, edition: Edition, page: int) -> Paper:
    """The paper with its bend when it does not lie flat, told by the fixed print alone.

    It comes back as it was when too little print is found to tell, or when the bend brings it no nearer.
    """
    away = _away(paper, edition, page)
    if away < _FLAT:
        return paper
    held = flatten(paper, edition, page)
    return held if _away(held, edition, page) < away else paper


def _away(paper: Paper, edition: Edition, page: int) -> float:
    """Mm within which nine of ten glances find the fixed print; nothing where too few find it."""
    grid = page_grid(_PER_MM)
    expected: Ink = cv2.GaussianBlur(expect_page(edition, page, {}, grid), (0, 0), 0.6)
    found = np.array(list(_find_patches(paper.sample(grid), expected, _GLANCE)))
    if len(found) < _GLANCED:
        return 0.0
    told = np.abs(found[:, 2:4])[found[:, 4:6] > _TOLD]
    return float(np.quantile(told, 0.9)) if told.size else 0.0


def flatten(paper: Paper, edition: Edition, page: int, values: Values | None = None) -> Paper:
    """The same paper with its bend, or as it was when too little print was found again.

    ``values`` are those that the page should show; with none the fixed print alone is looked for.
    """
    grid = page_grid(_PER_MM)
    expected: Ink = cv2.GaussianBlur(expect_page(edition, page, values or {}, grid), (0, 0), 0.6)
    for look in _LOOKS:
        found = np.array(list(_find_patches(paper.sample(grid), expected, look)))
        if len(found) < _ENOUGH:
            break
        known = paper.alignment.bend
        away = _smooth(found) if known is None else known.away + _smooth(found)
        paper = dataclasses.replace(paper, alignment=dataclasses.replace(paper.alignment, bend=Bend(away)))
    return paper


def _find_patches(seen: Ink, expected: Ink, look: _Look) -> Iterator[tuple[float, ...]]:
    """For each patch found: its middle in mm, how far away it was found, right and down, and the weights of
    both, since a line tells nothing of the way along it.
    """
    wide, high, step, reach = (round(side * _PER_MM) for side in dataclasses.astuple(look))
    rows, columns = expected.shape
    for top in range(reach, rows - high - reach, step):
        for left in range(reach, columns - wide - reach, step):
            patch = expected[top : top + high, left : left + wide]
            if not 0.01 < float(patch.mean()) < 0.5:
                continue
            scene = seen[top - reach : top + high + reach, left - reach : left + wide + reach]
            match, right, down = _find(scene, patch)
            if match < _GOOD:
                continue
            across, along = (_tells(patch, axis) for axis in (1, 0))
            middle = (left + wide / 2) / _PER_MM, (top + high / 2) / _PER_MM
            yield *middle, (right - reach) / _PER_MM, (down - reach) / _PER_MM, match * across, match * along


def _find(scene: Ink, patch: Ink) -> tuple[float, float, float]:
    """How well and where a patch is found, in parts of a sample; not at all at the edge of the search."""
    found = cv2.matchTemplate(scene, patch, cv2.TM_CCOEFF_NORMED)
    _, match, _, (right, down) = cv2.minMaxLoc(found)
    if not (0 < right < found.shape[1] - 1 and 0 < down < found.shape[0] - 1):
        return 0.0, 0.0, 0.0
    return (
        match,
        right + _peak(found[down, right - 1 : right + 2]),
        down + _peak(found[down - 1 : down + 2, right]),
    )


def _peak(three: NDArray[np.float32]) -> float:
    """Where the top of the parabola through three values lies, from the middle one."""
    before, at, after = (float(value) for value in three)
    bend = before - 2 * at + after
    return 0.0 if bend >= 0 else min(max(0.5 * (before - after) / bend, -0.5), 0.5)


def _tells(patch: Ink, axis: int) -> float:
    """Near 1 where the print changes along an axis, near 0 where it does not."""
    change = float(np.square(np.diff(patch, axis=axis)).mean())
    return change / (change + _PLAIN)


@cache
def _wish() -> NDArray[np.float64]:
    """The quadratic form of how much a net of nodes bends."""
    total = np.zeros((ROWS * COLUMNS, ROWS * COLUMNS))
    net = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    for first, middle, last in ((net[:-2], net[1:-1], net[2:]), (net[:, :-2], net[:, 1:-1], net[:, 2:])):
        change = np.zeros((middle.size, total.shape[0]))
        own = np.arange(middle.size)
        change[own, first.ravel()], change[own, middle.ravel()], change[own, last.ravel()] = 1, -2, 1
        total += change.T @ change
    return total


def _smooth(found: NDArray[np.float64]) -> NDArray[np.float32]:
    """The net that the patches agree on, those less heeded that their neighbours contradict."""
    shares = node_shares(found[:, :2])
    nets = []
    for told, weight in ((found[:, 2], found[:, 4]), (found[:, 3], found[:, 5])):
        heed = weight
        for _ in range(_HEARINGS):
            normal = (shares * heed[:, None]).T @ shares + _STIFFNESS * _wish()
            net = np.linalg.solve(normal + 1e-6 * np.eye(len(normal)), shares.T @ (heed * told))
            heed = weight / (1 + np.square((shares @ net - told) / _DOUBT))
        nets.append(net.reshape(ROWS, COLUMNS))
    return np.stack(nets, axis=2).astype(np.float32)
