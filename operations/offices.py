"""The offices that cases and people belong to: those of the list of agencies, and this window's own."""

from __future__ import annotations

from forms.problems import Problem, problem
from operations.house import House


def known_offices(house: House) -> tuple[str, ...]:
    """Names of all offices, this window's own first."""
    own = house.settings.office
    return (own, *(agency.name for agency in house.agencies.all if agency.name != own))


def check_office(house: House, office: str) -> tuple[Problem, ...]:
    """``OFFICE_UNKNOWN`` for a name that no office has: no desk would list what is of it."""
    offices = known_offices(house)
    if office in offices:
        return ()
    return (problem("OFFICE_UNKNOWN", field="office", value=office, offices="; ".join(offices)),)
