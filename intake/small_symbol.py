"""Weighing what the small symbol of a page may say, where it is too coarse or too grainy to be decoded.

A decoder has to get three of four code words right by themselves. Whoever has a text in mind needs much
less: some 540 modules are compared at once with the symbol that the text would give, and one of which each
fourth module looks wrong still tells its own text from every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from forms.model import PageFrame
from intake.sampling import Grid, Ink, Paper

SIZE: Final = 29
"""Modules on a side of the small symbol: version 3, which holds 47 signs at level Q; ours has 45."""
SIGNS: Final = 45
_SIGN_VALUES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The alphanumeric mode of ISO/IEC 18004: two signs are one number of 11 bits, a last one has 6."""
_PLAIN: Final = "A" * SIGNS
"""A text that is surely written in that mode; one of digits would not be."""
_MASKS: Final = 8
_STEP: Final = 6
"""Samples to a module."""
_QUIET: Final = 2
"""Modules of bare paper around the symbol by which its place is told, of the four that are printed."""
_REACH: Final = 2.0
"""Mm around its place that the symbol is looked for in: pages held by a few dark squares are 1 mm off."""
_PULL: Final = 4
"""Samples around its place that each finder is looked for in by itself, once the symbol was found."""
_FINDER: Final = 8
"""Modules of a finder with its light seam."""
_AROUND: Final = 9
"""Modules on a side of the area that a module must be darker than: an eighth of the symbol, of which masking
makes half black.
"""


