"""Full text search over documents: FTS5 in SQLite, tsvector in PostgreSQL, the same words and the same hits.

Words are folded here and not by the engines: no accents, no case, anything but letters and digits parts. A
term with a prefix such as ``r_`` says what the word is (a RUC); so one index answers words and filters alike.
Terms are kept by blocks of documents, so that a word that half of the archive has costs what the newest
blocks cost, and not the archive.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

SEARCH_TABLE: Final = "block_terms"
LONGEST: Final = 64
"""Signs of a word that count, in the index and in a query alike."""
_MOST: Final = 20_000
"""Different terms of one document; a tsvector may hold a megabyte."""
BLOCK: Final = 14
"""Bits of an id within its block of 16384 documents. A number kept in the index: another one is another
index.
"""
_AT_ONCE: Final = 16
"""Blocks that one statement asks for at most; it begins with one, for most pages are full by then."""
_FEW: Final = 12
"""Terms of a group that are still looked up at once."""
_AFTER_ALL: Final = 2**31
"""Higher than any id."""
_PREFIX: Final = 3
"""Signs from which a word of a query also finds words that go on; shorter ones would find everything."""

_LITE: Final = (
    f"SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH :query AND rowid < :before "
    "ORDER BY rowid DESC LIMIT :limit"
)
# The order stands outside, or the planner would walk the whole table by its key in hope of early hits.
_POSTGRES: Final = (
    "WITH found AS MATERIALIZED (SELECT document_id FROM unnest(CAST(:query AS text[])) AS block(query) "
    f"JOIN {SEARCH_TABLE} ON terms @@ CAST(block.query AS tsquery)) "
    "SELECT document_id FROM found WHERE document_id < :before ORDER BY document_id DESC LIMIT :limit"
)
# It thinks comparing words as cheap as comparing numbers and reads the whole table; and compiling a statement
# takes ten times what running it does.
_PLAN_BY_INDEX: Final = "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
_PLAN_AS_USUAL: Final = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT"
_LITE_BLOCKS: Final = (
    "SELECT block.key FROM json_each(:queries) AS block "
    f"WHERE EXISTS (SELECT 1 FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH block.value)"
)
_POSTGRES_BLOCKS: Final = (
    "SELECT place - 1 FROM unnest(CAST(:queries AS text[])) WITH ORDINALITY AS block(query, place) "
    f"WHERE EXISTS (SELECT 1 FROM {SEARCH_TABLE} WHERE terms @@ CAST(block.query AS tsquery))"
)


def search_statements(dialect: str) -> tuple[str, ...]:
    """DDL of the index in the dialect of SQLite or PostgreSQL."""
    if dialect == "sqlite":
        # No place of a word is kept (detail=none): a term is in a document or it is not.
        return (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {SEARCH_TABLE} "
            "USING fts5(terms, detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")",
        )
    return (
        f"CREATE TABLE IF NOT EXISTS {SEARCH_TABLE} "
        "(document_id integer PRIMARY KEY, terms tsvector NOT NULL)",
        # Without fastupdate, or every search would read the list of what is not yet in the index.
        f"CREATE INDEX IF NOT EXISTS {SEARCH_TABLE}_index ON {SEARCH_TABLE} USING gin (terms) "
        "WITH (fastupdate = off)",
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


def kept_terms(document_id: int, terms: Iterable[str]) -> str:
    """The terms of a document as the index keeps them: each behind its block, with blanks between.

    >>> kept_terms(20_000, ["nusta", "r_1790010937001", "nusta"])
    '1_nusta 1_r_1790010937001'
    """
    block = f"{document_id >> BLOCK:x}_"
    return " ".join([block + term for term in dict.fromkeys(terms)][:_MOST])


def index_document(session: Session, document_id: int, terms: Iterable[str]) -> None:
    """Make a document findable by these terms (see :func:`fold_words`, :func:`tagged`), in place of those
    it had. What is over twenty thousand different terms is left out.
    """
    given = {"id": document_id, "terms": kept_terms(document_id, terms)}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"DELETE FROM {SEARCH_TABLE} WHERE rowid = :id"), given)
        session.execute(text(f"INSERT INTO {SEARCH_TABLE} (rowid, terms) VALUES (:id, :terms)"), given)
        return
    session.execute(
        text(
            f"INSERT INTO {SEARCH_TABLE} (document_id, terms) "
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
    before = _AFTER_ALL if before is None else before
    if wanted == Wanted():
        return _newest(session, limit, before)
    found: list[int] = []
    lite = session.get_bind().dialect.name == "sqlite"
    if not lite:
        session.execute(text(_PLAN_BY_INDEX))
    for newest in _newest(session, 1, before):
        for blocks in _growing(_likely_blocks(session, wanted, newest >> BLOCK)):
            found += _search_blocks(session, wanted, blocks, limit - len(found), before)
            if len(found) >= limit:
                break
    if not lite:
        session.execute(text(_PLAN_AS_USUAL))
    return found


def _newest(session: Session, limit: int, before: int) -> Sequence[int]:
    found = "rowid" if session.get_bind().dialect.name == "sqlite" else "document_id"
    statement = (
        f"SELECT {found} FROM {SEARCH_TABLE} WHERE {found} < :before ORDER BY {found} DESC LIMIT :limit"
    )
    return session.scalars(text(statement), {"limit": limit, "before": before}).all()


def _growing(blocks: Iterator[int]) -> Iterator[list[int]]:
    """The blocks in lists: of one, then of ever more up to a bound; none is taken before it is needed."""
    size = 1
    while some := list(islice(blocks, size)):
        yield some
        size = min(2 * size, _AT_ONCE)


def _likely_blocks(session: Session, wanted: Wanted, newest: int) -> Iterator[int]:
    """Blocks that may have what is wanted, the newest first.

    All terms with a beginning are gathered before anything is compared, so blocks that lack what is looked up
    at once are better left out before; a range of days lacks most of them.
    """
    blocks = iter(range(newest, -1, -1))
    sure = _sure_part(wanted)
    if not wanted.begins or sure == Wanted():
        yield from blocks
        return
    for some in _growing(blocks):
        yield from _blocks_with(session, sure, some)


def _search_blocks(
    session: Session, wanted: Wanted, blocks: Sequence[int], limit: int, before: int
) -> Sequence[int]:
    lite = session.get_bind().dialect.name == "sqlite"
    queries = _queries(session, wanted, blocks)
    query = " OR ".join(f"({query})" for query in queries) if lite else queries
    given = {"query": query, "limit": limit, "before": before}
    return session.scalars(text(_LITE if lite else _POSTGRES), given).all()


def _sure_part(wanted: Wanted) -> Wanted:
    """What is looked up at once: whole terms and small groups of them."""
    return Wanted((), wanted.exact, tuple(group for group in wanted.one_of if len(group) <= _FEW))


def _blocks_with(session: Session, wanted: Wanted, blocks: Sequence[int]) -> list[int]:
    queries: object = _queries(session, wanted, blocks)
    if session.get_bind().dialect.name == "sqlite":
        places = session.scalars(text(_LITE_BLOCKS), {"queries": json.dumps(queries)})
    else:
        places = session.scalars(text(_POSTGRES_BLOCKS), {"queries": queries})
    return [blocks[place] for place in sorted(places)]


def _queries(session: Session, wanted: Wanted, blocks: Sequence[int]) -> list[str]:
    form = _fts5 if session.get_bind().dialect.name == "sqlite" else _tsquery
    return [form(wanted, block) for block in blocks]


def _fts5(wanted: Wanted, block: int) -> str:
    parts = [f'"{block:x}_{term}"*' for term in wanted.begins]
    parts += [f'"{block:x}_{term}"' for term in wanted.exact]
    parts += ["(" + " OR ".join(f'"{block:x}_{term}"' for term in group) + ")" for group in wanted.one_of]
    return " AND ".join(parts)


def _tsquery(wanted: Wanted, block: int) -> str:
    parts = [f"'{block:x}_{term}':*" for term in wanted.begins]
    parts += [f"'{block:x}_{term}'" for term in wanted.exact]
    parts += ["(" + " | ".join(f"'{block:x}_{term}'" for term in group) + ")" for group in wanted.one_of]
    return " & ".join(parts)
