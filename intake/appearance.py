"""How this scan shows print: what copier, threshold or lens made of strokes, learned from the page itself.

Thickened, eaten or clipped strokes look alike all over a page. A few weights, fitted to all signs of the
page together, turn the drawn picture into what this scan makes of it; a single sign that differs from its
expectation has next to no say in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from intake.sampling import Ink

_RIDGE: Final = 2e-3
"""Share of the mean energy of the pictures that holds the weights near the plain picture."""
_LEAST: Final = 3000
"""Samples with print under which a page tells too little of how it shows strokes."""
_KERNEL: Final = np.ones((3, 3), np.uint8)


def learn_appearance(seen: Sequence[Ink], pictures: Sequence[Ink]) -> Ink | None:
    """The weights of how this page shows strokes; nothing where there is too little print to learn from.

    ``seen`` and ``pictures`` are strips of ink of equal shapes, laid over each other.
    """
    views = [_views(picture) for picture in pictures]
    inky = [picture > 0.02 for picture in (view[1] for view in views)]
    if sum(int(mask.sum()) for mask in inky) < _LEAST:
        return None
    design = np.concatenate([view[:, mask] for view, mask in zip(views, inky, strict=True)], axis=1)
    target = np.concatenate(
        [(ink - picture)[mask] for ink, picture, mask in zip(seen, pictures, inky, strict=True)]
    )
    normal = design @ design.T
    ridge = _RIDGE * float(np.trace(normal)) / len(normal) * np.eye(len(normal))
    weights: Ink = np.linalg.solve(normal + ridge, design @ target).astype(np.float32)
    return weights


def show_as_page(picture: Ink, weights: Ink) -> Ink:
    """A drawn picture as a page with these weights shows it."""
    shown: Ink = picture + np.tensordot(weights, _views(picture), axes=1)
    return shown


def _views(picture: Ink) -> Ink:
    """What the shown ink of a place may hang on: the ink there, around it, and its extremes nearby."""
    soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
    wide = cv2.GaussianBlur(picture, (0, 0), 2.5)
    thick, thin = cv2.dilate(picture, _KERNEL), cv2.erode(picture, _KERNEL)
    return np.stack((picture, soft, wide, picture**2, soft**2, soft**3, thick, thin))
