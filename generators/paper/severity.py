"""How badly paper and scan are treated, from an office scanner to the bottom of a bag.

CLEAN and MODERATE are what a service must read without asking; HARSH is what it must not misread;
EXTREME is anything at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, assert_never

from forms.geometry import Box
from generators.paper import damage
from generators.paper.ink import Random, random_pen, sign, stamp, strike
from generators.paper.scanning import Bilevel, Corners, Scanner
from generators.paper.sheets import Sheet


class Severity(Enum):
    """How badly a paper was treated on its way."""

    CLEAN = "clean"
    MODERATE = "moderate"
    HARSH = "harsh"
    EXTREME = "extreme"


def random_scanner(severity: Severity, rng: Random) -> Scanner:
    """A scanner of that severity, everything else by chance."""
    match severity:
        case Severity.CLEAN:
            return _clean(rng)
        case Severity.MODERATE:
            return _moderate(rng)
        case Severity.HARSH:
            return _harsh(rng)
        case Severity.EXTREME:
            return _extreme(rng)
        case _:
            assert_never(severity)


def _clean(rng: Random) -> Scanner:
    dpi = int(rng.choice((200, 240, 300)))
    return Scanner(
        dpi=dpi,
        rotation_deg=float(rng.uniform(-1, 1)),
        offset_mm=_pair(rng, 1.5),
        blur_px=float(rng.uniform(0.25, 0.5)) * dpi / 200,
        gradient=float(rng.uniform(0, 0.03)),
        contrast=float(rng.uniform(0.92, 1.05)),
        noise_sigma=float(rng.uniform(1, 4)),
        jpeg_quality=int(rng.integers(75, 91)),
    )


def _moderate(rng: Random) -> Scanner:
    dpi = int(rng.choice((150, 200, 240, 300)))
    return Scanner(
        dpi=dpi,
        rotation_deg=float(rng.uniform(-5, 5)) + 90 * int(rng.choice((0, 0, 0, 0, 1, 2, 3))),
        perspective=_corners(rng, float(rng.uniform(0, 0.01))),
        offset_mm=_pair(rng, 2),
        scale=float(rng.uniform(0.985, 1.01)),
        blur_px=float(rng.uniform(0.25, 0.95)) * dpi / 200,
        gradient=float(rng.uniform(0, 0.12)),
        moire=float(rng.uniform(0.01, 0.03)) if rng.random() < 0.1 else 0.0,
        contrast=float(rng.uniform(0.55, 1.05)),
        brightness=float(rng.uniform(-25, 5)),
        gamma=float(rng.uniform(0.85, 1.25)),
        noise_sigma=float(rng.uniform(2, 12)),
        # Whoever sets a scanner to black and white leaves it at 200 dpi or finer.
        bilevel="fixed" if dpi >= 200 and rng.random() < 0.13 else None,
        jpeg_quality=int(rng.integers(30, 76)),
    )


def _harsh(rng: Random) -> Scanner:
    kind: Bilevel | None = (None, None, None, "fax", "otsu", "fixed")[int(rng.integers(6))]
    return Scanner(
        dpi=204 if kind == "fax" else int(rng.choice((100, 120, 150, 200))),
        rotation_deg=float(rng.uniform(-8, 8)) + 90 * int(rng.integers(4)),
        perspective=_corners(rng, float(rng.uniform(0, 0.03))),
        offset_mm=_pair(rng, 4),
        scale=float(rng.uniform(0.95, 1.02)),
        margin_mm=float(rng.choice((0.0, 0.0, 8.0))),
        lid=int(rng.choice((252, 252, 60, 15))),
        blur_px=float(rng.uniform(0.4, 1.4)),
        gradient=float(rng.uniform(0, 0.35)),
        moire=float(rng.uniform(0.02, 0.08)) if rng.random() < 0.25 else 0.0,
        contrast=float(rng.uniform(0.35, 1.0)),
        brightness=float(rng.uniform(-60, 10)),
        gamma=float(rng.uniform(0.7, 1.6)),
        noise_sigma=float(rng.uniform(4, 22)),
        bilevel=kind,
        jpeg_quality=int(rng.integers(15, 31)),
    )


def _extreme(rng: Random) -> Scanner:
    kind: Bilevel | None = (None, None, None, "fax", "fax-coarse", "otsu", "fixed")[int(rng.integers(7))]
    return Scanner(
        dpi=204 if kind in {"fax", "fax-coarse"} else int(rng.choice((60, 75, 100, 150))),
        rotation_deg=float(rng.uniform(-25, 25)) + 90 * int(rng.integers(4)),
        perspective=_corners(rng, float(rng.uniform(0, 0.07))),
        offset_mm=_pair(rng, 14),
        scale=float(rng.uniform(0.8, 1.15)),
        margin_mm=float(rng.uniform(-12, 25)),
        lid=int(rng.choice((252, 60, 10))),
        blur_px=float(rng.uniform(0.6, 3.0)),
        gradient=float(rng.uniform(0, 0.8)),
        moire=float(rng.uniform(0.02, 0.2)) if rng.random() < 0.3 else 0.0,
        contrast=float(rng.uniform(0.15, 1.0)),
        brightness=float(rng.uniform(-110, 25)),
        gamma=float(rng.uniform(0.5, 2.2)),
        noise_sigma=float(rng.uniform(8, 45)),
        bilevel=kind,
        jpeg_quality=int(rng.integers(4, 26)),
    )


def _pair(rng: Random, reach: float) -> tuple[float, float]:
    right, down = rng.uniform(-reach, reach, 2)
    return float(right), float(down)


def _corners(rng: Random, reach: float) -> Corners:
    a, b, c, d, e, f, g, h = (float(value) for value in rng.uniform(-reach, reach, 8))
    return a, b, c, d, e, f, g, h


Spoil = Callable[[Sheet, Random], Sheet]
_STAMPS: Final = ("RECIBIDO", "INGRESADO", "COPIA", "PAGADO", "RECEPCION")

_LIGHT: Final[tuple[tuple[float, Spoil], ...]] = (
    (0.25, damage.fold),
    (0.12, damage.weak_toner),
    (0.06, damage.staple),
    (0.06, damage.punch_holes),
    (0.08, damage.bleed_through),
    (0.10, damage.shadow),
)
_HEAVY: Final[tuple[tuple[float, Spoil], ...]] = (
    (0.20, damage.bleed_through),
    (0.35, damage.weak_toner),
    (0.60, damage.fold),
    (0.35, damage.fold),
    (0.35, damage.coffee),
    (0.30, damage.stain),
    (0.20, damage.smear),
    (0.20, damage.staple),
    (0.15, damage.punch_holes),
    (0.30, damage.shadow),
    (0.30, damage.streak),
)


def random_damage(sheet: Sheet, severity: Severity, rng: Random, keep_clear: Sequence[Box] = ()) -> Sheet:
    """The sheet after treatment of that severity. Careful offices (MODERATE) stamp outside ``keep_clear``,
    or in the upper margin when it names nothing; careless ones anywhere.
    """
    match severity:
        case Severity.CLEAN:
            return damage.dust(sheet, rng, 10)
        case Severity.MODERATE:
            sheet = _spoil(damage.dust(sheet, rng, int(rng.integers(10, 90))), _LIGHT, 1.0, rng)
            return _stamp_beside(sheet, rng, keep_clear) if rng.random() < 0.2 else sheet
        case Severity.HARSH:
            return _treat_badly(sheet, rng, 1.0)
        case Severity.EXTREME:
            sheet = _treat_badly(sheet, rng, 1.5)
            if rng.random() < 0.5:
                sheet = damage.tear_corner(sheet, rng, behind=int(rng.choice((252, 30))))
            return _scribble(sheet, rng) if rng.random() < 0.5 else sheet
        case _:
            assert_never(severity)


def _treat_badly(sheet: Sheet, rng: Random, harder: float) -> Sheet:
    sheet = damage.dust(sheet, rng, int(rng.integers(60, 300)))
    for _ in range(int(rng.integers(0, 1 + round(2 * harder)))):
        place = float(rng.uniform(15, 195)), float(rng.uniform(15, 282))
        sheet = stamp(sheet, place, rng, str(rng.choice(_STAMPS)))
    sheet = _spoil(sheet, _HEAVY, harder, rng)
    if rng.random() < 0.25 * harder:
        sheet = damage.photocopy(sheet, rng, int(rng.integers(1, 3)))
    return sheet


def _spoil(sheet: Sheet, ways: Sequence[tuple[float, Spoil]], harder: float, rng: Random) -> Sheet:
    for chance, spoil in ways:
        if rng.random() < chance * harder:
            sheet = spoil(sheet, rng)
    return sheet


def _stamp_beside(sheet: Sheet, rng: Random, keep_clear: Sequence[Box]) -> Sheet:
    """A small stamp where it touches no box to be kept clear; none when there is no such place."""
    if not keep_clear:
        return stamp(sheet, (float(rng.uniform(75, 125)), 9.0), rng, str(rng.choice(_STAMPS)))
    for _ in range(40):
        x, y = float(rng.uniform(22, sheet.width - 22)), float(rng.uniform(14, sheet.height - 14))
        if not any(Box(x - 20, y - 15, 40, 30).overlaps(box) for box in keep_clear):
            return stamp(sheet, (x, y), rng, str(rng.choice(_STAMPS)))
    return sheet


def _scribble(sheet: Sheet, rng: Random) -> Sheet:
    """Pen strokes and a scrawl wherever they fall, codes and values included."""
    for _ in range(int(rng.integers(1, 5))):
        x, y = float(rng.uniform(10, 120)), float(rng.uniform(10, 270))
        sheet = strike(sheet, Box(x, y, float(rng.uniform(20, 80)), 14), rng, random_pen(rng))
    return sign(sheet, Box(float(rng.uniform(10, 110)), float(rng.uniform(10, 250)), 80, 30), rng)
