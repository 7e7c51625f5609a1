"""Laying the expected page over the scan, strip by strip, and measuring what differs.

Every strip first finds its own small shift (paper creases and curls), then its contrast; the blur is
common to the page. Nothing is judged here.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition
from intake.appearance import learn_appearance, show_as_page
from intake.expectation import BLURS, expected_strip
from intake.ranking import BLANK, CellScores, score_cells
from intake.sampling import Grid, Ink, Paper
from intake.strips import CellShape, Strip

_COARSE_REACH: Final = 7
"""Samples (0.9 mm) around its place that a strip is looked for in."""
_REFINEMENTS: Final = 2
_SEEN: Final = 0.05
"""Ink that a strip must show somewhere for its place to be sought by it."""
_PROBES: Final = 3
_WELL_PLACED: Final = 0.8
"""Correlation from which a strip lies where the marks say, and need not be looked for."""

_MOSTLY: Final = 0.95
_TELLING: Final = 16
"""Cells of a shape from which a page tells what is usual: a tick is one of two to five boxes."""
_PLAIN: Final = 0.975
"""Median correlation from which a page shows print as it was drawn, and nothing is to be learned."""


@dataclass(frozen=True, slots=True)
class StripMeasure:
    """A strip compared with what it should show.

    ``shift`` is how far (right, down) in mm the strip was found from its place, ``match`` the
    correlation of scan and expectation there (1 for a blank strip), ``scores`` the cells' scores. ``seen``
    and ``picture`` are the strip's ink in the scan and as expected, samples as in ``strip.grid()``.
    ``usual`` is the mean ink too many that cells like each one have on this page, from grain and the copier:
    printed ones or blank ones of that shape, for of a black-and-white scan only print has ragged edges.
    ``wear`` is how far the scan as a whole takes print for other signs: the score that 19 of 20 printed cells
    stay under. ``likeness`` is the second look's log odds for each cell that it shows its sign, NaN where
    none was taken.
    """

    strip: Strip
    text: str
    shift: tuple[float, float]
    match: float
    gain: float
    scores: CellScores
    seen: Ink
    picture: Ink
    usual: NDArray[np.float32]
    wear: float = 0.0
    likeness: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class PageLook:
    """How a scan differs from print as a whole: index of its blur in ``BLURS``, noise of bare paper."""

    blur: int
    noise: float


@dataclass(frozen=True, slots=True)
class LaidStrip:
    """A strip with the expectation laid over it, not yet scored; ``shift`` and ``match`` as in a measure."""

    strip: Strip
    text: str
    shift: tuple[float, float]
    match: float
    gain: float
    seen: Ink
    picture: Ink


def measure_strips(
    paper: Paper, edition: Edition, expected: Sequence[tuple[Strip, str]], look: PageLook
) -> tuple[StripMeasure, ...]:
    """Compare each strip with the text that it should show."""
    return score_strips(lay_strips(paper, edition, expected, look), look)


def lay_strips(
    paper: Paper, edition: Edition, expected: Sequence[tuple[Strip, str]], look: PageLook
) -> tuple[LaidStrip, ...]:
    """Find each strip's own place and lay over it what it should show."""
    return tuple(_lay(paper, edition, strip, text, look) for strip, text in expected)


def score_strips(strips: Sequence[LaidStrip], look: PageLook) -> tuple[StripMeasure, ...]:
    """Weigh every sign of the strips against its rivals.

    Strips of one shape and alphabet are scored together: a sign's rivals are then weighed once a page.
    """
    laid = as_shown(strips)
    groups: dict[tuple[CellShape, str], list[int]] = {}
    for place, view in enumerate(laid):
        groups.setdefault((view.strip.shape, view.strip.alphabet), []).append(place)
    measured: dict[int, CellScores] = {}
    for (shape, alphabet), places in groups.items():
        views = [laid[place] for place in places]
        cells = np.concatenate([view.strip.windows(view.seen) for view in views])
        pictures = np.concatenate([view.strip.windows(view.picture) for view in views])
        noise = np.repeat([look.noise / view.gain for view in views], [view.strip.cells for view in views])
        text = "".join(view.text for view in views)
        scores = score_cells(cells, pictures, text, shape, alphabet, look.blur, noise.astype(np.float32))
        start = 0
        for place, view in zip(places, views, strict=True):
            end = start + view.strip.cells
            measured[place] = scores.part(start, end)
            start = end
    usual = _usual_ink([(view, measured[place].added) for place, view in enumerate(laid)])
    wear = _wear([(view, measured[place].score) for place, view in enumerate(laid)])
    return tuple(
        StripMeasure(
            strip=view.strip,
            text=view.text,
            shift=view.shift,
            match=view.match,
            gain=view.gain,
            scores=measured[place],
            seen=view.seen,
            picture=view.picture,
            usual=usual[place],
            wear=wear,
        )
        for place, view in enumerate(laid)
    )


