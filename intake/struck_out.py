"""Whether a line runs through what was written in a box: nobody stands for a value that was struck out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.layout import tick_boxes
from forms.model import Edition, Field
from intake.readings import FieldReading
from intake.residue import PER_MM, Residue, added_ink, darkness
from intake.sampling import Ink, Paper

_LENGTH: Final = 10.0
"""Mm of a line without a gap that no row of type has: one to four words, so that it is told beside others."""
_SHORTEST: Final = 5.0
"""Mm of writing under which nothing is told; a dash is as long."""
_ASLANT: Final = 0.25
"""Mm in which a line may rise or fall over such a length beside the slopes that are tried."""
_STEP: Final = 0.025
"""Between the slopes that are tried; a line of one in between stays within ``_ASLANT``."""
_STEEP: Final = 0.25
"""How steeply a line may rise or fall, 14 degrees; in a short box from one corner to the other."""
_STEEPEST: Final = 0.5
_DRAWN: Final = 0.93
"""Share of the samples under ink from which it is a line. Of 208 values typed in ten typefaces and sizes none
had more than 0.89 along the level, of 144 with lines of half a point to two none less than 0.96. With all
slopes three of 825 values in 22 typefaces, all in one bold face with serifs, are taken for struck out.
"""
_MOST: Final = 2
"""Values of a page that are told to be struck out; of more it is the scan."""
_GRAIN: Final = 0.12
"""Mm² of ink that is a grain of the scan when it lies apart; the dot of an i has more."""
_GRAINY: Final = 0.05
"""Share of a box's ink in grains from which nothing is told. On 40 honest scans, half of them harsh, one of
42 values in doubt was told to be struck out; without this and ``_MOST`` eight of 29 on the first 25 were.
"""
_COARSE: Final = 3
"""Samples made one where a line is only sought: ink when any of them is."""
_LIKELY: Final = 0.85


def find_struck_out(paper: Paper, edition: Edition, readings: Mapping[str, FieldReading]) -> tuple[str, ...]:
    """Of the values of a page that are in doubt, those through which a line runs: why they are, in words. A
    scan on which letters run together makes lines of many values, and says nothing of any.
    """
    open_ones = {
        name: added_ink(paper, edition, reading.page, edition.field(name).box)
        for name, reading in readings.items()
        if _may_be_struck(edition.field(name), reading)
    }
    found = tuple(
        name for name, residue in open_ones.items() if _is_clear(residue) and is_struck_out(residue)
    )
    return found if len(found) <= _MOST else ()


def _may_be_struck(box: Field, reading: FieldReading) -> bool:
    """Whether the question is open: what was recognised of a blank's box had no line through it."""
    known = reading.source in {"seal", "register"}
    return reading.state == "doubtful" and (known or not reading.value) and not tick_boxes(box)


def _is_clear(residue: Residue) -> bool:
    """Whether hardly any ink of a box lies in grains: of a noisy scan they close every gap."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(darkness(residue.ink), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    return bool(areas[areas < _GRAIN * PER_MM**2].sum() <= _GRAINY * areas.sum())


def is_struck_out(residue: Residue) -> bool:
    """Whether a line runs through the writing of a box, level or aslant, or under it without a gap.

    Where the form's own print lies nothing is known, and a line goes on behind it.
    """
    dark, printed = darkness(residue.ink), residue.printed.astype(np.uint8)
    rows, columns = dark.shape
    steps = int(min(max(_STEEP, 1.1 * rows / columns), _STEEPEST) / _STEP)
    block = np.ones((_COARSE, _COARSE), np.uint8)
    near = np.asarray(cv2.dilate(dark, block)[1::_COARSE, 1::_COARSE], np.uint8)
    own = np.asarray(cv2.erode(printed, block)[1::_COARSE, 1::_COARSE], np.uint8)
    for slope in (step * _STEP for step in range(-steps, steps + 1)):
        likely = _has_line(_sheared(near, slope), _sheared(own, slope), PER_MM / _COARSE, _LIKELY)
        if likely and _has_line(_sheared(dark, slope), _sheared(printed, slope), PER_MM, _DRAWN):
            return True
    return False


def _sheared(mask: NDArray[np.uint8], slope: float) -> NDArray[np.uint8]:
    """The mask with its columns slid so that a line of that slope is level."""
    rows, columns = mask.shape
    slide = np.array([[1.0, 0, 0], [-slope, 1, slope * columns / 2]])
    slid: NDArray[np.uint8] = cv2.warpAffine(mask, slide, (columns, rows), flags=cv2.INTER_NEAREST)
    return slid


def _has_line(dark: NDArray[np.uint8], printed: NDArray[np.uint8], per_mm: float, share: float) -> bool:
    """Whether some row has ink in that share of a length of it, as far as it is known."""
    written = np.flatnonzero(dark.any(axis=0))
    if not written.size:
        return False
    extent = slice(int(written[0]), int(written[-1]) + 1)
    length = min(round(_LENGTH * per_mm), extent.stop - extent.start)
    if length < _SHORTEST * per_mm:
        return False
    wide = cv2.dilate(dark, np.ones((max(1, round(_ASLANT * per_mm)), 1), np.uint8))
    bare = printed[:, extent] == 0
    inked, known = _over(wide[:, extent].astype(bool) & bare, length), _over(bare, length)
    return bool(((known > length / 2) & (inked >= share * known)).any())


def _over(mask: NDArray[np.bool_], length: int) -> Ink:
    """For each place of each row, the samples of ``mask`` in the ``length`` from there on."""
    total = np.cumsum(np.pad(mask.astype(np.float32), ((0, 0), (1, 0))), axis=1)
    found: Ink = total[:, length:] - total[:, :-length]
    return found
