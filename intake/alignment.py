"""Finding our page in a scan: corner marks and symbols → the way from paper mm to scan pixels.

Missing marks are never invented: the fewer points there are, the stiffer the transform that is fitted
to them (four marks or a wide spread: homography; three: affine; fewer: similarity).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import PageFrame
from intake.bend import Bend

Grey = NDArray[np.uint8]
Points = NDArray[np.float64]

_DICTIONARY: Final = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
_SEARCH_SIDE: Final = 1200
"""Long side in px that marks are looked for at: 4 px/mm on A4, a mark is 32 px and found in 3 ms."""
_RETRY_SIDE: Final = 2400
_QUICK: Final = 1
"""Views that are looked at before it is asked whether there is anything square at all."""
_PLAIN: Final = 4
"""Views of a scan as it is, before it is smoothed and spread."""
_CRISP: Final = 190, 250
"""Steps of grey at its sharpest edges that a scan without damage has, and one in two levels passes. Of 61
worn scans of our pages on which plain views showed no mark one lay between, and nothing else found that one
either; 48 letters without a mark, clean and moderate, had 191 to 221.
"""
_LARGE: Final = 3000
"""Long side in px from which a look at a quarter of the resolution is tried first: it is halved quickly."""
_CORNER: Final = 0.25
"""Share of a scan's sides within which the marks of a page that fills it lie, at any turn."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """``matrix`` maps paper mm (x, y, 1) to scan px; ``points`` is how many it was fitted to.

    ``residual`` is the median distance in mm between the fitted and the found points, and ``turn`` the
    clockwise turn in degrees (0, 90, 180, 270) that sets the scan upright. ``bend`` is how the paper leaves
    the plane that ``matrix`` takes it for, where that was measured.
    """

    matrix: NDArray[np.float64]
    points: int
    residual: float
    bend: Bend | None = None

    @property
    def px_per_mm(self) -> float:
        """Resolution of the scan in the middle of an A4 page."""
        centre = self.to_pixels(np.array([[105.0, 148.0], [106.0, 148.0], [105.0, 149.0]]))
        sides = centre[1:] - centre[0]
        return float(np.hypot(sides[:, 0], sides[:, 1]).mean())

    @property
    def mirrored(self) -> bool:
        """Whether the scan shows the page as a mirror does: its right lies where its left should be."""
        centre = self.to_pixels(np.array([[105.0, 148.0], [106.0, 148.0], [105.0, 149.0]]))
        (right_x, right_y), (down_x, down_y) = (centre[1:] - centre[0]).tolist()
        return bool(right_x * down_y < right_y * down_x)

    @property
    def turn(self) -> int:
        ends = self.to_pixels(np.array([[50.0, 148.0], [160.0, 148.0]]))
        right, down = (ends[1] - ends[0]).tolist()
        if self.mirrored:  # the turn that sets it upright once it is no mirror's picture any more
            right, down = -right, -down
        return round(-math.degrees(math.atan2(down, right)) / 90) * 90 % 360

    def to_pixels(self, places: Points) -> Points:
        """Scan pixels of places given as an N × 2 array of mm."""
        if self.bend is not None:
            right, down = places.T[:, None].astype(np.float32)
            places = places + self.bend.at(right, down)[0]
        pixels: Points = cv2.perspectiveTransform(places[None].astype(np.float64), self.matrix)[0]
        return pixels

    def box_to_pixels(self, box: Box) -> Points:
        """The four corners of a box, clockwise from its top-left, in scan pixels."""
        return self.to_pixels(corners(box))


def corners(box: Box) -> Points:
    """Corners of a box in mm, clockwise from the top-left, as a 4 × 2 array."""
    return np.array(
        [[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]], np.float64
    )


@dataclass(frozen=True, slots=True)
class _Sight:
    """What one look shows: marks of the frame, in any order and as often as they are there, each as its place
    in ``frame.marks`` and its corners in scan px; and how many squares that are no mark of it.
    """

    marks: list[tuple[int, Points]]
    others: int


class Looks:
    """A scan and what marks are looked for on, each view made once and the plain ones searched once."""

    def __init__(self, image: Grey) -> None:
        self.image = image
        self._seen: dict[tuple[PageFrame, int], _Sight] = {}

    @classmethod
    def of(cls, scan: Grey | Looks) -> Looks:
        """The looks that somebody took already, or new ones at an image."""
        return scan if isinstance(scan, Looks) else cls(scan)

    @cached_property
    def quarter(self) -> Grey:
        """A quarter of the resolution: two halvings are quicker than one by four."""
        return reduce(reduce(self.image, 2)[0], 2)[0]

    @cached_property
    def small(self) -> tuple[Grey, int]:
        """The view that marks are looked for on at first, and px of the scan to one of its px."""
        return reduce(self.image, self.factor(_SEARCH_SIDE))

    @cached_property
    def crisp(self) -> bool:
        """Whether the scan has greys and edges as sharp and black on white as a fair print's: marks and
        symbols that cannot be seen on it are not there.
        """
        edges = cv2.morphologyEx(self.small[0], cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        return _CRISP[0] <= float(np.percentile(edges[::2, ::2], 99.5)) < _CRISP[1]

    def factor(self, side: int) -> int:
        """Px of the scan to one of a view of about that long side."""
        longest: int = max(self.image.shape)
        return max(1, round(longest / side))

    def lacks_marks(self, frame: PageFrame) -> bool:
        """Whether nothing on a crisp scan is even as square as a mark: a look at a higher resolution or in a
        mirror will not show one either.
        """
        sight = self._look(frame, _SEARCH_SIDE)
        return not sight.marks and not sight.others and self.crisp

    def marks(self, frame: PageFrame, side: int) -> list[tuple[int, Points]]:
        """The marks that a thorough search finds on a plain view of about that long side."""
        return self._look(frame, side).marks

    def _look(self, frame: PageFrame, side: int) -> _Sight:
        factor = self.factor(side)
        if (frame, factor) not in self._seen:
            view = self.small[0] if factor == self.small[1] else reduce(self.image, factor)[0]
            self._seen[frame, factor] = _detect(view, factor, frame, quick=False)
        return self._seen[frame, factor]


def find_marks(scan: Grey | Looks, frame: PageFrame) -> dict[int, Points]:
    """The frame's marks that can be seen: place in ``frame.marks`` → its corners in scan px."""
    looks = Looks.of(scan)
    sights = _sights(looks, frame)
    found = _gather(islice(sights, _QUICK), frame, _find_near_corners(looks, frame))
    if not found and looks.lacks_marks(frame):
        return found
    found = _gather(islice(sights, _PLAIN - _QUICK), frame, found)
    return found if not found and looks.crisp else _gather(sights, frame, found)


