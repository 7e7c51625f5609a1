"""What a form is: editions made of fields and of printed furniture, all plain frozen data.

The drawing room, the reading room, the screen, the checks and the documentation all follow these
values. Field kinds are a closed union: every stage does ``match kind … case _: assert_never(kind)``,
so a stage that forgets a new kind fails type checking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from forms.geometry import A4_HEIGHT, A4_WIDTH, POINT, Box

VALUE_SIZE: Final = 10.0
"""Size in points of values printed as running text."""
COMB_SIZE: Final = 12.0
"""Size in points of values printed one character to a cell."""
MONO_ADVANCE: Final = 0.6
"""Advance of every glyph of the value font, in ems (IBM Plex Mono: 600 of 1000 units)."""
VALUE_PITCH: Final = VALUE_SIZE * MONO_ADVANCE * POINT
"""Distance in mm between two characters of running text."""
VALUE_LEADING: Final = 5.0
"""Distance in mm between two lines of a paragraph."""


class Check(Enum):
    """A rule that a value must satisfy beyond its kind; ``forms.checks`` holds the rules."""

    RUC = "ruc"
    BRANCH = "branch"
    IDENTITY = "identity"
    EMAIL = "email"
    PHONE = "phone"
    NOT_BEFORE = "not-before"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of free text; its room in characters follows from the width of the box."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Several lines of free text, wrapped by ``forms.layout`` the same way everywhere."""

    lines: int


@dataclass(frozen=True, slots=True)
class Comb:
    """One character to a cell; ``alphabet`` is every character that a cell may hold."""

    cells: int
    pitch: float
    alphabet: str = "0123456789"
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Date:
    """A day as ``YYYY-MM-DD`` in a comb of ten cells."""

    pitch: float


@dataclass(frozen=True, slots=True)
class Period:
    """A month as ``YYYY-MM`` in a comb of seven cells."""

    pitch: float


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: the value that programs use, the words that people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Exactly one of several options; each gets a tick box, ``step`` mm after the one before."""

    options: tuple[Option, ...]
    step: float
    direction: Literal["across", "down"] = "across"


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick box on its own; its value is ``"yes"`` or it is not given."""

    statement: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A box that a person signs by hand; it holds no value."""

    caption: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """A space where a copy or photograph is fixed; it holds no value."""


Kind = Text | Paragraph | Comb | Date | Period | Choice | Mark | Signature | Annex


@dataclass(frozen=True, slots=True)
class Field:
    """One datum of a form: where it stands, what it is called, what it must satisfy.

    ``checks`` are applied to the value alone, except ``IDENTITY`` and ``NOT_BEFORE``, which look at the
    field named by ``related`` (the kind of identity document; the earlier of two dates). ``label`` is
    printed; where that instructs whoever has the pen, ``screen_label`` is what the datum is called elsewhere.
    """

    name: str
    label: str
    kind: Kind
    box: Box
    help: str = ""
    required: bool = True
    page: int = 1
    checks: tuple[Check, ...] = ()
    related: str | None = None
    screen_label: str = ""

    @property
    def title(self) -> str:
        """What screens, problems and the command call the datum."""
        return self.screen_label or self.label

    @property
    def holds_value(self) -> bool:
        return not isinstance(self.kind, Signature | Annex)


class Face(Enum):
    """The three faces that the fixed wording is set in."""

    PLAIN = "plain"
    STRONG = "strong"
    SLANTED = "slanted"


class Align(Enum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Wording:
    """A line of fixed text: ``x`` is its left, centre or right edge and ``baseline`` its foot, in mm."""

    text: str
    x: float
    baseline: float
    size: float = 9.0
    face: Face = Face.PLAIN
    align: Align = Align.LEFT
    grey: float = 0.0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight printed line from one point to another; ``weight`` in mm."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.2
    grey: float = 0.0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled area; ``grey`` 0 is black and 1 is white."""

    box: Box
    grey: float
    page: int = 1


Furniture = Wording | Rule | Panel


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page of an edition carries at fixed places: corner marks and the two symbols.

    ``marks`` are ArUco 4×4 codes in the order top-left, top-right, bottom-right, bottom-left; their
    numbers tell the corners apart and so the orientation. ``full_seal`` and ``small_seal`` are the
    areas of the symbols without their quiet zone; ``reference`` is where the document number, the
    short code and the page number are printed.
    """

    marks: tuple[Box, Box, Box, Box]
    mark_numbers: tuple[int, int, int, int]
    full_seal: Box
    small_seal: Box
    reference: Box


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """A form as it was issued at one time. Once issued it never changes; see ``forms.fingerprints``.

    Editions are compared by identity: there is one of each, and much is kept by them.
    """

    form: str
    name: str
    title: str
    language: str
    frame: PageFrame
    fields: tuple[Field, ...]
    furniture: tuple[Furniture, ...]
    pages: int = 1
    width: float = A4_WIDTH
    height: float = A4_HEIGHT

    def field(self, name: str) -> Field:
        """The field called ``name``; ``KeyError`` when the edition has none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    @property
    def value_fields(self) -> tuple[Field, ...]:
        """The fields that hold a value, in the order in which the seal carries them."""
        return tuple(field for field in self.fields if field.holds_value)

    @property
    def signature_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if isinstance(field.kind, Signature))


@dataclass(frozen=True, slots=True)
class Form:
    """A form through time: its editions from oldest to newest, the last one is issued today."""

    name: str
    title: str
    editions: tuple[Edition, ...]

    @property
    def current(self) -> Edition:
        return self.editions[-1]

    @property
    def is_signed(self) -> bool:
        """Whether people fill it in and sign it; the others are papers that the service hands out."""
        return bool(self.current.signature_fields)

    def edition(self, name: str) -> Edition:
        """The edition called ``name``; ``KeyError`` when the form never had it."""
        for candidate in self.editions:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def __iter__(self) -> Iterator[Edition]:
        return iter(self.editions)


Values = dict[str, str]
"""Field name → value as it is printed and checked; a value not given is absent, never empty."""
