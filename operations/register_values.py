"""What our own register says of the data on a request, shown beside what was read of the paper."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.review import REQUEST, ReviewField
from storage.schema import EmployerRow, RepresentativeRow


def registered_values(session: Session, fields: tuple[ReviewField, ...]) -> Mapping[str, str]:
    """Values of the register by field of the request; a field that it says nothing of is not there.

    Whose RUC is unknown has none. An institute's own register is asked at acceptance only: no page waits for
    a network.
    """
    shown = {row.name: row.answer or row.reading.value for row in fields if row.form == REQUEST}
    employer = session.get(EmployerRow, shown.get("ruc", ""))
    if employer is None:
        return {}
    found = {
        "ruc": employer.ruc,
        "business_name": employer.business_name,
        "branch": shown["branch"] if shown.get("branch") in employer.branches else "",
        "email": employer.email,
        "phone": employer.phone,
        "address": employer.address,
    }
    query = select(RepresentativeRow).where(
        RepresentativeRow.ruc == employer.ruc,
        RepresentativeRow.id_number == shown.get("representative_id", ""),
    )
    person = session.scalars(query).first()
    if person is not None:
        found |= {"representative_id": person.id_number, "representative_name": person.name}
    return {name: value for name, value in found.items() if value}
