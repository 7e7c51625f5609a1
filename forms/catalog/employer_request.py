"""Solicitud para empleador: the request that asks the institute to rebuild a contribution sheet.

Its data are those of requirement 3 of the procedure's public record, plus what the petition must pin
down for a sheet to be found: month, type and number. No official layout is published; this one is ours.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.model import (
    Check,
    Choice,
    Edition,
    Face,
    Field,
    Form,
    Furniture,
    Option,
    Paragraph,
    Period,
    Signature,
    Text,
    Wording,
)
from forms.parts import employer, person, place_and_date
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

NAME: Final = "employer-request"
_TITLE: Final = "SOLICITUD PARA EMPLEADOR"

_SHEET: Final = (
    Field(
        "period",
        "Período (año-mes)",
        Period(CELL),
        comb_box(LEFT, 170, 7),
        "Mes de la planilla que se debe regenerar.",
    ),
    Field(
        "sheet_type",
        "Tipo de planilla",
        Choice(
            (
                Option("contributions", "Aportes"),
                Option("adjustment", "Ajuste"),
                Option("reserve-fund", "Fondos de reserva"),
            ),
            step=25,
        ),
        Box(57, 171.5, 84, 4),
        "La planilla de aportes es la habitual.",
    ),
    Field(
        "sheet_number",
        "Número de planilla (si lo conoce)",
        Text(),
        Box(147, 170, 48, FIELD_HEIGHT),
        "Hace falta cuando hay más de una planilla de ese tipo en el mes.",
        required=False,
    ),
)

_PETITION: Final = (
    Field(
        "petition",
        "Expuesta con claridad: qué novedad se registró, de qué afiliado, y qué se debe corregir",
        Paragraph(5),
        Box(LEFT, 187.5, WIDTH, 27),
        "Diga qué error u omisión hubo, qué novedad registró y qué pide.",
        screen_label="Petición",
    ),
)

_CONTACT: Final = (
    Field(
        "email",
        "Correo electrónico",
        Text(),
        Box(LEFT, 226, 112, FIELD_HEIGHT),
        "Correo de la empresa.",
        checks=(Check.EMAIL,),
    ),
    Field(
        "phone",
        "Teléfono",
        Text(),
        Box(131, 226, 64, FIELD_HEIGHT),
        "Teléfono de la empresa, con código de provincia.",
        checks=(Check.PHONE,),
    ),
    Field(
        "address",
        "Dirección de la empresa",
        Paragraph(2),
        Box(LEFT, 238, 92, 12),
        "Calle principal, número, calle secundaria y ciudad.",
    ),
    Field(
        "representative_signature",
        "Firma del solicitante",
        Signature(),
        Box(115, 238, 80, 21.5),
        "De puño y letra, con bolígrafo azul o negro.",
    ),
)

_WORDING: Final[tuple[Furniture, ...]] = (
    *letterhead(_TITLE, "Pedido de regeneración de una planilla de aportes no pagada"),
    *addressee(58.2),
    Wording("De mi consideración:", LEFT, 76.4, 9),
    *lines(
        (
            "En mi calidad de representante legal del empleador que se identifica a continuación, solicito que se disponga la",
            "regeneración de la planilla señalada en la sección 3, por error u omisión en el registro de novedades. Declaro que la",
            "planilla no está pagada y que en esta misma fecha se anularon los comprobantes de pago de aportes y de fondos de",
            "reserva, así como la planilla de fondos de reserva de ese período.",
        ),
        80.8,
    ),
    *section(1, "EMPLEADOR", 99.0),
    *section(2, "REPRESENTANTE LEGAL", 133.2),
    *section(3, "PLANILLA QUE SE DEBE REGENERAR", 164.2),
    *section(4, "PETICIÓN", 181.7),
    *section(5, "CONTACTO DE LA EMPRESA Y FIRMA", 220.2),
    Wording("La firma de puño y letra es imprescindible.", LEFT, 254.6, 7.5, Face.STRONG),
    Wording("El trámite no tiene costo. Presente su cédula original en la ventanilla.", LEFT, 258.2, 7.5),
)

EMPLOYER_REQUEST: Final = Form(
    NAME,
    "Solicitud para empleador",
    (
        Edition(
            form=NAME,
            name="2026-12",
            title=_TITLE,
            language="es-EC",
            frame=A4_FRAME,
            fields=(
                *place_and_date(46),
                *employer(104.8),
                *person("representative", "Nombres y apellidos del representante legal.", 139),
                *_SHEET,
                *_PETITION,
                *_CONTACT,
            ),
            furniture=_WORDING,
        ),
    ),
)
