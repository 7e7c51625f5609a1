"""Printed signs as worn scans show them, beside what should stand there and beside what should not.

A page is issued, printed, damaged and scanned; the reader's own code finds it and cuts its cells. Each cell
is then paired with its own sign (what an honest paper gives) and with another one (what a forged paper gives:
to the reader it is the same whether the print or the expectation was changed). On some pages people wrote
over signs by hand; those are no longer what they should be.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.damages import KINDS
from bench.material import KEYS, Paper, random_paper
from forms.geometry import Box
from forms.model import Edition
from generators.paper.ink import Random, draw_strokes, random_pen, strike, write_over
from generators.paper.sheets import Sheet, white_out
from intake.appearance import show_as_page
from intake.comparison import LaidStrip, as_shown, page_appearance
from intake.expectation import expected_strip, glyphs
from intake.identification import identify, locate
from intake.known_values import lay_values
from intake.ranking import BLANK
from intake.sampling import Ink
from intake.second_look import windows
from intake.strips import TEXT_CELL, CellShape, Strip, expected_text, strips_of

HONEST: Final = 0
BY_HAND: Final = 1
UNCLEAR: Final = 2
"""What stands in a cell: its own print, something written over it, or perhaps a neighbour's stroke."""

_SCALE, _ZERO = 120.0, 0.4
"""Ink from -0.4 to 1.725 as bytes."""
_SPACES: Final = 0.12
"""Share of the blank cells that are kept: there are more of them than of all others."""
_LOUD: Final = 0.05
"""Mean difference from what is expected from which a blank cell is kept anyway: folds, stains, stamps."""
_BY_HAND_PAGES: Final = 0.45
_KINDS: Final = (
    (0.55, "harsh, mixed"),
    (0.66, "moderate, mixed"),
    (0.71, "extreme, mixed"),
)
"""Up to which chance a page is treated so; the others get one kind of damage by itself."""
_SINGLE: Final = tuple(name for name in KINDS if "mixed" not in name and name != "full code half gone")


@dataclass(frozen=True, slots=True)
class SignCells:
    """Cells n × rows × columns as bytes: ``seen``, as expected (``own``), and with ``other`` signs expected.

    ``state`` is HONEST, BY_HAND or UNCLEAR; ``text`` and ``others`` are the signs; ``kind`` the damage.
    """

    seen: NDArray[np.uint8]
    own: NDArray[np.uint8]
    other: NDArray[np.uint8]
    state: NDArray[np.uint8]
    text: str
    others: str
    kind: str


def packed(ink: Ink) -> NDArray[np.uint8]:
    """Ink as bytes."""
    return np.asarray(np.clip((ink + _ZERO) * _SCALE, 0, 255), np.uint8)


def unpacked(cells: NDArray[np.uint8]) -> Ink:
    """Ink of bytes."""
    return (cells.astype(np.float32) / np.float32(_SCALE)) - np.float32(_ZERO)


def cells_of_page(seed: int, place: int) -> SignCells | None:
    """The cells of one page; nothing where the page cannot be told."""
    rng = np.random.default_rng((seed, place))
    paper = random_paper(rng)
    written: frozenset[tuple[str, int, int]] = frozenset()
    if rng.random() < _BY_HAND_PAGES:
        paper, written = _write_over_signs(paper, rng)
    chance = rng.random()
    kind = next((name for most, name in _KINDS if chance < most), None) or str(rng.choice(_SINGLE))
    located = locate(KINDS[kind].apply(paper, rng))
    if located is None:
        return None
    identity, held = identify(located, KEYS)
    if identity is None or identity.document is None:
        return None
    strips = [strip for strip in strips_of(paper.edition) if strip.page == identity.page]
    _, look, laid = lay_values(held, paper.edition, strips, paper.values)
    appearance = page_appearance([view for view in laid if view.text.strip()])
    parts = [
        _strip_cells(view, shown, _drawn_again(paper.edition, view, look.blur, appearance, rng), written, rng)
        for view, shown in zip(laid, as_shown(laid), strict=True)
    ]
    seen, own, other, state, text, others = zip(*parts, strict=True)
    joined = [np.concatenate(part) for part in (seen, own, other, state)]
    return SignCells(joined[0], joined[1], joined[2], joined[3], "".join(text), "".join(others), kind)


Drawn = tuple[NDArray[np.uint8], str]
Part = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], str, str]


def _strip_cells(
    view: LaidStrip, shown: LaidStrip, drawn: Drawn, written: frozenset[tuple[str, int, int]], rng: Random
) -> Part:
    """One strip's cells; of its blank ones some."""
    strip = view.strip
    other, signs = drawn
    hits = {place for field, line, place in written if (field, line) == (strip.field, strip.line)}
    state = np.array(
        [
            BY_HAND if place in hits else UNCLEAR if hits & {place - 1, place + 1} else HONEST
            for place in range(strip.cells)
        ],
        np.uint8,
    )
    printed = np.array([sign != BLANK for sign in view.text])
    seen, own = windows(strip, view.seen), windows(strip, shown.picture)
    loud = np.abs(seen - own).mean(axis=(1, 2)) > _LOUD
    kept = np.flatnonzero(printed | loud | (state == BY_HAND) | (rng.random(strip.cells) < _SPACES))
    return (
        packed(seen[kept]),
        packed(own[kept]),
        other[kept],
        state[kept],
        "".join(view.text[place] for place in kept),
        "".join(signs[place] for place in kept),
    )


