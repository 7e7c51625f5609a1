"""What people do to a case at the window: confirm and correct values, attest, decide, receive what lacked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from litestar import Response, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from forms.catalog.return_notice import MISSING
from forms.problems import Problem, Severity, problem
from forms.register import find_form
from operations.admissions import ADMISSIBLE
from operations.attestation import NONE_SEEN, AttestedReceipts, attest_receipts
from operations.attested_acts import Attestation
from operations.casework import NOT_YOURS, REASON_NEEDED, STALE, Refusal
from operations.closing import refuse, reopen
from operations.four_eyes import agree
from operations.house import House
from operations.reception import HandedIn, receive_again
from operations.rereading import read_again
from operations.returning import lapse, send_back
from operations.uploads import receive_missing_uploads
from operations.window import accept, admit_other_day, correct_values
from web.access import DESK, PageRequest, threaded
from web.failures import ProblemError
from web.public import Form, house_of
from web.uploads import key_of, problem_answer, read_chunks, uploaded_files
from web.window import case_context

Answer = Refusal | tuple[Problem, ...] | None


_STATUS: Final = {NOT_YOURS: 403, REASON_NEEDED.code: 422}
_OWN_WORDS: Final = ("acto", "motivo", "otra_persona")
"""Places of free text, and the act that they were written for."""


@post("/ventanilla/tramites/{number:str}/datos", guards=[DESK], status_code=200)
@threaded
def confirm_values(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    """The values that the clerk confirmed or typed; names come as ``form.field``. Of a case that was accepted
    already the operation asks for a supervisor and a reason.
    """
    values: dict[str, dict[str, str]] = {}
    for key, value in data.items():
        form, dot, name = key.partition(".")
        if dot and find_form(form) is None:
            raise ProblemError(422, problem("FIELD_UNKNOWN", value=key))
        if dot and value.strip():
            # A long text is typed in an area that knows line ends; the form knows none.
            values.setdefault(form, {})[name] = " ".join(value.split())
    answer = correct_values(
        house_of(request),
        number,
        values,
        request.user.name,
        _version(data),
        _reason(data),
        {data["admitir"]} & ADMISSIBLE if "admitir" in data else (),
    )
    if isinstance(answer, Refusal):
        return _refused(request, number, answer, data)
    # Of several problems of a value the first is the one to mend first.
    faults = {f"{form}.{found.field}": found for form, told in answer.items() for found in reversed(told)}
    return _case_page(request, number, [each for told in answer.values() for each in told], data, faults)


@post("/ventanilla/tramites/{number:str}/decision", guards=[DESK], status_code=200)
@threaded
def decide(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    act = _ACTS.get(data.get("acto", ""))
    if act is None:
        raise ClientException("La acción no existe.")
    answer = act(house_of(request), number, data, request.user.name)
    if isinstance(answer, Refusal):
        return _refused(request, number, answer, data)
    problems = list(answer or ())
    # What a person has to do to the form itself is told beside its places too.
    return _case_page(request, number, problems, data, {each.field: each for each in problems if each.field})


def _version(data: Mapping[str, str]) -> int | None:
    """The version that the person saw; a page without one asks for no check."""
    given = data.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _reason(data: Mapping[str, str]) -> str:
    return data.get("motivo", "").strip()


def _accept(house: House, number: str, data: Mapping[str, str], by: str) -> Answer:
    other = data.get("otra_persona", "").strip()
    attestation = Attestation(
        other or data.get("presenta", "").strip(),
        identity_seen=data.get("identity") == "si",
        signature_seen=data.get("signature") == "si",
        authorization_seen=data.get("authorization") == "si",
        copy_seen=data.get("id-copy") == "si",
    )
    return accept(house, number, attestation, by, _version(data))


def _send_back(house: House, number: str, data: Mapping[str, str], by: str) -> Answer:
    missing = [name for name, _ in MISSING if data.get(f"falta_{name}") == "si"]
    return send_back(house, number, _reason(data), by, _version(data), missing)


_ACTS: Final[Mapping[str, Callable[[House, str, Mapping[str, str], str], Answer]]] = {
    "aceptar": _accept,
    "devolver": _send_back,
    "rechazar": lambda house, number, data, by: refuse(house, number, _reason(data), by, _version(data)),
    "admitir": lambda house, number, data, by: admit_other_day(
        house, number, _reason(data), by, _version(data)
    ),
    "confirmar": lambda house, number, data, by: agree(house, number, by, _version(data)),
    "reabrir": lambda house, number, data, by: reopen(house, number, _reason(data), by, _version(data)),
    "releer": lambda house, number, data, by: read_again(house, number, by, _version(data)),
    "desistir": lambda house, number, data, by: lapse(house, number, by, _version(data)),
}
"""What the decision form may ask for; the operations say who may."""


@post("/ventanilla/tramites/{number:str}/recepciones", guards=[DESK], status_code=303)
async def receive_missing(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    """What was missing from a case that had been returned, or forgotten of one in review."""
    files = await uploaded_files(request)
    if not files:
        raise ClientException("No se eligió ningún archivo. Por favor elija el escaneo de lo que faltaba.")
    form = await request.form()
    return await sync_to_thread(_receive_more, request, number, files, {"version": form.get("version", "")})


@post("/ventanilla/tramites/{number:str}/cargas/recibir", guards=[DESK], status_code=202)
@threaded
def finish_missing(
    request: PageRequest, number: FromPath[str], data: JSONBody[dict[str, str | list[str]]]
) -> Response[Any]:
    """Whole uploads as what was missing: ``{"cargas": […], "clave": …, "version": …}``; the key makes it
    safe to repeat.
    """
    uploads, key, version = data.get("cargas"), data.get("clave"), str(data.get("version", ""))
    if not isinstance(uploads, list) or not uploads or not isinstance(key, str) or not key:
        raise ClientException("Faltan los archivos o la clave del envío.")
    answer = receive_missing_uploads(
        house_of(request),
        request.user.name,
        uploads,
        number,
        key_of(request, key),
        _version({"version": version}),
    )
    if isinstance(answer, Problem):
        return problem_answer(answer)
    if isinstance(answer, Refusal):
        raise ClientException(answer.message)
    return Response({"case": number, "href": f"/ventanilla/tramites/{number}"}, status_code=202)


def _receive_more(
    request: PageRequest, number: str, files: list[UploadFile], data: Mapping[str, str]
) -> Response[Any]:
    handed = [HandedIn(file.filename or "archivo", read_chunks(file.file)) for file in files]
    answer = receive_again(house_of(request), number, handed, request.user.name, _version(data))
    if isinstance(answer, Refusal):
        return _refused(request, number, answer, data)
    return Redirect(f"/ventanilla/tramites/{number}", status_code=303)


@post("/ventanilla/tramites/{number:str}/comprobantes", guards=[DESK], status_code=200)
@threaded
def attest(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    """What the clerk saw on the employer's screen of receipts and of the reserve-fund sheet."""
    try:
        day = date.fromisoformat(data.get("anulados_el", "").strip())
    except ValueError:
        reason = "escriba la fecha como AAAA-MM-DD, por ejemplo 2026-12-01"
        wrong = problem("FIELD_FORMAT", label="Fecha de las anulaciones", reason=reason)
        return _case_page(request, number, [wrong], data)
    seen = AttestedReceipts(
        _numbers(data, "comprobantes", "sin_comprobantes"),
        _numbers(data, "comprobantes_fondos", "sin_comprobantes_fondos"),
        NONE_SEEN if data.get("sin_planilla") == "si" else data.get("planilla_fondos", "").strip(),
        day,
    )
    answer = attest_receipts(house_of(request), number, seen, request.user.name, _version(data))
    if isinstance(answer, Refusal):
        return _refused(request, number, answer, data)
    return _case_page(request, number, list(answer), data)


