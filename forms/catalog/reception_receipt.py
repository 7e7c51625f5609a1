"""Constancia de recepción: what was handed in at the window, when and to whom, given at once.

Its official layout is unpublished; a person is entitled to proof of what was handed in, so this page is it.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.model import Comb, Date, Edition, Face, Field, Form, Furniture, Paragraph, Text, Wording
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

NAME: Final = "reception-receipt"
FILES_SHOWN: Final = 8
"""Files that the list has lines for; the digest stands for all of them."""
_TITLE: Final = "CONSTANCIA DE RECEPCIÓN"
_DIGITS: Final = "0123456789"

_FIELDS: Final = (
    Field("case", "Trámite", Text(), Box(LEFT, 46, 60, FIELD_HEIGHT), "Número del trámite."),
    Field("day", "Día (año-mes-día)", Date(CELL), comb_box(LEFT, 60, 10), "Día de la recepción."),
    Field("hour", "Hora", Text(), Box(75, 60, 30, FIELD_HEIGHT), "Hora de la oficina, de 24 horas."),
    Field("office", "Centro de atención", Text(), Box(LEFT, 86, 110, FIELD_HEIGHT), "Dónde se recibió."),
    Field("received_by", "Recibido por", Text(), Box(LEFT, 98.5, 110, FIELD_HEIGHT), "Quien recibió."),
    Field(
        "files",
        "Archivos",
        Comb(3, CELL, _DIGITS, exact=False),
        comb_box(135, 86, 3),
        "Cuántos se recibieron.",
    ),
    Field(
        "pages",
        "Páginas",
        Comb(4, CELL, _DIGITS, exact=False),
        comb_box(135, 98.5, 4),
        "Cuántas se pudieron abrir.",
        required=False,
    ),
    Field(
        "list",
        "Cada archivo con sus páginas y el comienzo de su huella SHA-256",
        Paragraph(FILES_SHOWN),
        Box(LEFT, 124.5, WIDTH, 42),
        "En el orden en que se recibieron.",
    ),
    Field(
        "digest",
        "Huella de todo lo recibido (comienzo del SHA-256 de la lista de huellas)",
        Comb(16, CELL, "0123456789abcdef"),
        comb_box(LEFT, 173, 16),
        "Vale por todos los archivos, también por los que no caben en la lista.",
    ),
)

_WORDING: Final[tuple[Furniture, ...]] = (
    *letterhead(_TITLE, "De los papeles entregados en la ventanilla"),
    *section(1, "DÓNDE Y QUIÉN", 79.0),
    *section(2, "QUÉ SE RECIBIÓ", 117.5),
    *section(3, "QUÉ SIGUE", 191.0),
    *lines(
        (
            "•  Los originales escaneados se guardan tal como se recibieron y no se modifican.",
            "•  Esta constancia prueba la entrega. No significa que la solicitud esté completa ni aceptada.",
            "•  Si algo falta, se le entrega una notificación con lo que debe completar y su término.",
            "•  Con el número del trámite puede preguntar por él en cualquier ventanilla.",
            "•  Cualquier persona puede comprobar esta constancia en la página «Verificar un documento» de este servicio.",
        ),
        197.8,
        leading=5.0,
    ),
    Wording("El trámite no tiene costo. Conserve esta constancia.", LEFT, 230, 9, Face.STRONG),
)

RECEPTION_RECEIPT: Final = Form(
    NAME,
    "Constancia de recepción",
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
