"""What an older version kept in its index, one list for the whole archive, is carried to that by blocks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from storage.search import BLOCK, SEARCH_TABLE

_OLDER: Final = "document_terms"
_LITE: Final = (
    f"INSERT INTO {SEARCH_TABLE} (rowid, terms) SELECT rowid, "
    f"printf('%x_', rowid >> {BLOCK}) || replace(terms, ' ', printf(' %x_', rowid >> {BLOCK})) FROM {_OLDER}"
)
_POSTGRES: Final = (
    f"INSERT INTO {SEARCH_TABLE} (document_id, terms) SELECT document_id, array_to_tsvector(ARRAY("
    f"SELECT to_hex(document_id >> {BLOCK}) || '_' || term FROM unnest(tsvector_to_array(terms)) AS term)) "
    f"FROM {_OLDER}"
)


def carry_older_index(session: Session) -> None:
    """Fill the index from the older one where there is one, and drop that; called by the tables' owner."""
    connection = session.connection()
    if not inspect(connection).has_table(_OLDER):
        return
    session.execute(text(_LITE if connection.dialect.name == "sqlite" else _POSTGRES))
    session.execute(text(f"DROP TABLE {_OLDER}"))