def _numbers(data: Mapping[str, str], name: str, none: str) -> tuple[str, ...]:
    return (NONE_SEEN,) if data.get(none) == "si" else tuple(data.get(name, "").split())


def _refused(request: PageRequest, number: str, refusal: Refusal, data: Mapping[str, str]) -> Response[Any]:
    """The case as it is now, with why the act was not done. Where somebody else was first, it says what they
    did, and what this person had written and is not kept.
    """
    context = case_context(request, number) | {"refusal": refusal.message, "given": dict(data)}
    if refusal.code == STALE:
        seen = _version(data) or 0
        # Values and ticks are shown as they stand now; only what was written in one's own words stays.
        context |= {
            "given": {name: data[name] for name in _OWN_WORDS if name in data},
            "changes": [each for each in context["events"] if each[0].sequence > seen],
            "typed": _typed(context, data),
        }
    return Template("case.html", context=context, status_code=_STATUS.get(refusal.code, 409))


def _typed(context: Mapping[str, Any], data: Mapping[str, str]) -> list[tuple[str, str]]:
    """Labels and texts of what was sent and now stands otherwise."""
    found = []
    for row in context["view"].fields:
        text = data.get(f"{row.form}.{row.name}", "").strip()
        if text and text.split() != row.value.split():
            found.append((row.label, row.say(text)))
    if reason := _reason(data):
        found.append(("Motivo", reason))
    return found


def _case_page(
    request: PageRequest,
    number: str,
    problems: list[Problem],
    data: Mapping[str, str],
    faults: Mapping[str, Problem] = MappingProxyType({}),
) -> Response[Any]:
    """The case after an act. Where problems stopped it, what was sent (``data``) stays in its places;
    ``faults`` are the problems of single values, by ``form.field``.
    """
    stopped = any(found.severity is Severity.ERROR for found in problems)
    if not problems:
        return Redirect(f"/ventanilla/tramites/{number}", status_code=303)
    context = case_context(request, number) | {"problems": problems}
    if stopped:
        # What an act found of a value that still asks is told where it asks.
        asked = {
            f"{row.form}.{row.name}": faults[row.name]
            for row in context["view"].fields
            if row.asks and row.name in faults
        }
        context |= {"given": dict(data), "faults": {**faults, **asked}}
    return Template("case.html", context=context, status_code=422 if stopped else 200)


case_act_routes = (
    receive_missing,
    finish_missing,
    confirm_values,
    decide,
    attest,
)