def _usual_ink(strips: Sequence[tuple[LaidStrip, NDArray[np.float32]]]) -> list[NDArray[np.float32]]:
    """For each cell of each strip, given with its ink too many, what most cells like it have: of their shape,
    printed or blank; all of the shape where too few are like it, and where those are too few too, the least
    that is usual of printed or blank cells of other shapes.

    Of the page and not of a strip: somebody may have written over all of a number.
    """
    alike: dict[tuple[CellShape, bool], list[NDArray[np.float32]]] = {}
    for view, added in strips:
        printed = _is_printed(view)
        for kind in (True, False):
            alike.setdefault((view.strip.shape, kind), []).append(added[printed == kind])
    cells = {key: np.concatenate(parts) for key, parts in alike.items()}

    def usual(shape: CellShape, *, printed: bool) -> float:
        some = cells[shape, printed]
        if len(some) < _TELLING:
            some = np.concatenate((cells[shape, True], cells[shape, False]))
        if len(some) >= _TELLING:
            return float(np.median(some))
        others = [each for (_, kind), each in cells.items() if kind == printed and len(each) >= _TELLING]
        return min((float(np.median(each)) for each in others), default=0.0)

    of_print = {shape: usual(shape, printed=True) for shape, _ in cells}
    of_paper = {shape: usual(shape, printed=False) for shape, _ in cells}
    return [
        np.where(_is_printed(view), of_print[view.strip.shape], of_paper[view.strip.shape]).astype(np.float32)
        for view, _ in strips
    ]


def _wear(strips: Sequence[tuple[LaidStrip, NDArray[np.float32]]]) -> float:
    """The score that ``_MOSTLY`` of the printed cells stay under; 0 where nothing is printed."""
    printed = np.concatenate([score[_is_printed(view)] for view, score in strips])
    return float(np.quantile(printed, _MOSTLY)) if printed.size else 0.0


def _is_printed(view: LaidStrip) -> NDArray[np.bool_]:
    return np.array([sign != BLANK for sign in view.text])


def _lay(paper: Paper, edition: Edition, strip: Strip, text: str, look: PageLook) -> LaidStrip:
    picture = expected_strip(edition, strip, text, look.blur)
    shift = (0.0, 0.0)
    seen = paper.sample(strip.grid())
    if correlation(seen, picture) < _WELL_PLACED:
        shift = find_shift(paper, strip, picture)
        seen = paper.sample(strip.grid().moved(*shift))
    slopes = _slopes(picture) if float(picture.max()) > _SEEN else None
    for _ in range(_REFINEMENTS):
        if slopes is None:
            break
        step = _small_shift(seen, slopes)
        if max(abs(step[0]), abs(step[1])) < 0.15:
            break
        shift = (shift[0] + step[0] / strip.shape.per_mm, shift[1] + step[1] / strip.shape.per_mm)
        seen = paper.sample(strip.grid().moved(*shift))
    gain = _gain(seen, picture)
    return LaidStrip(
        strip, text, shift, correlation(seen, picture), gain, np.ascontiguousarray(seen / gain), picture
    )


def as_shown(laid: Sequence[LaidStrip]) -> Sequence[LaidStrip]:
    """The strips with the expectation as this page shows print, where it does so unlike a plain blur."""
    printed = [place for place, view in enumerate(laid) if view.text.strip()]
    weights = page_appearance([laid[place] for place in printed])
    if weights is None:
        return laid
    better = list(laid)
    for place in printed:
        picture = show_as_page(laid[place].picture, weights)
        better[place] = dataclasses.replace(
            laid[place], picture=picture, match=correlation(laid[place].seen, picture)
        )
    return better


def page_appearance(printed: Sequence[LaidStrip]) -> Ink | None:
    """How the page shows print, told by its printed strips; nothing where that is as it was drawn."""
    if not printed or float(np.median([view.match for view in printed])) >= _PLAIN:
        return None
    return learn_appearance([view.seen for view in printed], [view.picture for view in printed])


def correlation(seen: Ink, picture: Ink) -> float:
    """How alike two pictures are, from -1 to 1; 1 where nothing is printed that could differ."""
    one, other = seen.reshape(-1), picture.reshape(-1)
    here, there = float(one.mean()), float(other.mean())
    energy = float(other @ other) - other.size * there * there
    if energy < 1e-4 * picture.size:
        return 1.0
    shown = float(one @ one) - one.size * here * here
    return (float(one @ other) - one.size * here * there) / math.sqrt(max(shown * energy, 1e-9))


