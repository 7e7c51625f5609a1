"""The archivist's pages: search, its list, saved searches, the record of a case, its pages and downloads."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from forms.personal import Datum
from operations.archive import MOST_EXPORTED, find_page, list_documents, thumbnail_of
from operations.archive_query import FILTERS, STATES, ArchiveQuery, parse_query
from operations.casework import NOT_YOURS, CaseNotFoundError, Refusal
from operations.closing import archive_refused
from operations.indexing import KINDS
from operations.personal_data import Place, View, may_export, may_reveal, view_of
from operations.record import view_record
from operations.record_pages import page_picture, view_page
from operations.retention_views import view_case_retention
from operations.saved_searches import forget_search, save_search, saved_searches
from operations.titles import title_of
from regeneration.spreadsheets import guard_formula, write_rows
from storage.search import fold_words
from web.access import ARCHIVISTS, PageRequest, threaded
from web.downloads import named
from web.public import Form, house_of
from web.window import document_response

_HEADINGS: Final[tuple[str, ...]] = (
    *("Trámite", "Documento", "Tipo", "RUC", "Razón social", "Período", "Estado", "Oficina", "Recibido"),
    "Vínculo",
)


@get("/archivo", guards=[ARCHIVISTS])
@threaded
def search_archive(request: PageRequest) -> Template:
    """The search and its results; a browser that asks for the results alone gets them alone."""
    query = _query_of(request)
    before = _whole_number(request.query_params.get("antes", ""))
    results = None if query.is_empty else find_page(house_of(request), query, request.user.name, before)
    context = {
        "user": request.user,
        "query": query,
        "results": results,
        "states": STATES,
        "kinds": tuple(KINDS),
        "texts_shown": view_of(request.user.role, Datum.TEXT, Place.LIST) is not View.NONE,
    }
    if request.headers.get("hx-request") == "true":
        # The address always says the search, so that it can be kept, sent and gone back to.
        headers = {"HX-Replace-Url": f"/archivo?{query.address}"}
        return Template("archive_results.html", context=context, headers=headers)
    return Template(
        "archive.html", context=context | {"saved": saved_searches(house_of(request), request.user.name)}
    )


def _query_of(request: PageRequest) -> ArchiveQuery:
    given = {name: request.query_params.get(name, "") for name in FILTERS}
    return parse_query(request.query_params.get("q", ""), given, house_of(request).today())


def _whole_number(value: str) -> int | None:
    """A place to go on from; anything else is the beginning."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


@get("/archivo/lista.csv", guards=[ARCHIVISTS])
@threaded
def list_results(request: PageRequest) -> Response[bytes]:
    """The results for a spreadsheet, with a line at the end when there are more."""
    query = _query_of(request)
    if query.ignored:
        raise ClientException(" ".join(query.ignored))
    found = list_documents(house_of(request), query, request.user.name, MOST_EXPORTED + 1)
    base = house_of(request).settings.public_url.rstrip("/")
    rows = [_HEADINGS]
    for item in found[:MOST_EXPORTED]:
        cells = (item.case, item.name, title_of(item.kind), item.ruc, item.business_name, item.period)
        more = (STATES.get(item.state, item.state), item.office, item.received)
        link = f"{base}/archivo/tramites/{item.case}#documento-{item.id}"
        rows.append((*(guard_formula(value) for value in (*cells, *more)), link))
    if len(found) > MOST_EXPORTED:
        rows.append((f"La lista termina en {MOST_EXPORTED} documentos. Por favor acote la búsqueda.",))
    return Response(
        write_rows(rows),
        media_type="text/csv; charset=utf-8",
        headers=named("archivo.csv"),
    )


@post("/archivo/busquedas", guards=[ARCHIVISTS], status_code=303)
@threaded
def keep_search(request: PageRequest, data: Form) -> Redirect:
    query = parse_query(data.get("q", ""), data, house_of(request).today())
    refusal = save_search(house_of(request), query, data.get("nombre", ""), request.user.name)
    if isinstance(refusal, Refusal):
        raise ClientException(refusal.message)
    return Redirect(f"/archivo?{query.address}", status_code=303)


