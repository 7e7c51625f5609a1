"""The reliability diagram of handwritten numbers: what was promised against what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

_EDGES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 0.99, 0.999, 1.0)
_SIDE: Final = 360
_MARGIN: Final = 46


@dataclass(frozen=True, slots=True)
class Row:
    """Numbers whose confidence lies from ``low`` up to ``high``: its mean, and the share that was right."""

    low: float
    high: float
    promised: float
    kept: float
    count: int


def reliability(found: Sequence[tuple[float, bool]]) -> list[Row]:
    """The rows of the table, those left out that no number fell into."""
    chances, right = (np.array(column, np.float64) for column in zip(*found, strict=True))
    places = np.clip(np.searchsorted(_EDGES, chances, "right") - 1, 0, len(_EDGES) - 2)
    return [
        Row(
            _EDGES[place],
            _EDGES[place + 1],
            float(chances[places == place].mean()),
            float(right[places == place].mean()),
            int((places == place).sum()),
        )
        for place in range(len(_EDGES) - 1)
        if (places == place).any()
    ]


def draw_reliability(rows: Sequence[Row]) -> str:
    """An SVG: promised to the right, kept upwards, the area of a dot by how many numbers it stands for."""

    def x(value: float) -> float:
        return round(_MARGIN + value * _SIDE, 1)

    def y(value: float) -> float:
        return round(_MARGIN + (1 - value) * _SIDE, 1)

    total = sum(row.count for row in rows)
    dots = [
        f'<circle cx="{x(row.promised)}" cy="{y(row.kept)}" r="{3 + 18 * (row.count / total) ** 0.5:.1f}"'
        f' fill="#1f5fa8" fill-opacity="0.55">'
        f"<title>{row.count}: {row.promised:.4f} → {row.kept:.4f}</title></circle>"
        for row in rows
    ]
    ticks = [
        f'<text x="{x(value)}" y="{y(0) + 18}" text-anchor="middle">{value:g}</text>'
        f'<text x="{x(0) - 8}" y="{y(value) + 4}" text-anchor="end">{value:g}</text>'
        for value in (0, 0.25, 0.5, 0.75, 1)
    ]
    whole = _SIDE + 2 * _MARGIN
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{whole}"'
            ' font-family="sans-serif" font-size="12">',
            f'<rect x="{x(0)}" y="{y(1)}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>',
            f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#888" stroke-dasharray="4 4"/>',
            *ticks,
            *dots,
            f'<text x="{x(0.5)}" y="{whole - 8}" text-anchor="middle">promised confidence</text>',
            f'<text text-anchor="middle" transform="translate(12 {y(0.5)}) rotate(-90)">share right</text>',
            "</svg>",
            "",
        )
    )
