"""Confirmación del turno en línea: what somebody shows on the day, on paper or on a screen.

The procedure's record asks for it as step 9; its official layout is unpublished, so this page stands in for it.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.identity import FOREIGNER_CODE_LENGTH
from forms.model import Check, Comb, Date, Edition, Face, Field, Form, Furniture, Paragraph, Text, Wording
from forms.parts import CODE_SIGNS
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

NAME: Final = "appointment-confirmation"
_TITLE: Final = "CONFIRMACIÓN DEL TURNO"
_FIELDS: Final = (
    Field("appointment", "Turno", Text(), Box(LEFT, 46, 60, FIELD_HEIGHT), "Número del turno."),
    Field("day", "Día (año-mes-día)", Date(CELL), comb_box(LEFT, 60, 10), "Día de la cita."),
    Field("hour", "Hora", Text(), Box(75, 60, 25, FIELD_HEIGHT), "Hora de la cita, de 24 horas."),
    Field(
        "weekday", "Día de la semana", Text(), Box(105, 60, 40, FIELD_HEIGHT), "Para que no haya confusión."
    ),
    Field(
        "person_id",
        "Cédula o código de quien asiste",
        Comb(FOREIGNER_CODE_LENGTH, CELL, CODE_SIGNS, exact=False),
        comb_box(LEFT, 88, FOREIGNER_CODE_LENGTH),
        "El turno es personal.",
    ),
    Field("procedure", "Trámite", Text(), Box(LEFT, 100, WIDTH, FIELD_HEIGHT), "Lo que se atiende."),
    Field("agency", "Agencia", Text(), Box(LEFT, 112, WIDTH, FIELD_HEIGHT), "Dónde se atiende."),
    Field("address", "Dirección", Paragraph(2), Box(LEFT, 124, WIDTH, 12), "De la agencia."),
    Field(
        "email",
        "Correo electrónico",
        Text(),
        Box(LEFT, 141, 110, FIELD_HEIGHT),
        "Ahí llegan el código y la confirmación.",
        checks=(Check.EMAIL,),
    ),
    Field(
        "phone",
        "Teléfono celular",
        Text(),
        Box(130, 141, 65, FIELD_HEIGHT),
        "Por si hay que avisarle algo del turno.",
        checks=(Check.PHONE,),
    ),
)
_WORDING: Final[tuple[Furniture, ...]] = (
    *letterhead(_TITLE, "Turno en línea para un centro de atención"),
    *section(1, "QUIÉN, QUÉ Y DÓNDE", 80.0),
    *section(2, "QUÉ LLEVAR", 158.0),
    *lines(
        (
            "•  La cédula original; con código de identificación para extranjeros, además una copia simple del documento.",
            "•  La solicitud para empleador, impresa y firmada de puño y letra por el representante legal.",
            "•  Si va otra persona: la autorización a terceros firmada y la cédula original de quien va.",
            "•  Esta confirmación, impresa o en la pantalla del teléfono.",
        ),
        164.6,
        leading=5.0,
    ),
    *section(3, "EL MISMO DÍA, ANTES DE IR", 192.0),
    *lines(
        (
            "1.  Registre en el portal de empleadores la novedad que faltaba, si todavía no lo ha hecho.",
            "2.  Anule los comprobantes de pago de aportes y de fondos de reserva.",
            "3.  Anule la planilla de fondos de reserva.",
            "Las anulaciones deben ser del mismo día de la solicitud y la planilla no debe estar pagada.",
        ),
        198.6,
        leading=5.0,
    ),
    Wording(
        "Llegue diez minutos antes. Si no puede ir, cancele o cambie el turno:", LEFT, 232, 9, Face.STRONG
    ),
    Wording("el enlace está en el correo que recibió. El trámite no tiene costo.", LEFT, 236.6, 9),
)

APPOINTMENT_CONFIRMATION: Final = Form(
    NAME,
    "Confirmación del turno",
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
