"""The archivist's search: the same hits in both databases, filters, accents, paging, hostile queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from operations.archive import mark_words
from operations.archive_query import ArchiveQuery, parse_query
from operations.indexing import index_case
from storage.database import Database
from storage.derivative_tables import PageTextRow
from storage.schema import BlobRow, CaseRow, DocumentRow
from storage.search import search_documents
from tests.storage_samples import ENGINES, new_engine, prepared

TODAY = date(2026, 11, 23)
COMPANIES = (
    ("1790010937001", "Compañía ÑUSTA Cía. Ltda.", "María Fernanda Guamán", "Quito - Matriz", "2026-09"),
    ("1790010937001", "Compañía ÑUSTA Cía. Ltda.", "José Peñafiel", "Quito - Matriz", "2026-10"),
    ("0990000000001", "Exportadora del Guayas S.A.", "Lucía Andrade", "Guayaquil", "2026-09"),
    ("0190000000001", "Textiles Azuay y Cañar", "Andrés Núñez", "Cuenca", "2025-12"),
    ("1799999999001", "Übersee Æon & Hijos Straße", "Ana María Andina", "Quito - Norte", "2026-01"),
)
LETTER = ["Señor Director:", "Solicito la regeneración por omisión de la novedad de salida."]
DAYS = (
    datetime(2025, 12, 31, 23, tzinfo=UTC),
    datetime(2026, 1, 1, 3, tzinfo=UTC),  # still the last day of the year in Ecuador
    datetime(2026, 6, 15, 12, tzinfo=UTC),
    datetime(2026, 9, 30, 12, tzinfo=UTC),
    datetime(2026, 11, 23, 12, tzinfo=UTC),
)


def fill(database: Database) -> None:
    """Five cases of two documents each; the third one's scan has a text."""
    with database.transaction() as session:
        session.add(BlobRow(sha256="0" * 64, size=1, media_type="application/pdf", stored_at=DAYS[0]))
        for place, (ruc, name, person, office, period) in enumerate(COMPANIES, start=1):
            request = {"ruc": ruc, "business_name": name, "representative_name": person, "period": period}
            number = f"2026-{place:06d}-{place}"
            case = CaseRow(
                number=number,
                office=office,
                state="archived" if place % 2 else "in-review",
                version=1,
                received_at=DAYS[place - 1],
                received_by="ventanilla",
                ruc=ruc,
                period=period,
                answers={"employer-request": request},
            )
            session.add(case)
            session.flush()
            for serial, kind in enumerate(("original", "sheet" if place < 5 else "sheet-csv"), start=1):
                row = DocumentRow(
                    id=place * 10 + serial,
                    case_number=number,
                    kind=kind,
                    name=f"{serial:02d} escaneo.pdf",
                    sha256="0" * 64,
                    media_type="application/pdf",
                    made_at=DAYS[place - 1],
                )
                session.add(row)
            session.flush()
            if place == 3:
                session.add(
                    PageTextRow(
                        document_id=31,
                        page=1,
                        width=595,
                        height=842,
                        view_id=31,
                        lines=[[line, 50, 50, 300, 12, 0] for line in LETTER],
                    )
                )
            index_case(session, case)


