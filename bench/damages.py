"""Kinds of damage by name, each applied alone to a printed and signed page: what a reader is measured under.

A kind is a treatment of the paper and a scanner. ``augraphy`` is another project's treatment; it lives in an
environment of its own (``make setup-bench``) and is asked in a process of its own.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from bench.material import Paper
from forms.geometry import Box
from generators.paper import damage
from generators.paper.ink import Random, stamp
from generators.paper.scanning import Scanner, scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Sheet
from intake.alignment import Grey

ROOT: Final = Path(__file__).resolve().parent.parent
BENCH_PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
_AUGRAPHY: Final = Path(__file__).with_name("augraphy_pages.py")

Treatment = Callable[[Sheet, Random], Sheet]
Device = Callable[[Random], Scanner]


def _untouched(sheet: Sheet, rng: Random) -> Sheet:
    del rng
    return sheet


def office(rng: Random) -> Scanner:
    """The scanner of an office: 200 to 300 dpi, a page laid a little askew."""
    return Scanner(
        dpi=int(rng.choice((200, 300))),
        rotation_deg=float(rng.uniform(-1.5, 1.5)),
        blur_px=0.5,
        noise_sigma=float(rng.uniform(2, 6)),
        jpeg_quality=int(rng.integers(70, 90)),
    )


def _with(**changes: object) -> Device:
    def device(rng: Random) -> Scanner:
        return replace(office(rng), **changes)  # type: ignore[arg-type]

    return device


def _telephone(rng: Random) -> Scanner:
    """A photograph: perspective, uneven light, a dark table around the page."""
    a, b, c, d, e, f, g, h = map(float, rng.uniform(-0.025, 0.025, 8))
    return replace(
        office(rng),
        dpi=200,
        perspective=(a, b, c, d, e, f, g, h),
        rotation_deg=float(rng.uniform(-6, 6)),
        margin_mm=8.0,
        lid=60,
        gradient=float(rng.uniform(0.15, 0.35)),
        blur_px=0.9,
        jpeg_quality=60,
    )


def _askew(rng: Random) -> Scanner:
    return replace(office(rng), rotation_deg=float(rng.uniform(-9, 9)))


def _turned(rng: Random) -> Scanner:
    return replace(office(rng), rotation_deg=float(rng.choice((90, 180, 270)) + rng.uniform(-1, 1)))


def _stamped(sheet: Sheet, rng: Random) -> Sheet:
    """Two stamps across the values."""
    for _ in range(2):
        sheet = stamp(sheet, (float(rng.uniform(40, 170)), float(rng.uniform(90, 230))), rng)
    return sheet


def _folded(sheet: Sheet, rng: Random) -> Sheet:
    return damage.fold(damage.fold(sheet, rng, along="across"), rng, along="down")


def _copied_twice(sheet: Sheet, rng: Random) -> Sheet:
    return damage.photocopy(sheet, rng, 2)


def _soiled(sheet: Sheet, rng: Random) -> Sheet:
    return damage.stain(damage.coffee(sheet, rng), rng)


def _over_full_symbol(paper: Paper, sheet: Sheet, rng: Random) -> Sheet:
    """A torn or inked out full symbol: half of it is gone."""
    del rng
    box = paper.edition.frame.full_seal
    image = sheet.image.copy()
    image[sheet.area(Box(box.x, box.y, box.width / 2, box.height))] = 250
    return sheet.showing(image)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of damage: what happens to the paper, then what scans it."""

    treat: Treatment = _untouched
    device: Device = office
    spoil: Callable[[Paper, Sheet, Random], Sheet] | None = field(default=None)

    def apply(self, paper: Paper, rng: Random) -> Grey:
        """The scan of the paper after this damage."""
        sheet = self.treat(paper.sheet, rng)
        if self.spoil is not None:
            sheet = self.spoil(paper, sheet, rng)
        return scan(sheet, self.device(rng), rng)


def _severity(severity: Severity) -> Kind:
    def treat(sheet: Sheet, rng: Random) -> Sheet:
        return random_damage(sheet, severity, rng)

    def device(rng: Random) -> Scanner:
        return random_scanner(severity, rng)

    return Kind(treat, device)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "office scanner": Kind(),
        "askew": Kind(device=_askew),
        "upside down or on its side": Kind(device=_turned),
        "100 dpi": Kind(device=_with(dpi=100)),
        "150 dpi": Kind(device=_with(dpi=150)),
        "600 dpi": Kind(device=_with(dpi=600)),
        "black and white": Kind(device=_with(bilevel="otsu", dpi=200)),
        "fax": Kind(device=_with(bilevel="fax", dpi=204)),
        "telephone": Kind(device=_telephone),
        "moiré": Kind(device=_with(moire=0.06)),
        "cropped margins": Kind(device=_with(margin_mm=-6.0)),
        "dark": Kind(device=_with(brightness=-70.0, contrast=0.6)),
        "pale": Kind(device=_with(contrast=0.35)),
        "folded": Kind(_folded),
        "curled": Kind(damage.curl),
        "stamped over": Kind(_stamped),
        "coffee and stains": Kind(_soiled),
        "shadow": Kind(damage.shadow),
        "bleed-through": Kind(damage.bleed_through),
        "weak toner": Kind(damage.weak_toner),
        "copy of a copy": Kind(_copied_twice),
        "corner torn off": Kind(damage.tear_corner),
        "full code half gone": Kind(spoil=_over_full_symbol),
        "moderate, mixed": _severity(Severity.MODERATE),
        "harsh, mixed": _severity(Severity.HARSH),
        "extreme, mixed": _severity(Severity.EXTREME),
    }
)


def augraphy_pages(images: Sequence[Grey], seed: int) -> list[Grey] | None:
    """The pages after augraphy's own default pipeline; nothing where its environment is not set up."""
    if not BENCH_PYTHON.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        for place, image in enumerate(images):
            cv2.imwrite(str(Path(folder) / f"{place:04d}.png"), image)
        command = [str(BENCH_PYTHON), str(_AUGRAPHY), folder, str(seed)]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        done = (Path(folder) / f"{place:04d}.jpg" for place in range(len(images)))
        return [np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8) for path in done]
