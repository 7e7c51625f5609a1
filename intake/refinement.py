"""Holding a page better than its marks do, by the fixed print that it shows all over.

Used when marks are missing: headings and labels are looked for around where they should be, and the
page is fitted again to those that were found.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Final

import cv2
import numpy as np

from forms.geometry import Box
from forms.model import Edition
from intake.alignment import Alignment
from intake.expectation import sample_fixed_parts
from intake.sampling import Grid, Ink, Paper

_PER_MM: Final = 4.0
_REACHES: Final = (6.0, 2.0)
"""Mm around its place that a patch is looked for in, first round and second."""
_PATCH: Final = 26.0, 12.0
_GOOD: Final = 0.55
_ENOUGH: Final = 10


def refine(paper: Paper, edition: Edition, page: int) -> Paper:
    """The same paper under a better alignment, or unchanged when too little print was recognised."""
    for reach in _REACHES:
        alignment = _refit(paper, edition, page, reach)
        if alignment is None:
            break
        paper = dataclasses.replace(paper, alignment=alignment)
    return paper


def _refit(paper: Paper, edition: Edition, page: int, reach: float) -> Alignment | None:
    on_paper, in_scan = [], []
    for box, print_ in _patches(edition, page):
        found = _find(paper, box, print_, reach)
        if found is None:
            continue
        centre = np.array([[box.x + box.width / 2, box.y + box.height / 2]])
        on_paper.append(centre[0])
        in_scan.append(paper.alignment.to_pixels(centre + found)[0])
    if len(on_paper) < _ENOUGH:
        return None
    source, target = np.array(on_paper), np.array(in_scan)
    matrix, good = cv2.findHomography(source, target, cv2.RANSAC, 0.6 * paper.alignment.px_per_mm)
    if matrix is None or int(good.sum()) < _ENOUGH:
        return None
    kept = good.ravel() > 0
    left = cv2.perspectiveTransform(source[None], matrix)[0] - target
    residual = float(np.median(np.hypot(*left[kept].T))) / paper.alignment.px_per_mm
    return Alignment(matrix, int(kept.sum()), residual)


@cache
def _patches(edition: Edition, page: int) -> tuple[tuple[Box, Ink], ...]:
    """Patches of a regular net that hold enough fixed print to be told from one another, with that print."""
    width, height = _PATCH
    patches: list[tuple[Box, Ink]] = []
    for y in np.arange(12, edition.height - 12 - height, height):
        for x in np.arange(12, edition.width - 12 - width, width):
            box = Box(float(x), float(y), width, height)
            print_ = sample_fixed_parts(edition, page, _grid(box))
            if 0.01 < float(print_.mean()) < 0.5 and float(print_.std()) > 0.06:
                patches.append((box, cv2.GaussianBlur(print_, (0, 0), 0.6)))
    return tuple(patches)


def _grid(box: Box, reach: float = 0.0) -> Grid:
    wide = box.grown(reach)
    return Grid(wide.x, wide.y, _PER_MM, round(wide.width * _PER_MM), round(wide.height * _PER_MM))


def _find(paper: Paper, box: Box, print_: Ink, reach: float) -> np.ndarray | None:
    """How far (right, down) in mm the patch lies from its place, or nothing when it is not seen."""
    scene = paper.sample(_grid(box, reach))
    found = cv2.matchTemplate(scene, print_, cv2.TM_CCOEFF_NORMED)
    _, match, _, (right, down) = cv2.minMaxLoc(found)
    if match < _GOOD:
        return None
    middle = round(reach * _PER_MM)
    return np.array([(right - middle) / _PER_MM, (down - middle) / _PER_MM])
