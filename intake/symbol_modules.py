"""Seeing the modules of a symbol one by one, at the place that its page gives them.

A decoder looks for a symbol: it needs its finders, and takes each module by the few pixels in its middle.
Here the place is known, so the finders are only needed to set it right by tenths of a mm; each module is the
mean of all its ink, measured against its neighbourhood; and what every symbol of that size shows need not be
seen at all. Drawn anew from that, a symbol is decoded that grain, lines, stains or a stamp keep from being
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from forms.geometry import Box
from generators.symbols import MIN_MODULE
from intake.sampling import Grid, Ink, Paper

STEP: Final = 6
"""Samples to a module."""
QUIET: Final = 2
"""Modules of bare paper around a symbol by which its place is told, of the four that are printed."""
_REACH: Final = 2.0
"""Mm around its place that a symbol is looked for in: pages held by a few dark squares are 1 mm off."""
_PULL: Final = 4
"""Samples around its place that each part is looked for in by itself, once the symbol was found."""
_FINDER: Final = 8
"""Modules of a finder with its light seam."""
_SEEN: Final = 0.35
"""Correlation from which a finder or an alignment pattern is one."""
_HELD: Final = 3
"""Parts by which a symbol is set right; by fewer it lies as its page does."""
_SOFT: Final = 0.35 * STEP
"""Each sample stands for its module: grain finer than that is smoothed away."""
AROUND: Final = 9
"""Modules on a side of the area that a module must be darker than: an eighth of the small symbol, of which
masking makes half black.
"""
_COARSE: Final = 4.0
"""Samples to the mm by which the size of a symbol is told: 2 to a module of a full one."""
_TRIED: Final = ((11, 1), (7, 1), (21, 1), (11, 32))
"""Modules on a side of the areas against which decoding is tried, and with how many of the likeliest formats:
what tells them may be torn off.
"""
_SMALLEST: Final = 45
"""Modules on a side below which no full symbol is: those that hold no values but their digest have 49."""
_NAMES_VERSION: Final = 45
"""Modules on a side from which a symbol says its version (7 and above)."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_FIRM: Final = 0.1
"""Darkness from which a module speaks as loudly as any."""
_DRAWN: Final = 4
"""Px to a module of the symbol that is drawn anew, and modules of white around it."""


def read_modules(paper: Paper, box: Box, sizes: Sequence[int], prefixes: tuple[str, ...]) -> str | None:
    """The text of the symbol in ``box`` that starts with one of ``prefixes``, or nothing: of the ``sizes``
    that it may have, the one that it looks most like is decoded.
    """
    seen = see_modules(paper, box, likely_size(paper, box, sizes))
    for around, formats in _TRIED:
        for text in _texts(darkness(seen, around), formats):
            if text.startswith(prefixes):
                return text
    return None


def full_sizes(box: Box) -> tuple[int, ...]:
    """Modules on a side that a full symbol in ``box`` may have."""
    return tuple(range(_SMALLEST, int(box.width / MIN_MODULE) + 1, 4))


def likely_size(paper: Paper, box: Box, sizes: Sequence[int]) -> int:
    """Which of the ``sizes`` the symbol in ``box`` has: of 53 on harsh scans and on scans by another
    project's damages that no decoder could read it was right on 50.
    """
    reach, side = round(_REACH * _COARSE), round(box.width * _COARSE)
    edge = reach / _COARSE
    grid = Grid(box.x - edge, box.y - edge, _COARSE, side + 2 * reach, side + 2 * reach)
    scene = cv2.GaussianBlur(paper.sample(grid), (0, 0), 0.8)
    margin, found = QUIET * STEP, []
    for size in sizes:
        fine = symbol_pattern(size)[margin:-margin, margin:-margin]
        pattern = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
        found.append((float(cv2.matchTemplate(scene, pattern, cv2.TM_CCOEFF_NORMED).max()), size))
    return max(found)[1]


