"""The employer's pages: its sheets, its documents, and the form that checks itself and becomes a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy import select

from forms.checks import check_values
from forms.description import kind_name
from forms.layout import room
from forms.model import Choice, Field, Form
from forms.problems import Problem
from forms.register import find_form
from operations.house import House
from operations.issuing import NotIssued, issue_form, issued_by_employer, issued_pdf
from operations.register import EmbeddedRegister
from operations.users import User
from regeneration.sheets import SheetState, SheetType
from storage.schema import EmployerRow, RepresentativeRow
from web.access import EMPLOYERS, PageRequest, threaded
from web.public import Form as FormData
from web.public import house_of, pdf_response


@dataclass(frozen=True, slots=True)
class ScreenField:
    """A field of a form as the screen shows it."""

    field: Field
    kind: str
    value: str
    room: int
    options: tuple[tuple[str, str], ...]
    problem: Problem | None


@get("/portal", guards=[EMPLOYERS])
@threaded
def show_portal(request: PageRequest) -> Template:
    house, user = house_of(request), request.user
    with house.database.transaction() as session:
        sheets = [
            (row.number, row.period, SheetType(row.type).label, SheetState(row.state).label, row.state)
            for row in EmbeddedRegister(session).sheets_of(user.ruc, user.branch)
        ]
        documents = issued_by_employer(session, user.ruc, user.branch)
    return Template("portal.html", context={"user": user, "sheets": sheets, "documents": documents})


@get("/portal/formularios/{name:str}", guards=[EMPLOYERS])
@threaded
def show_form(request: PageRequest, name: FromPath[str]) -> Template:
    form = _form(name)
    values = _known_values(house_of(request), request.user, form)
    return Template("form.html", context=_context(request, form, values, ()))


@post("/portal/formularios/{name:str}", guards=[EMPLOYERS], status_code=200)
@threaded
def send_form(request: PageRequest, name: FromPath[str], data: FormData) -> Response[Any]:
    form = _form(name)
    names = {field.name for field in form.current.value_fields}
    values = {key: value for key, value in data.items() if key in names and value.strip()}
    # The employer signs in for one RUC and branch; whatever the browser sends, the form is for those.
    values |= {"ruc": request.user.ruc, "branch": request.user.branch}
    issued = issue_form(house_of(request), form.current, values, request.user.name)
    if isinstance(issued, NotIssued):
        return Template(
            "form.html", context=_context(request, form, values, issued.problems), status_code=422
        )
    return Redirect(f"/portal?emitido={issued.document}", status_code=303)


@post("/portal/formularios/{name:str}/comprobar", guards=[EMPLOYERS], status_code=200)
@threaded
def check_field(request: PageRequest, name: FromPath[str], data: FormData) -> Template:
    """The problems of the field that was just left, by the same checks as everywhere."""
    form, asked = _form(name), request.headers.get("hx-trigger-name", "")
    values = {key: value for key, value in data.items() if value.strip()}
    found = [item for item in check_values(form.current, values) if item.field == asked]
    return Template("field_problem.html", context={"problem": found[0] if found else None})


@get("/portal/documentos/{document:str}", guards=[EMPLOYERS])
@threaded
def download_document(request: PageRequest, document: FromPath[str]) -> Response[bytes]:
    number = document.removesuffix(".pdf")
    data = issued_pdf(house_of(request), number, request.user.ruc)
    if data is None:
        raise NotFoundException("No hay un documento suyo con ese número.")
    return pdf_response(data, f"{number}.pdf")


def _form(name: str) -> Form:
    form = find_form(name)
    if form is None:
        raise NotFoundException("No hay un formulario con ese nombre.")
    return form


def _known_values(house: House, user: User, form: Form) -> dict[str, str]:
    """What the register knows already, so that nobody types it again."""
    with house.database.transaction() as session:
        employer = session.get(EmployerRow, user.ruc)
        query = select(RepresentativeRow).where(
            RepresentativeRow.ruc == user.ruc, RepresentativeRow.until.is_(None)
        )
        person = session.scalars(query).first()
    known = {"ruc": user.ruc, "branch": user.branch, "date": house.today().isoformat()}
    if employer is not None:
        known |= {
            "business_name": employer.business_name,
            "email": employer.email,
            "phone": employer.phone,
            "address": employer.address,
        }
    if person is not None:
        for prefix in ("representative", "grantor"):
            known |= {
                f"{prefix}_name": person.name,
                f"{prefix}_id": person.id_number,
                f"{prefix}_id_kind": person.id_kind,
            }
    known |= {
        "sheet_type": "contributions",
        "authorized_id_kind": "cedula",
        "procedure": "Regeneración de planillas de aportes",
        "valid_from": house.today().isoformat(),
        "valid_until": house.today().isoformat(),
    }
    names = {field.name for field in form.current.value_fields}
    return {name: value for name, value in known.items() if name in names and value}


def _context(
    request: PageRequest, form: Form, values: dict[str, str], problems: tuple[Problem, ...]
) -> dict[str, Any]:
    by_field = {found.field: found for found in reversed(problems)}
    fields = [
        ScreenField(
            field,
            kind_name(field.kind),
            values.get(field.name, ""),
            room(field),
            tuple((option.value, option.label) for option in field.kind.options)
            if isinstance(field.kind, Choice)
            else (),
            by_field.get(field.name),
        )
        for field in form.current.value_fields
    ]
    return {"user": request.user, "form": form, "fields": fields, "problems": problems}


portal_routes = (show_portal, show_form, send_form, check_field, download_document)
