"""Who sees what of a person: one table that pages, lists and documentation follow (LOPDP).

The law lets people process no more than their task needs (article 10, *minimización* and
*confidencialidad*; the articles are likely, see ``docs/open-questions.md``). Somebody who needs more asks for
it on the page, which is an event of the audit trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from forms.personal import HIDDEN, Datum, find_numbers, mask, mask_numbers
from operations.house import House
from operations.proof_tags import tag_of
from operations.users import User, UserRole
from storage.audit import append_audit


class View(Enum):
    FULL = "full"
    MASKED = "masked"
    NONE = "none"

    @property
    def label(self) -> str:
        return {"full": "completo", "masked": "enmascarado", "none": "no lo ve"}[self.value]


class Place(Enum):
    """Lists, searches and waiting lines show many people; a file (*expediente*, *trámite*) shows one."""

    LIST = "list"
    FILE = "file"

    @property
    def label(self) -> str:
        return {"list": "listas y búsquedas", "file": "expediente abierto"}[self.value]


_EMPLOYER, _CLERK, _SUPERVISOR = UserRole.EMPLOYER, UserRole.CLERK, UserRole.SUPERVISOR
_DELEGATE, _ARCHIVIST, _AUDITOR = UserRole.DELEGATE, UserRole.ARCHIVIST, UserRole.AUDITOR
_FULL, _MASKED = View.FULL, View.MASKED

TABLE: Final[Mapping[tuple[Datum, Place], Mapping[UserRole, View]]] = MappingProxyType(
    {
        (Datum.IDENTITY, Place.LIST): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _CLERK: _MASKED,
            _SUPERVISOR: _MASKED,
            _ARCHIVIST: _MASKED,
            _AUDITOR: _MASKED,
        },
        (Datum.IDENTITY, Place.FILE): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _CLERK: _FULL,
            _SUPERVISOR: _FULL,
            _ARCHIVIST: _MASKED,
            _AUDITOR: _MASKED,
        },
        # Names stand in the line of text that a search found.
        (Datum.NAME, Place.LIST): {_EMPLOYER: _FULL, _DELEGATE: _FULL, _SUPERVISOR: _FULL, _ARCHIVIST: _FULL},
        (Datum.NAME, Place.FILE): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _CLERK: _FULL,
            _SUPERVISOR: _FULL,
            _ARCHIVIST: _FULL,
            _AUDITOR: _MASKED,
        },
        (Datum.CONTACT, Place.LIST): {_EMPLOYER: _FULL, _DELEGATE: _FULL},
        (Datum.CONTACT, Place.FILE): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _CLERK: _FULL,
            _SUPERVISOR: _FULL,
            _ARCHIVIST: _MASKED,
            _AUDITOR: _MASKED,
        },
        (Datum.TEXT, Place.LIST): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _SUPERVISOR: _MASKED,
            _ARCHIVIST: _MASKED,
        },
        (Datum.TEXT, Place.FILE): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _CLERK: _FULL,
            _SUPERVISOR: _FULL,
            _ARCHIVIST: _MASKED,
        },
        (Datum.PAY, Place.LIST): {_EMPLOYER: _FULL, _DELEGATE: _FULL},
        (Datum.PAY, Place.FILE): {_EMPLOYER: _FULL, _DELEGATE: _FULL, _CLERK: _FULL, _SUPERVISOR: _FULL},
        # Masked papers are thumbnails: one sees what kind of page it is, and reads nothing.
        (Datum.PAPERS, Place.LIST): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _SUPERVISOR: _MASKED,
            _ARCHIVIST: _MASKED,
            _AUDITOR: _MASKED,
        },
        (Datum.PAPERS, Place.FILE): {
            _EMPLOYER: _FULL,
            _DELEGATE: _FULL,
            _CLERK: _FULL,
            _SUPERVISOR: _FULL,
            _ARCHIVIST: _FULL,
            _AUDITOR: _FULL,
        },
    }
)
"""What each role sees; whoever is not named sees nothing. Employers see their own place's data
only, and so do delegates of the place that they prepare papers for."""
_SUBJECT: Final = 120
"""Characters of a query that the trail keeps."""
REVEALERS: Final = frozenset({UserRole.ARCHIVIST})
"""Who may have the masked values of one file shown, which is an event."""
EXPORTERS: Final = frozenset({UserRole.ARCHIVIST})
"""Who may take a whole file out as a package, which is an event. Nothing in it can be masked, for it must be
what was archived, so it is for those only who may have the masks taken off.
"""


def view_of(role: UserRole | None, datum: Datum, place: Place) -> View:
    """What a role, or nobody, sees of a kind of datum."""
    return View.NONE if role is None else TABLE[datum, place].get(role, View.NONE)


def show_datum(value: str, datum: Datum, role: UserRole | None, place: Place = Place.FILE) -> str:
    """A value as a role may see it."""
    match view_of(role, datum, place):
        case View.FULL:
            return value
        case View.MASKED:
            return mask(datum, value)
        case View.NONE:
            return HIDDEN if value else ""


@dataclass(frozen=True, slots=True)
class Discretion:
    """What one person sees of a file; ``revealed`` when the masks were taken off."""

    by: User
    revealed: bool

    def show(self, value: str, datum: Datum | None) -> str:
        """A value as this person may see it; a text of no kind has its numbers masked."""
        if self.revealed:
            return value
        if datum is not None:
            return show_datum(value, datum, self.by.role)
        if view_of(self.by.role, Datum.IDENTITY, Place.FILE) is View.FULL:
            return value
        return mask_numbers(value)


def may_reveal(by: User) -> bool:
    """Whether somebody sees masks in a file and may have them taken off."""
    masked = view_of(by.role, Datum.IDENTITY, Place.FILE) is View.MASKED
    return by.role in REVEALERS and masked


def may_export(by: User) -> bool:
    """Whether somebody may have whole files as packages, in which nothing is masked."""
    return by.role in EXPORTERS


def person_tag(house: House, person: str) -> str:
    """What stands for an identity number or an address in the trail, which keeps everything for ever: only
    who has the service's key and the number can tell that they belong together.
    """
    return tag_of(house, "person", person.strip().upper())


def note_search(house: House, session: Session, by: str, act: str, asked: str) -> None:
    """Write into the trail that somebody searched; identity numbers are masked in it and told by tags."""
    tags = [person_tag(house, number) for number in find_numbers(asked)]
    told = {"people": tags} if tags else None
    append_audit(session, house.now(), by, act, mask_numbers(asked)[:_SUBJECT], told)
