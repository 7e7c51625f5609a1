"""The monthly volumes as a picture: bars on a scale that reads well, as SVG that needs no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from operations.transparency.volumes import MonthlyVolume

_WIDTH: Final = 720
_HEIGHT: Final = 260
_FOOT: Final = 40
_TOP: Final = 10
_LEFT: Final = 52
_RIGHT: Final = 8
_LINES: Final = 4
"""Steps of the scale."""


def draw_volumes(volumes: Sequence[MonthlyVolume]) -> str:
    """Attentions as bars, a month each; the table on the page says the same in numbers."""
    if not volumes:
        return ""
    most = max(each.attentions for each in volumes)
    step = _round_up(most / _LINES)
    first, last = volumes[0].month.label, volumes[-1].month.label
    head = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="grafico" class="plot">'
    title = f'<title id="grafico">Atenciones por mes, de {first} a {last}; el máximo fue {most}</title>'
    return "".join([head, title, *_scale(step), *_bars(volumes, step * _LINES), "</svg>"])


def _scale(step: int) -> Iterator[str]:
    high = _HEIGHT - _FOOT - _TOP
    for line in range(_LINES + 1):
        y = _TOP + high * (1 - line / _LINES)
        yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{line * step}</text>'


def _bars(volumes: Sequence[MonthlyVolume], top: int) -> Iterator[str]:
    high, wide = _HEIGHT - _FOOT - _TOP, (_WIDTH - _LEFT - _RIGHT) / len(volumes)
    for place, each in enumerate(volumes):
        tall, x = high * each.attentions / top, _LEFT + place * wide
        box = (
            f'x="{x + 1:.1f}" y="{_TOP + high - tall:.1f}" width="{max(wide - 2, 1):.1f}" height="{tall:.1f}"'
        )
        yield f"<rect {box}><title>{each.month.label}: {each.attentions}</title></rect>"
        if each.month.month in {1, 7} or len(volumes) < 8:
            middle = f'x="{x + wide / 2:.1f}" y="{_HEIGHT - 18}"'
            yield f'<text {middle} text-anchor="middle">{each.month}</text>'


def _round_up(value: float) -> int:
    """The next number that reads well on an axis: 1, 2 or 5 with zeros behind."""
    scale = 1
    while True:
        for first in (1, 2, 5):
            if first * scale >= value:
                return first * scale
        scale *= 10
