"""Searches that a person keeps under a name, to come back to them with one click."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, select

from forms.layout import normalise
from operations.archive_query import ArchiveQuery
from operations.casework import Refusal
from operations.house import House
from storage.search_tables import SavedSearchRow

_MOST: Final = 100
_LONGEST: Final = 80


def save_search(house: House, query: ArchiveQuery, name: str, by: str) -> Refusal | None:
    """Keep a search under a name of one's own; the same name keeps the newer one."""
    name = normalise(name).strip()[:_LONGEST]
    if not name or query.is_empty:
        return Refusal("NAME_MISSING", "Falta el nombre o la búsqueda. Por favor escriba ambos.")
    with house.database.transaction() as session:
        mine = SavedSearchRow.owner == by
        count = session.scalar(select(func.count()).select_from(SavedSearchRow).where(mine)) or 0
        row = session.scalar(select(SavedSearchRow).where(mine, SavedSearchRow.name == name))
        if row is None:
            if count >= _MOST:
                return Refusal("TOO_MANY", f"Ya guardó {_MOST} búsquedas. Por favor borre alguna.")
            row = SavedSearchRow(owner=by, name=name)
            session.add(row)
        row.query, row.saved_at = query.address, house.now()
    return None


def saved_searches(house: House, by: str) -> list[SavedSearchRow]:
    """A person's searches by name."""
    with house.database.reading() as session:
        query = select(SavedSearchRow).where(SavedSearchRow.owner == by)
        return list(session.scalars(query.order_by(SavedSearchRow.name)))


def forget_search(house: House, number: int, by: str) -> None:
    """Drop one of one's own searches; nothing when it is not."""
    with house.database.transaction() as session:
        session.execute(delete(SavedSearchRow).where(SavedSearchRow.id == number, SavedSearchRow.owner == by))
