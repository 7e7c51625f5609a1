"""The proof of reception that a person takes home: drawn with the reading, so that it counts pages too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from forms.catalog.reception_receipt import FILES_SHOWN, NAME, RECEPTION_RECEIPT
from forms.layout import PRINTABLE, normalise
from intake.readings import BatchReading
from operations.casework import RECEIVE, SYSTEM, events_of
from operations.deposits import record_document
from operations.house import House
from operations.issuing import Drawn, draw_form, record_form
from regeneration.cases import CaseEvent
from storage.schema import CaseEventRow, CaseRow, UserRow

RECEPTIONS: Final = frozenset({RECEIVE, CaseEvent.RECEIVE_AGAIN.value})
"""Events by which papers come in."""
_NAME_SIGNS: Final = 44
"""Signs of a file's name that fit on a line beside its pages and its digest."""
_HASH_SIGNS: Final = 12
_PLACE_SIGNS: Final = 50
"""Signs of an office or a person that fit their boxes."""


def draw_receipt(house: House, session: Session, case: CaseRow, batch: BatchReading) -> Drawn:
    """The receipt of what came in last; ``batch`` tells how many pages each file has."""
    last = [row for row in events_of(session, case.number) if row.event in RECEPTIONS][-1]
    drawn = draw_form(house, RECEPTION_RECEIPT.current, _values(house, session, case, last, batch))
    # Every value was made to fit just above, so anything else is a fault of ours.
    assert isinstance(drawn, Drawn), drawn
    return drawn


def file_receipt(house: House, session: Session, case: CaseRow, drawn: Drawn) -> dict[str, str]:
    """Put a drawn receipt into the case's file; what its event says of it."""
    sha256 = record_form(house, session, drawn, SYSTEM, case.number)
    record_document(session, drawn.made, house.now(), case.number, NAME, f"constancia {case.number}.pdf")
    return {"kind": NAME, "sha256": sha256}


def _values(
    house: House, session: Session, case: CaseRow, last: CaseEventRow, batch: BatchReading
) -> dict[str, str]:
    files: Sequence[Mapping[str, Any]] = last.data["files"]
    pages = {file.sha256: file.pages for file in batch.files}
    counted = sum(pages.get(file["sha256"], 0) for file in files)
    at = last.at.astimezone(house.zone)
    hashes = "\n".join(file["sha256"] for file in files)
    values = {
        "case": case.number,
        "day": at.date().isoformat(),
        "hour": f"{at:%H:%M:%S}",
        "office": printable(case.office, _PLACE_SIGNS),
        "received_by": printable(display_name(session, last.actor), _PLACE_SIGNS),
        "files": str(min(len(files), 999)),
        "list": "\n".join(_lines(files, pages)),
        "digest": hashlib.sha256(hashes.encode()).hexdigest()[:16],
    }
    return values | ({"pages": str(min(counted, 9999))} if counted else {})


def _lines(files: Sequence[Mapping[str, Any]], pages: Mapping[str, int]) -> Iterator[str]:
    shown = len(files) if len(files) <= FILES_SHOWN else FILES_SHOWN - 1
    for place, file in enumerate(files[:shown], start=1):
        count = pages.get(file["sha256"], 0)
        told = f"{count} pág." if count else "no se pudo abrir"
        yield f"{place}. {printable(file['name'], _NAME_SIGNS)} · {told} · {file['sha256'][:_HASH_SIGNS]}"
    if shown < len(files):
        yield f"y {len(files) - shown} archivos más"


def display_name(session: Session, actor: str) -> str:
    """What people call an actor of the trail."""
    user = session.get(UserRow, actor)
    return user.display_name if user is not None else _ACTORS.get(actor, actor)


_ACTORS: Final = {SYSTEM: "El servicio", "carpeta": "Carpeta de escaneos"}


def printable(text: str, signs: int) -> str:
    """The text as our printed face can show it, cut to so many signs.

    >>> printable("copia\\tdel 日本.pdf", 12)
    'copia del...'
    """
    shown = "".join(sign if sign in PRINTABLE else "?" for sign in normalise(text))
    return shown if len(shown) <= signs else f"{shown[: signs - 3].rstrip()}..."
