"""``/api``: the description of the interface as a page of ours, drawn from its own OpenAPI document.

No script and nothing from elsewhere: who integrates reads it, and a program reads ``/api/openapi.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import OpenAPIRenderPlugin

from forms.problems import CATALOGUE
from web.access import PageRequest

_CSRF_COOKIE: Final = "csrftoken"
_OURS: Final = "/api/v1/"
_PROBLEM: Final = "application/problem+json"
_STATUSES: Final = {
    "200": "Hecho.",
    "202": "Recibido; el trabajo sigue.",
    "400": "La petición no se entiende.",
    "401": "Hace falta ingresar.",
    "403": "El perfil no lo permite.",
    "404": "No existe.",
    "413": "Es demasiado grande.",
    "422": "Los datos tienen problemas.",
}
_PLACES: Final = {"path": "en la dirección", "query": "en la consulta", "header": "en la cabecera"}
_KINDS: Final = {
    "string": "texto",
    "integer": "número entero",
    "number": "número",
    "boolean": "sí o no",
    "object": "objeto",
    "array": "lista",
}


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """What a refusal says (RFC 9457): ``code`` is that of the catalogue of problems."""

    type: str
    title: str
    status: int
    code: str
    detail: str


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """The answers of an operation that refuse, for its description."""
    return {
        status: ResponseSpec(
            ProblemBody, description=_STATUSES[str(status)], media_type=_PROBLEM, generate_examples=False
        )
        for status in statuses
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter, a body or an answer: what it is called, what it is, what is said of it."""

    name: str
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Line, ...]
    bodies: tuple[Line, ...]
    answers: tuple[Line, ...]


class ApiPage(OpenAPIRenderPlugin):
    """The page, in the place of a viewer that would come from elsewhere."""

    def render(self, request: PageRequest, openapi_schema: dict[str, Any]) -> bytes:
        template = request.app.template_engine
        if template is None:
            raise RuntimeError("the application has no templates")
        context = {
            "user": request.user,
            "request": request,
            "csrf_input": _csrf_input(request),
            "operations": tuple(operations_of(openapi_schema)),
            "codes": sorted(CATALOGUE.values(), key=lambda kind: kind.code),
        }
        return str(template.get_template("api.html").render(**context)).encode()


def _csrf_input(request: PageRequest) -> str:
    """The hidden field of the header's form; who signed in has the cookie that it must repeat."""
    return f'<input type="hidden" name="_csrf_token" value="{escape(request.cookies.get(_CSRF_COOKIE, ""))}">'


def operations_of(schema: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations for programs, in the order of their paths; the pages of people are none of them."""
    for path, methods in sorted(schema["paths"].items()):
        if not path.startswith(_OURS):
            continue
        for method, told in methods.items():
            yield Operation(
                method.upper(),
                path,
                told.get("summary", ""),
                told.get("description", ""),
                tuple(_parameter(each) for each in told.get("parameters", ())),
                tuple(_contents(told.get("requestBody", {}))),
                tuple(_answer(status, each) for status, each in sorted(told["responses"].items())),
            )


def _parameter(told: Mapping[str, Any]) -> Line:
    need = "obligatorio" if told.get("required") else "opcional"
    return Line(told["name"], f"{_kind(told['schema'])}, {_PLACES.get(told['in'], told['in'])}", need)


def _contents(told: Mapping[str, Any]) -> Iterator[Line]:
    for media, each in told.get("content", {}).items():
        yield Line(media, _kind(each.get("schema", {})))


def _answer(status: str, told: Mapping[str, Any]) -> Line:
    media = ", ".join(told.get("content", {}))
    return Line(status, media, _STATUSES.get(status, ""))


def _kind(schema: Mapping[str, Any]) -> str:
    kind = str(schema.get("type", ""))
    inside = schema.get("additionalProperties")
    if kind == "object" and isinstance(inside, Mapping) and inside.get("type"):
        return f"objeto de {_KINDS.get(str(inside['type']), '')}"
    return _KINDS.get(kind, "cualquiera")