@post("/archivo/busquedas/{number:int}/borrar", guards=[ARCHIVISTS], status_code=303)
@threaded
def drop_search(request: PageRequest, number: FromPath[int]) -> Redirect:
    forget_search(house_of(request), number, request.user.name)
    return Redirect("/archivo", status_code=303)


@get("/archivo/tramites/{number:str}", guards=[ARCHIVISTS])
@threaded
def show_record(request: PageRequest, number: FromPath[str]) -> Template:
    return _show_record(request, number, revealed=False)


@post("/archivo/tramites/{number:str}", guards=[ARCHIVISTS], status_code=200)
@threaded
def reveal_record(request: PageRequest, number: FromPath[str]) -> Template:
    """The same page without masks: a deliberate act, and no address that could be kept or passed on."""
    if not may_reveal(request.user):
        raise PermissionDeniedException("Su perfil no muestra datos enmascarados.")
    return _show_record(request, number, revealed=True)


@post("/archivo/tramites/{number:str}/archivar", guards=[ARCHIVISTS], status_code=303)
@threaded
def file_away(request: PageRequest, number: FromPath[str]) -> Redirect:
    """The archivist closes the file of a refused case for good."""
    try:
        refusal = archive_refused(house_of(request), number, request.user.name)
    except CaseNotFoundError:
        raise NotFoundException(f"No existe el trámite {number}.") from None
    if refusal is not None:
        denied = refusal.code == NOT_YOURS
        raise PermissionDeniedException(refusal.message) if denied else ClientException(refusal.message)
    return Redirect(f"/archivo/tramites/{number}", status_code=303)


def _show_record(request: PageRequest, number: str, *, revealed: bool) -> Template:
    house = house_of(request)
    try:
        record = view_record(house, number, request.user, revealed=revealed)
    except CaseNotFoundError:
        raise NotFoundException(f"No existe el trámite {number}.") from None
    context = {
        "user": request.user,
        "record": record,
        "number": number,
        "zone": house.zone,
        "retention": view_case_retention(house, number),
        "may_export": may_export(request.user),
    }
    return Template("record.html", context=context)


@get("/archivo/documentos/{document_id:int}", guards=[ARCHIVISTS])
@threaded
def download_archived(request: PageRequest, document_id: FromPath[int]) -> Response[bytes]:
    return document_response(house_of(request), document_id, request.user.name)


@get("/archivo/documentos/{document_id:int}/paginas/{page:int}", guards=[ARCHIVISTS])
@threaded
def show_page(
    request: PageRequest, document_id: FromPath[int], page: FromPath[int], q: FromQuery[str] = ""
) -> Template:
    """A page as it looks, its text over it to be marked and copied; words of ``q`` stand out."""
    view = view_page(house_of(request), document_id, page, request.user.name)
    if view is None:
        raise NotFoundException("No existe esa página, o todavía no está preparada.")
    words = tuple(fold_words(q))
    context: dict[str, Any] = {
        "user": request.user,
        "view": view,
        "query": q,
        "marked": [bool(words) and _has(str(line[0]), words) for line in view.page.lines],
    }
    return Template("record_page.html", context=context)


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word.startswith(words) for word in fold_words(text))


@get("/archivo/documentos/{document_id:int}/paginas/{page:int}/imagen", guards=[ARCHIVISTS])
@threaded
def show_page_picture(
    request: PageRequest, document_id: FromPath[int], page: FromPath[int]
) -> Response[bytes]:
    data = page_picture(house_of(request), document_id, page, request.user.name)
    return _webp(data)


@get("/archivo/documentos/{document_id:int}/miniatura", guards=[ARCHIVISTS])
@threaded
def show_thumbnail(request: PageRequest, document_id: FromPath[int]) -> Response[bytes]:
    return _webp(thumbnail_of(house_of(request), document_id))


def _webp(data: bytes | None) -> Response[bytes]:
    if data is None:
        raise NotFoundException("No existe esa imagen.")
    return Response(data, media_type="image/webp")


archive_routes = (
    search_archive,
    list_results,
    keep_search,
    drop_search,
    show_record,
    reveal_record,
    file_away,
    download_archived,
    show_page,
    show_page_picture,
    show_thumbnail,
)
