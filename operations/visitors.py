"""Who asks for an appointment: an identity number, and an e-mail address that a code proves to be theirs."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from forms.catalog.appointment_confirmation import APPOINTMENT_CONFIRMATION
from forms.checks import check_values
from forms.identity import check_cedula, check_foreigner_code
from forms.problems import Problem
from operations.house import House
from operations.mail import Mail, post_mail
from operations.one_time_codes import GOOD_FOR, CodeAnswer, make_code, use_code
from operations.proof_tags import is_same, tag_of

_PURPOSE: Final = "appointment"
CODE_OCCASION: Final = "appointment-code/"
"""How the occasion of a mail with such a code begins. It names nobody: occasions stay in the trail."""
_TICKET_GOOD_FOR: Final = timedelta(minutes=30)
_PROVED: Final = "visitor"
_TYPED: Final = "visitor-draft"
_CEDULA_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who comes to an agency. ``person_id`` is a cédula or a foreigner's code."""

    person_id: str
    email: str
    phone: str


def check_person(person_id: str) -> tuple[Problem, ...]:
    """Problems of the identity number with which an appointment is asked for."""
    if len(person_id) == _CEDULA_LENGTH and person_id.isdigit():
        return check_cedula(person_id, "person_id")
    return check_foreigner_code(person_id, "person_id")


def check_visitor(visitor: Visitor) -> tuple[Problem, ...]:
    """Problems of the visitor's data, by the confirmation's own checks."""
    values = asdict(visitor)
    found = check_values(APPOINTMENT_CONFIRMATION.current, values)
    return (*check_person(visitor.person_id), *(each for each in found if each.field in {"email", "phone"}))


def send_code(house: House, visitor: Visitor) -> bool:
    """Send a code to the visitor's address; false when one went there moments ago, or too many today."""
    with house.database.transaction() as session:
        code = make_code(house, session, _PURPOSE, visitor.email)
        if code is None:
            return False
        minutes = int(GOOD_FOR.total_seconds() // 60)
        mail = Mail(
            occasion=f"{CODE_OCCASION}{secrets.token_hex(16)}",
            recipient=visitor.email,
            subject="Verificar IESS turno online",
            paragraphs=(
                f"Su código para pedir el turno es {code}. Sirve una sola vez, durante {minutes} minutos.",
                "Escríbalo en la página en la que lo pidió. Si usted no pidió un turno, no haga nada.",
            ),
        )
        return post_mail(house, session, mail) is not None


def prove_address(house: House, visitor: Visitor, code: str) -> str | CodeAnswer:
    """A ticket with which the visitor books; or what is wrong with the code."""
    with house.database.transaction() as session:
        answer = use_code(house, session, _PURPOSE, visitor.email, code)
    return write_ticket(house, visitor) if answer is CodeAnswer.RIGHT else answer


def write_ticket(house: House, visitor: Visitor) -> str:
    """The visitor's data under a tag of ours that says that the address was proved, good for half an hour."""
    return _write(house, _PROVED, visitor)


def read_ticket(house: House, ticket: str) -> Visitor | None:
    """The visitor of a ticket of ours that still counts."""
    return _read(house, _PROVED, ticket)


def write_draft(house: House, visitor: Visitor) -> str:
    """What a visitor typed so far, right or not, to be shown again within half an hour. It proves nothing."""
    return _write(house, _TYPED, visitor)


def read_draft(house: House, draft: str) -> Visitor | None:
    """The visitor of a draft of ours that is not too old."""
    return _read(house, _TYPED, draft)


def _write(house: House, purpose: str, visitor: Visitor) -> str:
    until = (house.clock() + _TICKET_GOOD_FOR).isoformat()
    told = json.dumps([*asdict(visitor).values(), until], ensure_ascii=False)
    body = base64.urlsafe_b64encode(told.encode("utf-8", "surrogatepass")).decode()
    return f"{body}.{tag_of(house, purpose, body)}"


def _read(house: House, purpose: str, text: str) -> Visitor | None:
    body, _, tag = text.partition(".")
    if not is_same(tag, tag_of(house, purpose, body)):
        return None
    told = base64.urlsafe_b64decode(body).decode("utf-8", "surrogatepass")
    person_id, email, phone, until = json.loads(told)
    return Visitor(person_id, email, phone) if house.clock() < datetime.fromisoformat(until) else None
