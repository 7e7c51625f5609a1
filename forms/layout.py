"""Where every character of a value stands on the page: the truth shared by pen and eye.

The drawing room prints these runs and the reading room looks for them, so neither has an opinion of
its own about wrapping, pitch or position.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, assert_never

from forms.geometry import POINT, Box
from forms.model import (
    COMB_SIZE,
    MONO_ADVANCE,
    VALUE_LEADING,
    VALUE_PITCH,
    VALUE_SIZE,
    Annex,
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Mark,
    Paragraph,
    Period,
    Signature,
    Text,
    Values,
)

TICK: Final = "X"
"""What is printed in the box of a chosen option."""
TICK_BOX: Final = 4.0
"""Side of a tick box in mm."""
CAP_HEIGHT: Final = 0.698
"""Height of a capital of the value font, in ems."""
PADDING: Final = 1.4
"""Free space in mm between the edge of a box and its first character."""
PRINTABLE: Final = frozenset(
    chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180)) if code not in {0xAD, 0x149}
)
"""Every character that a value may hold: Basic Latin, Latin-1 and Latin Extended-A."""


_PLAIN: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\uff07", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\uff02", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys((*map(chr, range(0x2000, 0x200B)), "\u202f", "\u205f", "\u3000"), " ")
    | dict.fromkeys("\u2028\u2029", "\n")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
    | {"\u2026": "...", "\ufb01": "fi", "\ufb02": "fl"}
)
"""What telephones, word processors and copied pages write in place of plain signs: curly quotes, dashes,
points run together, spaces and marks that one does not see. None of them is printable, so that no value that
was ever sealed holds one.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters at one pitch on one line: ``x`` is the left of the first glyph, all in mm.

    ``size`` is in points. A blank in ``text`` is a place that must stay empty.
    """

    field: str
    text: str
    x: float
    baseline: float
    pitch: float
    size: float
    page: int

    def glyph_box(self, index: int) -> Box:
        """The cell of the glyph at ``index``: its advance wide, one em high, ascent four fifths."""
        em = self.size * POINT
        return Box(self.x + index * self.pitch, self.baseline - 0.8 * em, MONO_ADVANCE * em, em)


def normalise(value: str) -> str:
    """The one spelling of a value: NFC, plain quotes and dashes, single blanks, no blank at the ends; line
    ends are kept.

    >>> print(normalise("D\u2019Angelo  \u2013 \u201cSur\u201d"))
    D'Angelo - "Sur"
    """
    plain = unicodedata.normalize("NFC", value.translate(_PLAIN))
    lines = plain.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in lines).strip("\n")


def normalise_values(values: Values) -> Values:
    """All values in their one spelling; what is empty after that counts as not given."""
    spelled = {name: normalise(value) for name, value in values.items()}
    return {name: value for name, value in spelled.items() if value}


def columns(field: Field) -> int:
    """How many characters of running text stand on one line of the field's box."""
    return int((field.box.width - 2 * PADDING + 1e-6) / VALUE_PITCH)


