"""A blank form that was filled in, from reception to the archive: what is sure is taken, the rest asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from operations_samples import (
    IN_ORDER,
    Clock,
    accepted,
    codes,
    open_demo_house,
    received_and_read,
    state_of,
    values_of,
)

from bench.template_material import type_in_viewer, write_by_hand
from forms.model import Edition, Values
from forms.register import find_form
from generators.blank import draw_blank
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from operations.casework import Refusal
from operations.demonstration_data import BUSINESS_NAME, REPRESENTATIVE, request_values
from operations.house import House
from operations.regenerating import regenerate_case
from operations.review import ReviewField
from operations.window import accept, correct, view_case


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_demo_house(tmp_path, Clock())


def request_edition() -> Edition:
    form = find_form("employer-request")
    assert form is not None
    return form.current


def scanned(sheet: Sheet) -> bytes:
    random = np.random.default_rng(8)
    signed = sign(sheet, request_edition().signature_fields[0].box, random)
    return encode([scan(signed, Scanner(dpi=200), random)], "pdf", 200)


@cache
def written(values: tuple[tuple[str, str], ...]) -> bytes:
    blank = print_page(draw_blank(request_edition()))
    return scanned(write_by_hand(blank, request_edition(), dict(values), np.random.default_rng(6), None))


def asked_of(house: House, number: str) -> dict[str, ReviewField]:
    return {row.name: row for row in view_case(house, number, "ventanilla").fields if row.asks}


def answer_all(house: House, number: str, truth: Values) -> None:
    """The clerk looks at each crop that is asked about and types what the paper says."""
    for name in asked_of(house, number):
        answer = correct(house, number, "employer-request", {name: truth.get(name, "")}, "ventanilla")
        assert not isinstance(answer, Refusal)
        assert codes(answer) == ()


def test_a_typed_form_ends_in_the_archive(house: House) -> None:
    values = request_values(house)
    # In the form's own face a petition of this length fits; wider ones are the viewer's to break.
    pdf = type_in_viewer(draw_blank(request_edition()), values, "/Valor", None)
    number = received_and_read(house, ("formulario.pdf", scanned(print_page(pdf))))
    view = view_case(house, number, "ventanilla")
    assert view.reading is not None
    assert [document.route for document in view.reading.documents] == ["template"]
    sure = {row.name for row in view.fields if not row.asks}
    assert {"ruc", "branch", "representative_id", "period", "sheet_type"} <= sure
    assert all(view.case.answers["employer-request"][name] == values[name] for name in sure)
    answer_all(house, number, values)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert values_of(house, number) == values


def test_a_form_filled_by_hand_asks_with_what_the_register_knows(house: House) -> None:
    values = request_values(house)
    number = received_and_read(house, ("formulario.pdf", written(tuple(values.items()))))
    asked = asked_of(house, number)
    assert {"petition", "address", "email", "business_name", "representative_name"} <= set(asked)
    assert asked["petition"].reading.value == ""
    for name, known in (("business_name", BUSINESS_NAME), ("representative_name", REPRESENTATIVE[1])):
        reading = asked[name].reading
        assert (reading.value, reading.source, reading.state) == (known, "register", "doubtful")
    for row in view_case(house, number, "ventanilla").fields:
        assert row.asks or row.reading.value == values[row.name]
    refused = accept(house, number, IN_ORDER, "ventanilla")
    assert not isinstance(refused, Refusal)
    assert set(codes(refused)) == {"FIELD_MISSING"}
    answer_all(house, number, values)
    assert accepted(house, number) == ()


def test_an_empty_form_can_only_go_back(house: House) -> None:
    empty = encode(
        [scan(print_page(draw_blank(request_edition())), Scanner(dpi=200), np.random.default_rng(1))],
        "pdf",
        200,
    )
    number = received_and_read(house, ("vacio.pdf", empty))
    assert state_of(house, number) == "in-review"
    answer = accept(house, number, IN_ORDER, "ventanilla")
    assert not isinstance(answer, Refusal)
    assert set(codes(answer)) == {"FIELD_MISSING"}
