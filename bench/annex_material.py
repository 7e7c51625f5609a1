"""Papers that come along with a request: copies of cards and passports, and others. All of it is invented.

The cards have the measures and the words of real ones and none of their security print; the people do not
exist, and the face is an oval of noise.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bench.material import cedula
from forms.geometry import A4_HEIGHT, A4_WIDTH
from intake.letters.machine_readable import check_digit

Random = np.random.Generator
_CARD: Final = (85.6, 54.0)
_PASSPORT: Final = (125.0, 88.0)
_FAMILY: Final = ("GUAMAN QUISHPE", "ROJAS PRADA", "CHIMBO ANDI", "MENDES LIMA", "VERA PONCE")
_GIVEN: Final = ("MARIA ELENA", "JOAO CARLOS", "ROSA", "LUIS ALBERTO", "ANA BELEN")
_NATIONS: Final = (("COLOMBIA", "COL"), ("PERU", "PER"), ("VENEZUELA", "VEN"), ("CHILE", "CHL"))
_DEMONYMS: Final = {"COL": "COLOMBIANA", "PER": "PERUANA", "VEN": "VENEZOLANA", "CHL": "CHILENA"}


def cedula_copy(random: Random) -> bytes:
    """One or both sides of a cédula on a sheet, as a copier makes it."""
    canvas, buffer = _sheet()
    x, y = float(random.uniform(15, 100)), float(random.uniform(20, 120))
    new = random.random() < 0.5
    (_new_front if new else _old_front)(canvas, random, x, y)
    if random.random() < 0.6:
        _back(canvas, random, x, y + _CARD[1] + float(random.uniform(5, 25)))
    canvas.save()
    return buffer.getvalue()


def _new_front(canvas: Canvas, random: Random, x: float, y: float, nationality: str = "ECUATORIANA") -> None:
    _card(canvas, x, y, *_CARD)
    _photo(canvas, random, x + 4, y + 14, 24, 31)
    _words(canvas, x + 5, y + 6, 8, "REPÚBLICA DEL ECUADOR")
    _words(canvas, x + 5, y + 10, 5, "DIRECCIÓN GENERAL DE REGISTRO CIVIL, IDENTIFICACIÓN Y CEDULACIÓN")
    _words(canvas, x + 32, y + 15, 7, "CÉDULA DE IDENTIDAD")
    _pairs(
        canvas,
        x + 32,
        y + 20,
        ("APELLIDOS", str(random.choice(_FAMILY))),
        ("NOMBRES", str(random.choice(_GIVEN))),
        ("NACIONALIDAD", nationality),
        ("FECHA DE NACIMIENTO", "12 MAR 1980"),
        ("NUI.", cedula(random)),
    )


def _old_front(canvas: Canvas, random: Random, x: float, y: float) -> None:
    _card(canvas, x, y, *_CARD)
    _photo(canvas, random, x + 58, y + 16, 23, 29)
    _words(canvas, x + 18, y + 5, 7, "REPÚBLICA DEL ECUADOR")
    _words(canvas, x + 18, y + 8.5, 5, "DIRECCIÓN GENERAL DE REGISTRO CIVIL")
    _words(canvas, x + 5, y + 14, 7, f"CÉDULA DE CIUDADANÍA  N.º {cedula(random)}")
    _pairs(
        canvas,
        x + 5,
        y + 19,
        ("APELLIDOS Y NOMBRES", f"{random.choice(_FAMILY)} {random.choice(_GIVEN)}"),
        ("LUGAR DE NACIMIENTO", "PICHINCHA QUITO"),
        ("FECHA DE NACIMIENTO", "1980-03-12"),
        ("NACIONALIDAD", "ECUATORIANA"),
        ("ESTADO CIVIL", "CASADO"),
    )


def _dates(random: Random) -> str:
    """Birth, sex and expiry of a machine-readable line, with their check digits."""
    birth = f"{random.integers(50, 99):02d}{random.integers(1, 13):02d}{random.integers(1, 29):02d}"
    expiry = f"{random.integers(26, 36):02d}{random.integers(1, 13):02d}{random.integers(1, 29):02d}"
    sex = str(random.choice(("M", "F")))
    return f"{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}"


def _back(canvas: Canvas, random: Random, x: float, y: float, nation: str = "ECU") -> None:
    _card(canvas, x, y, *_CARD)
    _pairs(
        canvas,
        x + 5,
        y + 8,
        ("INSTRUCCIÓN", "SUPERIOR"),
        ("LUGAR Y FECHA DE EXPEDICIÓN", "QUITO 2019-05-02"),
        ("FECHA DE EXPIRACIÓN", "2029-05-02"),
    )
    _words(canvas, x + 5, y + 43, 8, f"I<ECU{random.integers(10**9):09d}".ljust(30, "<"), face="Courier")
    _words(canvas, x + 5, y + 47, 8, f"{_dates(random)}{nation}".ljust(30, "<"), face="Courier")


def passport_copy(random: Random) -> bytes:
    """The page of a foreign passport that has the photograph."""
    canvas, buffer = _sheet()
    x, y = float(random.uniform(15, 70)), float(random.uniform(20, 150))
    nation, code = _NATIONS[int(random.integers(len(_NATIONS)))]
    family, given = str(random.choice(_FAMILY)), str(random.choice(_GIVEN))
    _card(canvas, x, y, *_PASSPORT)
    _photo(canvas, random, x + 5, y + 16, 35, 45)
    _words(canvas, x + 5, y + 7, 10, f"REPÚBLICA DE {nation}")
    _words(canvas, x + 70, y + 7, 9, "PASAPORTE / PASSPORT")
    _pairs(
        canvas,
        x + 45,
        y + 14,
        ("Apellidos / Surname", family),
        ("Nombres / Given names", given),
        ("Nacionalidad / Nationality", nation),
        ("Fecha de nacimiento / Date of birth", "12 MAR 1980"),
        ("Pasaporte N.º / Passport No.", f"{code[0]}{random.integers(10**7):07d}"),
    )
    line = f"P<{code}{family.replace(' ', '<')}<<{given.replace(' ', '<')}".ljust(44, "<")[:44]
    _words(canvas, x + 5, y + 76, 9.5, line, face="Courier")
    _words(
        canvas,
        x + 5,
        y + 82,
        9.5,
        f"{code[0]}{random.integers(10**8):08d}4{code}{_dates(random)}".ljust(42, "<") + "04",
        face="Courier",
    )
    canvas.save()
    return buffer.getvalue()


def residence_card(random: Random) -> bytes:
    """Both sides of the cédula that a foreigner who lives in Ecuador has."""
    canvas, buffer = _sheet()
    x, y = float(random.uniform(15, 100)), float(random.uniform(20, 120))
    _, code = _NATIONS[int(random.integers(len(_NATIONS)))]
    _new_front(canvas, random, x, y, _DEMONYMS[code])
    _back(canvas, random, x, y + _CARD[1] + float(random.uniform(5, 25)), code)
    canvas.save()
    return buffer.getvalue()


def refugee_card(random: Random) -> bytes:
    """A card of its own kind, without a machine-readable zone."""
    canvas, buffer = _sheet()
    x, y = float(random.uniform(15, 100)), float(random.uniform(20, 180))
    _card(canvas, x, y, *_CARD)
    _photo(canvas, random, x + 58, y + 16, 23, 29)
    _words(canvas, x + 5, y + 6, 8, "MINISTERIO DE RELACIONES EXTERIORES")
    _words(canvas, x + 5, y + 11, 8, "VISA DE REFUGIADO")
    _pairs(
        canvas,
        x + 5,
        y + 18,
        ("APELLIDOS", str(random.choice(_FAMILY))),
        ("NOMBRES", str(random.choice(_GIVEN))),
        ("NACIONALIDAD", _DEMONYMS[str(random.choice(tuple(_DEMONYMS)))]),
        ("FECHA DE VENCIMIENTO", "2028-07-14"),
    )
    canvas.save()
    return buffer.getvalue()


def code_document(random: Random) -> bytes:
    """A paper that names a foreigner's code."""
    canvas, buffer = _sheet()
    for place, text in enumerate(
        (
            "INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL",
            "CÓDIGO DE IDENTIFICACIÓN PARA EXTRANJEROS",
            f"Apellidos y nombres: {random.choice(_FAMILY)} {random.choice(_GIVEN)}",
            f"Código de identificación: {random.integers(10**9):09d}",
            "Nacionalidad: COLOMBIANA",
            f"Pasaporte N.º AT{random.integers(10**6):06d}",
        )
    ):
        _words(canvas, 25, 30 + 9 * place, 12, text)
    canvas.save()
    return buffer.getvalue()


