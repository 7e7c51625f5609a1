"""Is the printed sign really the one that the seal names, or does another fit better?

For each cell the difference between scan and expectation is projected on what the difference *would* be
if another sign stood there. What misalignment, blur, thickness and contrast can explain is taken out
first, so the score of a rival is near 0 when the expected sign is there and near 1 when the rival is.
Scores only: ``intake.judgement`` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.expectation import glyphs
from intake.sampling import Ink
from intake.strips import CellShape

BLANK: Final = " "
_SILENT: Final = 0.2
"""Score that a blank cell's difference must be able to reach for its rivals to be weighed."""


_BESIDE: Final = 0.04
"""Share of its ink that a sign may have beside another's and still be that one with ink gone: N and Ñ, O and
0, F and E; of digits there is no such pair.
"""


@dataclass(frozen=True, slots=True)
class CellScores:
    """What each cell of a strip scored; arrays have one entry a cell.

    ``rival`` is the best other sign and ``score`` how much of the step from the expected sign to it
    the scan has taken (0 none, 1 all). ``strength`` is how many standard deviations that is over the
    noise of the strip, ``explained`` the share of all that differs in the cell that the rival explains.
    ``added`` and ``lost`` are mean ink (0 to 1) in the cell that the expectation
    does not explain. ``contrast`` is how strongly the expected sign itself is there (1 as printed). ``less``
    says that the rival is the sign with some of its ink gone, as N is of Ñ.
    """

    rivals: tuple[str, ...]
    score: NDArray[np.float32]
    strength: NDArray[np.float32]
    explained: NDArray[np.float32]
    added: NDArray[np.float32]
    lost: NDArray[np.float32]
    contrast: NDArray[np.float32]
    less: NDArray[np.bool_]

    def part(self, start: int, end: int) -> CellScores:
        """The scores of the cells from ``start`` up to ``end``."""
        cut = slice(start, end)
        return CellScores(
            self.rivals[cut],
            self.score[cut],
            self.strength[cut],
            self.explained[cut],
            self.added[cut],
            self.lost[cut],
            self.contrast[cut],
            self.less[cut],
        )


@dataclass(frozen=True, slots=True)
class _Rivals:
    """For one expected sign: rivals' directions free of nuisances, one row each, their lengths, and whether
    they are the sign with some of its ink gone.
    """

    directions: Ink
    lengths: NDArray[np.float32]
    nuisances: Ink
    signs: str
    less: NDArray[np.bool_]


def score_cells(
    seen: Ink,
    expected: Ink,
    text: str,
    shape: CellShape,
    alphabet: str,
    blur: int,
    noise: NDArray[np.float32],
) -> CellScores:
    """Score every cell of a strip.

    ``seen`` and ``expected`` are cells × height × width of ink; ``text`` has the expected sign of each
    cell. ``noise`` is the standard deviation of the ink on bare paper, for each cell.
    """
    count = len(text)
    flat = (seen - expected).reshape(count, -1)
    rivals = [BLANK] * count
    score, strength, explained, added, lost = (np.zeros(count, np.float32) for _ in range(5))
    contrast, less = np.ones(count, np.float32), np.zeros(count, np.bool_)
    places_of: dict[str, list[int]] = {}
    for place, shown in enumerate(text):
        places_of.setdefault(shown, []).append(place)
    for sign, places in places_of.items():
        known = _rivals_of(sign, shape, alphabet, blur)
        if sign == BLANK:
            places = _loud(flat, places, known, added, lost)
            if not places:
                continue
        rest = flat[places]
        rest = rest - (rest @ known.nuisances.T) @ known.nuisances
        steps = (rest @ known.directions.T) / known.lengths
        roots = np.sqrt(known.lengths)
        # A rival that hardly differs from the expected sign needs a clearer voice than a distant one.
        best = np.argmax(np.minimum(steps, 1.5) * roots, axis=1)
        rows = np.arange(len(places))
        score[places] = steps[rows, best]
        strength[places] = score[places] * roots[best] / noise[places]
        energy = np.maximum((rest * rest).sum(axis=1), 1e-6)
        explained[places] = score[places] ** 2 * known.lengths[best] / energy
        for place, index in zip(places, best.tolist(), strict=True):
            rivals[place] = known.signs[index]
        less[places] = known.less[best]
        total, size = rest.sum(axis=1), np.abs(rest).sum(axis=1)
        added[places] = (size + total) / (2 * rest.shape[1])
        lost[places] = (size - total) / (2 * rest.shape[1])
        if sign != BLANK:
            glyph = glyphs(sign, shape, blur)[0].reshape(-1)
            contrast[places] = 1 + (flat[places] @ glyph) / float(glyph @ glyph)
    return CellScores(tuple(rivals), score, strength, explained, added, lost, contrast, less)


def _loud(
    flat: Ink, places: list[int], known: _Rivals, added: NDArray[np.float32], lost: NDArray[np.float32]
) -> list[int]:
    """The blank cells with enough ink for any sign to score at all; the others' ink is noted at once.

    No direction can be further gone than the whole difference is long (Cauchy-Schwarz).
    """
    cells = flat[places]
    energy = np.einsum("ij,ij->i", cells, cells)
    total, size = cells.sum(axis=1), np.abs(cells).sum(axis=1)
    added[places] = (size + total) / (2 * cells.shape[1])
    lost[places] = (size - total) / (2 * cells.shape[1])
    loud = energy > _SILENT**2 * float(known.lengths.min())
    return [place for place, speaks in zip(places, loud.tolist(), strict=True) if speaks]


@cache
def _rivals_of(sign: str, shape: CellShape, alphabet: str, blur: int) -> _Rivals:
    own = glyphs(sign, shape, blur)[0]
    others = "".join(other for other in dict.fromkeys(alphabet + BLANK) if other != sign)
    nuisances = _nuisances(own)
    pictures = glyphs(others, shape, blur)
    beside = np.maximum(pictures - own, 0).sum(axis=(1, 2))
    less = beside <= _BESIDE * pictures.sum(axis=(1, 2))
    directions = (pictures - own).reshape(len(others), -1)
    directions = directions - (directions @ nuisances.T) @ nuisances
    lengths = np.maximum((directions**2).sum(axis=1), 1e-3).astype(np.float32)
    return _Rivals(directions.astype(np.float32), lengths, nuisances, others, less)


def _nuisances(ink: Ink) -> Ink:
    """An orthonormal basis of harmless change: lighter or darker, moved a little, blurred, thickened."""
    right = cv2.Sobel(ink, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(ink, cv2.CV_32F, 0, 1, ksize=3) / 8
    change = [
        np.ones_like(ink),
        ink,
        right,
        down,
        cv2.Laplacian(ink, cv2.CV_32F),
        np.hypot(right, down),
    ]
    basis: list[NDArray[np.float32]] = []
    for picture in change:
        vector = picture.reshape(-1).astype(np.float32)
        original = float(np.linalg.norm(vector))
        for known in basis:
            vector = vector - (vector @ known) * known
        length = float(np.linalg.norm(vector))
        if original > 0 and length > 0.05 * original:
            basis.append(vector / length)
    return np.stack(basis)
