"""Autorización a terceros: lets somebody else than the representative bring the request to the window.

The procedure's record demands it «por motivos de seguridad de la información del titular»; its official
layout and term are unpublished, so this page stands in for it and its dates are data.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.model import (
    Check,
    Date,
    Edition,
    Face,
    Field,
    Form,
    Furniture,
    Paragraph,
    Signature,
    Wording,
)
from forms.parts import employer, person, place_and_date
from forms.stationery import (
    A4_FRAME,
    CELL,
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
_FIELDS: Final = (
    *place_and_date(46),
    *employer(104.8),
    *person("grantor", "Nombres y apellidos del titular, que es quien autoriza.", 139),
    *person("authorized", "Nombres y apellidos de la persona que se autoriza.", 170),
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
