"""Papers that anybody may have looked at: how much of one, and how many from one place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from forms.problems import Problem, problem
from intake.limits import Limits
from intake.sandbox import Sandbox
from operations.access_limits import count_use, write_wait
from operations.house import House

PLACES: Final = 2
"""Papers of strangers that are looked at at the same time."""
MEGABYTES: Final = 16
"""A photograph of a telephone or a few scanned pages; our own sheets are far smaller."""
_PAGES: Final = 5
_SECONDS: Final = 20
"""An honest page takes less than one."""
_FREE: Final = 30
"""Papers of one address in ``_SPAN``: an office behind one address compares a folder of them."""
_SPAN: Final = timedelta(minutes=10)
_WHAT: Final = "verify"


def visitor_limits(house: House) -> Limits:
    """The bounds of a stranger's file: within those of the house."""
    known = house.limits
    return replace(
        known,
        file_megabytes=min(known.file_megabytes, MEGABYTES),
        pages=min(known.pages, _PAGES),
        seconds=min(known.seconds, _SECONDS),
    )


def house_for_visitors(house: House) -> House:
    """The same house with a reader of narrower bounds, each held by the sandbox."""
    limits = visitor_limits(house)
    return replace(house, limits=limits, sandbox=Sandbox(limits, ("intake.warm",)))


def admit_visitor(house: House, address: str) -> Problem | None:
    """Count one more paper of this address, or say how long it must wait."""
    with house.database.transaction() as session:
        wait = count_use(house, session, _WHAT, address, _FREE, _SPAN)
    return None if wait <= timedelta(0) else problem("VERIFICATION_OFTEN", wait=write_wait(wait))