def invoice(random: Random) -> bytes:
    """An invoice: it has a RUC and asks for nothing."""
    canvas, buffer = _sheet()
    _words(canvas, 20, 25, 14, "FACTURA N.º 001-002-000123456")
    _words(canvas, 20, 33, 11, f"RUC 179{random.integers(10**7):07d}001")
    _words(canvas, 20, 41, 11, "Papelería El Estudiante, Av. Amazonas N23-45 y Bogotá")
    for place in range(8):
        _words(
            canvas,
            20,
            55 + 7 * place,
            10,
            f"{random.integers(1, 30)} resmas de papel bond A4   {random.uniform(3, 90):.2f}",
        )
    canvas.save()
    return buffer.getvalue()


def certificate(random: Random) -> bytes:
    """A page of prose about somebody's cédula: no copy of one."""
    canvas, buffer = _sheet()
    _words(canvas, 40, 25, 13, "REPÚBLICA DEL ECUADOR")
    _words(canvas, 40, 33, 12, "NOTARÍA DÉCIMA DEL CANTÓN QUITO")
    text = (
        f"Comparece {random.choice(_GIVEN).title()} {random.choice(_FAMILY).title()},",
        f"con cédula de ciudadanía {cedula(random)}, de nacionalidad ecuatoriana,",
        "de estado civil casada, y declara que los documentos que exhibe son",
        "los originales. Se agrega una hoja y se firma en unidad de acto.",
    )
    for place, line in enumerate(text * 3):
        _words(canvas, 25, 50 + 8 * place, 11, line)
    canvas.save()
    return buffer.getvalue()


