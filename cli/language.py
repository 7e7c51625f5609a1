"""Spanish or English, by ``LANG``: what a person at a terminal reads."""

from __future__ import annotations

import os
from typing import Final

SPANISH: Final = not os.environ.get("LC_ALL", os.environ.get("LANG", "es")).lower().startswith(("en", "c."))
"""Whether help and reports are in Spanish: always, unless the environment asks for English or for C."""


def say(spanish: str, english: str) -> str:
    """The wording of the two that the environment asks for."""
    return spanish if SPANISH else english


_LABELS: Final = {
    "read": "completa",
    "review": "por revisar",
    "refused": "rechazada",
    "valid": "válido",
    "invalid": "inválido",
    "unknown-key": "de clave desconocida",
    "absent": "ausente",
    "unreadable": "ilegible",
    "confirmed": "confirmado",
    "doubtful": "dudoso",
    "altered": "alterado",
    "missing": "falta",
    "present": "presente",
    "current": "vigente",
    "used": "ya presentado",
    "replaced": "reemplazado",
    "revoked": "revocado",
    "unknown": "no consta",
    "sealed": "papel sellado",
    "template": "formulario llenado",
    "digital": "archivo digital",
    "letter": "carta",
    "annex": "anexo",
}


def label_of(state: str) -> str:
    """A state or route of the JSON shapes in the person's language; the JSON keeps its English names."""
    return say(_LABELS.get(state, state), state)


def label_of_value(state: str) -> str:
    """The state of one value, of which «read» says that it was read and not that all was."""
    return say("leído", state) if state == "read" else label_of(state)
