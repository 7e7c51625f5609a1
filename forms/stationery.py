"""The paper that all our forms share: where marks, symbols and reference stand, and how parts are set.

Marks sit 15 mm inside the edge, since nearer ones were cut off by a skewed scan; the symbols are far
from where people sign, since pen ink across a symbol is what kills it.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.model import Face, Furniture, PageFrame, Rule, Wording

LEFT: Final = 15.0
RIGHT: Final = 195.0
WIDTH: Final = RIGHT - LEFT
FIELD_HEIGHT: Final = 7.0
CELL: Final = 5.0
"""Width in mm of a comb's cell."""

A4_FRAME: Final = PageFrame(
    marks=(Box(15, 15, 8, 8), Box(187, 15, 8, 8), Box(187, 274, 8, 8), Box(15, 274, 8, 8)),
    mark_numbers=(11, 23, 31, 47),
    full_seal=Box(151, 28, 44, 44),
    small_seal=Box(28, 262, 20, 20),
    reference=Box(53, 266, 130, 16),
)


def letterhead(title: str, subtitle: str) -> tuple[Furniture, ...]:
    """The institute's name between the upper marks, the form's title and what it is for."""
    return (
        Wording("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", 26, 18.6, 10.5, Face.STRONG),
        Wording("Trámite: Regeneración de planillas de aportes", 26, 22.8, 8.5),
        Wording(title, LEFT, 34.0, 17, Face.STRONG),
        Wording(subtitle, LEFT, 39.6, 10),
    )


def addressee(baseline: float) -> tuple[Furniture, ...]:
    """The authority that the letter is written to, in the form usual in Ecuador (domain.md §4.1)."""
    return (
        Wording("Señor/a", LEFT, baseline, 9),
        Wording("DIRECTOR/A PROVINCIAL", LEFT, baseline + 4.2, 9, Face.STRONG),
        Wording("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", LEFT, baseline + 8.4, 9, Face.STRONG),
        Wording("Presente.-", LEFT, baseline + 12.6, 9),
    )


def section(number: int, title: str, baseline: float) -> tuple[Furniture, ...]:
    """The heading of a numbered part over a rule as wide as the text."""
    return (
        Wording(f"{number}.  {title}", LEFT, baseline, 9, Face.STRONG),
        Rule(LEFT, baseline + 1.5, RIGHT, baseline + 1.5, 0.35),
    )


def lines(
    texts: tuple[str, ...], baseline: float, *, size: float = 9.0, leading: float = 4.2
) -> tuple[Furniture, ...]:
    """Lines of running text from ``baseline`` down, broken where the caller broke them."""
    return tuple(Wording(text, LEFT, baseline + leading * place, size) for place, text in enumerate(texts))


def comb_box(x: float, y: float, cells: int) -> Box:
    """The box of a comb with that many cells."""
    return Box(x, y, cells * CELL, FIELD_HEIGHT)