COPIES: Final[dict[str, tuple[Callable[[Random], bytes], str]]] = {
    "cedula": (cedula_copy, "cedula-copy"),
    "passport": (passport_copy, "foreigner-copy"),
    "residence card": (residence_card, "foreigner-copy"),
    "refugee card": (refugee_card, "foreigner-copy"),
    "code": (code_document, "foreigner-copy"),
    "invoice": (invoice, "unknown"),
    "certificate": (certificate, "unknown"),
}
"""Each kind of annex and what a reader should take it for."""


def _sheet() -> tuple[Canvas, BytesIO]:
    buffer = BytesIO()
    return Canvas(buffer, (A4_WIDTH * mm, A4_HEIGHT * mm), invariant=1), buffer


def _card(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    canvas.setFillGray(0.9)
    canvas.setStrokeGray(0.45)
    canvas.roundRect(x * mm, (A4_HEIGHT - y - high) * mm, wide * mm, high * mm, 3 * mm, fill=1)
    canvas.setFillGray(0)


def _photo(canvas: Canvas, random: Random, x: float, y: float, wide: float, high: float) -> None:
    """A dark oval on a lighter ground, both of noise."""
    rows, columns = np.mgrid[-1:1:150j, -1:1:120j]
    oval = (columns / 0.6) ** 2 + ((rows - 0.1) / 0.8) ** 2 < 1
    values = np.where(oval, 110, 190) + random.normal(0, 18, oval.shape)
    picture = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    canvas.drawImage(ImageReader(picture), x * mm, (A4_HEIGHT - y - high) * mm, wide * mm, high * mm)


def _words(canvas: Canvas, x: float, y: float, size: float, text: str, face: str = "Helvetica") -> None:
    canvas.setFont(face, size)
    canvas.drawString(x * mm, (A4_HEIGHT - y) * mm, text)


def _pairs(canvas: Canvas, x: float, y: float, *pairs: tuple[str, str]) -> None:
    """Small labels, each over its value."""
    for place, (label, value) in enumerate(pairs):
        _words(canvas, x, y + 6.2 * place, 5, label)
        _words(canvas, x, y + 6.2 * place + 3, 7.5, value)
