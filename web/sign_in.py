"""Coming in and going out, and a new key for who forgot it."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from operations.access_limits import Place, remember_browser, write_wait
from operations.house import House
from operations.key_reset import ask_for_reset, reset_key
from operations.one_time_codes import CodeAnswer
from operations.sessions import MustWait, find_session, sign_in, sign_out
from operations.users import User
from web.access import CHOSEN, COOKIE, HOME_OF, PageRequest, threaded
from web.public import Form, house_of

BROWSER: Final = "ventanilla_equipo"
"""Cookie of a browser that came in before; it opens nothing."""
_A_YEAR: Final = 365 * 24 * 3600
_WRONG: Final = "El usuario o la clave no son correctos. Por favor inténtelo otra vez."


@get("/acceso")
@threaded
def show_access(
    request: PageRequest,
    volver: FromQuery[str] = "",
    cambiada: FromQuery[str] = "",
    fin: FromQuery[str] = "",
) -> Template:
    done = "La clave se cambió. Ingrese con la nueva." if cambiada else ""
    return Template("access.html", context=_context(request, volver) | {"done": done, "ended": bool(fin)})


@post("/acceso", status_code=200)
@threaded
def enter(request: PageRequest, data: Form) -> Response[Any]:
    house, name, back = house_of(request), _name_of(data), data.get("volver", "")
    token = sign_in(house, name, data.get("clave", ""), _place_of(request))
    if isinstance(token, MustWait):
        told = (
            f"Hubo demasiados intentos desde este equipo. Espere {write_wait(token.wait)} o pida un código "
            "por correo con «Olvidé mi clave»."
        )
        return Template(
            "access.html", context=_context(request, back, data) | {"told": told}, status_code=429
        )
    user = find_session(house, token) if token else None
    if token is None or user is None:
        return Template(
            "access.html", context=_context(request, back, data) | {"told": _WRONG}, status_code=401
        )
    if request.auth:  # whoever had this session before has it no more
        sign_out(house, request.auth)
    response: Response[Any] = Redirect(_safe(back, user), status_code=303)
    response.delete_cookie(CHOSEN)
    _set(house, response, COOKIE, token, house.settings.session_hours * 3600)
    _set(house, response, BROWSER, remember_browser(house, name), _A_YEAR)
    return response


@post("/salir")
@threaded
def leave(request: PageRequest) -> Redirect:
    if request.auth:
        sign_out(house_of(request), request.auth)
    response = Redirect("/", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@get("/acceso/olvido")
@threaded
def show_reset(request: PageRequest) -> Template:
    return Template("reset.html", context={"user": request.user, "step": "ask", "data": {}, "told": ""})


@post("/acceso/olvido", status_code=200)
@threaded
def ask_reset(request: PageRequest, data: Form) -> Template:
    """The same answer whether the employer exists or not."""
    ask_for_reset(house_of(request), _name_of(data))
    return Template("reset.html", context={"user": request.user, "step": "code", "data": data, "told": ""})


@post("/acceso/olvido/clave", status_code=200)
@threaded
def change_key(request: PageRequest, data: Form) -> Response[Any]:
    new_key = data.get("clave", "")
    if new_key != data.get("repetida", ""):
        told = "Las dos claves no son iguales."
    else:
        answer = reset_key(
            house_of(request), _name_of(data), data.get("codigo", ""), new_key, _place_of(request)
        )
        if answer is CodeAnswer.RIGHT:
            return Redirect("/acceso?cambiada=1", status_code=303)
        told = answer.message if isinstance(answer, CodeAnswer) else answer
    context = {"user": request.user, "step": "code", "data": data, "told": told}
    return Template("reset.html", context=context, status_code=422)


def _name_of(data: dict[str, str]) -> str:
    """Employers come in with RUC and branch, the staff with a name."""
    ruc = data.get("ruc", "").strip()
    return f"{ruc}/{data.get('sucursal', '').strip() or '0001'}" if ruc else data.get("usuario", "").strip()


def _place_of(request: PageRequest) -> Place:
    address = request.client.host if request.client is not None else ""
    return Place(address, request.cookies.get(BROWSER, ""))


def _safe(back: str, user: User) -> str:
    # Only a path of ours is followed: «//host» and addresses lead elsewhere. «/» is nobody's page of work.
    return (
        back
        if back != "/" and back.startswith("/") and not back.startswith(("//", "/\\"))
        else HOME_OF[user.role]
    )


def _set(house: House, response: Response[Any], name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        key=name,
        value=value,
        httponly=True,
        samesite="strict",
        secure=house.settings.secure_cookies,
        max_age=seconds,
    )


def _context(request: PageRequest, back: str, data: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "user": request.user,
        "back": back,
        "asked": back not in {"", "/"},
        "ended": False,
        "demo": request.app.state.demo,
        "told": "",
        "done": "",
        "data": data or {},
    }


sign_in_routes = (show_access, enter, leave, show_reset, ask_reset, change_key)
