"""The life of a case (*trámite*) as one table: from each state, which event leads where, and who may.

The diagram in ``docs/case-states.md`` is drawn from this table. What the table does not have is refused by
name (:class:`Forbidden`); nothing else decides about states.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class CaseState(Enum):
    RECEIVED = "received"
    READING = "reading"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    PRECONDITIONS_FAILED = "preconditions-failed"
    REBUILDING = "rebuilding"
    REBUILT = "rebuilt"
    IN_CLEAN_UP = "in-clean-up"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


class CaseEvent(Enum):
    READ = "read"
    READ_DONE = "read-done"
    READ_FAILED = "read-failed"
    CORRECT = "correct"
    ATTEST = "attest"
    WITHDRAW = "withdraw"
    AGREE = "agree"
    ACCEPT = "accept"
    RETURN = "return"
    REFUSE = "refuse"
    RECEIVE_AGAIN = "receive-again"
    LAPSE = "lapse"
    WAIT = "wait"
    PRECONDITIONS_PASSED = "preconditions-passed"
    PRECONDITIONS_FAILED = "preconditions-failed"
    REBUILD_DONE = "rebuild-done"
    NOTHING_CHANGES = "nothing-changes"
    REBUILD_REFUSED = "rebuild-refused"
    RESULT_NEGATIVE = "result-negative"
    REOPEN = "reopen"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        return _EVENT_LABELS[self]


class Role(Enum):
    """Who may make an event happen; ``SYSTEM`` is the service itself. A supervisor may what a clerk may."""

    SYSTEM = "system"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ARCHIVIST = "archivist"

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]


_STATE_LABELS: Final = {
    CaseState.RECEIVED: "Recibido",
    CaseState.READING: "En lectura",
    CaseState.IN_REVIEW: "En revisión",
    CaseState.RETURNED: "Devuelto para completar",
    CaseState.REFUSED: "Rechazado",
    CaseState.ACCEPTED: "Aceptado",
    CaseState.PRECONDITIONS_FAILED: "Condiciones sin cumplir",
    CaseState.REBUILDING: "En regeneración",
    CaseState.REBUILT: "Planilla regenerada",
    CaseState.IN_CLEAN_UP: "En depuración",
    CaseState.ARCHIVED: "Archivado",
}

_EVENT_LABELS: Final = {
    CaseEvent.READ: "Empieza la lectura",
    CaseEvent.READ_DONE: "Termina la lectura",
    CaseEvent.READ_FAILED: "Falla la lectura",
    CaseEvent.CORRECT: "Corrige un dato",
    CaseEvent.ATTEST: "Da fe de lo que vio",
    CaseEvent.WITHDRAW: "Retira lo que había dicho que vio",
    CaseEvent.AGREE: "Confirma lo distinto del sello",
    CaseEvent.ACCEPT: "Acepta la solicitud",
    CaseEvent.RETURN: "Devuelve la solicitud",
    CaseEvent.REFUSE: "Rechaza la solicitud",
    CaseEvent.RECEIVE_AGAIN: "Recibe más papeles",
    CaseEvent.LAPSE: "Vence el término para completar",
    CaseEvent.WAIT: "Espera al registro del instituto",
    CaseEvent.PRECONDITIONS_PASSED: "Se cumplen las condiciones",
    CaseEvent.PRECONDITIONS_FAILED: "No se cumplen las condiciones",
    CaseEvent.REBUILD_DONE: "Se regenera la planilla",
    CaseEvent.NOTHING_CHANGES: "La planilla no cambia",
    CaseEvent.REBUILD_REFUSED: "No se puede regenerar",
    CaseEvent.RESULT_NEGATIVE: "El resultado es negativo",
    CaseEvent.REOPEN: "Reabre el trámite",
    CaseEvent.ARCHIVE: "Archiva el expediente",
}

_ROLE_LABELS: Final = {
    Role.SYSTEM: "sistema",
    Role.CLERK: "ventanilla",
    Role.SUPERVISOR: "supervisión",
    Role.ARCHIVIST: "archivo",
}

INITIAL: Final = CaseState.RECEIVED
"""Receiving originals is what starts a case; it is not a transition."""

_Row = dict[CaseEvent, tuple[CaseState, Role]]

TRANSITIONS: Final[dict[CaseState, _Row]] = {
    CaseState.RECEIVED: {
        CaseEvent.READ: (CaseState.READING, Role.SYSTEM),
    },
    CaseState.READING: {
        CaseEvent.READ: (CaseState.READING, Role.SYSTEM),  # a worker died: the next one starts over
        CaseEvent.READ_DONE: (CaseState.IN_REVIEW, Role.SYSTEM),
        CaseEvent.READ_FAILED: (CaseState.IN_REVIEW, Role.SYSTEM),
    },
    CaseState.IN_REVIEW: {
        CaseEvent.READ: (CaseState.READING, Role.CLERK),  # read again
        CaseEvent.RECEIVE_AGAIN: (CaseState.RECEIVED, Role.CLERK),  # pages that were forgotten
        CaseEvent.CORRECT: (CaseState.IN_REVIEW, Role.CLERK),
        CaseEvent.ATTEST: (CaseState.IN_REVIEW, Role.CLERK),
        CaseEvent.WITHDRAW: (CaseState.IN_REVIEW, Role.CLERK),
        CaseEvent.AGREE: (CaseState.IN_REVIEW, Role.CLERK),
        CaseEvent.ACCEPT: (CaseState.ACCEPTED, Role.CLERK),
        CaseEvent.RETURN: (CaseState.RETURNED, Role.CLERK),
        CaseEvent.REFUSE: (CaseState.REFUSED, Role.CLERK),
    },
    CaseState.RETURNED: {
        CaseEvent.RECEIVE_AGAIN: (CaseState.RECEIVED, Role.CLERK),
        CaseEvent.LAPSE: (CaseState.REFUSED, Role.SUPERVISOR),
    },
    CaseState.REFUSED: {
        CaseEvent.REOPEN: (CaseState.IN_REVIEW, Role.SUPERVISOR),
        CaseEvent.ARCHIVE: (CaseState.ARCHIVED, Role.ARCHIVIST),
    },
    CaseState.ACCEPTED: {
        CaseEvent.WAIT: (CaseState.ACCEPTED, Role.SYSTEM),
        CaseEvent.PRECONDITIONS_PASSED: (CaseState.REBUILDING, Role.SYSTEM),
        CaseEvent.PRECONDITIONS_FAILED: (CaseState.PRECONDITIONS_FAILED, Role.SYSTEM),
    },
    CaseState.PRECONDITIONS_FAILED: {
        CaseEvent.CORRECT: (CaseState.IN_REVIEW, Role.SUPERVISOR),  # it was accepted with this value
        CaseEvent.ATTEST: (CaseState.ACCEPTED, Role.CLERK),
        CaseEvent.WITHDRAW: (CaseState.PRECONDITIONS_FAILED, Role.CLERK),
        CaseEvent.ACCEPT: (CaseState.ACCEPTED, Role.CLERK),  # looked up again
        CaseEvent.RETURN: (CaseState.RETURNED, Role.CLERK),
        CaseEvent.REFUSE: (CaseState.REFUSED, Role.CLERK),
    },
    CaseState.REBUILDING: {
        CaseEvent.WAIT: (CaseState.REBUILDING, Role.SYSTEM),
        CaseEvent.REBUILD_DONE: (CaseState.REBUILT, Role.SYSTEM),
        CaseEvent.NOTHING_CHANGES: (CaseState.PRECONDITIONS_FAILED, Role.SYSTEM),
        CaseEvent.REBUILD_REFUSED: (CaseState.PRECONDITIONS_FAILED, Role.SYSTEM),
        CaseEvent.RESULT_NEGATIVE: (CaseState.IN_CLEAN_UP, Role.SYSTEM),
    },
    CaseState.REBUILT: {
        CaseEvent.ARCHIVE: (CaseState.ARCHIVED, Role.SYSTEM),
    },
    CaseState.IN_CLEAN_UP: {
        CaseEvent.REOPEN: (CaseState.ACCEPTED, Role.SUPERVISOR),  # the novedades were cleaned up
        CaseEvent.REFUSE: (CaseState.REFUSED, Role.SUPERVISOR),
    },
    CaseState.ARCHIVED: {
        CaseEvent.CORRECT: (CaseState.ARCHIVED, Role.SUPERVISOR),
    },
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The state that follows, and the role that the event asks for."""

    state: CaseState
    role: Role


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The event has no place in the state."""

    state: CaseState
    event: CaseEvent

    @property
    def message(self) -> str:
        return f"El trámite está «{self.state.label}» y no admite «{self.event.label}»."


def find_step(state: CaseState, event: CaseEvent) -> Allowed | Forbidden:
    """What the table says of ``event`` in ``state``."""
    found = TRANSITIONS[state].get(event)
    return Forbidden(state, event) if found is None else Allowed(*found)


def next_state(state: CaseState, event: CaseEvent) -> CaseState | None:
    """The state that follows, or ``None`` where :func:`find_step` says that the event is forbidden."""
    found = TRANSITIONS[state].get(event)
    return None if found is None else found[0]


def mermaid_diagram() -> str:
    """The table as a Mermaid state diagram, in Spanish."""
    names = {state: state.name for state in CaseState}
    lines = ["stateDiagram-v2", *(f'    state "{state.label}" as {names[state]}' for state in CaseState)]
    lines.append(f"    [*] --> {names[INITIAL]}")
    for state, row in TRANSITIONS.items():
        for event, (target, role) in row.items():
            lines.append(f"    {names[state]} --> {names[target]}: {event.label} ({role.label})")
        if state is CaseState.ARCHIVED:
            lines.append(f"    {names[state]} --> [*]")
    return "\n".join(lines) + "\n"


def write_page() -> str:
    """The whole of ``docs/case-states.md``."""
    rows = [
        f"| {state.label} (`{state.value}`) | {event.label} (`{event.value}`) "
        f"| {target.label} | {role.label} |"
        for state, row in TRANSITIONS.items()
        for event, (target, role) in row.items()
    ]
    return "\n".join(
        (
            "# The life of a case",
            "",
            "This page is written from `regeneration/cases.py` by `make docs`; change that, not this.",
            "",
            "```mermaid",
            mermaid_diagram() + "```",
            "",
            "| State | Event | Next state | Who |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )
