"""The papers of a case: every row printed, sums carried from page to page, sealed, and the same as data."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from sqlalchemy import select

from forms.seal import SealState, open_seal, seal_facts
from generators.sheet import draw_table_paper
from intake.symbols import read_whole
from operations.house import House
from operations.paper_tables import comparison_table, sheet_table, show_amounts, show_money
from operations.papers import CasePaper, papers_of_case
from operations.regenerating import regenerate_case
from regeneration.exchange import rebuilt_as_json, sheet_as_json, sheet_from_json
from regeneration.novedades import Novedad
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Rebuilt
from regeneration.sheets import Charges, Line, SheetState
from regeneration.spreadsheets import guard_formula
from regeneration.tabulation import SHEET_HEADS, sheet_as_csv
from storage.schema import CaseEventRow, CaseRow, DocumentRow, IssuedRow
from tests.operations_samples import Clock, accepted, open_demo_house, received_and_read
from tests.regeneration_samples import ANA, BLANCA, CARLOS, make_line, make_novedad, make_sheet, run

FACTS = (
    ("Empleador", "ANDINA S.A."),
    ("Trámite", "2026-000001-5"),
    ("RUC y sucursal", "—"),
    ("Período", "—"),
)


def texts_of(pdf: bytes) -> list[str]:
    with pdfplumber.open(BytesIO(pdf)) as document:
        return [page.extract_text() or "" for page in document.pages]


def draw_sheet(shape: Mapping[str, Any]) -> list[str]:
    return texts_of(draw_table_paper(sheet_table(shape, FACTS, "0" * 16), "", lambda _page, _pages: None))


def draw_comparison(rebuilt: Rebuilt) -> list[str]:
    before, after = sheet_as_json(rebuilt.before), sheet_as_json(rebuilt.sheet)
    table = comparison_table(before, after, rebuilt_as_json(rebuilt), FACTS, load_parameters())
    return texts_of(draw_table_paper(table, "", lambda _page, _pages: None))


def many_people(count: int) -> tuple[Line, ...]:
    return tuple(
        replace(make_line(f"{place:010d}", f"{482 + place % 700}.{place % 100:02d}"), name=f"Persona {place}")
        for place in range(count)
    )


def money(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def test_a_long_sheet_prints_every_row_and_carries_its_sums() -> None:
    sheet = run(
        make_sheet(*many_people(300)), make_novedad("MSU", "2026-09-01", "0000000007", wage="900.00")
    ).sheet
    shape = sheet_as_json(sheet)
    pages = draw_sheet(shape)
    assert len(pages) > 5
    whole = "\n".join(pages)
    for line in sheet.lines:
        assert f"{line.id_number} {line.name} {show_money(f'{line.wage:.2f}')} 30 NNA" in whole
    carried = [row for page in pages for row in page.splitlines() if row.startswith("Suman y pasan")]
    brought = [row for page in pages for row in page.splitlines() if row.startswith("Vienen")]
    assert len(carried) == len(brought) == len(pages) - 1
    assert [row.split()[-2:] for row in carried] == [row.split()[-2:] for row in brought]
    by_id = {line.id_number: line for line in sheet.lines}
    wages = values = Decimal(0)
    for page, row in zip(pages, carried, strict=False):
        for word in (word for text in page.splitlines() for word in text.split()[1:2]):
            if word in by_id:
                wages += by_id[word].wage
                values += by_id[word].value or Decimal(0)
        assert [money(text) for text in row.split()[-2:]] == [wages, values]
    assert sheet.totals is not None
    assert f"VALOR TOTAL (US$) {show_money(f'{sheet.totals.total:.2f}')}" in pages[-1]
    assert all(f"Hoja {place} de {len(pages)}" in page for place, page in enumerate(pages, start=1))


@pytest.mark.parametrize("count", [0, 1, 33, 34, 35, 36, 37, 38, 39, 70, 71, 72])
def test_no_row_is_lost_and_the_foot_has_room_whatever_the_length(count: int) -> None:
    sheet = run(
        make_sheet(*many_people(count), make_line(ANA)), make_novedad("MSU", "2026-09-01", wage="600.00")
    ).sheet
    pages = draw_sheet(sheet_as_json(sheet))
    whole = "\n".join(pages)
    assert sum(f"{line.id_number} " in whole for line in sheet.lines) == count + 1
    assert "VALOR TOTAL" in pages[-1]
    assert whole.count("VALOR TOTAL") == 1


def test_the_foot_shows_charges_only_when_there_are_any() -> None:
    charges = Charges(interest=Decimal("4.52"), credits=Decimal("10.00"))
    told = draw_sheet(
        sheet_as_json(run(make_sheet(make_line(), charges=charges, state=SheetState.OVERDUE)).sheet)
    )[0]
    assert "Intereses por mora 4,52" in told
    assert "Notas de crédito − 10,00" in told
    assert "Honorarios" not in told
    assert "Estado" in told
    assert "en mora" in told
    plain = draw_sheet(sheet_as_json(run(make_sheet(make_line())).sheet))[0]
    assert "Intereses" not in plain


def test_a_comparison_tells_who_enters_leaves_and_changes_and_why() -> None:
    rebuilt = run(
        make_sheet(make_line(ANA), make_line(BLANCA)),
        make_novedad("MSU", "2026-09-01", ANA, wage="600.00"),
        make_novedad("SAL", "2026-08-20", BLANCA),
        make_novedad("ENT", "2026-09-16", CARLOS, wage="1500.00", name="Carlos Nuevo"),
    )
    (page,) = draw_comparison(rebuilt)
    assert (
        "Entran 1, salen de la planilla 1, cambian 1. Valor total: antes 237,60, después 291,60 (+54,00)."
        in page
    )
    assert f"{ANA} Persona 75 Cambia" in page
    assert (
        "Motivo: aviso de nuevo sueldo (MSU) del 1 de septiembre de 2026, sueldo de USD 600,00, registrado"
        in page
    )
    assert f"{CARLOS} Carlos Nuevo Entra" in page
    assert "Sueldo (1.500,00 por 15 de 30 días) [1] — 750,00" in page
    assert f"{BLANCA} Persona 17 Sale de la planilla" in page
    assert "[1] Aporte personal y patronal, sector privado: 9,45 + 11,15 %" in page
    assert "Fuente: IESS" in page
    assert "VALOR TOTAL (US$) 237,60 291,60" in page


def test_a_person_is_not_torn_between_pages() -> None:
    people = many_people(80)
    novedades: list[Novedad] = [
        make_novedad("MSU", "2026-09-01", line.id_number, wage="1300.00") for line in people
    ]
    pages = draw_comparison(run(make_sheet(*people), *novedades))
    assert len(pages) > 5
    for page in pages[1:]:
        first = next(row for row in page.splitlines() if row.split()[0].isdigit() or row.startswith("Sueldo"))
        assert first.split()[0].isdigit(), "a page of the table begins with a person"


def test_amounts_in_sentences_are_shown_as_people_read_them() -> None:
    assert (
        show_amounts("del 2026-09-01, 1234.56 por 9.45 + 11.15 %.")
        == "del 2026-09-01, 1.234,56 por 9,45 + 11,15 %."
    )


def test_csv_gives_the_sheet_back_whatever_its_names() -> None:
    names = ['Ana "la Jefa"', "Pérez; Ñusta", "=cmd()", "+1", "Línea\nrota", "@x", "-5"]
    lines = [replace(make_line(f"{place:010d}"), name=name) for place, name in enumerate(names)]
    sheet = run(make_sheet(*lines)).before
    data = sheet_as_csv(sheet)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert tuple(rows[0]) == SHEET_HEADS
    for row, line in zip(rows, sheet.lines, strict=True):
        assert row["nombre"] == guard_formula(line.name)
        assert not row["nombre"].startswith(("=", "+", "-", "@"))
        assert (row["cedula"], row["sueldo"], row["valor"]) == (
            line.id_number,
            f"{line.wage:.2f}",
            f"{line.value:.2f}",
        )
    assert sum(Decimal(row["valor"]) for row in rows) == (sheet.totals.value if sheet.totals else None)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_demo_house(tmp_path, Clock())
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def finished_case(house: House) -> tuple[str, dict[str, Any], tuple[CasePaper, ...]]:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    with house.database.reading() as session:
        case = session.get_one(CaseRow, number)
        query = select(CaseEventRow).where(
            CaseEventRow.case_number == number, CaseEventRow.event == "rebuild-done"
        )
        done: dict[str, Any] = session.scalars(query).one().data
        return number, done, papers_of_case(house, case, done)


def test_the_archive_has_every_paper_byte_for_byte(house: House) -> None:
    number, done, papers = finished_case(house)
    with house.database.reading() as session:
        filed = {
            row.kind: house.blobs.get(row.sha256)
            for row in session.scalars(select(DocumentRow).where(DocumentRow.case_number == number))
        }
        issued = {
            row.form: row.document for row in session.scalars(select(IssuedRow)) if row.case_number == number
        }
    for paper in papers:
        assert filed[paper.kind] == paper.data
        assert issued.get(paper.kind) == paper.number
    data = {paper.kind: paper.data for paper in papers}
    assert json.loads(data["sheet-json"]) == done["sheet"]
    assert sheet_as_json(sheet_from_json(json.loads(data["sheet-json"]))) == done["sheet"]
    told = json.loads(data["comparison-json"])
    assert (told["before"], told["sheet"]) == (done["before"], done["sheet"])
    assert told["foot_changes"]
    rows = list(csv.reader(StringIO(data["comparison-csv"].decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 1 + len(told["changes"]) + len(told["foot_changes"])


def test_each_printed_paper_is_sealed_with_the_fingerprint_of_its_rows(house: House) -> None:
    _, done, papers = finished_case(house)
    printed = {paper.kind: paper for paper in papers if paper.number is not None}
    assert list(printed) == ["sheet", "reserve-fund-sheet", "sheet-comparison"]
    rows = hashlib.sha256(next(paper.data for paper in papers if paper.kind == "sheet-csv")).hexdigest()
    (told,) = texts_of(printed["sheet"].data)
    assert rows[:16] in told
    assert "Reemplaza a la planilla" in told
    assert done["sheet"]["replaces"] in told
    (fund,) = texts_of(printed["reserve-fund-sheet"].data)
    assert "PLANILLA DE FONDOS DE RESERVA REGENERADA" in fund
    assert "NNF" in fund
    for paper in printed.values():
        state, facts = open_seal(_symbol_of(paper.data), house.keys.ring)
        assert state is SealState.VALID
        assert facts is not None
        assert facts.document == paper.number
        assert facts.form == paper.kind
    _, sealed = open_seal(_symbol_of(printed["sheet"].data), house.keys.ring)
    assert sealed is not None
    assert sealed.values is not None
    assert sealed.values[-1] == rows[:16]


def _symbol_of(pdf: bytes) -> str:
    import numpy as np
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    image = np.ascontiguousarray(document[0].render(scale=200 / 72, grayscale=True).to_numpy().squeeze())
    document.close()
    return next(found.text for found in read_whole(image))


def test_a_long_name_goes_on_below_whole() -> None:
    name = "María de los Ángeles Fernanda Guamán Quishpe de Toapanta y Cárdenas Villavicencio Montesdeoca"
    sheet = run(make_sheet(replace(make_line(ANA), name=name), make_line(BLANCA))).before
    (page,) = draw_sheet(sheet_as_json(sheet))
    told = " ".join(page.split())
    assert "…" not in told
    for word in name.split():
        assert word in told
    assert "Persona 17" in told


def test_a_sheet_of_many_pages_is_sealed_on_each(house: House) -> None:
    key = house.keys.issuing
    for page in (1, 256, 1515):
        text = seal_facts(
            "sheet",
            ("n",),
            document="K4GN-AW5Y-GB6X-V4J5",
            issued=house.today(),
            key=key,
            case="c",
            page=page,
            pages=1515,
        )
        state, facts = open_seal(text, house.keys.ring)
        assert state is SealState.VALID
        assert facts is not None
        assert (facts.page, facts.pages) == (page, 1515)


def test_threads_that_draw_first_together_do_not_disturb_each_other() -> None:
    script = Path(__file__).with_name("threads_that_draw.py")
    environment = {**os.environ, "PYTHONPATH": str(script.parent.parent)}
    done = subprocess.run(
        [sys.executable, str(script)], check=False, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
