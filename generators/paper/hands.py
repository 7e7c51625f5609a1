"""How people sign: eight hands, from a legible name to a scrawl, as pen strokes without a size.

A signature is its writer's name worn down by speed: letters flatten after the first, pen lifts
disappear, and in Latin America a *rúbrica* (a flourish under or around the name) usually ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from generators.paper.letters import Stroke, moved, write

Random = np.random.Generator

_GIVEN: Final = (
    *("Maria", "Jose", "Luis", "Ana", "Carlos", "Rosa", "Pedro", "Elena"),
    *("Jorge", "Luz", "Victor", "Diana", "Byron", "Sandra", "Ramiro"),
)
_FAMILY: Final = (
    *("Guaman", "Perez", "Chimbo", "Andi", "Yepez", "Munoz", "Cardenas"),
    *("Ibarra", "Vera", "Toapanta", "Quishpe", "Rivas", "Loor"),
)


def draw_signature(rng: Random, hand: str | None = None) -> list[Stroke]:
    """One signature in a hand of :data:`HANDS` (any when none is named): strokes with y growing downwards,
    1 wide and as high as the hand makes it, from the top-left corner of what is inked.
    """
    strokes = HANDS[hand or str(rng.choice(sorted(HANDS)))](rng)
    slant, climb = float(rng.uniform(-0.05, 0.5)), float(rng.uniform(-0.03, 0.16))
    tilted = [
        np.column_stack((stroke[:, 0] + slant * stroke[:, 1], stroke[:, 1] + climb * stroke[:, 0]))
        for stroke in strokes
    ]
    every = np.vstack(tilted)
    low, high = every.min(axis=0), every.max(axis=0)
    size = max(float(high[0] - low[0]), 1e-6)
    return [np.column_stack((stroke[:, 0] - low[0], high[1] - stroke[:, 1])) / size for stroke in tilted]


def _hasty(strokes: list[Stroke], rng: Random, wear: float, narrow: float = 1.0) -> list[Stroke]:
    """Writing done fast: letters flatten towards the end by ``wear`` (0 to 1), and points stray."""
    width = max(float(stroke[:, 0].max()) for stroke in strokes) or 1.0
    waves, phase = rng.uniform(0.5, 2.0, 2), rng.uniform(0, 2 * np.pi, 2)
    done = []
    for stroke in strokes:
        along = stroke[:, 0] / width
        height = 1 - wear * np.clip(along * 1.25, 0, 1) ** 0.7
        strain = 1 + 0.18 * np.sin(2 * np.pi * waves[0] * along + phase[0])
        drift = 0.5 * np.sin(2 * np.pi * waves[1] * along + phase[1])
        stray = rng.normal(0, 0.16 + 0.25 * wear, stroke.shape)
        x = stroke[:, 0] * narrow + stray[:, 0]
        y = stroke[:, 1] * height * strain + drift + stray[:, 1] * (0.4 + 0.6 * height)
        done.append(np.column_stack((x, y)))
    return done


def _name(rng: Random) -> list[Stroke]:
    """A legible given name and family name."""
    text = f"{rng.choice(_GIVEN)} {str(rng.choice(_FAMILY))[: int(rng.integers(4, 9))]}"
    return _hasty(write(text), rng, float(rng.uniform(0, 0.3)), float(rng.uniform(0.8, 1.1)))


def _short_name(rng: Random) -> list[Stroke]:
    """An initial and a family name, often underlined by the stroke that ends it."""
    text = f"{str(rng.choice(_GIVEN))[0]}. {rng.choice(_FAMILY)}"
    strokes = _hasty(write(text), rng, float(rng.uniform(0.1, 0.45)))
    if rng.random() < 0.6:
        end = max(float(stroke[:, 0].max()) for stroke in strokes)
        back = [[end, -1.0], [end * 0.6, -2.6], [end * 0.1, -2.9], [end * 0.35, -3.4], [end * 1.05, -1.9]]
        strokes.append(np.array(back) + rng.normal(0, 0.3, (5, 2)))
    return strokes


def _worn(rng: Random) -> list[Stroke]:
    """A large initial and a name that soon runs out into a line."""
    initial = [stroke * (1.5, 1.7) for stroke in write(str(rng.choice(_FAMILY))[0])]
    start = max(float(stroke[:, 0].max()) for stroke in initial) * float(rng.uniform(0.55, 0.9))
    tail = _hasty(write(str(rng.choice(_FAMILY)).lower()), rng, float(rng.uniform(0.65, 0.95)), 1.15)
    tail[0] = np.vstack((tail[0], tail[0][-1] + [[4.0, 0.4], [9.0, float(rng.uniform(-0.5, 2.5))]]))
    return [*_hasty(initial, rng, 0.0), *moved(tail, start, 0.6)]


def _initials(rng: Random) -> list[Stroke]:
    """Two or three capitals that run into each other, sometimes struck through."""
    strokes: list[Stroke] = []
    x = 0.0
    for _ in range(int(rng.integers(2, 4))):
        letter = write(str(rng.choice(_FAMILY if strokes else _GIVEN))[0])
        size = float(rng.uniform(0.8, 1.3))
        strokes += [stroke * size + (x, float(rng.normal(0, 0.5))) for stroke in letter]
        x += max(float(stroke[:, 0].max()) for stroke in letter) * size * float(rng.uniform(0.6, 1.0))
    if rng.random() < 0.5:
        strokes.append(np.array([[-2.0, 2.4], [x * 0.5, 3.4], [x + 4.0, 4.2]]) + rng.normal(0, 0.3, (3, 2)))
    return _hasty(strokes, rng, 0.0)


def _rubric(rng: Random) -> list[Stroke]:
    """A worn name and a *rúbrica* that winds back under it in flat loops."""
    strokes = _hasty(write(str(rng.choice(_GIVEN))), rng, float(rng.uniform(0.2, 0.7)))
    end = max(float(stroke[:, 0].max()) for stroke in strokes)
    turns = int(rng.integers(2, 5))
    t = np.linspace(0, turns, turns * 10)
    reach = end * (0.5 + 0.1 * np.sin(3 * t))
    x = end * 0.5 + reach * np.cos(2 * np.pi * t) * np.linspace(1, 0.75, t.size) + 1.2 * t
    y = -2.2 - 0.75 * t + np.linspace(1.5, 0.8, t.size) * np.sin(2 * np.pi * t - 0.5)
    winding = np.column_stack((x, y)) + rng.normal(0, 0.12, (t.size, 2))
    tail = winding[-1] + [[end * 0.35, 0.6], [end * 0.6, 2.0]]
    return [*strokes, np.vstack((winding, tail))]


def _ringed(rng: Random) -> list[Stroke]:
    """Initials inside one sweeping oval that the last stroke leaves."""
    strokes = _initials(rng)
    every = np.vstack(strokes)
    middle, half = (every.min(axis=0) + every.max(axis=0)) / 2, np.ptp(every, axis=0) / 2
    t = np.linspace(0.2, 0.2 + float(rng.uniform(1.0, 1.7)) * 2 * np.pi, 30)
    swell = np.linspace(1.15, 1.5, t.size)
    oval = middle + np.column_stack((np.cos(t) * half[0] * swell * 1.2, np.sin(t) * half[1] * swell))
    pull = oval[-1] - oval[-2]
    leave = oval[-1] + np.outer((1.0, 2.2, 3.6), pull) + np.outer((0.1, 0.5, 1.2), (half[0] * 0.5, 0.0))
    return [*strokes, np.vstack((oval + rng.normal(0, 0.12, oval.shape), leave))]


def _loops(rng: Random) -> list[Stroke]:
    """A chain of slanted loops, large at first, closed by a stroke across."""
    turns = float(rng.uniform(3.5, 7.5))
    t = np.linspace(0, turns, int(turns * 12))
    size = np.interp(t, np.arange(9), rng.uniform(0.5, 1.0, 9) * 4.2)
    size = size * np.linspace(1.1, 0.55, t.size)
    x = 3.4 * t + size * 0.55 * np.cos(2 * np.pi * t + np.pi)
    chain = np.column_stack((x, size * np.sin(2 * np.pi * t))) + rng.normal(0, 0.1, (t.size, 2))
    strokes: list[Stroke] = [np.vstack((chain, chain[-1] + [[5.0, 1.0], [11.0, 0.5]]))]
    if rng.random() < 0.7:
        end = float(chain[:, 0].max())
        strokes.append(
            np.array([[end * 0.9, 2.2], [end * 0.4, 0.4], [-1.5, -1.4]]) + rng.normal(0, 0.4, (3, 2))
        )
    return strokes


def _jagged(rng: Random) -> list[Stroke]:
    """Sharp strokes up and down of uneven height, dense at first, then a long tail and a bar."""
    peaks = int(rng.integers(4, 9))
    steps = rng.uniform(0.5, 2.4, 2 * peaks) * np.linspace(0.7, 1.5, 2 * peaks)
    x = np.cumsum(steps) + np.tile((0.9, -0.9), peaks)
    top = rng.uniform(2.5, 8.5, peaks) * np.linspace(1.1, 0.5, peaks)
    y = np.column_stack((rng.uniform(-2.5, 0.6, peaks), top)).ravel()
    tail = [[x[-1] + 2.0, -0.5], [x[-1] + 7.0, 0.8], [x[-1] + float(rng.uniform(9, 15)), 0.2]]
    strokes: list[Stroke] = [np.vstack((np.column_stack((x, y)), tail))]
    if rng.random() < 0.6:
        strokes.append(np.array([[x[0], -3.0], [x[-1] * 0.7, -2.0], [x[-1] + 4.0, -2.6]]))
    return strokes


HANDS: Final[dict[str, Callable[[Random], list[Stroke]]]] = {
    "name": _name,
    "short-name": _short_name,
    "worn": _worn,
    "initials": _initials,
    "rubric": _rubric,
    "ringed": _ringed,
    "loops": _loops,
    "jagged": _jagged,
}
"""Kinds of signature; whoever tunes a reader holds some back."""