def _gather(
    sights: Iterator[list[tuple[int, Points]]], frame: PageFrame, known: dict[int, Points]
) -> dict[int, Points]:
    """The marks that are known and those that further sights show, until all are found."""
    found = known
    while len(found) < len(frame.marks) and (seen := next(sights, None)) is not None:
        found = dict(seen) | found
    return found


def _find_near_corners(looks: Looks, frame: PageFrame) -> dict[int, Points]:
    """The marks that one quick look near the corners of a large scan shows, where they mostly are: without
    the print of the middle it takes a third of the time.
    """
    if max(looks.image.shape) < _LARGE:
        return {}
    small = looks.quarter.copy()
    down, right = (round(side * _CORNER) for side in small.shape)
    small[down:-down] = 255
    small[:, right:-right] = 255
    return dict(_detect(small, 4, frame, quick=True).marks)


def find_mirrored_marks(scan: Grey | Looks, frame: PageFrame) -> dict[int, Points]:
    """The frame's marks on a page that the scan shows as a mirror does, as far as one quick look tells."""
    looks = Looks.of(scan)
    if looks.lacks_marks(frame):
        return {}
    small, factor = looks.small
    found = _detect(np.ascontiguousarray(small[:, ::-1]), factor, frame, quick=False).marks
    side = small.shape[1] * factor - 1
    return {place: np.column_stack((side - square[:, 0], square[:, 1])) for place, square in found}


def find_all_marks(scan: Grey | Looks, frame: PageFrame) -> list[tuple[int, Points]]:
    """Every mark of the frame, also of several pages on one image, as far as two quick looks show them."""
    looks = Looks.of(scan)
    found: list[tuple[int, Points]] = []
    if looks.lacks_marks(frame):
        return found
    for side in (_SEARCH_SIDE, _RETRY_SIDE):
        seen = looks.marks(frame, side)
        found += [mark for mark in seen if not any(_same(mark, known) for known in found)]
    return found


def _same(mark: tuple[int, Points], other: tuple[int, Points]) -> bool:
    """Whether two looks found one mark."""
    side = float(np.hypot(*(other[1][1] - other[1][0])))
    return mark[0] == other[0] and float(np.hypot(*(mark[1].mean(0) - other[1].mean(0)))) < side


