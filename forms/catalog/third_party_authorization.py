"""Autorización a terceros: lets somebody else than the representative bring the request to the window.

The procedure's record demands it «por motivos de seguridad de la información del titular»; its official
layout and term are unpublished, so this page stands in for it and its dates are data.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.identity import FOREIGNER_CODE_LENGTH
from forms.model import (
    Check,
    Choice,
    Comb,
    Date,
    Edition,
    Face,
    Field,
    Form,
    Furniture,
    Option,
    Paragraph,
    Signature,
    Text,
    Wording,
)
from forms.stationery import (
    A4_FRAME,
    CELL,
    FIELD_HEIGHT,
    LEFT,
    WIDTH,
    addressee,
    comb_box,
    letterhead,
    lines,
    section,
)

NAME: Final = "third-party-authorization"
_TITLE: Final = "AUTORIZACIÓN A TERCEROS"
_CODE_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DOCUMENTS: Final = (
    Option("cedula", "Cédula"),
    Option("foreigner-code", "Código de identificación para extranjeros"),
)


def _person(prefix: str, label: str, top: float) -> tuple[Field, ...]:
    """Name, kind of document and number of one person, in two rows from ``top`` mm down."""
    return (
        Field(f"{prefix}_name", "Nombres y apellidos", Text(), Box(LEFT, top, WIDTH, FIELD_HEIGHT), label),
        Field(
            f"{prefix}_id_kind",
            "Documento",
            Choice(_DOCUMENTS, step=24),
            Box(LEFT, top + 13.5, 100, 4),
            "El código de identificación es solo para personas extranjeras que no tienen cédula.",
        ),
        Field(
            f"{prefix}_id",
            "Número de cédula o código",
            Comb(FOREIGNER_CODE_LENGTH, CELL, _CODE_SIGNS, exact=False),
            comb_box(130, top + 12, FOREIGNER_CODE_LENGTH),
            "Los 10 dígitos de la cédula, o el código de identificación.",
            checks=(Check.IDENTITY,),
            related=f"{prefix}_id_kind",
        ),
    )


_FIELDS: Final = (
    Field("place", "Lugar", Text(), Box(LEFT, 46, 78, FIELD_HEIGHT), "Ciudad donde se firma."),
    Field("date", "Fecha (año-mes-día)", Date(CELL), comb_box(97, 46, 10), "Día en que se firma."),
    Field(
        "ruc",
        "RUC",
        Comb(13, CELL),
        comb_box(LEFT, 104.8, 13),
        "Los 13 dígitos del RUC de la empresa; termina en 001.",
        checks=(Check.RUC,),
    ),
    Field(
        "branch",
        "Sucursal",
        Comb(4, CELL),
        comb_box(86, 104.8, 4),
        "Los 4 dígitos de la sucursal en el IESS; la matriz es 0001.",
        checks=(Check.BRANCH,),
    ),
    Field(
        "business_name",
        "Razón social",
        Paragraph(2),
        Box(LEFT, 116, WIDTH, 12),
        "Nombre de la empresa como consta en el RUC.",
    ),
    *_person("grantor", "Nombres y apellidos del titular, que es quien autoriza.", 139),
    *_person("authorized", "Nombres y apellidos de la persona que se autoriza.", 170),
    Field(
        "procedure",
        "Trámite para el que se autoriza",
        Paragraph(2),
        Box(LEFT, 201, WIDTH, 12),
        "Nombre del trámite que la persona autorizada presentará.",
    ),
    Field("valid_from", "Vale desde (año-mes-día)", Date(CELL), comb_box(LEFT, 225, 10), "Primer día."),
    Field(
        "valid_until",
        "Vale hasta (año-mes-día)",
        Date(CELL),
        comb_box(LEFT, 238, 10),
        "Último día.",
        checks=(Check.NOT_BEFORE,),
        related="valid_from",
    ),
    Field(
        "grantor_signature",
        "Firma del titular",
        Signature(),
        Box(115, 225, 80, 34),
        "De puño y letra, con bolígrafo azul o negro.",
    ),
)

_WORDING: Final[tuple[Furniture, ...]] = (
    *letterhead(_TITLE, "Para presentar en ventanilla un pedido del empleador"),
    *addressee(58.2),
    Wording("De mi consideración:", LEFT, 76.4, 9),
    *lines(
        (
            "En mi calidad de titular y representante legal del empleador que se identifica a continuación, autorizo a la persona",
            "señalada en la sección 3 para que, en mi nombre, presente el trámite indicado en la sección 4 y reciba su resultado.",
            "La persona autorizada presentará en la ventanilla su cédula original o su código de identificación para extranjeros.",
            "Puedo revocar esta autorización en el portal en cualquier momento.",
        ),
        80.8,
    ),
    *section(1, "EMPLEADOR", 99.0),
    *section(2, "TITULAR QUE AUTORIZA", 133.2),
    *section(3, "PERSONA AUTORIZADA", 164.2),
    *section(4, "TRÁMITE", 195.2),
    *section(5, "VIGENCIA Y FIRMA", 219.2),
    Wording("La firma de puño y letra es imprescindible.", LEFT, 251.4, 7.5, Face.STRONG),
    Wording("Esta autorización vale solo para el trámite indicado y", LEFT, 255.0, 7.5),
    Wording("entre las fechas señaladas. No tiene costo.", LEFT, 258.4, 7.5),
)

THIRD_PARTY_AUTHORIZATION: Final = Form(
    NAME,
    "Autorización a terceros",
    (
        Edition(
            form=NAME,
            name="2026-12",
            title=_TITLE,
            language="es-EC",
            frame=A4_FRAME,
            fields=_FIELDS,
            furniture=_WORDING,
        ),
    ),
)
