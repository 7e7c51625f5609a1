"""Combs of the blank form, filled in, scanned, and cut into cells by the reader's own code.

What the recogniser learns from thus differs from what it will see only by the writers and by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from bench.training.penmanship import Hand, leave_something, write_digit
from forms.catalog.employer_request import EMPLOYER_REQUEST
from forms.geometry import Box
from forms.layout import comb_pitch
from forms.model import Edition, Field
from generators.blank import draw_blank
from generators.paper import damage
from generators.paper.ink import Random
from generators.paper.scanning import FLAT, Scanner, placement, scan
from generators.paper.severity import Severity, random_scanner
from generators.paper.sheets import Sheet, print_page
from intake.alignment import Alignment
from intake.handwriting.cells import cut_cells
from intake.sampling import Ink, light_paper

EDITION: Final[Edition] = EMPLOYER_REQUEST.current
FIELDS: Final[tuple[Field, ...]] = (EDITION.field("ruc"), EDITION.field("representative_id"))
BLANK: Final = -1
OTHER: Final = -2
"""What a cell holds besides a digit: nothing, or ink that is no clean digit."""

_AROUND: Final = 6.0
"""mm of the page around the comb that are scanned with it."""

_SEVERITIES: Final = (Severity.CLEAN, Severity.MODERATE, Severity.HARSH)

Writer = Callable[[Sheet, Box, Hand, Random], Sheet]


@dataclass(frozen=True, slots=True)
class CombScan:
    """The cells of one comb, as the reader cuts them, with what was written in each."""

    cells: Ink
    truth: tuple[int, ...]


@cache
def _printed(field: Field) -> tuple[Sheet, float, float]:
    """The comb and its surroundings on fresh paper, with the mm of their top-left corner."""
    page = _page()
    area = page.area(field.box.grown(_AROUND))
    corner = area[1].start / page.px_per_mm, area[0].start / page.px_per_mm
    return page.showing(np.ascontiguousarray(page.image[area])), *corner


@cache
def _page() -> Sheet:
    return print_page(draw_blank(EDITION))


def cells_of(field: Field) -> list[Box]:
    """The boxes of a comb's cells in mm."""
    count, pitch = comb_pitch(field) or (0, 0.0)
    return [Box(field.box.x + place * pitch, field.box.y, pitch, field.box.height) for place in range(count)]


def fill_comb(
    hand: Hand,
    contents: tuple[int, ...],
    rng: Random,
    odd: Writer = leave_something,
    field: Field = FIELDS[0],
    severity: Severity | None = None,
) -> CombScan:
    """Write ``contents`` (digits, ``BLANK``, ``OTHER``) from the first cell on, scan the comb and cut it.

    ``odd`` writes what is no digit; any ``severity`` up to HARSH when none is given.
    """
    sheet, left, top = _printed(field)
    sheet = _aged(sheet, rng)
    boxes = cells_of(field)
    for box, sign in zip(boxes, contents, strict=False):
        cell = Box(box.x - left, box.y - top, box.width, box.height)
        if sign == OTHER:
            sheet = odd(sheet, cell, hand, rng)
        elif sign != BLANK:
            sheet = write_digit(sheet, cell, sign, hand, rng)
    truth = (*contents, *(BLANK,) * (len(boxes) - len(contents)))
    return CombScan(_scanned_cells(sheet, field, (left, top), comb_scanner(rng, severity), rng), truth)


def _aged(sheet: Sheet, rng: Random) -> Sheet:
    sheet = damage.dust(sheet, rng, int(rng.integers(0, 12)))
    for chance, spoil in ((0.08, damage.weak_toner), (0.06, damage.bleed_through), (0.08, damage.shadow)):
        if rng.random() < chance:
            sheet = spoil(sheet, rng)
    return sheet


def _scanned_cells(
    sheet: Sheet, field: Field, corner: tuple[float, float], scanner: Scanner, rng: Random
) -> Ink:
    image = scan(sheet, scanner, rng)
    # The page is located to about a tenth of a mm; its corner is where the crop begins.
    slip = rng.normal(0, 0.12, 2)
    stretch = 1 + float(rng.normal(0, 0.002))
    to_crop = np.array(
        [[stretch, 0, slip[0] - corner[0] * stretch], [0, stretch, slip[1] - corner[1] * stretch], [0, 0, 1]]
    )
    matrix = placement(scanner, sheet.width, sheet.height) @ to_crop
    paper = light_paper(image, Alignment(matrix, 16, 0.0), EDITION.frame, ())
    known = replace(paper, blackness=_blackness(scanner) * float(rng.uniform(0.85, 1.1)))
    return cut_cells(known, EDITION, field)


def comb_scanner(rng: Random, severity: Severity | None = None) -> Scanner:
    """From an office scanner at its best to a poor one, 150 to 600 dpi; the crop lies nearly straight."""
    if severity is None:
        severity = _SEVERITIES[int(rng.choice(3, p=(0.3, 0.56, 0.14)))]
    scanner = random_scanner(severity, rng)
    if severity is not Severity.HARSH and rng.random() < 0.12:
        finer = int(rng.choice((400, 600)))
        scanner = replace(scanner, dpi=finer, blur_px=scanner.blur_px * finer / scanner.dpi)
    coarse = max(scanner.dpi, 150)
    return replace(
        scanner,
        dpi=coarse,
        rotation_deg=float(rng.normal(0, 1.5)),
        perspective=FLAT,
        offset_mm=(0.0, 0.0),
        margin_mm=2.0,
        lid=250,
    )


def _blackness(scanner: Scanner) -> float:
    """How much darker than paper toner comes out, as the reader measures it on the corner marks."""
    if scanner.bilevel:
        return 1.0
    paper, toner = (
        np.clip(
            (255 * (grey / 255) ** scanner.gamma - 255) * scanner.contrast + 255 + scanner.brightness, 1, 255
        )
        for grey in (250, 24)
    )
    return max(float(1 - toner / paper), 0.15)
