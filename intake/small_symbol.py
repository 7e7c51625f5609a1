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
from intake.sampling import Ink, Paper
from intake.symbol_modules import QUIET, darkness, see_modules, symbol_pattern

SIZE: Final = 29
"""Modules on a side of the small symbol: version 3, which holds 47 signs at level Q; ours has 45."""
BLANK_SIZE: Final = 25
"""Modules on a side of the one on a blank form, which says less."""
SIGNS: Final = 45
_SIGN_VALUES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The alphanumeric mode of ISO/IEC 18004: two signs are one number of 11 bits, a last one has 6."""
_PLAIN: Final = "A" * SIGNS
"""A text that is surely written in that mode; one of digits would not be."""
_MASKS: Final = 8


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
    return darkness(see_modules(paper, frame.small_seal, SIZE)).ravel()


def symbol_picture(frame: PageFrame, per_mm: float) -> Ink:
    """What every small symbol shows, quiet zone included, at so many samples to the mm."""
    side = round((SIZE + 2 * QUIET) * frame.small_seal.width / SIZE * per_mm)
    picture: Ink = cv2.resize(symbol_pattern(SIZE), (side, side), interpolation=cv2.INTER_AREA)
    return picture
