"""Ink that looks printed, not written: as black as our own print, or laid on in a screen of dots.

A picture of a signature that was put into the file comes out of the printer in one of these ways. Whoever
writes with a very black pen is flagged too: the person at the window has the paper.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from intake.sampling import Grid, Ink, Paper

_FINENESS: Final = (7.0, 12.0)
"""Samples to the mm, as far as the scan has them: a screen of 85 lines to the inch has 3.3 dots to the mm."""
_COARSE: Final = 4.0
"""Samples to the mm at which ink is looked for."""
_LARGEST: Final = (40.0, 18.0)
"""Mm of width and height in the middle of the ink that are looked at: a screen shows everywhere. Fewer are
filled up with bare paper, so that waves are told apart as finely.
"""
_INK: Final = 0.3
_DEEP: Final = 0.2
"""Mm from the edge of a stroke at which it is as dark as its ink."""
_ENOUGH: Final = 3.0
"""Mm² of such ink that are needed to tell."""
_BLACK: Final = (0.9, 0.985)
"""Darkness, against our own print, of the middle and of the darkest tenth of ink that is toner: pens were
seen to reach 0.93 and 0.97."""
_SCREEN: Final = (2.7, 6.0)
"""Dots to the mm of printers' screens; slower changes are those of any line of ink."""
_UNEVEN: Final = 0.065
"""Spread of the darkness within strokes that is worth a closer look: a pen's is 0.05, a screen's 0.08."""
_KNOWN: Final = 0.48
"""Share of the samples to the mm up to which waves are told apart."""
_WIDTHS: Final = (0.035, 0.21)
"""Waves to the mm over which the power of one is taken, and of those around it."""
_PEAK: Final = 6.05
"""Times that one wave stands out of those around it: one of 100 pens came to 5.95, 8 of 12 screens higher."""


def looks_printed(paper: Paper, box: Box) -> bool:
    """Whether the ink that stands in ``box`` is that of a printer; not to be asked of scans in two levels."""
    per_mm = min(max(paper.alignment.px_per_mm, _FINENESS[0]), _FINENESS[1])
    box = _around_ink(paper, box)
    ink = paper.sample(Grid(box.x, box.y, per_mm, round(box.width * per_mm), round(box.height * per_mm)))
    ink = ink - float(np.median(ink[::2, ::2]))
    on = (cv2.GaussianBlur(ink, (0, 0), 1.0) > _INK).astype(np.uint8)
    core = cv2.distanceTransform(on, cv2.DIST_L2, 3) >= _DEEP * per_mm
    if float(core.sum()) / per_mm**2 < _ENOUGH:
        return False
    middle, darkest = np.quantile(ink[core], (0.5, 0.9))
    return bool(middle >= _BLACK[0] and darkest >= _BLACK[1]) or _is_screened(ink, core, per_mm)


def _around_ink(paper: Paper, box: Box) -> Box:
    """The part of the box in which ink stands, and a little around it, or the middle of that part."""
    grid = Grid(box.x, box.y, _COARSE, round(box.width * _COARSE), round(box.height * _COARSE))
    ink = paper.sample(grid)
    dark = (ink - float(np.median(ink)) > _INK).astype(np.uint8)
    left, top, wide, high = (side / _COARSE for side in cv2.boundingRect(dark))
    across, down = (min(max(side, 4.0), most) for side, most in zip((wide, high), _LARGEST, strict=True))
    return Box(box.x + left + (wide - across) / 2, box.y + top + (high - down) / 2, across, down).grown(1.0)


def _is_screened(ink: Ink, core: NDArray[np.bool_], per_mm: float) -> bool:
    """Whether the darkness within the strokes goes up and down at one fine, even distance."""
    inside = core.astype(np.float32)
    reach = 0.25 * per_mm
    usual = cv2.GaussianBlur(ink * inside, (0, 0), reach) / np.maximum(
        cv2.GaussianBlur(inside, (0, 0), reach), 1e-3
    )
    uneven = (ink - usual) * inside
    if float(uneven[core].std()) < _UNEVEN:
        return False
    rows, columns = (
        cv2.getOptimalDFTSize(max(side, round(least * per_mm)))
        for side, least in zip(ink.shape, reversed(_LARGEST), strict=True)
    )
    change = np.zeros((rows, columns), np.float32)
    change[: ink.shape[0], : ink.shape[1]] = uneven
    waves = cv2.dft(change, flags=cv2.DFT_COMPLEX_OUTPUT)
    # The other half of the waves is the same again.
    power = np.square(waves[:, : columns // 2 + 1]).sum(axis=2)
    near, around = (_spread(power, width * columns / per_mm, width * rows / per_mm) for width in _WIDTHS)
    rate = np.hypot(np.fft.rfftfreq(columns, 1 / per_mm)[None], np.fft.fftfreq(rows, 1 / per_mm)[:, None])
    fine = (rate > _SCREEN[0]) & (rate < min(_SCREEN[1], _KNOWN * per_mm))
    best = int(near[fine].argmax())
    return float(near[fine][best]) > _PEAK * float(around[fine][best])


def _spread(power: Ink, across: float, down: float) -> Ink:
    """The power of waves, the mean around each with a spread given in waves of the picture."""
    spread: Ink = cv2.GaussianBlur(power, (0, 0), sigmaX=across, sigmaY=down)
    return spread
