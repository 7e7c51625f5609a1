"""Spanish or English, by ``LANG``: what a person at a terminal reads."""

from __future__ import annotations

import os
from typing import Final

SPANISH: Final = not os.environ.get("LC_ALL", os.environ.get("LANG", "es")).lower().startswith(("en", "c."))
"""Whether help and reports are in Spanish: always, unless the environment asks for English or for C."""


def say(spanish: str, english: str) -> str:
    """The wording of the two that the environment asks for."""
    return spanish if SPANISH else english