def darkness(ink: Ink, around: int = AROUND) -> Ink:
    """How much darker each module is than the area of ``around`` modules on a side that it lies in."""
    found: Ink = ink - cv2.blur(ink, (around, around))
    return found


def see_modules(paper: Paper, box: Box, size: int) -> Ink:
    """The ink in the middle of each module of the symbol of that ``size`` in ``box``, rows × columns."""
    module = box.width / size
    reach = round(_REACH / module * STEP)
    side = (size + 2 * QUIET) * STEP
    edge = QUIET * module + reach * module / STEP
    grid = Grid(box.x - edge, box.y - edge, STEP / module, side + 2 * reach, side + 2 * reach)
    scene: Ink = cv2.GaussianBlur(paper.sample(grid), (0, 0), _SOFT)
    answer = cv2.matchTemplate(scene, symbol_pattern(size), cv2.TM_CCOEFF_NORMED)
    _, _, _, (right, down) = cv2.minMaxLoc(answer)
    centres = _centres(scene, right + QUIET * STEP, down + QUIET * STEP, size)
    ink: Ink = cv2.remap(scene, *centres, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return ink


def _centres(scene: Ink, left: int, top: int, size: int) -> tuple[Ink, Ink]:
    """Where the middles of the modules lie (columns, rows), by the finders and the alignment patterns that
    are seen around their places.
    """
    meant, seen = [], []
    for area in _anchors(size):
        found = _pulled(scene, left, top, size, area)
        if found is not None:
            meant.append((area[0] * STEP, area[1] * STEP))
            seen.append(found)
    held = None
    if len(meant) >= _HELD:
        held, _ = cv2.estimateAffine2D(
            np.array(meant, np.float32), np.array(seen, np.float32), method=cv2.RANSAC
        )
    if held is None:
        held = np.array([[1.0, 0.0, left], [0.0, 1.0, top]])
    middles = (np.arange(size) + 0.5) * STEP - 0.5
    across, below = np.meshgrid(middles, middles)
    places = np.stack((across, below, np.ones_like(across))).reshape(3, -1)
    right, down = (held @ places).astype(np.float32).reshape(2, size, size)
    return right, down


def _anchors(size: int) -> Iterator[tuple[int, int, int]]:
    """First column, first row and side of each part by which a symbol is set right, in modules."""
    for column, row in ((0, 0), (size - _FINDER, 0), (0, size - _FINDER)):
        yield column, row, _FINDER
    for row, column in _alignment_places(size):
        yield column - 2, row - 2, 5


def _pulled(scene: Ink, left: int, top: int, size: int, area: tuple[int, int, int]) -> tuple[int, int] | None:
    """Where a part of the symbol lies in the scene, if it is seen around its place."""
    x, y, side = (part * STEP for part in area)
    margin = QUIET * STEP
    print_ = symbol_pattern(size)[y + margin :, x + margin :][:side, :side]
    first, above = left + x - _PULL, top + y - _PULL
    around = scene[above : above + side + 2 * _PULL, first : first + side + 2 * _PULL]
    _, alike, _, (right, down) = cv2.minMaxLoc(cv2.matchTemplate(around, print_, cv2.TM_CCOEFF_NORMED))
    return (first + right, above + down) if alike > _SEEN else None


def _texts(dark: Ink, most: int) -> Iterator[str]:
    """What a symbol may say of which so dark modules were seen, black above nothing: its text under each of
    at most so many formats, those first that are most like what is left of it.
    """
    size = dark.shape[0]
    shown = fixed_modules(size)
    black = np.where(shown == 0, dark > 0, shown > 0)
    places, formats = _format_places(size), _formats()
    # Bare paper where a part was torn off or painted over says nothing, though all of it is light.
    lively = np.sqrt(np.maximum(cv2.blur(dark * dark, (3, 3)) - cv2.blur(dark, (3, 3)) ** 2, 0))
    fit = formats @ (np.clip(dark, -_FIRM, _FIRM) * np.minimum(lively, _FIRM))[places]
    for likely in np.argsort(-fit)[:most]:
        black[places] = formats[likely] > 0
        whole = np.pad(black, _DRAWN)
        picture = np.kron(np.where(whole, 0, 255).astype(np.uint8), np.ones((_DRAWN, _DRAWN), np.uint8))
        yield from (found.text for found in zxingcpp.read_barcodes(picture, formats=_QR, is_pure=True))


def _format_places(size: int) -> tuple[list[int], list[int]]:
    """Rows and columns of the 15 bits of the format and of their copy, the least first (7.9.1)."""
    rows = [0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8]
    columns = [8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0]
    rows += [8] * 8 + list(range(size - 7, size))
    columns += list(range(size - 1, size - 9, -1)) + [8] * 7
    return rows, columns


@cache
def _formats() -> Ink:
    """The 30 modules of each format, 1 black and -1 white: two bits for the level,
    three for the mask, ten that guard them, and a mask over all (Annex C).
    """
    words = []
    for data in range(32):
        rest = data
        for _ in range(10):
            rest = (rest << 1) ^ ((rest >> 9) * 0x537)
        words.append([(data << 10 | rest) ^ 0x5412])
    bits = np.array(words) >> np.arange(15) & 1
    return np.tile(bits * np.float32(2) - np.float32(1), 2).astype(np.float32)


@cache
def symbol_pattern(size: int) -> Ink:
    """What every symbol of that size shows with its quiet zone, ``STEP`` samples to a module: half grey where
    texts differ.
    """
    framed = np.pad(fixed_modules(size) * np.float32(0.5), QUIET, constant_values=-0.5)
    fine: Ink = np.kron(framed, np.ones((STEP, STEP), np.float32)).astype(np.float32)
    blurred: Ink = cv2.GaussianBlur(fine, (0, 0), _SOFT)
    return blurred


@cache
def fixed_modules(size: int) -> NDArray[np.int8]:
    """The modules that every QR symbol of that size shows: 1 black, -1 white, 0 where texts differ.

    After ISO/IEC 18004: finders with their seams, timing lines, alignment patterns, the module that is always
    dark, and from version 7 on the version.
    """
    shown = np.zeros((size, size), np.int8)
    for row, column in _alignment_places(size):
        shown[row - 2 : row + 3, column - 2 : column + 3] = _rings(5)
    stripe = np.where(np.arange(size) % 2, -1, 1)
    shown[6, :], shown[:, 6] = stripe, stripe
    corner = np.pad(_rings(7), ((0, 1), (0, 1)), constant_values=-1)
    shown[:8, :8] = corner
    shown[:8, -8:] = corner[:, ::-1]
    shown[-8:, :8] = corner[::-1]
    shown[size - 8, 8] = 1
    if size >= _NAMES_VERSION:
        bits = np.array(list(_version_bits((size - 17) // 4)), np.int8).reshape(6, 3)
        shown[:6, -11:-8], shown[-11:-8, :6] = bits, bits.T
    shown.setflags(write=False)
    return shown


def _rings(size: int) -> NDArray[np.int8]:
    """A black square in a white ring in a black ring."""
    away = np.abs(np.arange(size) - size // 2)
    ring = np.maximum(away[:, None], away)
    return np.where(ring == size // 2 - 1, -1, 1).astype(np.int8)


def _alignment_places(size: int) -> Iterator[tuple[int, int]]:
    """Row and column of the middle of each alignment pattern (Annex E)."""
    version = (size - 17) // 4
    if version < 2:
        return
    count = version // 7 + 2
    step = 26 if version == 32 else (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    along = [6, *sorted(size - 7 - place * step for place in range(count - 1))]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    yield from (place for place in product(along, along) if place not in corners)


def _version_bits(version: int) -> Iterator[int]:
    """The 18 bits of a version, the least first, as 1 and -1: six of data and twelve of the Golay code that
    guards them (Annex D).
    """
    rest = version
    for _ in range(12):
        rest = (rest << 1) ^ ((rest >> 11) * 0x1F25)
    word = version << 12 | rest
    return (1 if word >> bit & 1 else -1 for bit in range(18))
