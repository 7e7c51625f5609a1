"""What happens to paper between the printer and the scanner: folds, coffee, dust, weak toner."""

from __future__ import annotations

import cv2
import numpy as np

from generators.paper.ink import Random
from generators.paper.sheets import PER_MM, Sheet


def fold(sheet: Sheet, random: Random, *, along: str | None = None) -> Sheet:
    """A fold across the page: a dark line beside a light one, and toner rubbed off along it."""
    image = sheet.image.astype(np.float32)
    level = along or str(random.choice(("across", "down")))
    size = image.shape[0] if level == "across" else image.shape[1]
    place = int(size * random.uniform(0.25, 0.75))
    profile = np.arange(size, dtype=np.float32) - place
    shade = (
        -38 * np.exp(-(profile**2) / 8)
        + 14 * np.exp(-((profile - 5) ** 2) / 18)
        - 6 * np.exp(-np.abs(profile) / 160)
    )
    shade = shade * float(random.uniform(0.6, 1.3))
    worn = np.exp(-(profile**2) / 6) * float(random.uniform(0.0, 0.5))
    if level == "across":
        shade, worn = shade[:, None], worn[:, None]
    image = image + shade
    return Sheet(np.clip(image + (245 - image) * worn, 0, 255).astype(np.uint8))


def coffee(sheet: Sheet, random: Random) -> Sheet:
    """The ring of a cup."""
    rows, columns = sheet.image.shape
    layer = np.zeros((rows, columns), np.uint8)
    centre = (int(columns * random.uniform(0.1, 0.9)), int(rows * random.uniform(0.1, 0.9)))
    cv2.circle(
        layer, centre, round(PER_MM * random.uniform(30, 42)), 255, round(PER_MM * random.uniform(1, 3))
    )
    soft = cv2.GaussianBlur(layer, (0, 0), 5).astype(np.float32) / 255
    stained = sheet.image.astype(np.float32) * (1 - soft * float(random.uniform(0.2, 0.5)))
    return Sheet(stained.astype(np.uint8))


def dust(sheet: Sheet, random: Random, specks: int = 60) -> Sheet:
    """Specks of dirt and of missing toner all over."""
    image = sheet.image.copy()
    for _ in range(specks):
        centre = (int(random.integers(image.shape[1])), int(random.integers(image.shape[0])))
        grey = int(random.choice((30, 120, 250)))
        cv2.circle(image, centre, int(random.integers(1, 4)), grey, -1, cv2.LINE_AA)
    return Sheet(image)


def weak_toner(sheet: Sheet, random: Random) -> Sheet:
    """Bands in which the printer ran short of toner."""
    rows = sheet.image.shape[1]
    bands = np.interp(np.arange(rows), np.linspace(0, rows, 7), random.uniform(0.55, 1.0, 7))
    ink = (255 - sheet.image.astype(np.float32)) * bands[None, :]
    return Sheet((255 - ink).astype(np.uint8))


def streak(sheet: Sheet, random: Random) -> Sheet:
    """A dark line down the page from dirt on the scanner's glass."""
    image = sheet.image.copy()
    x = int(random.integers(image.shape[1]))
    image[:, x : x + int(random.integers(1, 4))] = int(random.integers(60, 170))
    return Sheet(image)


def tear_corner(sheet: Sheet, random: Random) -> Sheet:
    """A corner of the page torn off; the scanner's lid shows white."""
    image = sheet.image.copy()
    rows, columns = image.shape
    reach = [PER_MM * float(random.uniform(15, 45)) for _ in range(2)]
    triangle = np.array([[0, 0], [reach[0], 0], [0, reach[1]]], np.float32)
    if random.random() < 0.5:
        triangle[:, 0] = columns - triangle[:, 0]
    if random.random() < 0.5:
        triangle[:, 1] = rows - triangle[:, 1]
    cv2.fillPoly(image, [triangle.astype(np.int32)], 255)
    return Sheet(image)