def _drawn_again(edition: Edition, view: LaidStrip, blur: int, appearance: Ink | None, rng: Random) -> Drawn:
    """Each cell with another sign, its neighbours as they are: every third is changed at a time."""
    strip, phases = view.strip, 3
    signs = [_other_sign(sign, strip, rng) for sign in view.text]
    cells = np.zeros_like(packed(windows(strip, view.picture)))
    for phase in range(phases):
        text = "".join(
            signs[place] if place % phases == phase else sign for place, sign in enumerate(view.text)
        )
        picture = expected_strip(edition, strip, text, blur)
        if appearance is not None and view.text.strip():
            picture = show_as_page(picture, appearance)
        cells[phase::phases] = packed(windows(strip, picture)[phase::phases])
    return cells, "".join(signs)


def _other_sign(sign: str, strip: Strip, rng: Random) -> str:
    """What might stand there instead: nothing, a sign that looks much alike, or any of its kind."""
    letters = [other for other in strip.alphabet if other.isalnum() and other != sign]
    if sign == BLANK:
        return str(rng.choice(letters if rng.random() < 0.8 else list(strip.alphabet)))
    chance = rng.random()
    if chance < 0.12 or not letters:
        return BLANK
    if chance < 0.5:
        return str(rng.choice(_most_alike(sign, strip.shape, strip.alphabet)))
    digits = [other for other in letters if other.isdigit()]
    among = digits if sign.isdigit() and digits and rng.random() < 0.8 else letters
    return str(rng.choice(among))


@cache
def _most_alike(sign: str, shape: CellShape, alphabet: str) -> tuple[str, ...]:
    """The dozen signs whose pictures differ least."""
    others = [other for other in dict.fromkeys(alphabet + BLANK) if other != sign]
    pictures = glyphs("".join(others), shape, 2).reshape(len(others), -1)
    apart = np.square(pictures - glyphs(sign, shape, 2).reshape(-1)).sum(axis=1)
    return tuple(others[place] for place in np.argsort(apart)[:12])


def _write_over_signs(paper: Paper, rng: Random) -> tuple[Paper, frozenset[tuple[str, int, int]]]:
    """The paper after somebody changed signs with a pen, and which cells (field, line, place)."""
    sheet, written = paper.sheet, set[tuple[str, int, int]]()
    strips = strips_of(paper.edition)
    for _ in range(int(rng.integers(10, 30))):
        strip = strips[int(rng.integers(len(strips)))]
        field = paper.edition.field(strip.field)
        text = expected_text(field, strip, paper.values.get(strip.field, ""))
        printed = [place for place, sign in enumerate(text) if sign != BLANK]
        chosen = printed if printed and rng.random() < 0.8 else range(strip.cells)
        first = int(rng.choice(chosen))
        end = min(first + int(rng.integers(2, 6)), strip.cells) if rng.random() < 0.25 else first + 1
        sheet = _write(sheet, strip, first, end, rng)
        written |= {(strip.field, strip.line, place) for place in range(first, end)}
    return dataclasses.replace(paper, sheet=sheet), frozenset(written)


def _write(sheet: Sheet, strip: Strip, first: int, end: int, rng: Random) -> Sheet:
    """Several signs are struck out; one gets a sign over it or over correction fluid, or a stroke more."""
    shape, pen = strip.shape, random_pen(rng)
    left, wide = strip.left + first * shape.pitch / shape.per_mm, shape.width / shape.per_mm
    middle = strip.top + shape.height / shape.per_mm * (0.58 if shape is TEXT_CELL else 0.5)
    if end - first > 1:
        across = (end - first) * shape.pitch / shape.per_mm
        return strike(sheet, Box(left, middle - 0.8, across, 1.6), rng, pen)
    if rng.random() < 0.67:
        over = Box(left, middle - 2.1, wide, 4.2)
        if rng.random() < 0.2:
            sheet = white_out(sheet, over.grown(-0.2))
        return write_over(sheet, over, str(rng.choice(list("0123456789137489AEX"))), rng, pen=pen)
    angle, reach = rng.uniform(0, math.pi), rng.uniform(0.9, 1.6)
    centre = np.array([left + wide / 2, middle]) + rng.uniform(-0.3, 0.3, 2)
    step = np.array([math.cos(angle), math.sin(angle)]) * reach
    return draw_strokes(sheet, [np.array([centre - step, centre, centre + step])], pen, rng)
