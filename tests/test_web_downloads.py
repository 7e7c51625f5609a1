"""What downloaded files are called: whole words with their accents, plain letters where those cannot be."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from forms.register import all_forms
from operations.demonstration_data import PASSWORD, RUC
from operations.house import House
from operations.issued_names import FILE_WORDS
from operations.papers import PAPER_TITLES
from operations.regenerating import regenerate_case
from storage.schema import DocumentRow
from tests.operations_samples import accepted, issue_request, received_and_read
from web.application import make_application
from web.downloads import named, plain_name

WEB = Path(__file__).resolve().parent.parent / "web"


def client_of(house: House, name: str) -> TestClient[Any]:
    client = TestClient(make_application(house))
    client.get("/acceso")
    data = {"usuario": name, "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
    assert client.post("/acceso", data=data, follow_redirects=False).status_code == 303
    return client


@pytest.fixture
def number(house: House) -> str:
    """A case of which the sheet was rebuilt."""
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    return number


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("plano.pdf", 'attachment; filename="plano.pdf"'),
        (
            "comparación 1.pdf",
            "attachment; filename=\"comparacion-1.pdf\"; filename*=UTF-8''comparaci%C3%B3n%201.pdf",
        ),
        (
            'a"; b\r\nx: y.pdf',
            "attachment; filename=\"a-bx-y.pdf\"; filename*=UTF-8''a%22%3B%20bx%3A%20y.pdf",
        ),
        ("../../etc/x.pdf", "attachment; filename=\"etcx.pdf\"; filename*=UTF-8''....etcx.pdf"),
        ("ж.pdf", "attachment; filename=\"documento.pdf\"; filename*=UTF-8''%D0%B6.pdf"),
        ("", 'attachment; filename="documento"'),
    ],
)
def test_a_name_is_told_whole_and_in_plain_letters(name: str, header: str) -> None:
    assert named(name) == {"content-disposition": header}


def test_papers_of_a_case_are_called_by_their_words(house: House, number: str) -> None:
    with house.database.reading() as session:
        query = select(DocumentRow.id, DocumentRow.name).where(
            DocumentRow.case_number == number, DocumentRow.kind.in_(["sheet-comparison", "comparison-csv"])
        )
        papers = [tuple(row) for row in session.execute(query)]
    assert len(papers) == 2
    with client_of(house, "archivo") as client:
        for document, name in papers:
            header = client.get(f"/archivo/documentos/{document}").headers["content-disposition"]
            assert f'filename="comparacion-{number}.{name[-3:]}"' in header
            assert header.endswith(f"filename*=UTF-8''comparaci%C3%B3n%20{number}.{name[-3:]}")


def test_files_of_a_package_end_as_what_they_are(house: House, number: str) -> None:
    with client_of(house, "archivo") as client:
        packed = client.get(f"/archivo/tramites/{number}/paquete.zip").content
    names = zipfile.ZipFile(BytesIO(packed)).namelist()
    assert not [name for name in names if name.endswith(".bin")]
    assert [name for name in names if re.search(rf"/documents/\d+-comparacion-{number}\.csv$", name)]
    assert [name for name in names if re.search(r"/documents/\d+-planilla-[0-9-]+\.csv$", name)]


def test_a_request_is_called_a_request(house: House) -> None:
    issued = issue_request(house)
    with client_of(house, f"{RUC}/0001") as client:
        answer = client.get(f"/portal/documentos/{issued.document}.pdf")
        blank = client.get("/formularios/employer-request.pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="solicitud-{issued.document}.pdf"'
    assert blank.headers["content-disposition"] == 'attachment; filename="solicitud-en-blanco.pdf"'


def test_every_form_and_printed_paper_has_a_word_for_its_file() -> None:
    printed = {kind for kind in PAPER_TITLES if not kind.endswith(("-csv", "-json"))}
    assert set(FILE_WORDS) == {form.name for form in all_forms()} | printed
    for word in FILE_WORDS.values():
        assert plain_name(f"{word}.pdf") == f"{word}.pdf"


def test_no_page_writes_the_header_by_hand() -> None:
    by_hand = {path.name for path in WEB.glob("*.py") if "content-disposition" in path.read_text()}
    assert by_hand == {"downloads.py"}
