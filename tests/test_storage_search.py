"""The index by blocks finds in both databases what reading every document would find, page by page."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from storage.database import Database
from storage.search import Wanted, index_document, search_documents
from storage.upgrading import bring_up, changing_schema
from tests.schema_dumps import lay_out
from tests.storage_samples import ENGINES, new_engine, prepared

WORDS = (
    "sal",
    "salida",
    "salinas",
    "sueldo",
    "1_a",
    "1",
    "n_sal",
    "n_salinas",
    "y_2025",
    "y_2026",
    "m_202601",
)
"""Words of which some begin others, look like the mark of a block, or are tagged."""


def _documents() -> Mapping[int, frozenset[str]]:
    """Ids thick in the newest and the oldest blocks, thin over forty more, with gaps of whole blocks."""
    dice = random.Random(5)
    ids = [*range(1, 40), *range(16_380, 16_390), *(dice.randrange(700_000) for _ in range(150))]
    ids += range(16_384 * 44 - 3, 16_384 * 44 + 60)
    return {each: frozenset(dice.sample(WORDS, dice.randrange(1, 5))) for each in ids}


DOCUMENTS = _documents()


@pytest.fixture(scope="module", params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with new_engine(request.param, tmp_path_factory.mktemp("blocks"), server) as engine:
        made = prepared(engine)
        with made.transaction() as session:
            for number, words in DOCUMENTS.items():
                index_document(session, number, sorted(words))
        yield made


def _has(words: frozenset[str], wanted: Wanted) -> bool:
    return (
        all(any(word.startswith(begin) for word in words) for begin in wanted.begins)
        and words.issuperset(wanted.exact)
        and all(words.intersection(group) for group in wanted.one_of)
    )


some = st.sampled_from((*WORDS, "nada"))
queries = st.builds(
    Wanted,
    st.lists(st.sampled_from((*WORDS, "sa", "n_", "m_2026", "nada")), max_size=3).map(tuple),
    st.lists(some, max_size=2).map(tuple),
    st.lists(st.lists(some, min_size=1, max_size=14).map(tuple), max_size=2).map(tuple),
)


@settings(max_examples=150)
@given(wanted=queries, limit=st.integers(1, 300), before=st.none() | st.integers(0, 16_384 * 46))
def test_a_page_is_what_reading_every_document_finds(
    database: Database, wanted: Wanted, limit: int, before: int | None
) -> None:
    with database.reading() as session:
        found = search_documents(session, wanted, limit, before)
    right = (each for each, words in DOCUMENTS.items() if _has(words, wanted))
    assert (
        list(found)
        == sorted((each for each in right if before is None or each < before), reverse=True)[:limit]
    )


def test_all_pages_together_are_all_documents_of_all_blocks(database: Database) -> None:
    wanted = Wanted(begins=("sal",))
    seen: list[int] = []
    with database.reading() as session:
        while page := search_documents(session, wanted, 7, seen[-1] if seen else None):
            seen += page
    assert seen == sorted((each for each, words in DOCUMENTS.items() if _has(words, wanted)), reverse=True)


def test_a_document_indexed_again_keeps_its_place_and_loses_its_old_words(database: Database) -> None:
    number = max(DOCUMENTS)
    with database.transaction() as session:
        index_document(session, number, ["cambiado"])
        assert search_documents(session, Wanted(("camb",)), 5) == [number]
        assert all(number not in search_documents(session, Wanted(exact=(word,)), 999) for word in WORDS)
        index_document(session, number, sorted(DOCUMENTS[number]))
        assert search_documents(session, Wanted(("camb",)), 5) == []


OLDER = {
    "sqlite": (
        "INSERT INTO document_terms (rowid, terms) "
        "VALUES (5, 'salida n_sal'), (70000, 'salida'), (70001, '')",
    ),
    "postgresql": (
        "INSERT INTO document_terms (document_id, terms) VALUES (5, array_to_tsvector('{salida,n_sal}')), "
        "(70000, array_to_tsvector('{salida}')), (70001, '')",
    ),
}
"""What the version before put into its index."""


@pytest.mark.parametrize("kind", ENGINES)
def test_what_an_older_version_indexed_is_still_found(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    with new_engine(kind, tmp_path, server) as engine:
        lay_out(engine, "2-packages")
        with engine.begin() as connection:
            for statement in OLDER[kind]:
                connection.execute(text(statement))
        with changing_schema(engine) as session:
            bring_up(session, 2)
        database = prepared(engine)
        assert not inspect(engine).has_table("document_terms")
        with database.reading() as session:
            assert list(search_documents(session, Wanted(("sal",)), 9)) == [70000, 5]
            assert list(search_documents(session, Wanted(exact=("n_sal",)), 9)) == [5]
            assert list(search_documents(session, Wanted(), 9)) == [70001, 70000, 5]
