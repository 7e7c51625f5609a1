"""What codes are called at a terminal: kinds of papers and fields, states and events of cases, profiles."""

from __future__ import annotations

from typing import Final

from cli.language import say
from operations.casework import RECEIVE
from operations.titles import title_of
from operations.users import UserRole
from regeneration.cases import CaseEvent, CaseState


def say_title(kind: str) -> str:
    """A form or another kind of document."""
    return say(title_of(kind), kind)


_KINDS: Final = {
    "text": "texto",
    "paragraph": "párrafo",
    "comb": "casillas",
    "date": "fecha",
    "period": "período",
    "choice": "opción",
    "mark": "marca",
    "signature": "firma",
    "annex": "anexo",
}


def say_kind(kind: str) -> str:
    """A kind of field."""
    return say(_KINDS[kind], kind)


def say_state(state: str) -> str:
    """A state of a case."""
    return say(CaseState(state).label, state)


def say_event(event: str) -> str:
    """What happened to a case."""
    if event == RECEIVE:
        return say("Recibe los papeles", event)
    return say(CaseEvent(event).label, event)


def say_role(role: str) -> str:
    """What a user may see and do."""
    return say(UserRole(role).label, role)
