"""What a person should see before a form is sealed: where it differs from the register, as the window will
find it, and a request for the same sheet that still serves. Nothing of it is changed for them and nothing
keeps them from going on; it takes their word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from forms.catalog.employer_request import NAME as REQUEST
from forms.layout import normalise_values
from forms.model import Form, Values
from forms.problems import Problem, problem
from operations.house import House
from operations.issued_papers import list_papers
from operations.proposals import representatives_of
from operations.register import EmbeddedRegister
from operations.register_answers import RegisterTroubleError
from operations.users import User
from regeneration.eligibility import EmployerRecord, check_employer
from regeneration.months import write_date

_SIGNERS: Final = ("representative", "grantor")
"""How the fields begin of whom the register must know as representative."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at. ``registered`` are the register's values by field, to be taken with one act;
    ``document`` is the paper that there is already.
    """

    found: Problem
    typed: str = ""
    registered: Mapping[str, str] = field(default_factory=dict)
    document: str = ""

    @property
    def shown(self) -> str:
        """The register's values as people read them."""
        return " · ".join(value for name, value in self.registered.items() if not name.endswith("_kind"))


def find_doubts(house: House, user: User, form: Form, values: Values) -> tuple[Doubt, ...]:
    """What there is to look at before ``values`` are sealed for the user's branch."""
    spelled = normalise_values(values) | {"ruc": user.ruc, "branch": user.branch}
    return (*_differences(house, user, form, spelled), *_standing_requests(house, user, form, spelled))


def tag_doubts(doubts: tuple[Doubt, ...]) -> str:
    """What the word of a person who goes on is for: these doubts and no others."""
    said = "\n".join(each.found.message for each in doubts)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _differences(house: House, user: User, form: Form, values: Values) -> Iterator[Doubt]:
    names = {each.name for each in form.current.value_fields}
    signer = next((prefix for prefix in _SIGNERS if f"{prefix}_id" in names), None)
    record = _employer(house, user.ruc)
    if record is None or signer is None:
        return
    asked = {"ruc": user.ruc, "branch": user.branch}
    asked["business_name"] = values.get("business_name", "")
    for part in ("id", "name"):
        asked[f"representative_{part}"] = values.get(f"{signer}_{part}", "")
    for found in check_employer(asked, record, house.today()):
        if found.field is None or not asked.get(found.field):
            continue  # what is missing is told as missing
        if found.field == "business_name":
            yield Doubt(found, asked["business_name"], {"business_name": record.business_name})
        elif found.field.startswith("representative_"):
            typed = f"{asked['representative_name']} · {asked['representative_id']}"
            yield Doubt(found, typed, _signer(house, user, signer, asked["representative_id"]))


def _employer(house: House, ruc: str) -> EmployerRecord | None:
    if house.remote_register is not None:
        try:
            return house.remote_register.employer(ruc)
        except RegisterTroubleError:
            return None  # the window asks again; a register that is silent keeps nobody from preparing
    with house.database.reading() as session:
        return EmbeddedRegister(session).employer(ruc)


def _signer(house: House, user: User, prefix: str, number: str) -> dict[str, str]:
    """The representative in office of that number, or the first there is."""
    people = representatives_of(house, user)
    person = next((each for each in people if each.id_number == number), people[0] if people else None)
    if person is None:
        return {}
    return {
        f"{prefix}_name": person.name,
        f"{prefix}_id_kind": person.id_kind,
        f"{prefix}_id": person.id_number,
    }


def _standing_requests(house: House, user: User, form: Form, values: Values) -> Iterator[Doubt]:
    if form.name != REQUEST:
        return
    with house.database.reading() as session:
        papers = list_papers(session, user)
    for paper in papers:
        row = paper.row
        if row.form != REQUEST or not paper.serves or not _same_sheet(row.field_values, values):
            continue
        sheet = paper.sheet or f"de {paper.period}"
        issued = write_date(date.fromisoformat(row.issued))
        found = problem("REQUEST_ALREADY_ISSUED", document=row.document, sheet=sheet, issued=issued)
        yield Doubt(found, document=row.document)


def _same_sheet(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Two that name different numbers are of different sheets; where one names none, the month tells."""
    numbers = {number for each in (one, other) if (number := each.get("sheet_number"))}
    places = {(each.get("period"), each.get("sheet_type")) for each in (one, other)}
    return len(places) == 1 and len(numbers) < 2
