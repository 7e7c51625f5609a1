"""Notificación para completar: what a returned request lacks, and the last day to bring it (*subsanación*).

The term and its count in working days are those of the *Código Orgánico Administrativo*, arts. 140, 158 and
162; the institute's own layout of the notice is unpublished, so this page stands in for it.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.model import Check, Comb, Date, Edition, Field, Form, Mark, Paragraph, Period, Text
from forms.stationery import (
    A4_FRAME,
    CELL,
    FIELD_HEIGHT,
    LEFT,
    WIDTH,
    comb_box,
    letterhead,
    lines,
    section,
)

NAME: Final = "return-notice"
TERM_DAYS: Final = 10
"""Working days (*término*) to complete a request: COA, art. 140; art. 162 keeps any such term to ten."""
_TITLE: Final = "NOTIFICACIÓN PARA COMPLETAR"
_FIRST, _STEP = 121.5, 5.6

MISSING: Final = (
    ("missing_request", "La solicitud para empleador, completa y legible."),
    ("missing_page", "Una página que falta o que no se puede leer."),
    ("missing_signature", "La firma de puño y letra, con bolígrafo, en el papel original."),
    (
        "missing_identity",
        "La cédula original de quien presenta, o el código de identificación para extranjeros.",
    ),
    ("missing_id_copy", "La copia simple del documento; solo con código de identificación para extranjeros."),
    ("missing_authorization", "La autorización a terceros, vigente y conforme con la solicitud."),
    ("wrong_values", "Datos por corregir, por confirmar o que no se pueden leer."),
    ("unmet_conditions", "La novedad registrada y las anulaciones del mismo día, en el portal."),
)
"""What a request may lack, by the name of its mark, in the order in which it is printed."""

_FIELDS: Final = (
    Field("case", "Trámite", Text(), Box(LEFT, 46, 60, FIELD_HEIGHT), "Número del trámite."),
    Field(
        "notified", "Fecha de esta notificación", Date(CELL), comb_box(LEFT, 60, 10), "Día en que se entrega."
    ),
    Field(
        "until", "Puede completar hasta el", Date(CELL), comb_box(75, 60, 10), "Último día hábil del término."
    ),
    Field(
        "ruc",
        "RUC",
        Comb(13, CELL),
        comb_box(LEFT, 86, 13),
        "Si se pudo leer.",
        required=False,
        checks=(Check.RUC,),
    ),
    Field(
        "branch",
        "Sucursal",
        Comb(4, CELL),
        comb_box(86, 86, 4),
        "Si se pudo leer.",
        required=False,
        checks=(Check.BRANCH,),
    ),
    Field("period", "Período", Period(CELL), comb_box(112, 86, 7), "Si se pudo leer.", required=False),
    Field(
        "business_name",
        "Razón social",
        Paragraph(2),
        Box(LEFT, 98.5, WIDTH, 12),
        "Si se pudo leer.",
        required=False,
    ),
    *(
        Field(
            name,
            statement.rstrip("."),
            Mark(statement),
            Box(LEFT, _FIRST + _STEP * place, WIDTH, 4),
            required=False,
        )
        for place, (name, statement) in enumerate(MISSING)
    ),
    Field(
        "details",
        "Detalle",
        Paragraph(6),
        Box(LEFT, 171.5, WIDTH, 31.5),
        "Qué falta exactamente, para que baste volver una vez.",
        required=False,
    ),
    Field("office", "Centro de atención", Text(), Box(LEFT, 247, 87, FIELD_HEIGHT), "Dónde se presenta."),
    Field("notified_by", "Atendido por", Text(), Box(108, 247, 87, FIELD_HEIGHT), "Quien atendió."),
)

_TERM: Final = (
    "Tiene diez días hábiles, contados desde el día siguiente a esta notificación (Código Orgánico Administrativo, arts. 140",
    "y 158). No cuentan sábados, domingos ni feriados. Antes del último día puede pedir por escrito una ampliación de hasta",
    "la mitad (art. 161). Mientras tanto el trámite queda suspendido; si no se completa, se entenderá como desistimiento y",
)
_ANNUL_THEN: Final = (
    "así se declarará. Puede presentar una nueva solicitud en cualquier momento. Las anulaciones de comprobantes y de la",
    "planilla de fondos de reserva deben ser del mismo día en que vuelva: anúlelas entonces y no antes.",
)
_ANNULLED_COUNTS: Final = (
    "así se declarará. Puede presentar una nueva solicitud en cualquier momento. Las anulaciones que hizo el día en que",
    "presentó la solicitud siguen valiendo dentro de este término; las que falten, hágalas el mismo día en que vuelva.",
)
"""What was annulled cannot be annulled again, so a notice must not ask for it (open question 2)."""


def _edition(name: str, annulments: tuple[str, str]) -> Edition:
    return Edition(
        form=NAME,
        name=name,
        title=_TITLE,
        language="es-EC",
        frame=A4_FRAME,
        fields=_FIELDS,
        furniture=(
            *letterhead(_TITLE, "Lo que falta para atender la solicitud y hasta cuándo se puede presentar"),
            *section(1, "SOLICITUD", 79.0),
            *section(2, "QUÉ FALTA", 116.5),
            *section(3, "PLAZO Y CONSECUENCIA", 211.0),
            *lines((*_TERM, *annulments), 217.6, leading=4.4),
        ),
    )


RETURN_NOTICE: Final = Form(
    NAME,
    "Notificación para completar",
    (_edition("2026-12", _ANNUL_THEN), _edition("2027-01", _ANNULLED_COUNTS)),
)
