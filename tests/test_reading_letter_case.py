"""A letter from reception to acceptance: the register confirms, the clerk corrects, the core is handed it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest
from operations_samples import IN_ORDER, Clock, codes, open_demo_house, received_and_read, state_of, values_of

from bench.letter_facts import Facts
from bench.letter_manners.plain import table
from bench.letter_material import letter_from
from forms.problems import has_errors
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.readings import DocumentReading, FieldReading, SealReading
from operations.casework import Refusal
from operations.demonstration_data import BRANCH, BUSINESS_NAME, REPRESENTATIVE, RUC, request_values
from operations.house import House
from operations.letters import confirm_letter
from operations.window import accept, correct, view_case
from regeneration.eligibility import EmployerRecord, Representative

RECORD = EmployerRecord(
    RUC,
    BUSINESS_NAME,
    frozenset({BRANCH}),
    (Representative(REPRESENTATIVE[0], REPRESENTATIVE[1], date(2020, 1, 1), None),),
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_demo_house(tmp_path, Clock())


def scanned_letter(house: House) -> bytes:
    values = {name: value for name, value in request_values(house).items() if name != "petition"}
    facts = Facts(values, np.random.default_rng(2), house.today(), "porque no constó un aviso de entrada")
    letter = letter_from(facts, table, "LiberationSans-Regular")
    random = np.random.default_rng(3)
    sheet = sign(print_page(letter.pdf), letter.signature, random)
    return encode([scan(sheet, Scanner(dpi=200, rotation_deg=0.4), random)], "jpeg", 200)


def test_a_letter_goes_from_reception_to_the_core_with_the_clerks_corrections(house: House) -> None:
    number = received_and_read(house, ("carta.jpg", scanned_letter(house)))
    assert state_of(house, number) == "in-review"
    view = view_case(house, number, "ventanilla")
    rows = {row.name: row for row in view.fields}
    assert {row.form for row in view.fields} == {"employer-request"}
    assert rows["ruc"].label == "RUC"
    assert rows["ruc"].reading.source == "register"
    assert not rows["ruc"].asks
    assert rows["phone"].asks
    truth = request_values(house)
    wanted = {name: truth.get(name) or row.reading.value for name, row in rows.items() if row.asks}
    faults = correct(house, number, "employer-request", wanted, "ventanilla")
    assert not isinstance(faults, Refusal)
    assert not has_errors(faults)
    answer = accept(house, number, IN_ORDER, "ventanilla")
    assert not isinstance(answer, Refusal)
    assert codes(answer) == ()
    assert values_of(house, number)["ruc"] == RUC
    assert values_of(house, number)["petition"] == truth["petition"]


def document(**values: str) -> DocumentReading:
    fields = {
        name: FieldReading(value, "doubtful", "ocr", 0.9, 1, (0.0, 0.0, 1.0, 1.0))
        for name, value in values.items()
    }
    return DocumentReading(
        pages=(),
        route="letter",
        outcome="review",
        seal=SealReading("absent"),
        fields=fields,
        signatures={},
        marks_outside=(),
        problems=(),
    )


def states(confirmed: DocumentReading) -> dict[str, str]:
    return {name: found.state for name, found in confirmed.fields.items()}


IN_FULL = {
    "ruc": RUC,
    "business_name": "Comercial Andina de Alimentos Ñusta Cía. Ltda.",
    "representative_id": REPRESENTATIVE[0],
    "representative_name": REPRESENTATIVE[1].upper(),
    "branch": BRANCH,
    "email": "otro@andina.example",
}


def test_three_data_that_agree_with_the_register_are_confirmed_and_the_rest_is_not() -> None:
    assert states(confirm_letter(document(**IN_FULL), RECORD)) == {
        "ruc": "confirmed",
        "business_name": "confirmed",
        "representative_id": "confirmed",
        "representative_name": "confirmed",
        "branch": "read",
        "email": "doubtful",
    }


@pytest.mark.parametrize(
    "change",
    [{"business_name": "Otra S.A."}, {"representative_id": "0100000017"}, {"representative_id": ""}],
)
def test_a_number_that_happens_to_be_registered_proves_nothing_by_itself(change: dict[str, str]) -> None:
    assert set(states(confirm_letter(document(**IN_FULL | change), RECORD)).values()) == {"doubtful"}


def test_of_a_damaged_letter_the_branch_is_asked_about_whatever_branches_there_are() -> None:
    whole = document(**IN_FULL)
    fields = {name: msgspec.structs.replace(found, confidence=0.5) for name, found in whole.fields.items()}
    assert (
        states(confirm_letter(msgspec.structs.replace(whole, fields=fields), RECORD))["branch"] == "doubtful"
    )


def test_an_employer_that_the_register_lacks_is_left_as_read() -> None:
    assert confirm_letter(document(**IN_FULL), None) == document(**IN_FULL)
