"""The forms that an employer fills in: checked as they are typed, kept as drafts, shown before they print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from forms.continuation import check_sheets, lines_on_sheets, room_on_sheets
from forms.description import group_fields, kind_name
from forms.model import Choice, Field, Form
from forms.problems import Problem, has_errors, problem
from forms.register import find_form
from forms.written_dates import respell, say_understood
from operations.branch_sheets import NotYoursError
from operations.drafts import draw_draft, drop_draft, find_draft, keep_draft, sheets_of
from operations.issue_doubts import Doubt, find_doubts, tag_doubts
from operations.issue_rights import find_other_employer, is_representatives, issue_for, may_issue
from operations.issuing import NotIssued
from operations.proposals import propose_values, representatives_of
from operations.users import User, UserRole
from web.access import PORTAL, PageRequest, threaded
from web.failures import ProblemError
from web.public import Form as FormData
from web.public import house_of


@dataclass(frozen=True, slots=True)
class ScreenField:
    """A field of a form as the screen shows it."""

    field: Field
    kind: str
    value: str
    room: int
    lines: tuple[int, int] | None
    understood: str
    options: tuple[tuple[str, str], ...]
    problem: Problem | None

    @property
    def checks(self) -> frozenset[str]:
        return frozenset(check.value for check in self.field.checks)


@get("/portal/formularios/{name:str}", guards=[PORTAL])
@threaded
def show_form(
    request: PageRequest, name: FromPath[str], planilla: FromQuery[str] = "", firma: FromQuery[str] = ""
) -> Template:
    """The form with what the register knows; a draft goes before that, unless a sheet or signer is named."""
    form, house = _form(request, name), house_of(request)
    try:
        proposed = propose_values(house, request.user, form, sheet_number=planilla, signer=firma)
    except NotYoursError:
        raise NotFoundException("No hay una planilla suya con ese número.") from None
    draft = None if planilla or firma else find_draft(house, request.user, form)
    values = proposed | draft.values if draft is not None else proposed
    return Template("form.html", context=_context(request, form, values, (), draft))


@post("/portal/formularios/{name:str}", guards=[PORTAL], status_code=200)
@threaded
def send_form(request: PageRequest, name: FromPath[str], data: FormData) -> Response[Any]:
    form, house = _form(request, name), house_of(request)
    values = _typed(request, form, data)
    if data.get("acto") == "descartar":
        drop_draft(house, request.user, form)
        return Redirect(f"/portal/formularios/{name}", status_code=303)
    doubts, act = find_doubts(house, request.user, form, values), data.get("acto", "")
    if taken := next((each for place, each in enumerate(doubts) if act == f"tomar-{place}"), None):
        values = values | dict(taken.registered)
        doubts = find_doubts(house, request.user, form, values)
    keep_draft(house, request.user, form, values)
    problems = check_sheets(form.current, values, house.today())
    if act == "ver" or taken:
        context = _context(request, form, values, problems, doubts=doubts)
        sheets = len(sheets_of(form.current, values))
        return Template("form.html", context=context | {"looks": range(1, sheets + 1)})
    if doubts and not has_errors(problems) and data.get("aun-asi") != tag_doubts(doubts):
        context = _context(request, form, values, problems, doubts=doubts)
        return Template("form.html", context=context | {"asked": True}, status_code=422)
    issued = issue_for(house, request.user, form, values)
    if isinstance(issued, NotIssued):
        return Template(
            "form.html",
            context=_context(request, form, values, issued.problems, doubts=doubts),
            status_code=422,
        )
    drop_draft(house, request.user, form)
    return Redirect(f"/portal?emitido={issued.document}", status_code=303)


@post("/portal/formularios/{name:str}/comprobar", guards=[PORTAL], status_code=200)
@threaded
def check_field(request: PageRequest, name: FromPath[str], data: FormData) -> Template:
    """The problems of the field that was just left, by the same checks as everywhere; the draft is kept."""
    form, asked = _form(request, name), request.headers.get("hx-trigger-name", "")
    house, values = house_of(request), _typed(request, form, data)
    saved_at = keep_draft(house, request.user, form, values)
    found = [item for item in check_sheets(form.current, values, house.today()) if item.field == asked]
    field = next((each for each in form.current.value_fields if each.name == asked), None)
    context = {
        "problem": found[0] if found else None,
        "understood": say_understood(field, values.get(asked, "")) if field is not None else "",
        "saved_at": saved_at,
    }
    return Template("field_problem.html", context=context)


@get("/portal/formularios/{name:str}/borrador.png", guards=[PORTAL])
@threaded
def show_draft(request: PageRequest, name: FromPath[str], hoja: FromQuery[int] = 1) -> Response[bytes]:
    """The sheet as it will print, as far as it is filled in."""
    form, house = _form(request, name), house_of(request)
    draft = find_draft(house, request.user, form)
    values = draft.values if draft is not None else propose_values(house, request.user, form)
    sheets = sheets_of(form.current, values)
    if not 1 <= hoja <= len(sheets):
        raise NotFoundException("El borrador no tiene esa hoja.")
    return Response(draw_draft(*sheets[hoja - 1]), media_type="image/png")


def _form(request: PageRequest, name: str) -> Form:
    form, role = find_form(name), request.user.role
    if form is not None and role is UserRole.DELEGATE and is_representatives(form):
        raise ProblemError(403, problem("FORM_OF_REPRESENTATIVE", title=form.title))
    if form is None or not may_issue(role, form):
        raise NotFoundException("No hay un formulario con ese nombre.")
    user: User = request.user
    if role is UserRole.DELEGATE and (nobody := find_other_employer(house_of(request), user, {})):
        raise ProblemError(422, nobody)
    return form


def _typed(request: PageRequest, form: Form, data: dict[str, str]) -> dict[str, str]:
    names = {field.name for field in form.current.value_fields}
    typed = {key: value for key, value in data.items() if key in names and value.strip()}
    values = respell(form.current, typed)
    user: User = request.user
    if user.role is UserRole.DELEGATE and (changed := find_other_employer(house_of(request), user, values)):
        raise ProblemError(422, changed)
    # The employer signs in for one RUC and branch; whatever the browser sends, the form is for those.
    return values | {"ruc": user.ruc, "branch": user.branch}


def _context(
    request: PageRequest,
    form: Form,
    values: dict[str, str],
    problems: tuple[Problem, ...],
    draft: Any = None,
    doubts: tuple[Doubt, ...] = (),
) -> dict[str, Any]:
    by_field = {found.field: found for found in reversed(problems)}
    sections = [
        (title, [_screen_field(form, field, values, by_field.get(field.name)) for field in fields])
        for title, fields in group_fields(form.current)
    ]
    return {
        "user": request.user,
        "form": form,
        "sections": sections,
        "problems": problems,
        "untold": [found for found in problems if found not in by_field.values()],
        "draft": draft,
        "doubts": doubts,
        "tag": tag_doubts(doubts),
        "zone": house_of(request).zone,
        "now": f"{house_of(request).now():%H%M%S%f}",
        "signers": representatives_of(house_of(request), request.user),
    }


def _screen_field(form: Form, field: Field, values: dict[str, str], found: Problem | None) -> ScreenField:
    value = values.get(field.name, "")
    options = field.kind.options if isinstance(field.kind, Choice) else ()
    return ScreenField(
        field,
        kind_name(field.kind),
        value,
        room_on_sheets(form.current, field),
        lines_on_sheets(form.current, field),
        say_understood(field, value),
        tuple((option.value, option.label) for option in options),
        found,
    )


portal_form_routes = (show_form, send_form, check_field, show_draft)
