"""Groups of fields that several forms share, so that they look, check and read alike everywhere."""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.identity import FOREIGNER_CODE_LENGTH
from forms.model import Check, Choice, Comb, Date, Field, Option, Paragraph, Text
from forms.stationery import CELL, FIELD_HEIGHT, LEFT, WIDTH, comb_box

CODE_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Signs of an identity number: a cédula's digits, or whatever a foreigner's code is made of."""

DOCUMENT_KINDS: Final = (
    Option("cedula", "Cédula"),
    Option("foreigner-code", "Código de identificación para extranjeros"),
)


def place_and_date(top: float) -> tuple[Field, ...]:
    """Where and when the paper is signed."""
    return (
        Field("place", "Lugar", Text(), Box(LEFT, top, 78, FIELD_HEIGHT), "Ciudad donde se firma."),
        Field("date", "Fecha (año-mes-día)", Date(CELL), comb_box(97, top, 10), "Día en que se firma."),
    )


def employer(top: float) -> tuple[Field, ...]:
    """RUC, branch and business name, in two rows from ``top`` mm down."""
    return (
        Field(
            "ruc",
            "RUC",
            Comb(13, CELL),
            comb_box(LEFT, top, 13),
            "Los 13 dígitos del RUC de la empresa; termina en 001.",
            checks=(Check.RUC,),
        ),
        Field(
            "branch",
            "Sucursal",
            Comb(4, CELL),
            comb_box(86, top, 4),
            "Los 4 dígitos de la sucursal en el IESS; la matriz es 0001.",
            checks=(Check.BRANCH,),
        ),
        Field(
            "business_name",
            "Razón social",
            Paragraph(2),
            Box(LEFT, top + 11.2, WIDTH, 12),
            "Nombre de la empresa como consta en el RUC.",
        ),
    )


def person(prefix: str, help_text: str, top: float) -> tuple[Field, ...]:
    """Name, kind of document and number of one person, in two rows from ``top`` mm down."""
    return (
        Field(
            f"{prefix}_name", "Nombres y apellidos", Text(), Box(LEFT, top, WIDTH, FIELD_HEIGHT), help_text
        ),
        Field(
            f"{prefix}_id_kind",
            "Documento",
            Choice(DOCUMENT_KINDS, step=24),
            Box(LEFT, top + 13.5, 100, 4),
            "El código de identificación es solo para personas extranjeras que no tienen cédula.",
        ),
        Field(
            f"{prefix}_id",
            "Número de cédula o código",
            Comb(FOREIGNER_CODE_LENGTH, CELL, CODE_SIGNS, exact=False),
            comb_box(130, top + 12, FOREIGNER_CODE_LENGTH),
            "Los 10 dígitos de la cédula, o el código de identificación.",
            checks=(Check.IDENTITY,),
            related=f"{prefix}_id_kind",
        ),
    )
