"""The published description of what we call is true: every call and every answer is held against it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, ValidationError

from operations.house import House
from operations.regenerating import regenerate_case
from regeneration.exchange import sheet_as_json, sheet_from_json
from regeneration.json_reading import ExchangeError
from regeneration.novedades import Novedad
from regeneration.sheets import Line
from tests.operations_samples import accepted, received_and_read, state_of
from tests.regeneration_samples import make_line, make_novedad, make_sheet, run

API = json.loads((Path(__file__).resolve().parent.parent / "docs" / "register-api.json").read_text("utf-8"))


def check(schema: dict[str, Any], body: Any) -> None:
    """Hold a body against a schema of the description, with the components that it names."""
    Draft202012Validator({**schema, "components": API["components"]}).validate(body)


def operations() -> Iterator[tuple[str, re.Pattern[str], dict[str, Any]]]:
    for path, methods in API["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), operation


def test_the_description_is_whole() -> None:
    assert API["openapi"].startswith("3.1")
    for method, path, operation in operations():
        if path.pattern != "/health":
            assert {"401", "429", "5XX"} <= set(operation["responses"]), (method, path.pattern)
    for schema in API["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_call_and_every_answer_is_described(register_house: House, register_address: str) -> None:
    number = received_and_read(register_house)
    assert accepted(register_house, number) == ()
    regenerate_case(register_house, number)
    assert state_of(register_house, number) == "archived"
    calls = httpx.get(f"{register_address}/_calls").json()
    assert {(call["method"], call["status"]) for call in calls} >= {("GET", 200), ("POST", 201)}
    for call in calls:
        found = [
            operation
            for method, path, operation in operations()
            if method == call["method"] and path.fullmatch(call["path"])
        ]
        assert len(found) == 1, (call["method"], call["path"])
        told = {each["name"].lower() for each in found[0].get("parameters", [])}
        assert {name.split("=")[0] for name in call["query"].split("&") if name} <= told
        check(
            found[0]["responses"][str(call["status"])]["content"]["application/json"]["schema"],
            call["answer"],
        )
        if call["method"] == "POST":
            assert "idempotency-key" in told & set(call["headers"])
            schema = found[0]["requestBody"]["content"]["application/json"]["schema"]
            assert set(call["body"]) <= set(schema["properties"]), "nothing is sent that is not described"
            check(schema, call["body"])


def test_a_wrong_answer_is_not_of_the_description() -> None:
    employer = {"ruc": "1790010937001", "business_name": "Andina", "branches": [1], "representatives": []}
    with pytest.raises(ValidationError):
        check({"$ref": "#/components/schemas/Employer"}, employer)
    check({"$ref": "#/components/schemas/Employer"}, employer | {"branches": ["0001"]})


def test_what_is_described_of_a_sheet_is_what_is_read_and_written() -> None:
    """Every key that the reader takes is described, and what it must have is required."""
    schemas = API["components"]["schemas"]
    for kind, name in ((Line, "Line"), (Novedad, "Novedad")):
        assert set(schemas[name]["properties"]) == {field.name for field in fields(kind)}
        assert set(schemas[name]["required"]) < set(schemas[name]["properties"])
    written: Any = sheet_as_json(run(make_sheet(make_line()), make_novedad("SAL", "2026-09-15")).sheet)
    check({"$ref": "#/components/schemas/Sheet"}, written)
    for line_key in schemas["Line"]["required"]:
        body = json.loads(json.dumps(written))
        del body["lines"][0][line_key]
        with pytest.raises(ExchangeError):
            sheet_from_json(body)


def test_the_least_sheet_of_the_description_is_read() -> None:
    written: Any = sheet_as_json(run(make_sheet(make_line()), make_novedad("SAL", "2026-09-15")).sheet)
    schemas = API["components"]["schemas"]
    foot = schemas["Sheet"]["properties"]["totals"]["required"]
    parts = [*schemas["Line"]["required"], "personal", "employer"]
    written["totals"] = {name: written["totals"][name] for name in foot}
    written["lines"] = [{name: written["lines"][0][name] for name in parts}]
    check({"$ref": "#/components/schemas/Sheet"}, written)
    totals = sheet_from_json(written).totals
    assert totals is not None
    assert str(totals.personal) == written["lines"][0]["personal"]
    del written["lines"][0]["personal"]
    with pytest.raises(ExchangeError, match=r"totals\.personal"):
        sheet_from_json(written)
