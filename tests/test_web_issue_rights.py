"""Nobody but the service has the service say something: every form of the catalogue, asked by every role."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from bench.material import random_values
from forms.model import Form
from forms.register import all_forms
from operations.demonstration_data import PASSWORD, RUC, request_values
from operations.house import House
from operations.issue_rights import issue_for, may_issue
from operations.issuing import Issued, NotIssued
from operations.users import User, UserRole, add_user
from storage.schema import IssuedRow
from web.application import make_application

SIGNED = {"employer-request", "third-party-authorization"}
"""Written down here and not asked of the catalogue: a form that comes must be thought of."""
MAY: dict[UserRole, set[str]] = {UserRole.EMPLOYER: SIGNED, UserRole.DELEGATE: {"employer-request"}}
"""Nobody hands on what only the representative may: the authorization is drawn with the employer's key."""


def browser_of(house: House, role: UserRole) -> TestClient[Any]:
    name = f"{RUC}/0001"
    if role is not UserRole.EMPLOYER:
        name = f"prueba-{role.value}"
        place = {"ruc": RUC, "branch": "0001"} if role is UserRole.DELEGATE else {}
        add_user(house, name, "Prueba", role, PASSWORD, **place)
    client = TestClient(make_application(house))
    client.get("/acceso")
    data = {"usuario": name, "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
    assert client.post("/acceso", data=data, follow_redirects=False).status_code == 303
    return client


def issued_count(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(IssuedRow)) or 0


def values_for(house: House, form: Form) -> dict[str, str]:
    if form.name == "employer-request":
        return dict(request_values(house))
    return dict(random_values(form.current, np.random.default_rng(5)))


@pytest.mark.parametrize("role", list(UserRole))
def test_every_form_is_drawn_for_those_only_who_sign_it(house: House, role: UserRole) -> None:
    browser = browser_of(house, role)
    for form in all_forms():
        before = issued_count(house)
        answer = browser.post(f"/api/v1/forms/{form.name}/draw", json=values_for(house, form))
        if form.name in MAY.get(role, ()):
            assert answer.status_code == 200, answer.text
            assert answer.content.startswith(b"%PDF"), form.name
            assert issued_count(house) > before
        else:
            assert answer.status_code == 403, (role, form.name, answer.text[:200])
            codes = {"FORM_NOT_FOR_PEOPLE", "NOT_PERMITTED"}
            kept = role is UserRole.DELEGATE and form.name in SIGNED
            assert answer.json()["code"] in ({"FORM_OF_REPRESENTATIVE"} if kept else codes)
            assert issued_count(house) == before, "nothing was sealed"


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.name)
def test_blanks_are_of_forms_that_people_sign(house: House, form: Form) -> None:
    with TestClient(make_application(house)) as client:
        answer = client.get(f"/formularios/{form.name}.pdf")
        assert (answer.status_code == 200) == (form.name in SIGNED), (form.name, answer.status_code)


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.name)
def test_the_portal_has_screens_for_the_forms_that_people_sign(house: House, form: Form) -> None:
    answer = browser_of(house, UserRole.EMPLOYER).get(f"/portal/formularios/{form.name}")
    assert (answer.status_code == 200) == (form.name in SIGNED), (form.name, answer.status_code)


@pytest.mark.parametrize("role", list(UserRole))
def test_the_operation_itself_refuses(house: House, role: UserRole) -> None:
    """Whatever door somebody adds one day."""
    user = User("alguien", "Alguien", role, RUC, "0001")
    for form in all_forms():
        allowed = form.name in MAY.get(role, ())
        assert may_issue(role, form) is allowed
        answer = issue_for(house, user, form, values_for(house, form))
        assert isinstance(answer, Issued if allowed else NotIssued)
        if isinstance(answer, NotIssued):
            kept = role is UserRole.DELEGATE and form.name in SIGNED
            code = "FORM_OF_REPRESENTATIVE" if kept else "FORM_NOT_FOR_PEOPLE"
            assert [found.code for found in answer.problems] == [code]
