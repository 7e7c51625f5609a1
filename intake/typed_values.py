"""What was typed in a box: its lines read twice, held to the signs of its kind, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from forms.layout import comb_pitch, normalise
from forms.model import Check, Comb, Date, Field, Period
from intake.lettering import measure_lettering, typed_odds
from intake.line_recognition import SPANISH, Line, read_line
from intake.sampling import Ink
from intake.typed_lines import FRAMES, TypedComb, TypedLine, cut_lines, join_comb

_DIGITS: Final = "0123456789"
_ADDRESS_SIGNS: Final = "".join(sign for sign in SPANISH if sign.isascii() and sign != " ")
_COMMON: Final = re.compile(r"[\w .,\-&/()#°ºª'@+]*")
"""Signs that names, addresses and petitions are made of; a rarer one is more often dust."""
_ODD: Final = re.compile(r"(^|\s)[áéíóúñü]|\b\d+[a-záéíóúñü]{2}|[a-záéíóúñü]\d")
"""Small accented letters that begin a word and digits in one: mostly capitals and letters misread."""
_SHORTEST: Final = 3
"""Signs that a text has at least; less is what a bad scan left of one."""
_LOOKALIKES: Final = frozenset("O0I1")
"""Signs that a code of letters and digits cannot tell apart in most typefaces."""


_ACCENTABLE: Final = re.compile("[AEIOUN]")
"""Capitals that may have an accent, a tilde or a diaeresis over them."""
_HEADROOM: Final = 0.7
"""Mm under the top of a box within which the accents of capitals run into its line."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """What a box's ink says when it is taken for type.

    ``chance`` is the recogniser's own for the whole text in its less sure view, 0 when its views differ,
    ``rival`` the largest that another sign had anywhere; neither is calibrated. ``odds`` is the logarithm of
    the odds that it was typed at all; ``sound`` is false when signs were seen that the kind seldom holds, or
    accents may be hidden.
    """

    text: str
    chance: float
    rival: float
    odds: float
    sound: bool


def read_typed(ink: Ink, field: Field, *, digits_only: bool = False) -> TypedValue | None:
    """Read a residue as type; nothing when there is no ink in it. ``digits_only`` narrows a comb that may
    hold letters.
    """
    if comb := comb_pitch(field):
        joined = join_comb(ink, *comb)
        return _read_comb(joined, field, digits_only=digits_only) if joined else None
    lines = cut_lines(ink)
    if not lines:
        return None
    signs = _ADDRESS_SIGNS if Check.EMAIL in field.checks else SPANISH
    views = [_whole([read_line(line.views[view], signs) for line in lines]) for view in range(len(FRAMES))]
    text = views[0].text
    # The box's own line hides what stands on it: the accent of a capital right under it.
    hidden = lines[0].headroom < _HEADROOM and _ACCENTABLE.search(text)
    plain = Check.EMAIL in field.checks or (_COMMON.fullmatch(text) and not _ODD.search(text))
    plain = plain and len(text) >= _SHORTEST
    sound = bool(plain and not hidden)
    return TypedValue(text, _agreed(views), _rival(views), _odds(lines), sound)


def _whole(lines: Sequence[Line]) -> Line:
    """The lines of a box as one text."""
    text = normalise(" ".join(line.text for line in lines))
    return Line(text, prod(line.chance for line in lines), max(line.rival for line in lines))


def _agreed(views: Sequence[Line]) -> float:
    same = all(view.text == views[0].text for view in views) and bool(views[0].text)
    return min(view.chance for view in views) if same else 0.0


def _rival(views: Sequence[Line]) -> float:
    return max(view.rival for view in views)


def _odds(lines: Sequence[TypedLine]) -> float:
    """The odds of type, over all lines of the box: handwriting in one of them is handwriting."""
    measured = [found for line in lines if (found := measure_lettering(line.ink, line.dark)) is not None]
    return min((typed_odds(found) for found in measured), default=0.0)


def _read_comb(comb: TypedComb, field: Field, *, digits_only: bool) -> TypedValue:
    views = [read_line(view, _comb_signs(field, digits_only=digits_only)) for view in comb.line.views]
    text, placed = _in_cells(views[0].text, comb.inked, field)
    letters = any(sign.isalpha() for sign in text)
    sound = placed and comb.even and not (letters and _LOOKALIKES & set(text))
    return TypedValue(text, _agreed(views), _rival(views), _odds([comb.line]), sound)


def _in_cells(text: str, inked: Sequence[bool], field: Field) -> tuple[str, bool]:
    """The value that signs make in the cells that they stand in, and whether there is one to a cell from
    the first on. The dashes of a day or month may be left out, or be other strokes.
    """
    if len(text) != sum(inked):
        return text, False
    signs = iter(text)
    cells = "".join(next(signs) if there else " " for there in inked).rstrip()
    if not isinstance(field.kind, Date | Period):
        return cells.replace(" ", ""), " " not in cells
    if cells.isdigit():
        cells = "-".join(part for part in (cells[:4], cells[4:6], cells[6:]) if part)
    return re.sub(r"(?<=^.{4})[ /.]|(?<=^.{7})[ /.]", "-", cells), True


def _comb_signs(field: Field, *, digits_only: bool) -> str:
    match field.kind:
        case Date() | Period():
            return _DIGITS + "-/."
        case Comb(alphabet=alphabet) if not digits_only:
            return alphabet
        case _:
            return _DIGITS