def _sights(looks: Looks, frame: PageFrame) -> Iterator[list[tuple[int, Points]]]:
    """The marks that one view of the scan after another shows, plain views first.

    Grain is smoothed away and faint print is spread; small scans are enlarged, so that the corners of a
    mark lie on more than a few px.
    """
    if max(looks.image.shape) >= _LARGE:
        yield _detect(looks.quarter, 4, frame, quick=True).marks
    small, factor = looks.small
    yield _detect(small, factor, frame, quick=True).marks
    yield looks.marks(frame, _SEARCH_SIDE)
    if looks.factor(_RETRY_SIDE) != factor:
        yield looks.marks(frame, _RETRY_SIDE)
    for sigma in (1.0, 2.0):
        smooth: Grey = cv2.GaussianBlur(small, (0, 0), sigma)
        yield _detect(smooth, factor, frame, quick=False).marks
        yield _detect(cv2.createCLAHE(6.0, (6, 6)).apply(smooth), factor, frame, quick=False).marks
    if max(small.shape) < 1.5 * _SEARCH_SIDE:
        large = cv2.resize(small, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        yield _detect(large, factor / 2, frame, quick=False).marks


def reduce(image: Grey, factor: int) -> tuple[Grey, int]:
    """The image with ``factor`` × ``factor`` px made one, by area; edges that do not fill a px are cut."""
    if factor == 1:
        return image, 1
    rows, columns = (side // factor * factor for side in image.shape)
    cut = image[:rows, :columns]
    small: Grey = cv2.resize(cut, (columns // factor, rows // factor), interpolation=cv2.INTER_AREA)
    return small, factor


def _detect(view: Grey, factor: float, frame: PageFrame, *, quick: bool) -> _Sight:
    """What a view of the scan shows of which one px stands for ``factor`` × ``factor`` of the scan's."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.adaptiveThreshWinSizeMin = 23 if quick else 13
    parameters.adaptiveThreshWinSizeMax = 23 if quick else 33
    parameters.minMarkerPerimeterRate = 0.04
    parameters.maxMarkerPerimeterRate = 0.4
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.cornerRefinementWinSize = 3
    squares, numbers, others = cv2.aruco.ArucoDetector(_DICTIONARY, parameters).detectMarkers(view)
    if numbers is None:
        return _Sight([], len(others))
    # Pixel centres are at half coordinates: undo the shrinking about the corner of the image.
    marks = [
        (frame.mark_numbers.index(number), (square.reshape(4, 2).astype(np.float64) + 0.5) * factor - 0.5)
        for square, number in zip(squares, numbers.ravel().tolist(), strict=True)
        if number in frame.mark_numbers
    ]
    return _Sight(marks, len(others) + len(squares) - len(marks))


def fit(
    marks: dict[int, Points], frame: PageFrame, extra: Sequence[tuple[Box, Points]] = ()
) -> Alignment | None:
    """Fit the page to its marks and to ``extra`` boxes whose four corners were found (symbols).

    Nothing is returned when there is not even one square to hold on to, or when the squares
    contradict each other.
    """
    paper = [corners(frame.marks[place]) for place in marks] + [corners(box) for box, _ in extra]
    scan = [marks[place] for place in marks] + [points for _, points in extra]
    if not paper:
        return None
    source, target = np.concatenate(paper), np.concatenate(scan)
    matrix = _fit_matrix(source, target, len(paper), len(marks))
    if matrix is None or not np.isfinite(matrix).all():
        return None
    fitted = cv2.perspectiveTransform(source[None], matrix)[0]
    distance = np.hypot(*(fitted - target).T)
    found = Alignment(matrix, len(source), 0.0)
    scale = found.px_per_mm
    if not 1.5 <= scale <= 60:
        return None
    return Alignment(matrix, len(source), float(np.median(distance)) / scale)


def _fit_matrix(source: Points, target: Points, squares: int, marks: int) -> NDArray[np.float64] | None:
    if marks == 4:
        matrix, _ = cv2.findHomography(source, target, 0)
        return None if matrix is None else matrix.astype(np.float64)
    if squares >= 3:
        matrix, _ = cv2.estimateAffine2D(source, target, method=cv2.LMEDS)
    else:
        matrix, _ = cv2.estimateAffinePartial2D(source, target, method=cv2.LMEDS)
    return None if matrix is None else np.vstack((matrix, [0.0, 0.0, 1.0]))
