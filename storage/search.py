"""Full text search over documents: FTS5 in SQLite, tsvector in PostgreSQL, the same words and the same hits.

Words are folded here and not by the engines: no accents, no case, anything but letters and digits parts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session


def search_statements(dialect: str) -> tuple[str, ...]:
    """DDL of the index in the dialect of SQLite or PostgreSQL."""
    if dialect == "sqlite":
        return (
            "CREATE VIRTUAL TABLE IF NOT EXISTS document_search "
            "USING fts5(words, tokenize='unicode61 remove_diacritics 2')",
        )
    return (
        "CREATE TABLE IF NOT EXISTS document_search (document_id integer PRIMARY KEY, "
        "words text NOT NULL, terms tsvector NOT NULL "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED)",
        "CREATE INDEX IF NOT EXISTS document_search_terms ON document_search USING gin (terms)",
    )


def fold_words(value: str) -> list[str]:
    """The words of a text as they are searched for.

    >>> fold_words("Compañía ÑUSTA, 2026-000123-7")
    ['compania', 'nusta', '2026', '000123', '7']
    """
    plain = unicodedata.normalize("NFKD", value.casefold())
    bare = (sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in bare).split()


def index_document(session: Session, document_id: int, texts: Iterable[str]) -> None:
    """Make a document findable by the words of the texts, in place of those it had."""
    words = " ".join(dict.fromkeys(fold_words(" ".join(texts))))
    given = {"id": document_id, "words": words}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DELETE FROM document_search WHERE rowid = :id"), given)
        session.execute(text("INSERT INTO document_search (rowid, words) VALUES (:id, :words)"), given)
        return
    session.execute(
        text(
            "INSERT INTO document_search (document_id, words) VALUES (:id, :words) "
            "ON CONFLICT (document_id) DO UPDATE SET words = excluded.words"
        ),
        given,
    )


def search_documents(session: Session, query: str, limit: int) -> Sequence[int]:
    """Ids of the documents that have a word beginning with each word of the query, newest first.

    A query without a word finds the newest documents.
    """
    words = fold_words(query)
    if session.get_bind().dialect.name == "sqlite":
        matched = " ".join(f'"{word}"*' for word in words)
        found, condition = "rowid", "document_search MATCH :query"
    else:
        matched = " & ".join(f"'{word}':*" for word in words)
        found, condition = "document_id", "terms @@ CAST(:query AS tsquery)"
    where = f"WHERE {condition} " if words else ""
    statement = f"SELECT {found} FROM document_search {where}ORDER BY {found} DESC LIMIT :limit"
    given = {"query": matched, "limit": limit} if words else {"limit": limit}
    return session.scalars(text(statement), given).all()