@dataclass(frozen=True, slots=True)
class SymbolMap:
    """How a text becomes modules: ``base`` are those of a plain text under mask 0, and each bit in which a
    text differs from that turns over the modules in its row of ``turned``; so do the eight ``masks``.
    """

    base: NDArray[np.bool_]
    turned: Ink
    masks: NDArray[np.bool_]

    @property
    def telling(self) -> NDArray[np.bool_]:
        """The modules that depend on the text at all."""
        found: NDArray[np.bool_] = self.turned.max(axis=0) > 0
        return found

    def turned_from(self, sign: int) -> NDArray[np.bool_]:
        """The modules that depend on the signs from that place on: which bits they take starts a pair."""
        found: NDArray[np.bool_] = self.turned[sign // 2 * 11 :].max(axis=0) > 0
        return found


@cache
def symbol_map() -> SymbolMap:
    """The map of the small symbol, learnt from the very encoder that prints it: its error correction
    is linear, so one symbol for each bit says all.
    """
    base = _drawn(_PLAIN, 0)
    turned = []
    for pair in range(0, SIGNS, 2):
        length = min(2, SIGNS - pair)
        plain = _value_of(_PLAIN[pair : pair + length])
        for bit in reversed(range(11 if length == 2 else 6)):
            text = _PLAIN[:pair] + _signs_of(plain ^ (1 << bit), length) + _PLAIN[pair + length :]
            turned.append(_drawn(text, 0) ^ base)
    masks = [_drawn(_PLAIN, mask) ^ base for mask in range(_MASKS)]
    return SymbolMap(base, np.array(turned, np.float32), np.array(masks))


def _value_of(signs: str) -> int:
    value = 0
    for sign in signs:
        value = value * 45 + _SIGN_VALUES.index(sign)
    return value


def _signs_of(value: int, length: int) -> str:
    return _SIGN_VALUES[value] if length == 1 else _SIGN_VALUES[value // 45] + _SIGN_VALUES[value % 45]


def _drawn(text: str, mask: int) -> NDArray[np.bool_]:
    """The modules of a text under a mask, true where black, row by row."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q", dataMask=mask)
    black: NDArray[np.bool_] = np.asarray(made.to_image(scale=1, add_quiet_zones=False)).ravel() == 0
    if black.size != SIZE * SIZE:
        raise ValueError("the text makes no small symbol")
    return black


def modules_of(texts: Sequence[str]) -> NDArray[np.bool_]:
    """The modules of each text under mask 0: an array texts × modules."""
    known = symbol_map()
    differing = np.abs(_bits(texts) - _bits([_PLAIN]))
    odd: NDArray[np.bool_] = (differing @ known.turned).astype(np.int32) % 2 == 1
    return odd ^ known.base


def _bits(texts: Sequence[str]) -> Ink:
    place = np.zeros(128, np.int64)
    place[[ord(sign) for sign in _SIGN_VALUES]] = np.arange(len(_SIGN_VALUES))
    signs = place[np.frombuffer("".join(texts).encode("ascii"), np.uint8).reshape(len(texts), SIGNS)]
    pairs = signs[:, :-1:2] * 45 + signs[:, 1::2]
    bits = (pairs[:, :, None] >> np.arange(10, -1, -1)) & 1
    last = (signs[:, -1:] >> np.arange(5, -1, -1)) & 1
    found: Ink = np.concatenate([bits.reshape(len(texts), -1), last], axis=1).astype(np.float32)
    return found


def likenesses(seen: Ink, modules: NDArray[np.bool_], among: NDArray[np.bool_]) -> Ink:
    """The correlation of the modules that were seen with each row of ``modules``, under each of the eight
    masks and over the modules ``among``: an array rows × masks.
    """
    known = symbol_map()
    signed = np.where(known.masks[:, among], -seen[among], seen[among])
    # A stamp's black or a hole's white must not outweigh what all others say.
    signed = np.clip(signed, -2 * signed.std(), 2 * signed.std())
    signed = signed / max(float(np.linalg.norm(signed[0])), 1e-6)
    meant = np.where(modules[:, among], np.float32(1.0), np.float32(-1.0))
    found: Ink = meant @ signed.T.astype(np.float32) / np.sqrt(among.sum(), dtype=np.float32)
    return found


def see_small_symbol(paper: Paper, frame: PageFrame) -> Ink:
    """How much darker than its surroundings each module of the symbol is, row by row, where it was found."""
    module = frame.small_seal.width / SIZE
    reach = round(_REACH / module * _STEP)
    side = (SIZE + 2 * _QUIET) * _STEP
    edge = _QUIET * module + reach * module / _STEP
    left, top = frame.small_seal.x - edge, frame.small_seal.y - edge
    wide = paper.sample(Grid(left, top, _STEP / module, side + 2 * reach, side + 2 * reach))
    # Each sample stands for its module: grain finer than that is smoothed away.
    scene: Ink = cv2.GaussianBlur(wide, (0, 0), 0.35 * _STEP)
    answer = cv2.matchTemplate(scene, _pattern(), cv2.TM_CCOEFF_NORMED)
    _, _, _, (right, down) = cv2.minMaxLoc(answer)
    centres = _centres(scene, right + _QUIET * _STEP, down + _QUIET * _STEP)
    cells = cv2.remap(scene, *centres, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    found: Ink = (cells - cv2.blur(cells, (_AROUND, _AROUND))).ravel()
    return found


def _centres(scene: Ink, left: int, top: int) -> tuple[Ink, Ink]:
    """Where the middles of the modules lie (columns, rows), by the three finders around their places."""
    reach = _FINDER * _STEP
    meant, seen = [], []
    for column, row in ((0, 0), (SIZE - _FINDER, 0), (0, SIZE - _FINDER)):
        x, y = column * _STEP, row * _STEP
        print_ = _pattern()[y + _QUIET * _STEP :, x + _QUIET * _STEP :][:reach, :reach]
        area = scene[top + y - _PULL :, left + x - _PULL :][: reach + 2 * _PULL, : reach + 2 * _PULL]
        _, _, _, (right, down) = cv2.minMaxLoc(cv2.matchTemplate(area, print_, cv2.TM_CCOEFF_NORMED))
        meant.append((x, y))
        seen.append((left + x + right - _PULL, top + y + down - _PULL))
    held = cv2.getAffineTransform(np.array(meant, np.float32), np.array(seen, np.float32))
    middles = (np.arange(SIZE) + 0.5) * _STEP - 0.5
    across, below = np.meshgrid(middles, middles)
    places = np.stack((across, below, np.ones_like(across))).reshape(3, -1)
    right, down = (held @ places).astype(np.float32).reshape(2, SIZE, SIZE)
    return right, down


def symbol_picture(frame: PageFrame, per_mm: float) -> Ink:
    """What every small symbol shows, quiet zone included, at so many samples to the mm."""
    side = round((SIZE + 2 * _QUIET) * frame.small_seal.width / SIZE * per_mm)
    picture: Ink = cv2.resize(_pattern(), (side, side), interpolation=cv2.INTER_AREA)
    return picture


@cache
def _pattern() -> Ink:
    """What every small symbol shows: finders, timing and the quiet zone; half grey where texts differ."""
    known = symbol_map()
    free = known.telling | known.masks.any(axis=0)
    shown = np.where(free, np.float32(0.0), np.where(known.base, np.float32(0.5), np.float32(-0.5)))
    framed = np.pad(shown.reshape(SIZE, SIZE), _QUIET, constant_values=-0.5)
    fine: Ink = np.kron(framed, np.ones((_STEP, _STEP), np.float32)).astype(np.float32)
    blurred: Ink = cv2.GaussianBlur(fine, (0, 0), 0.35 * _STEP)
    return blurred
