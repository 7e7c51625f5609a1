"""Complaints (*quejas*): filed by anybody, followed with a link, answered by a supervisor."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import select

from forms.checks import is_email
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.problems import Problem, problem
from operations.casework import Refusal
from operations.house import House
from operations.mail import Mail, post_mail
from operations.proof_tags import is_same, tag_of
from storage.audit import append_audit
from storage.complaint_tables import ComplaintRow

_MOST: Final = 4000
_MOST_SHORT: Final = 120
ANSWERED_ALREADY: Final = Refusal("COMPLAINT_ANSWERED", "Esta queja ya está contestada.")


class ComplaintState(Enum):
    OPEN = "open"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        return {ComplaintState.OPEN: "en trámite", ComplaintState.ANSWERED: "contestada"}[self]


@dataclass(frozen=True, slots=True)
class Filed:
    """A complaint that was filed, and what opens it."""

    number: str
    key: str


def file_complaint(
    house: House, name: str, email: str, text: str, case_number: str = ""
) -> Filed | tuple[Problem, ...]:
    """File a complaint. Name and e-mail may be left out; then only the link follows it."""
    found = tuple(_faults(name, email, text, case_number))
    if found:
        return found
    number = number_from_entropy(secrets.token_bytes(RANDOM_BYTES))
    filed = Filed(number, key_of(house, number))
    with house.database.transaction() as session:
        session.add(
            ComplaintRow(
                number=number,
                filed_at=house.now(),
                day=house.today().isoformat(),
                name=name,
                email=email,
                case_number=case_number,
                text=text,
                state=ComplaintState.OPEN.value,
                answer="",
                answered_by="",
                answered_at=None,
            )
        )
        append_audit(session, house.now(), "público", "complaint.file", number)
        mail = Mail(
            f"complaint/{number}",
            email,
            f"Recibimos su queja {number}",
            (
                "Gracias por avisarnos. Una persona la leerá y le contestará.",
                f"Puede seguirla en {_link(house, filed)}",
            ),
        )
        post_mail(house, session, mail)
    return filed


def _faults(name: str, email: str, text: str, case_number: str) -> Sequence[Problem]:
    found = []
    if not text.strip():
        found.append(problem("FIELD_MISSING", field="text", label="Qué pasó"))
    if len(text) > _MOST:
        reason = f"tiene más de {_MOST} letras"
        found.append(problem("FIELD_FORMAT", field="text", label="Qué pasó", reason=reason))
    if email and not is_email(email):
        reason = "no es una dirección como nombre@empresa.ec"
        found.append(problem("FIELD_FORMAT", field="email", label="Correo electrónico", reason=reason))
    for field, label, value in (("name", "Nombre", name), ("case_number", "Trámite", case_number)):
        if len(value) > (_MOST_SHORT if field == "name" else 20):
            found.append(problem("FIELD_FORMAT", field=field, label=label, reason="es demasiado largo"))
    return found


def find_complaint(house: House, number: str, key: str) -> ComplaintRow | None:
    """A complaint for whoever has its link."""
    if not is_same(key, key_of(house, number)):
        return None
    with house.database.reading() as session:
        return session.get(ComplaintRow, number)


def list_complaints(house: House) -> Sequence[ComplaintRow]:
    """All complaints, the open ones first, then the newest; for supervisors."""
    with house.database.reading() as session:
        query = select(ComplaintRow).order_by(ComplaintRow.state.desc(), ComplaintRow.filed_at.desc())
        return session.scalars(query.limit(500)).all()


def answer_complaint(house: House, number: str, answer: str, by: str) -> Refusal | None:
    """Answer a complaint once; whoever filed it is told by mail where an address was given."""
    with house.database.transaction() as session:
        row = session.get(ComplaintRow, number, with_for_update=True)
        if row is None or row.state != ComplaintState.OPEN.value:
            return ANSWERED_ALREADY
        if not answer.strip() or len(answer) > _MOST:
            return Refusal("COMPLAINT_ANSWER", f"Escriba la respuesta, de hasta {_MOST} letras.")
        row.state, row.answer = ComplaintState.ANSWERED.value, answer.strip()
        row.answered_by, row.answered_at = by, house.now()
        append_audit(session, house.now(), by, "complaint.answer", number)
        link = _link(house, Filed(number, key_of(house, number)))
        mail = Mail(
            f"complaint/{number}/answer", row.email, f"Respuesta a su queja {number}", (row.answer, link)
        )
        post_mail(house, session, mail)
    return None


def key_of(house: House, number: str) -> str:
    """What opens a complaint in its link."""
    return tag_of(house, "complaint", number)[:24]


def _link(house: House, filed: Filed) -> str:
    return f"{house.settings.public_url}/quejas/{filed.number}?clave={filed.key}"