def find_shift(paper: Paper, strip: Strip, picture: Ink) -> tuple[float, float]:
    """Where the strip really lies: its shift in mm (right, down) from its place."""
    reach = _COARSE_REACH
    grid = strip.grid()
    step = reach / grid.per_mm
    wide = paper.sample(
        Grid(grid.x - step, grid.y - step, grid.per_mm, grid.columns + 2 * reach, grid.rows + 2 * reach)
    )
    if float(picture.std()) < 0.01:
        return 0.0, 0.0
    found = cv2.matchTemplate(wide, picture, cv2.TM_CCOEFF_NORMED)
    _, _, _, (right, down) = cv2.minMaxLoc(found)
    return (right - reach) / grid.per_mm, (down - reach) / grid.per_mm


def _slopes(picture: Ink) -> tuple[Ink, Ink]:
    """What a small move, a change of contrast or of light does to a picture, and the normal matrix of it.

    Every second row is enough to tell a shift by.
    """
    right = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)[::2]
    down = cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)[::2]
    slopes = np.stack((right, down, picture[::2], np.ones_like(right))).reshape(4, -1)
    normal = slopes @ slopes.T
    # A line without strokes across it says nothing of one direction: the ridge keeps that step at nothing.
    normal[np.diag_indices(4)] += 1e-3 * normal[:2, :2].trace() + 1e-6
    return slopes, normal


def _small_shift(seen: Ink, known: tuple[Ink, Ink]) -> tuple[float, float]:
    """The rest of the shift in samples, from the slopes of the picture (one Gauss-Newton step)."""
    slopes, normal = known
    solution = np.linalg.solve(normal, slopes @ seen[::2].reshape(-1))
    scale = max(float(solution[2]), 0.2)
    move = np.clip(-solution[:2] / scale, -1.5, 1.5)
    return float(move[0]), float(move[1])


def _gain(seen: Ink, picture: Ink) -> float:
    """How black print is on this strip; 1 where there is nothing printed to tell it by."""
    energy = float((picture * picture).sum())
    if energy < 20:
        return 1.0
    return float(np.clip((seen * picture).sum() / energy, 0.35, 1.6))


def look_at_page(paper: Paper, edition: Edition, expected: Sequence[tuple[Strip, str]]) -> PageLook:
    """Find the blur that explains the page best, on the strips that show most, and its noise."""
    fullest = sorted(expected, key=lambda pair: len(pair[1].replace(" ", "")), reverse=True)[:_PROBES]
    probes: list[tuple[Strip, str, Ink]] = []
    for strip, text in fullest:
        middle = expected_strip(edition, strip, text, len(BLURS) // 3)
        shift = (0.0, 0.0)
        seen = paper.sample(strip.grid())
        if correlation(seen, middle) < _WELL_PLACED:
            shift = find_shift(paper, strip, middle)
            seen = paper.sample(strip.grid().moved(*shift))
        right, down = (step / strip.shape.per_mm for step in _small_shift(seen, _slopes(middle)))
        seen = paper.sample(strip.grid().moved(shift[0] + right, shift[1] + down))
        probes.append((strip, text, seen))
    return PageLook(_best_blur(edition, probes), _paper_noise(paper, edition))


def _best_blur(edition: Edition, probes: Sequence[tuple[Strip, str, Ink]]) -> int:
    """The blur from which the likeness falls either way, sought from a usual one: it has one peak."""

    @cache
    def likeness(blur: int) -> float:
        if not 0 <= blur < len(BLURS):
            return -math.inf
        return sum(
            correlation(seen, expected_strip(edition, strip, text, blur)) for strip, text, seen in probes
        )

    best = 1
    while True:
        better = max((best, best - 1, best + 1), key=likeness)
        if better == best:
            return best
        best = better


def _paper_noise(paper: Paper, edition: Edition) -> float:
    """Spread of the ink on the bare paper of the lower margin, robust against specks."""
    margin = Box(70, edition.height - 12, 70, 6)
    grid = strip_grid(margin, 8.0)
    ink = paper.sample(grid)
    return max(0.02, float(np.median(np.abs(ink - np.median(ink)))) * 1.4826)


def strip_grid(box: Box, per_mm: float) -> Grid:
    """A grid of ``per_mm`` samples over a box."""
    return Grid(box.x, box.y, per_mm, round(box.width * per_mm), round(box.height * per_mm))
