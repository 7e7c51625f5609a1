"""The employer's home: its sheets with what stands in the way of each, what it annuls, and its documents."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from forms.problems import problem
from operations.annulment_days import find_annulment_day
from operations.annulments import annul_fund_sheet, annul_receipt
from operations.branch_sheets import NotYoursError, SheetView, find_successor, list_branch_sheets, view_sheet
from operations.casework import Refusal
from operations.delegations import branches_of, name_employers, withheld, withheld_branches_of
from operations.issued_names import name_of_issued
from operations.issued_papers import list_papers
from operations.issuing import issued_pdf
from operations.revocations import revoke
from operations.users import UserRole
from regeneration.months import write_weekday
from regeneration.rebuilding import Outcome
from storage.schema import EmployerRow
from web.access import EMPLOYERS, PORTAL, PageRequest, threaded
from web.downloads import pdf_response
from web.public import Form as FormData
from web.public import house_of

ELSEWHERE: Final = (
    "El registro de planillas es el del instituto: las novedades y las anulaciones se hacen en su portal. "
    "Aquí se llena la solicitud."
)


@get("/portal", guards=[PORTAL])
@threaded
def show_portal(request: PageRequest, emitido: FromQuery[str] = "") -> Template:
    house, user = house_of(request), request.user
    with house.database.reading() as session:
        choices = branches_of(session, user.name) if user.role is UserRole.DELEGATE else ()
        kept = withheld_branches_of(session, user.name) if user.role is UserRole.DELEGATE else ()
        papers = list_papers(session, user)
        employer = session.get(EmployerRow, user.ruc)
    told = [withheld(branch) for branch in kept]
    choosing = user.role is UserRole.DELEGATE and not user.ruc
    names = name_employers(house, choices) if choosing or len(choices) > 1 else {}
    if choosing:
        context = {"user": user, "choices": choices, "names": names, "withheld": told}
        return Template("portal_choice.html", context=context)
    remote = house.remote_register is not None
    context = {
        "user": user,
        "choices": choices,
        "names": names,
        "withheld": told,
        "sheets": () if remote else list_branch_sheets(house, user),
        "branches": employer.branches if employer is not None else [],
        "elsewhere": ELSEWHERE if remote else "",
        "papers": papers,
        "issued": next((paper for paper in papers if paper.row.document == emitido), None),
    }
    return Template("portal.html", context=context)


@get("/portal/planillas/{number:str}", guards=[PORTAL])
@threaded
def show_sheet(request: PageRequest, number: FromPath[str]) -> Template:
    house = house_of(request)
    if house.remote_register is None and (then := find_successor(house, request.user, number)):
        context = {"user": request.user, "number": number, "successor": then}
        return Template("portal_replaced.html", context=context)
    return Template("portal_sheet.html", context=sheet_context(request, number))


def sheet_context(request: PageRequest, number: str, refusal: Refusal | None = None) -> dict[str, Any]:
    """A sheet's page; :class:`NotFoundException` for one that is not the employer's."""
    view = sheet_of(request, number)
    day = find_annulment_day(house_of(request), request.user)
    return {
        "user": request.user,
        "view": view,
        "living": [each for each in view.record.receipts if each.state.value == "generated"],
        "fund_living": [
            each for each in view.record.reserve_fund_receipts if each.state.value == "generated"
        ],
        "names": {line.id_number: line.name for line in view.sheet.lines},
        "nothing_changes": view.expected.outcome is Outcome.NOTHING_CHANGES,
        "day": day,
        "refusal": refusal,
    }


def sheet_of(request: PageRequest, number: str) -> SheetView:
    house = house_of(request)
    if house.remote_register is not None:
        raise NotFoundException(ELSEWHERE)
    try:
        return view_sheet(house, request.user, number)
    except NotYoursError:
        raise NotFoundException("No hay una planilla suya con ese número.") from None


@post("/portal/planillas/{number:str}/comprobantes/{receipt:str}/anular", guards=[EMPLOYERS], status_code=200)
@threaded
def annul_one_receipt(
    request: PageRequest, number: FromPath[str], receipt: FromPath[str], data: FormData
) -> Response[Any]:
    sheet_of(request, number)
    if unsure := _ask_for_the_day(request, data):
        return _after(request, number, unsure)
    try:
        answer = annul_receipt(house_of(request), request.user, receipt)
    except NotYoursError:
        raise NotFoundException("No hay un comprobante suyo con ese número.") from None
    return _after(request, number, answer)


@post("/portal/planillas/{number:str}/fondos/{fund:str}/anular", guards=[EMPLOYERS], status_code=200)
@threaded
def annul_one_fund_sheet(
    request: PageRequest, number: FromPath[str], fund: FromPath[str], data: FormData
) -> Response[Any]:
    sheet_of(request, number)
    if unsure := _ask_for_the_day(request, data):
        return _after(request, number, unsure)
    try:
        answer = annul_fund_sheet(house_of(request), request.user, fund)
    except NotYoursError:
        raise NotFoundException("No hay una planilla de fondos de reserva suya con ese número.") from None
    return _after(request, number, answer)


def _ask_for_the_day(request: PageRequest, data: dict[str, str]) -> Refusal | None:
    """An annulment that would not count, as far as is known, is made only for who says so."""
    day = find_annulment_day(house_of(request), request.user)
    if not day.asks or data.get("otro-dia"):
        return None
    found = problem("ANNULMENT_DAY_UNCONFIRMED", today=write_weekday(day.today))
    return Refusal(found.code, found.message)


def _after(request: PageRequest, number: str, answer: Refusal | None) -> Response[Any]:
    if answer is None:
        return Redirect(f"/portal/planillas/{number}#condiciones", status_code=303)
    context = sheet_context(request, number, answer)
    return Template("portal_sheet.html", context=context, status_code=409)


@get("/portal/documentos/{document:str}", guards=[PORTAL])
@threaded
def download_document(request: PageRequest, document: FromPath[str]) -> Response[bytes]:
    number = document.removesuffix(".pdf")
    data = issued_pdf(house_of(request), number, request.user.name, request.user)
    if data is None:
        raise NotFoundException("No hay un documento suyo con ese número.")
    return pdf_response(data, name_of_issued(house_of(request), number))


@post("/portal/documentos/{document:str}/revocar", guards=[EMPLOYERS], status_code=200)
@threaded
def take_back(request: PageRequest, document: FromPath[str]) -> Response[Any]:
    try:
        answer = revoke(house_of(request), request.user, document)
    except NotYoursError:
        raise NotFoundException("No hay un documento suyo con ese número.") from None
    if answer is not None:
        context = {"title": "No se revocó", "detail": answer.message, "user": request.user}
        return Template("error.html", context=context, status_code=409)
    return Redirect("/portal#documentos", status_code=303)


portal_routes = (
    show_portal,
    show_sheet,
    annul_one_receipt,
    annul_one_fund_sheet,
    download_document,
    take_back,
)
