"""Taking evenly lit ink out of a scan: 0 is bare paper, 1 is full black, at any grid of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.model import PageFrame
from intake.alignment import Alignment, Grey, Looks, corners, reduce
from intake.bend import Bend

Ink = NDArray[np.float32]

_BAND: Final = 200
"""Rows of samples that are set straight at once."""
_LIGHT_REDUCTION: Final = 8
"""The map of the paper's brightness has one value for a square of that many px."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An upright rectangle of samples: its top-left in mm, samples per mm, columns and rows."""

    x: float
    y: float
    per_mm: float
    columns: int
    rows: int

    def moved(self, right: float, down: float) -> Grid:
        """The same grid elsewhere, by mm."""
        return Grid(self.x + right, self.y + down, self.per_mm, self.columns, self.rows)

    def bands(self, rows: int) -> Iterator[Grid]:
        """The grid cut from top to bottom into grids of at most that many rows."""
        for first in range(0, self.rows, rows):
            top = self.y + first / self.per_mm
            yield Grid(self.x, top, self.per_mm, self.columns, min(rows, self.rows - first))

    def to_paper(self) -> NDArray[np.float64]:
        """The 3 × 3 matrix from sample numbers (centres) to mm."""
        step = 1 / self.per_mm
        return np.array([[step, 0, self.x + step / 2], [0, step, self.y + step / 2], [0, 0, 1]])


@dataclass(frozen=True, slots=True)
class Paper:
    """A scan with what is needed to read its ink: where the page lies and how bright it is."""

    image: Grey
    alignment: Alignment
    light: Grey
    blackness: float

    def sample(self, grid: Grid) -> Ink:
        """The ink at the samples of ``grid``: a float32 array of rows × columns, about 0 to 1."""
        grey = _warp(self.image, self.alignment, grid)
        # Light changes over millimetres: it is looked up on a coarse grid and spread over the samples.
        coarse = _coarser(grid)
        light = _warp(self.light, self.alignment, coarse, 1 / _LIGHT_REDUCTION)
        share = (1.0 / (self.blackness * np.maximum(light, np.float32(16.0)))).astype(np.float32)
        spread = cv2.resize(share, (grid.columns, grid.rows), interpolation=cv2.INTER_LINEAR)
        ink: Ink = cv2.multiply(grey, spread, dtype=cv2.CV_32F)
        return np.subtract(np.float32(1.0 / self.blackness), ink, out=ink)

    def raw(self, grid: Grid) -> Grey:
        """The grey scan at the samples of ``grid``, untouched: what a clerk is shown."""
        return _warp(self.image, self.alignment, grid)


def _coarser(grid: Grid) -> Grid:
    """A grid over the same area with about one sample to the millimetre."""
    columns = max(2, round(grid.columns / grid.per_mm))
    return Grid(
        grid.x,
        grid.y,
        columns * grid.per_mm / grid.columns,
        columns,
        max(2, round(columns * grid.rows / grid.columns)),
    )


def _warp(image: Grey, alignment: Alignment, grid: Grid, scale: float = 1.0) -> Grey:
    """The scan, or a picture of it at another scale, at the samples of ``grid``."""
    to_picture = np.diag([scale, scale, 1.0]) @ alignment.matrix
    if alignment.bend is not None:
        return _unbend(image, to_picture, alignment.bend, grid)
    matrix = to_picture @ grid.to_paper()
    warped: Grey = cv2.warpPerspective(
        image,
        matrix,
        (grid.columns, grid.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return warped


def _unbend(image: Grey, matrix: NDArray[np.float64], bend: Bend, grid: Grid) -> Grey:
    """The scan where the bend has the samples; bands keep small what is worked out for each of them."""
    return np.concatenate([_unbend_band(image, matrix, bend, band) for band in grid.bands(_BAND)])


def _unbend_band(image: Grey, matrix: NDArray[np.float64], bend: Bend, grid: Grid) -> Grey:
    right = (grid.x + (np.arange(grid.columns) + 0.5) / grid.per_mm).astype(np.float32)
    down = (grid.y + (np.arange(grid.rows) + 0.5) / grid.per_mm).astype(np.float32)
    across, below = np.meshgrid(right, down)
    places = np.stack((across, below), axis=2) + bend.at(across, below)
    pixels = cv2.perspectiveTransform(places, matrix).astype(np.float32)
    warped: Grey = cv2.remap(image, pixels, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return warped


def light_paper(scan: Grey | Looks, alignment: Alignment, frame: PageFrame, seen: tuple[int, ...]) -> Paper:
    """Measure the paper's brightness everywhere and the blackness of print on the marks ``seen``."""
    looks = Looks.of(scan)
    image, small = looks.image, reduce(looks.quarter, _LIGHT_REDUCTION // 4)[0]
    # The brightest neighbourhood of a few mm is paper; wide enough to step over text and symbols.
    reach = max(3, round(alignment.px_per_mm * 5.0 / _LIGHT_REDUCTION)) | 1
    bright = cv2.dilate(cv2.medianBlur(small, 3), np.ones((reach, reach), np.uint8))
    light = cv2.blur(bright, (reach, reach))
    return Paper(image, alignment, light, _blackness(image, alignment, frame, seen, light))


def _blackness(
    image: Grey, alignment: Alignment, frame: PageFrame, seen: tuple[int, ...], light: Grey
) -> float:
    """How much darker than paper solid print is, as a share; from the black borders of the marks."""
    shares: list[float] = []
    for place in seen:
        box = frame.marks[place]
        module = box.width / 6
        border = corners(box.grown(-module / 2))
        edges = [border + (np.roll(border, -1, axis=0) - border) * t for t in np.linspace(0, 1, 12)]
        places = alignment.to_pixels(np.concatenate(edges)).astype(np.float32)
        dark = cv2.remap(image, places[None], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        paper = cv2.remap(
            light, places[None] / _LIGHT_REDUCTION, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )[0]
        shares.append(float(np.median(1.0 - dark.astype(np.float32) / np.maximum(paper, 16.0))))
    return min(max(float(np.median(shares)), 0.15), 1.0) if shares else 0.8