@pytest.fixture(scope="module", params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with new_engine(request.param, tmp_path_factory.mktemp("search"), server) as engine:
        made = prepared(engine)
        fill(made)
        yield made


def hits(database: Database, text: str, limit: int = 100, before: int | None = None) -> list[int]:
    with database.reading() as session:
        query = parse_query(text, {}, TODAY)
        return list(search_documents(session, query.wanted, limit, before))


CORPUS = {
    "": [52, 51, 42, 41, 32, 31, 22, 21, 12, 11],
    "nusta": [22, 21, 12, 11],
    "ÑUSTA compania": [22, 21, 12, 11],
    "guaman": [12, 11],
    "Peñafiel": [22, 21],
    "penaf": [22, 21],
    "pe": [],  # two letters are a whole word
    "omision novedad": [31],
    "regeneración": [31],
    "razon:andrade": [],
    "persona:andrade": [32, 31],
    "persona:andina": [52, 51],
    "razon:andina": [],
    "ruc:1790010937001": [22, 21, 12, 11],
    "ruc:17900": [22, 21, 12, 11],
    "ruc:1790010937001 periodo:2026-10": [22, 21],
    "periodo:2026": [52, 51, 32, 31, 22, 21, 12, 11],
    "periodo:2025-12": [42, 41],
    'oficina:"quito norte"': [52, 51],
    "oficina:quito tipo:original": [51, 21, 11],
    "estado:archived tipo:sheet": [32, 12],
    "estado:archivado tipo:sheet-csv": [52],
    "2026-000004-4": [42, 41],
    "tramite:20260000044": [42, 41],
    "20260000044": [42, 41],
    "desde:2026-01-01": [52, 51, 42, 41, 32, 31],
    "hasta:2025-12-31": [22, 21, 12, 11],
    "desde:2026-06-15 hasta:2026-06-15": [32, 31],
    "desde:2026-06-16 hasta:2026-11-23": [52, 51, 42, 41],
    "desde:2027-01-01 hasta:2026-01-01": [],
    "strasse": [52, 51],
    "uber": [52, 51],
    "æon": [52, 51],
}
"""What each query finds among the five cases, in either database."""


@pytest.mark.parametrize("query", CORPUS)
def test_both_databases_find_the_same(database: Database, query: str) -> None:
    assert hits(database, query) == CORPUS[query]


HOSTILE = (
    '"', "'", "'''", '""', "*", "a*", "* OR *", "NEAR(a b)", "AND", "OR", "NOT", "nusta AND NOT guaman",
    "a:b:c", "words:nusta", "{terms} : nusta", "^nusta", "nusta)", "((((", "-nusta", "+nusta", "!",
    "&", "|", "<->", "nusta:*", "nusta & !guaman", "%", "_", "\\", "\\'", "; DROP TABLE cases; --",
    "\0", "nus\0ta", "\ud7ff", "ruc:", "ruc:''", 'razon:"', "desde:ayer", "hasta:9999-99-99", "tipo:x",
    "estado:*", "periodo:2026-13",
    "x" * 5000, "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 20, "🙂", "ﷺ", "İ", "ß", "½", "²",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_an_error(database: Database, query: str) -> None:
    assert set(hits(database, query)) <= set(CORPUS[""])


@settings(max_examples=60)
@given(text=st.text(max_size=60))
def test_any_text_at_all_is_a_query(database: Database, text: str) -> None:
    assert set(hits(database, text)) <= set(CORPUS[""])


def test_operators_are_words_and_words_are_and_ed(database: Database) -> None:
    assert hits(database, "nusta AND guaman") == []  # nobody is called «and»
    assert hits(database, "nusta* guaman") == hits(database, "guaman nusta")


def test_pages_by_keyset_meet_without_gap_or_overlap(database: Database) -> None:
    for query in ("", "nusta", "desde:2026-01-01"):
        seen: list[int] = []
        while page := hits(database, query, 3, seen[-1] if seen else None):
            seen += page
        assert seen == CORPUS[query]


def test_what_changes_is_found_anew_and_not_under_the_old_words(tmp_path: Path) -> None:
    with new_engine("sqlite", tmp_path, None) as engine:
        _changes(engine)


def _changes(engine: Engine) -> None:
    database = prepared(engine)
    fill(database)
    with database.transaction() as session:
        case = session.get_one(CaseRow, "2026-000001-1")
        case.state = "refused"
        case.answers = {"employer-request": {"business_name": "Otra Razón"}}
        index_case(session, case)
    assert hits(database, "razon:otra estado:refused") == [12, 11]
    assert hits(database, "guaman") == []
    assert hits(database, "estado:archived tipo:sheet") == [32]


def test_what_is_not_understood_is_said_and_the_rest_applies() -> None:
    query = parse_query("nusta desde:ayer tipo:nada periodo:2026-13", {}, TODAY)
    assert len(query.ignored) == 3
    assert all("no se aplicó" in sentence and "Por favor" in sentence for sentence in query.ignored)
    assert query.wanted.begins == ("nusta",)
    assert not query.wanted.one_of


@pytest.mark.parametrize("typed", ['"', "%", "*  «»", "ruc:%", "razon:... -", "tramite:--"])
def test_signs_alone_find_nothing_and_not_everything(database: Database, typed: str) -> None:
    query = parse_query(typed, {}, TODAY)
    assert hits(database, typed) == []
    assert len(query.ignored) == 1
    assert "no tiene letras ni cifras" in query.ignored[0]
    assert hits(database, f"{typed} guayas") != [], "beside words they count for nothing"


def test_the_address_gives_the_same_query_back() -> None:
    query = parse_query('andina ruc:1790010937001 razon:"ñusta cía"', {"periodo": "2026-09"}, TODAY)
    assert query.filters == {"periodo": "2026-09", "ruc": "1790010937001", "razon": "ñusta cía"}
    again = _from_address(query)
    assert (again.words, again.filters, again.wanted) == (query.words, query.filters, query.wanted)


def _from_address(query: ArchiveQuery) -> ArchiveQuery:
    from_address = dict(pair.split("=") for pair in query.address.split("&"))
    assert set(from_address) == {"q", "ruc", "razon", "periodo"}
    return parse_query(query.words, query.filters, TODAY)


def test_the_marked_words_are_those_that_were_searched() -> None:
    parts = list(mark_words("Señora María Núñez, de Ñusta.", ["nunez", "mar"]))
    assert [text for text, found in parts if found] == ["María", "Núñez"]
    assert "".join(text for text, _ in parts) == "Señora María Núñez, de Ñusta."
