"""What letters are made of: paragraphs, rows of label and value, room to sign; and what many share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportlab.lib.enums import TA_LEFT

from bench.letter_facts import Facts


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``kind`` p), a row of label and value (row), or the place for the signature (sign)."""

    kind: str
    text: str = ""
    value: str = ""
    align: int = TA_LEFT
    strong: bool = False
    gap: float = 3.0


Manner = Callable[[Facts], list[Block]]


def p(text: str, align: int = TA_LEFT, *, strong: bool = False, gap: float = 3.0) -> Block:
    return Block("p", text, align=align, strong=strong, gap=gap)


def row(label: str, value: str) -> Block:
    return Block("row", label, value, gap=1.5)


def heading(f: Facts, align: int = TA_LEFT) -> list[Block]:
    return [
        p(f"{f['place']}, {f.long_day}", align, gap=6),
        p(f.pick("Señor", "Señora", "Señor/a"), gap=0),
        p("DIRECTOR PROVINCIAL DEL IESS", strong=True, gap=0),
        p(f.pick("Presente.-", "En su despacho.-", "Ciudad.-"), gap=6),
    ]


def ending(f: Facts, *rows: str) -> list[Block]:
    return [
        p(f.pick("Atentamente,", "Atentamente", "Cordialmente,", "De usted, muy atentamente,"), gap=2),
        Block("sign", gap=1),
        *(p(row, gap=0) for row in rows),
    ]


def id_line(f: Facts) -> str:
    if f["representative_id_kind"] == "foreigner-code":
        return f"Código de identificación: {f['representative_id']}"
    return f"{f.pick('C.C.', 'C.I.', 'Cédula:', 'C.C. N.º')} {f['representative_id']}"


def label_of_id(f: Facts) -> str:
    if f["representative_id_kind"] == "foreigner-code":
        return "Código de identificación para extranjeros:"
    return f.pick("Cédula:", "C.C.:", "Cédula de identidad N.º:", "C.I.:")
