"""Letters set in many typefaces: facts of ``letter_facts`` told in a manner of ``letter_manners``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from bench.letter_facts import Facts, Random, random_facts
from bench.letter_manners import MANNERS
from bench.letter_manners.blocks import Block, Manner
from forms.geometry import A4_HEIGHT, A4_WIDTH, Box
from forms.model import Face, Values
from generators.typefaces import face_name

_FOLDERS: Final = (Path("/usr/share/fonts/truetype/liberation"), Path("/usr/share/fonts/truetype/dejavu"))
_FACES: Final = (
    "LiberationSans-Regular",
    "LiberationSerif-Regular",
    "LiberationMono-Regular",
    "LiberationSansNarrow-Regular",
    "DejaVuSans",
    "DejaVuSerif",
    "DejaVuSansCondensed",
    "LiberationSerif-Italic",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with the values that it states and where it is to be signed (mm from the top-left)."""

    manner: str
    pdf: bytes
    values: Values
    request: str
    signature: Box


def random_letter(random: Random, manners: tuple[Manner, ...] = MANNERS) -> Letter:
    """One letter in a manner, a typeface and a size by chance."""
    facts = random_facts(random)
    manner = manners[int(random.integers(len(manners)))]
    face = _faces()[int(random.integers(len(_faces())))]
    return letter_from(facts, manner, face, float(random.uniform(9.5, 12)), float(random.uniform(20, 32)))


def letter_from(facts: Facts, manner: Manner, face: str, size: float = 11, margin: float = 25) -> Letter:
    """The letter that tells these facts in that manner; ``size`` in points, ``margin`` in mm."""
    pdf, box = _set(manner(facts), face if face in _faces() else _faces()[0], size, margin)
    return Letter(manner.__name__, pdf, facts.values, facts.ask, box)


@cache
def _faces() -> tuple[str, ...]:
    found = [face_name(Face.PLAIN)]
    for name in _FACES:
        for folder in _FOLDERS:
            path = folder / f"{name}.ttf"
            if path.exists():
                pdfmetrics.registerFont(TTFont(name, str(path)))
                found.append(name)
    return tuple(found)


def _set(blocks: list[Block], face: str, size: float, margin: float) -> tuple[bytes, Box]:
    """The blocks on one A4 page; a smaller type where they do not fit."""
    buffer = BytesIO()
    canvas = Canvas(buffer, (A4_WIDTH * mm, A4_HEIGHT * mm), invariant=1)
    wide = (A4_WIDTH - 2 * margin) * mm
    y, box = margin * mm * 0.9, Box(0, 0, 1, 1)
    for block in blocks:
        if block.kind == "sign":
            box = Box(margin, y / mm, 75, 20)
            y += 20 * mm + block.gap * mm
            continue
        y += _draw(canvas, block, face, size, margin * mm, wide, y) + block.gap * mm
    if y > (A4_HEIGHT - 8) * mm:
        return _set(blocks, face, size - 0.7, max(margin - 3, 12))
    canvas.save()
    return buffer.getvalue(), box


def _draw(
    canvas: Canvas, block: Block, face: str, size: float, left: float, wide: float, top: float
) -> float:
    """Draw one block at ``top`` points down and say how high it is."""
    style = ParagraphStyle(
        "p", fontName=face, fontSize=size + (0.6 if block.strong else 0), leading=size * 1.3
    )
    style.alignment = block.align
    pieces = [(block.text, left, wide)]
    if block.kind == "row":
        pieces = [(block.text, left, wide * 0.42), (block.value, left + wide * 0.45, wide * 0.55)]
    highest = 0.0
    for text, x, room in pieces:
        paragraph = Paragraph(text.replace("&", "&amp;"), style)
        _, height = paragraph.wrap(room, 10_000)
        paragraph.drawOn(canvas, x, A4_HEIGHT * mm - top - height)
        highest = max(highest, height)
    return highest