def wrap(text: str, width: int) -> list[str]:
    """Break at blanks, greedily; a word longer than a line is broken where the line ends.

    >>> wrap("uno dos tres", 7)
    ['uno dos', 'tres']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) <= width:
                line = f"{line} {word}"
                continue
            if line:
                lines.append(line)
            while len(word) > width:
                lines.append(word[:width])
                word = word[width:]
            line = word
        lines.append(line)
    return lines


def room(field: Field) -> int:
    """The largest number of characters that the field may ever hold (a paragraph: lines × columns)."""
    match field.kind:
        case Text():
            return columns(field)
        case Paragraph(lines=lines):
            return columns(field) * lines
        case Comb(cells=cells):
            return cells
        case Date():
            return 10
        case Period():
            return 7
        case Choice() | Mark():
            return max(len(value) for value in accepted(field))
        case Signature() | Annex():
            return 0
        case _:
            assert_never(field.kind)


def accepted(field: Field) -> tuple[str, ...]:
    """The only values that a choice or a mark may have; empty for every other kind."""
    if isinstance(field.kind, Choice):
        return tuple(option.value for option in field.kind.options)
    return ("yes",) if isinstance(field.kind, Mark) else ()


def overflow(field: Field, value: str) -> tuple[int, int] | None:
    """``(room, used)`` when the value does not fit its box, else nothing.

    Both are characters, save for a paragraph whose words wrap badly: there they are lines.
    """
    if isinstance(field.kind, Paragraph):
        lines = len(wrap(value, columns(field)))
        return (field.kind.lines, lines) if lines > field.kind.lines else None
    size = room(field)
    return (size, len(value)) if len(value) > size else None


def tick_boxes(field: Field) -> tuple[tuple[str, Box], ...]:
    """The tick boxes of a choice or mark with the value that each stands for."""
    kind = field.kind
    if isinstance(kind, Mark):
        return (("yes", _tick_box(field, 0.0, 0.0)),)
    if not isinstance(kind, Choice):
        return ()
    across = kind.direction == "across"
    return tuple(
        (
            option.value,
            _tick_box(field, kind.step * place if across else 0.0, 0.0 if across else kind.step * place),
        )
        for place, option in enumerate(kind.options)
    )


def _tick_box(field: Field, right: float, down: float) -> Box:
    return Box(field.box.x + right, field.box.y + down, TICK_BOX, TICK_BOX)


def comb_pitch(field: Field) -> tuple[int, float] | None:
    """Number of cells and their width in mm when the field is printed one character to a cell."""
    match field.kind:
        case Comb(cells=cells, pitch=pitch):
            return cells, pitch
        case Date(pitch=pitch):
            return 10, pitch
        case Period(pitch=pitch):
            return 7, pitch
        case _:
            return None


def printed_runs(edition: Edition, values: Values) -> tuple[Run, ...]:
    """Every run that a page of ``edition`` shows for ``values``, empty places of combs included.

    ``values`` must have passed ``forms.checks``; text that does not fit is the caller's bug and raises
    ``ValueError`` rather than being cut.
    """
    return tuple(
        run for field in edition.value_fields for run in field_runs(field, values.get(field.name, ""))
    )


def field_runs(field: Field, value: str) -> tuple[Run, ...]:
    """The runs of one field; see :func:`printed_runs`."""
    if overflow(field, value):
        raise ValueError(f"{field.name} does not fit its box; check the values before drawing")
    match field.kind:
        case Text():
            return _text_runs(field, [value]) if value else ()
        case Paragraph():
            return _text_runs(field, wrap(value, columns(field))) if value else ()
        case Comb() | Date() | Period():
            return (_comb_run(field, value),)
        case Choice() | Mark():
            return tuple(
                _centred_run(field, TICK if value == meant else " ", box) for meant, box in tick_boxes(field)
            )
        case Signature() | Annex():
            return ()
        case _:
            assert_never(field.kind)


def _text_runs(field: Field, lines: list[str]) -> tuple[Run, ...]:
    cap = CAP_HEIGHT * VALUE_SIZE * POINT
    count = field.kind.lines if isinstance(field.kind, Paragraph) else 1
    step = VALUE_LEADING if count > 1 else 0.0
    first = field.box.y + (field.box.height - step * (count - 1) + cap) / 2
    return tuple(
        Run(
            field.name, line, field.box.x + PADDING, first + step * place, VALUE_PITCH, VALUE_SIZE, field.page
        )
        for place, line in enumerate(lines)
        if line
    )


def _comb_run(field: Field, value: str) -> Run:
    cells, pitch = comb_pitch(field) or (0, 0.0)
    advance = COMB_SIZE * MONO_ADVANCE * POINT
    baseline = field.box.y + (field.box.height + CAP_HEIGHT * COMB_SIZE * POINT) / 2
    left = field.box.x + (pitch - advance) / 2
    return Run(field.name, value.ljust(cells), left, baseline, pitch, COMB_SIZE, field.page)


def _centred_run(field: Field, text: str, box: Box) -> Run:
    advance = COMB_SIZE * MONO_ADVANCE * POINT
    baseline = box.y + (box.height + CAP_HEIGHT * COMB_SIZE * POINT) / 2
    return Run(field.name, text, box.x + (box.width - advance) / 2, baseline, advance, COMB_SIZE, field.page)
