"""What a form begins with: what the register knows of the employer, and what the sheet in question needs.

Nobody types what is known; everything proposed may be changed before it is issued.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from forms.checks import check_values
from forms.model import Form
from forms.problems import has_errors
from operations.branch_sheets import own_sheet, record_of
from operations.house import House
from operations.register_answers import RegisterTroubleError
from operations.users import User
from regeneration.novedades import Novedad, sort_novedades
from regeneration.preconditions import PeriodRecord
from regeneration.sheets import Sheet
from storage.schema import EmployerRow, RepresentativeRow

PROCEDURE: Final = "Regeneración de planillas de aportes"
_SIGNER_PREFIXES: Final = ("representative", "grantor")


@dataclass(frozen=True, slots=True)
class Signer:
    """A representative in office, who may sign."""

    name: str
    id_kind: str
    id_number: str


def representatives_of(house: House, user: User) -> tuple[Signer, ...]:
    """Who may sign for the employer today, the first in office first."""
    today = house.today()
    if house.remote_register is not None:
        try:
            record = house.remote_register.employer(user.ruc)
        except RegisterTroubleError:
            return ()
        people = record.representatives if record is not None else ()
        # Their register tells no kind of document: ten digits are a cédula's.
        return tuple(
            Signer(each.name, "cedula" if len(each.id_number) == 10 else "foreigner-code", each.id_number)
            for each in people
            if each.is_current(today)
        )
    with house.database.reading() as session:
        query = select(RepresentativeRow).where(RepresentativeRow.ruc == user.ruc)
        rows = session.scalars(query.order_by(RepresentativeRow.since, RepresentativeRow.id)).all()
    day = today.isoformat()
    return tuple(
        Signer(row.name, row.id_kind, row.id_number)
        for row in rows
        if row.since <= day and (row.until is None or day <= row.until)
    )


def propose_values(
    house: House, user: User, form: Form, *, sheet_number: str = "", signer: str = ""
) -> dict[str, str]:
    """Values to begin with. ``sheet_number`` names the sheet that is asked for, ``signer`` the identity
    number of who will sign; ``NotYoursError`` for a sheet that is not the user's.
    """
    today = house.today().isoformat()
    known = {
        "ruc": user.ruc,
        "branch": user.branch,
        "date": today,
        "sheet_type": "contributions",
        "authorized_id_kind": "cedula",
        "procedure": PROCEDURE,
        "valid_from": today,
        "valid_until": today,
    }
    known |= _known_of_employer(house, user) | _known_of_signer(house, user, signer)
    if sheet_number and house.remote_register is None:
        with house.database.reading() as session:
            sheet = own_sheet(session, user, sheet_number)
            known |= _asked_of(form, sheet, record_of(house, session, sheet))
    names = {field.name for field in form.current.value_fields}
    return {name: value for name, value in known.items() if name in names and value}


def _known_of_employer(house: House, user: User) -> dict[str, str]:
    if house.remote_register is not None:
        try:
            record = house.remote_register.employer(user.ruc)
        except RegisterTroubleError:
            return {}
        return {"business_name": record.business_name} if record is not None else {}
    with house.database.reading() as session:
        row = session.get(EmployerRow, user.ruc)
    if row is None:
        return {}
    return {
        "business_name": row.business_name,
        "email": row.email,
        "phone": row.phone,
        "address": row.address,
    }


def _known_of_signer(house: House, user: User, asked: str) -> dict[str, str]:
    people = representatives_of(house, user)
    person = next((each for each in people if each.id_number == asked), people[0] if people else None)
    if person is None:
        return {}
    facts = {"name": person.name, "id": person.id_number, "id_kind": person.id_kind}
    return {f"{prefix}_{name}": value for prefix in _SIGNER_PREFIXES for name, value in facts.items()}


def _asked_of(form: Form, sheet: Sheet, record: PeriodRecord) -> dict[str, str]:
    values = {
        "period": str(sheet.period),
        "sheet_type": sheet.type.value,
        "sheet_number": sheet.number,
    }
    active = [each.novedad for each in sort_novedades(record.novedades).active]
    for petition in _petitions(sheet, active, {line.id_number: line.name for line in sheet.lines}):
        if _fits(form, petition):
            return values | {"petition": petition}
    return values


def _petitions(sheet: Sheet, novedades: list[Novedad], names: Mapping[str, str]) -> tuple[str, ...]:
    """Wordings from the fullest to the shortest, which always fits."""
    asks = f"Solicito que se regenere la planilla de aportes {sheet.number} de {sheet.period.label}."
    if not novedades:
        return (asks,)
    each = "; ".join(
        f"{novedad.label}, {novedad.name or names.get(novedad.id_number, '')} {novedad.id_number}".replace(
            ",  ", ", "
        )
        for novedad in novedades
    )
    count = "una novedad" if len(novedades) == 1 else f"{len(novedades)} novedades"
    numbers = ", ".join(novedad.id for novedad in novedades if novedad.id)
    registered = f"No constaban en la planilla {count} que ya se registraron en el portal"
    return (
        f"No constaba en la planilla: {each}. Ya se registró en el portal. {asks}",
        f"{registered} ({numbers}). {asks}",
        f"{registered}. {asks}",
    )


def _fits(form: Form, petition: str) -> bool:
    found = check_values(form.current, {"petition": petition})
    return not has_errors(tuple(each for each in found if each.field == "petition"))
