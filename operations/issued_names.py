"""What the files of issued documents are called when they leave: what each is, and then its number."""

from __future__ import annotations

from typing import Final

from operations.house import House
from storage.schema import IssuedRow

FILE_WORDS: Final = {
    "employer-request": "solicitud",
    "request-continuation": "continuacion",
    "third-party-authorization": "autorizacion",
    "return-notice": "notificacion",
    "reception-receipt": "constancia",
    "appointment-confirmation": "turno",
    "sheet": "planilla",
    "reserve-fund-sheet": "planilla-de-fondos-de-reserva",
    "sheet-comparison": "comparacion",
}
"""Words for the names of files, by form or kind of paper: plain letters, for any file system."""


def file_name_of(kind: str, number: str) -> str:
    """The name of the PDF of an issued document.

    >>> file_name_of("employer-request", "12S9-0T9V-7QGE-H3MX")
    'solicitud-12S9-0T9V-7QGE-H3MX.pdf'
    """
    return f"{FILE_WORDS.get(kind, 'documento')}-{number}.pdf"


def name_of_issued(house: House, number: str) -> str:
    """The same of a document by its number alone."""
    with house.database.reading() as session:
        row = session.get(IssuedRow, number)
        return file_name_of(row.form if row is not None else "", number)
