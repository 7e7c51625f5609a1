"""What only the person at the window can see: identity documents, authorizations and ink, each act by itself.

An act is recorded with who and when as soon as somebody does it, and stands until other papers come in or
somebody takes it back, which is recorded too. What was seen of a person (the presenter) says nothing of
another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from forms.identity import IdentityKind
from forms.problems import Problem, problem
from operations.receipts import RECEPTIONS
from storage.schema import CaseEventRow

SEEN: Final = "seen"
"""Where an event's data keep the acts, beside the ``presenter`` they are about."""
WITHDRAWN: Final = "withdrawn"
"""Where an event's data keep the acts that were taken back, beside the ``presenter`` they were about."""


class Act(Enum):
    IDENTITY = "identity"
    ID_COPY = "id-copy"
    AUTHORIZATION = "authorization"
    SIGNATURE = "signature"

    @property
    def question(self) -> str:
        """What is asked, to be answered with yes."""
        return _QUESTIONS[self]


_QUESTIONS: Final = {
    Act.IDENTITY: "¿Vio el documento de identidad original de quien presenta?",
    Act.ID_COPY: "¿Recibió la copia simple del documento (código de identificación para extranjeros)?",
    Act.AUTHORIZATION: "¿La autorización original está vigente y coincide con la solicitud?",
    Act.SIGNATURE: "¿Firma de puño y letra en el original?",
}


@dataclass(frozen=True, slots=True)
class Attestation:
    """The acts of the person at the window about who presents the papers: all that count, and no other."""

    presenter_id: str
    identity_seen: bool
    signature_seen: bool
    authorization_seen: bool = False
    copy_seen: bool = False

    @property
    def acts(self) -> frozenset[Act]:
        told = {
            Act.IDENTITY: self.identity_seen,
            Act.ID_COPY: self.copy_seen,
            Act.AUTHORIZATION: self.authorization_seen,
            Act.SIGNATURE: self.signature_seen,
        }
        return frozenset(act for act, done in told.items() if done)


@dataclass(frozen=True, slots=True)
class Witness:
    """Who did an act, and when."""

    by: str
    at: datetime


def needed_acts(
    request: Mapping[str, str], authorization: Mapping[str, str], presenter_id: str
) -> tuple[Act, ...]:
    """The acts that a presenter's papers ask for. Whose kind of document nobody tells has a foreigner's code
    when the number is no cédula's.
    """
    own = presenter_id == request.get("representative_id", "")
    if own:
        kind = request.get("representative_id_kind", "")
    elif presenter_id == authorization.get("authorized_id"):
        kind = authorization.get("authorized_id_kind", "")
    else:
        is_cedula = len(presenter_id) == _CEDULA and presenter_id.isdigit()
        kind = (IdentityKind.CEDULA if is_cedula else IdentityKind.FOREIGNER_CODE).value
    copy = (Act.ID_COPY,) if kind == IdentityKind.FOREIGNER_CODE.value else ()
    # Of an authorization that is not there nothing is attested: that it is missing is another problem.
    authorized = (Act.AUTHORIZATION,) if authorization and not own else ()
    return (Act.IDENTITY, *copy, *authorized, Act.SIGNATURE)


_CEDULA: Final = 10


def witnessed(events: Sequence[CaseEventRow], presenter_id: str) -> dict[Act, Witness]:
    """The acts that stand: those done since papers last came in and not taken back, the signature's whoever
    presents them.
    """
    found: dict[Act, Witness] = {}
    for row in events:
        if row.event in RECEPTIONS:
            found.clear()
        for act in _acts_about(row, WITHDRAWN, presenter_id):
            found.pop(act, None)
        for act in _acts_about(row, SEEN, presenter_id):
            found.setdefault(act, Witness(row.actor, row.at))
    return found


def _acts_about(row: CaseEventRow, place: str, presenter_id: str) -> list[Act]:
    told = [Act(name) for name in row.data.get(place, ())]
    return [act for act in told if act is Act.SIGNATURE or row.data.get("presenter") == presenter_id]


def lacking_acts(needed: Sequence[Act], done: frozenset[Act]) -> tuple[Problem, ...]:
    """A problem for each act that is needed and was not done; its field is the act."""
    return tuple(_problem(act) for act in needed if act not in done)


def _problem(act: Act) -> Problem:
    if act is Act.ID_COPY:
        return problem("ID_COPY_MISSING", field=act.value)
    return problem("ATTESTATION_MISSING", field=act.value, label=act.question)
