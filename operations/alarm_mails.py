"""The archive's alarms by mail: what was found since the last one, in one mail, not one each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from operations.house import House
from operations.mail import Mail, post_mail
from storage.archive_tables import FindingRow
from storage.concurrency import take_turns
from storage.schema import CounterRow

_COUNTER: Final = "findings-mailed"
_NAMED: Final = 20
"""Findings that a mail names; the page has them all."""


def mail_findings(house: House) -> str | None:
    """Write the mail about findings that nobody was mailed about; its number, or nothing."""
    if not house.settings.alarm_email:
        return None
    with house.database.transaction() as session:
        take_turns(session, _COUNTER)
        counter = session.get(CounterRow, _COUNTER)
        told = counter.value if counter is not None else 0
        query = select(FindingRow).where(FindingRow.id > told, FindingRow.resolved_at.is_(None))
        rows = session.scalars(query.order_by(FindingRow.id)).all()
        if not rows:
            return None
        last = rows[-1].id
        if counter is None:
            session.add(CounterRow(name=_COUNTER, value=last))
        else:
            counter.value = last
        return post_mail(house, session, _compose(house, rows, last))


def _compose(house: House, rows: Sequence[FindingRow], last: int) -> Mail:
    count = len(rows)
    what = "Se encontró algo" if count == 1 else f"Se encontraron {count} cosas"
    more = [f"Y {count - _NAMED} más."] if count > _NAMED else []
    return Mail(
        occasion=f"fixity:{last}",
        recipient=house.settings.alarm_email,
        subject="Alarma del archivo: hallazgos de integridad",
        paragraphs=(
            f"{what} en el archivo que no está como se guardó.",
            *(f"{row.message} ({row.subject})" for row in rows[:_NAMED]),
            *more,
            f"Por favor revise {house.settings.public_url}/archivo/integridad y restaure desde la copia.",
        ),
    )
