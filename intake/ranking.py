"""Is the printed sign really the one that the seal names, or does another fit better?

For each cell the difference between scan and expectation is projected on what the difference *would* be
if another sign stood there. What misalignment, blur, thickness and contrast can explain is taken out
first, so the score of a rival is near 0 when the expected sign is there and near 1 when the rival is.
Scores only: ``intake.judgement`` decides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
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


@dataclass(frozen=True, slots=True)
class CellScores:
    """What each cell of a strip scored; arrays have one entry a cell.

    ``rival`` is the best other sign and ``score`` how much of the step from the expected sign to it
    the scan has taken (0 none, 1 all). ``strength`` is how many standard deviations that is over the
    noise of the strip, ``explained`` the share of all that differs in the cell that the rival explains.
    ``change`` is the score of the best rival that would make another value of it (a letter or a digit; any
    sign where punctuation stands), ``reach`` the length of the whole step to that rival and ``spread`` how
    far the difference goes in the direction of any sign: on honest paper this is how much grain, blur
    and wear there move every score, in the unit of ``reach``.
    ``added`` and ``lost`` are mean ink (0 to 1) in the cell that the expectation
    does not explain. ``contrast`` is how strongly the expected sign itself is there (1 as printed).
    """

    rivals: list[str]
    score: NDArray[np.float32]
    strength: NDArray[np.float32]
    change: NDArray[np.float32]
    reach: NDArray[np.float32]
    spread: NDArray[np.float32]
    explained: NDArray[np.float32]
    added: NDArray[np.float32]
    lost: NDArray[np.float32]
    contrast: NDArray[np.float32]

    def part(self, start: int, end: int) -> CellScores:
        """The scores of the cells from ``start`` up to ``end``."""
        return CellScores(*(getattr(self, known.name)[start:end] for known in fields(self)))


@dataclass(frozen=True, slots=True)
class _Rivals:
    """For one expected sign: rivals' directions free of nuisances, one row each, and their lengths.

    ``changes`` tells which of them make another value of it: a mark beside a letter is wear or a fold.
    """

    directions: Ink
    lengths: NDArray[np.float32]
    nuisances: Ink
    signs: str
    changes: NDArray[np.bool_]


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
    scores = CellScores([BLANK] * count, *np.zeros((9, count), np.float32))
    scores.contrast[:] = 1
    places_of: dict[str, list[int]] = {}
    for place, shown in enumerate(text):
        places_of.setdefault(shown, []).append(place)
    for sign, places in places_of.items():
        known = _rivals_of(sign, shape, alphabet, blur)
        if sign == BLANK:
            places = _loud(flat, places, known, scores.added, scores.lost)
        else:
            glyph = glyphs(sign, shape, blur)[0].reshape(-1)
            scores.contrast[places] = 1 + (flat[places] @ glyph) / float(glyph @ glyph)
        if places:
            _weigh(flat[places], places, known, noise[places], scores)
    return scores


def _weigh(
    differences: Ink, places: list[int], known: _Rivals, noise: NDArray[np.float32], scores: CellScores
) -> None:
    """Note in ``scores`` what the cells at ``places``, which should all show one sign, show of its rivals."""
    rest = differences - (differences @ known.nuisances.T) @ known.nuisances
    roots = np.sqrt(known.lengths)
    steps = (rest @ known.directions.T) / known.lengths
    # A rival that hardly differs from the expected sign needs a clearer voice than a distant one.
    voices = np.minimum(steps, 1.5) * roots
    rows, best = np.arange(len(places)), np.argmax(voices, axis=1)
    meant = np.argmax(np.where(known.changes, voices, -np.inf), axis=1)
    scores.score[places] = steps[rows, best]
    scores.strength[places] = steps[rows, best] * roots[best] / noise
    scores.change[places], scores.reach[places] = steps[rows, meant], roots[meant]
    scores.spread[places] = np.sqrt(((steps * roots) ** 2).mean(axis=1))
    energy = np.maximum((rest * rest).sum(axis=1), 1e-6)
    scores.explained[places] = steps[rows, best] ** 2 * known.lengths[best] / energy
    for place, index in zip(places, best.tolist(), strict=True):
        scores.rivals[place] = known.signs[index]
    total, size = rest.sum(axis=1), np.abs(rest).sum(axis=1)
    scores.added[places] = (size + total) / (2 * rest.shape[1])
    scores.lost[places] = (size - total) / (2 * rest.shape[1])


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
    directions = (glyphs(others, shape, blur) - own).reshape(len(others), -1)
    directions = directions - (directions @ nuisances.T) @ nuisances
    lengths = np.maximum((directions**2).sum(axis=1), 1e-3).astype(np.float32)
    punctuation = sign != BLANK and not sign.isalnum()
    changes = np.array([punctuation or other.isalnum() or other == BLANK for other in others])
    return _Rivals(directions.astype(np.float32), lengths, nuisances, others, changes)


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
