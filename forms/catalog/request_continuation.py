"""Hoja de continuación: what of a petition has no room on the request, on a sheet with a seal of its own.

Request and continuation name each other by their document numbers, so that the signature on the request
stands for both. The official form's room for the petition is unpublished; that it may go on is ours.
"""

from __future__ import annotations

from typing import Final

from forms.geometry import Box
from forms.model import Edition, Field, Form, Furniture, Paragraph, Text
from forms.parts import employer
from forms.stationery import A4_FRAME, FIELD_HEIGHT, LEFT, WIDTH, letterhead, lines, section

NAME: Final = "request-continuation"
REQUEST_NUMBER: Final = "request_number"
"""The field that names the document of the request which goes on here."""
CONTINUED: Final = "petition_continued"
_TITLE: Final = "HOJA DE CONTINUACIÓN"

_FIELDS: Final = (
    Field(
        REQUEST_NUMBER,
        "Solicitud que continúa (número del documento)",
        Text(),
        Box(LEFT, 47, 78, FIELD_HEIGHT),
        "El número impreso al pie de la solicitud.",
    ),
    *employer(83.5),
    Field(
        CONTINUED,
        "Continúa la petición desde donde termina en la solicitud",
        Paragraph(26),
        Box(LEFT, 123.5, WIDTH, 133),
        "Lo que no cupo en la solicitud.",
        screen_label="Continuación de la petición",
    ),
)

_WORDING: Final[tuple[Furniture, ...]] = (
    *letterhead(_TITLE, "De la solicitud para empleador"),
    *lines(
        (
            "Esta hoja continúa la petición de la solicitud indicada arriba, que la nombra al pie de su texto.",
            "No se firma por separado: vale con la solicitud firmada. Entregue las dos en la ventanilla.",
        ),
        61.5,
    ),
    *section(1, "EMPLEADOR", 77.5),
    *section(2, "PETICIÓN (CONTINUACIÓN)", 115.5),
)

REQUEST_CONTINUATION: Final = Form(
    NAME,
    "Hoja de continuación",
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
