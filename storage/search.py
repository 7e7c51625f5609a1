"""Full text search over documents: FTS5 in SQLite, tsvector in PostgreSQL, the same words and the same hits.

Words are folded here and not by the engines: no accents, no case, anything but letters and digits parts. A
term with a prefix such as ``r_`` says what the word is (a RUC); so one index answers words and filters alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

LONGEST: Final = 64
"""Signs of a word that count, in the index and in a query alike."""
_MOST: Final = 20_000
"""Different terms of one document; a tsvector may hold a megabyte."""
_PREFIX: Final = 3
"""Signs from which a word of a query also finds words that go on; shorter ones would find everything."""


def search_statements(dialect: str) -> tuple[str, ...]:
    """DDL of the index in the dialect of SQLite or PostgreSQL."""
    if dialect == "sqlite":
        # No place of a word is kept (detail=none): a term is in a document or it is not.
        return (
            "CREATE VIRTUAL TABLE IF NOT EXISTS document_terms "
            "USING fts5(terms, detail=none, columnsize=0, prefix='3', tokenize=\"ascii tokenchars '_'\")",
        )
    return (
        "CREATE TABLE IF NOT EXISTS document_terms "
        "(document_id integer PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX IF NOT EXISTS document_terms_index ON document_terms USING gin (terms)",
    )


def fold_words(value: str) -> list[str]:
    """The words of a text as they are searched for, in ASCII whatever the script.

    >>> fold_words("Compañía ÑUSTA, 2026-000123-7")
    ['compania', 'nusta', '2026', '000123', '7']
    >>> fold_words("ж")
    ['_436_']
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", value).casefold())
    return [word[:LONGEST] for word in "".join(_fold_sign(sign) for sign in plain).split()]


def _fold_sign(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isalnum() else " "
    if unicodedata.combining(sign):
        return ""
    return f"_{ord(sign):x}_" if sign.isalnum() else " "


def tagged(tag: str, value: str, *, whole: bool = False) -> list[str]:
    """The words of a value as terms of one kind; ``whole`` makes one term of all.

    >>> tagged("n", "Ñusta Ltda."), tagged("c", "2026-000123-7", whole=True)
    (['n_nusta', 'n_ltda'], ['c_20260001237'])
    """
    words = fold_words(value)
    if whole:
        words = ["".join(words)[:LONGEST]] if words else []
    return [f"{tag}_{word}" for word in words]


def index_document(session: Session, document_id: int, terms: Iterable[str]) -> None:
    """Make a document findable by these terms (see :func:`fold_words`, :func:`tagged`), in place of those
    it had. What is over twenty thousand different terms is left out.
    """
    words = list(dict.fromkeys(terms))[:_MOST]
    given = {"id": document_id, "terms": " ".join(words)}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DELETE FROM document_terms WHERE rowid = :id"), given)
        session.execute(text("INSERT INTO document_terms (rowid, terms) VALUES (:id, :terms)"), given)
        return
    session.execute(
        text(
            "INSERT INTO document_terms (document_id, terms) "
            "VALUES (:id, array_to_tsvector(string_to_array(:terms, ' '))) "
            "ON CONFLICT (document_id) DO UPDATE SET terms = excluded.terms"
        ),
        given,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document must have: a term that begins with each of ``begins``, each of ``exact``, and one of
    each group of ``one_of``. Nothing wanted is everything.
    """

    begins: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()


def wanted_words(query: str) -> Wanted:
    """Documents that have every word of a text; longer words may go on."""
    words = fold_words(query)
    return Wanted(
        tuple(word for word in words if len(word) >= _PREFIX),
        tuple(word for word in words if len(word) < _PREFIX),
    )


def search_documents(
    session: Session, wanted: Wanted, limit: int, before: int | None = None
) -> Sequence[int]:
    """Ids of the documents that have what is wanted, the newest first; ``before`` is the last id of the page
    that was seen, so that what is archived meanwhile moves nothing.
    """
    lite = session.get_bind().dialect.name == "sqlite"
    found = "rowid" if lite else "document_id"
    matched = _fts5(wanted) if lite else _tsquery(wanted)
    conditions = []
    if matched:
        conditions.append("document_terms MATCH :query" if lite else "terms @@ CAST(:query AS tsquery)")
    if before is not None:
        conditions.append(f"{found} < :before")
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    statement = f"SELECT {found} FROM document_terms {where}ORDER BY {found} DESC LIMIT :limit"
    given: dict[str, object] = {"limit": limit}
    given |= {"query": matched} if matched else {}
    given |= {"before": before} if before is not None else {}
    return session.scalars(text(statement), given).all()


def _fts5(wanted: Wanted) -> str:
    parts = [f'"{term}"*' for term in wanted.begins] + [f'"{term}"' for term in wanted.exact]
    groups = ["(" + " OR ".join(f'"{term}"' for term in group) + ")" for group in wanted.one_of]
    return " AND ".join(parts + groups)


def _tsquery(wanted: Wanted) -> str:
    parts = [f"'{term}':*" for term in wanted.begins] + [f"'{term}'" for term in wanted.exact]
    groups = ["(" + " | ".join(f"'{term}'" for term in group) + ")" for group in wanted.one_of]
    return " & ".join(parts + groups)
