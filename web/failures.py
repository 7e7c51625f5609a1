"""What is answered when a request cannot be: one Spanish sentence and the code by which people can quote it.

Programs get it as ``application/problem+json`` (RFC 9457), people as a page. Codes and sentences are those of
``forms/problems.py``, or a sentence that a handler of ours raised; the framework's own are English and stay
in the log.
"""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.exceptions import HTTPException, PermissionDeniedException, ValidationException
from litestar.response import Redirect, Template
from litestar.types import ExceptionHandlersMap

from forms.problems import Problem, problem
from operations.casework import CaseNotFoundError
from storage.blobs import BlobChangedError, BlobDisposedError, BlobMissingError
from web.access import COOKIE, PageRequest

_log = logging.getLogger(__name__)

_TITLES: Final = {
    400: "La petición no se entiende",
    401: "Hace falta ingresar",
    403: "No tiene permiso",
    404: "No existe",
    405: "Aquí no se puede hacer eso",
    409: "Otra persona cambió esto",
    410: "Ya no se conserva",
    413: "El archivo es demasiado grande",
    422: "Los datos tienen problemas",
    429: "Hubo demasiadas peticiones",
    503: "Ahora no se puede",
}
_CODES: Final = {
    401: "SIGN_IN_NEEDED",
    403: "NOT_PERMITTED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "REQUEST_TOO_LARGE",
}
_WHOLE_BODY: Final = "data"
"""What the framework calls a body, which has no name to who sent it."""
_GREATEST_ID: Final = 2**63 - 1


class ProblemError(HTTPException):
    """A problem of the catalogue as the answer to a request."""

    def __init__(self, status: int, found: Problem) -> None:
        super().__init__(detail=found.message, status_code=status)
        self.found = found


def refuse_impossible_ids(request: PageRequest) -> None:
    """A number in the path that no row of any database can have leads nowhere, like one that none has."""
    if any(isinstance(value, int) and value > _GREATEST_ID for value in request.path_params.values()):
        raise ProblemError(404, problem("NOT_FOUND"))


def show_error(request: PageRequest, error: HTTPException) -> Response[Any]:
    """The answer to a request that was refused: for programs under ``/api/``, else a page."""
    status = error.status_code
    # A script that checks a field would put the page to sign in where the field's problem belongs.
    is_check = request.method == "POST" and "hx-request" in request.headers
    if status == 401 and not _is_for_programs(request) and not is_check:
        return Redirect(f"/acceso?volver={quote(_page_of(request), safe='')}{_why(request)}")
    if status == 405 and request.method == "GET" and not _is_for_programs(request):
        # A page that told of a problem has the address of its act: who asks for it again wants its page.
        return Redirect(request.url.path.rpartition("/")[0] or "/")
    code, sentence = _told(error)
    return _answer(request, status, code, sentence, dict(error.headers or {}))


def _why(request: PageRequest) -> str:
    """Whoever sends a form, or still shows a session, was in: it is over."""
    return "&fin=1" if request.method == "POST" or COOKIE in request.cookies else ""


def _page_of(request: PageRequest) -> str:
    """The page to come back to after signing in: the one asked for, or the one that a form was on."""
    asked = request.url
    if request.method in {"GET", "HEAD"}:
        return f"{asked.path}?{asked.query}" if asked.query else asked.path
    return _page_before(request) or "/"


def _page_before(request: PageRequest) -> str:
    """The page of ours that a form was on, nothing where the browser names none: an address within this
    service and never one that leads elsewhere, whatever the header says.
    """
    try:
        came = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    ours = came.scheme in {"http", "https"} and came.netloc == request.url.netloc
    # Browsers take «//host» and «/\\host» for another host.
    if not ours or not came.path.startswith("/") or came.path[1:2] in {"/", "\\"}:
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path


def _told(error: HTTPException) -> tuple[str, str]:
    """Code and sentence of a refusal."""
    if isinstance(error, ProblemError):
        return error.found.code, error.found.message
    if isinstance(error, ValidationException):
        found = problem("REQUEST_VALUES_INVALID", names=_names_of(error))
    elif isinstance(error, PermissionDeniedException) and not _was_said_here(error):
        found = problem("PAGE_EXPIRED")  # the framework denies nothing but pages whose token is not theirs
    else:
        usual = "REQUEST_INVALID" if error.status_code < 500 else "SERVICE_FAILED"
        found = problem(_CODES.get(error.status_code, usual))
    return found.code, error.detail if _was_said_here(error) else found.message


def _was_said_here(error: HTTPException) -> bool:
    """Whether a handler of ours raised it, so that its sentence is one of ours."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step is not None and str(step.tb_frame.f_globals.get("__name__")).startswith("web.")


def _names_of(error: ValidationException) -> str:
    """The names of the values that are not as described; of what was sent nothing is repeated."""
    given = error.extra if isinstance(error.extra, list) else []
    names = dict.fromkeys(str(each["key"]) for each in given if isinstance(each, dict) and each.get("key"))
    return ", ".join(name for name in names if name != _WHOLE_BODY) or "el contenido"


def show_failure(request: PageRequest, error: Exception) -> Response[Any]:
    """A bug: written to the log for the operator, told to the person without its insides."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return show_error(request, ProblemError(500, problem("SERVICE_FAILED")))


def show_no_case(request: PageRequest, _error: Exception) -> Response[Any]:
    """A case that nobody has, whatever was to be done to it."""
    number = str(request.path_params.get("number") or request.path_params.get("case") or "pedido")
    return show_error(request, ProblemError(404, problem("CASE_UNKNOWN", number=number)))


def show_damage(request: PageRequest, _error: Exception) -> Response[Any]:
    """Bytes that are no longer what was stored: never handed out; the store has told of them already."""
    return show_error(request, ProblemError(503, problem("CONTENT_DAMAGED")))


def show_disposed(request: PageRequest, _error: Exception) -> Response[Any]:
    """Bytes that two people ended: nobody has lost them and nobody can bring them back."""
    return show_error(request, ProblemError(410, problem("CONTENT_DISPOSED")))


def _is_for_programs(request: PageRequest) -> bool:
    return request.url.path.startswith("/api/")


def _answer(
    request: PageRequest, status: int, code: str, sentence: str, headers: dict[str, str]
) -> Response[Any]:
    title = _TITLES.get(status, "Algo salió mal")
    if _is_for_programs(request):
        body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": sentence}
        return Response(body, status_code=status, headers=headers, media_type="application/problem+json")
    expired = code == "PAGE_EXPIRED"
    context = {
        "title": "La página venció" if expired else title,
        "detail": sentence,
        "code": code,
        "user": request.scope.get("user"),
        "expired": expired,
        "before": _page_before(request) if expired else "",
    }
    return Template("error.html", context=context, status_code=status, headers=headers)


FAILURES: Final[ExceptionHandlersMap] = {
    HTTPException: show_error,
    CaseNotFoundError: show_no_case,
    BlobDisposedError: show_disposed,
    BlobChangedError: show_damage,
    BlobMissingError: show_damage,
    Exception: show_failure,
}
"""What each kind of failure is answered with, wherever it came from."""
