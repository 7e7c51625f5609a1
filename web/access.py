"""Who is asking: the session cookie or bearer token of a request, and which roles a route is for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import unquote

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import Guard

from operations.house import House
from operations.sessions import find_session
from operations.users import IN_THE_PORTAL, User, UserRole

P = ParamSpec("P")
T = TypeVar("T")

COOKIE: Final = "ventanilla_sesion"
CHOSEN: Final = "ventanilla_empleador"
"""Cookie that says which of their employers a delegate works for; it gives no right to any."""
Connection = ASGIConnection[Any, Any, Any, Any]
PageRequest = Request[Any, Any, Any]


class SessionMiddleware(AbstractAuthenticationMiddleware):
    """Puts the signed-in user, or nobody, into the connection."""

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        house: House = connection.app.state.house
        token = connection.cookies.get(COOKIE, "")
        header = connection.headers.get("authorization", "")
        if header.lower().startswith("bearer "):
            token = header[7:].strip()
        # In a thread: a database that is slow for one must not stop the answers to all others.
        chosen = unquote(connection.cookies.get(CHOSEN, ""))
        user = await sync_to_thread(find_session, house, token, chosen) if token else None
        return AuthenticationResult(user=user, auth=token or None)


def threaded(handler: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run a handler in a thread. The framework's own flag wraps a handler twice where two methods share a
    path, and such a route then answers with an unfinished coroutine.
    """

    @wraps(handler)
    async def run(*values: P.args, **named: P.kwargs) -> T:
        return await sync_to_thread(handler, *values, **named)

    return run


def for_roles(*roles: UserRole) -> Guard:
    """A guard that lets only these roles through."""

    def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        user: User | None = connection.user
        if user is None:
            raise NotAuthorizedException("Por favor ingrese para continuar.")
        if user.role not in roles:
            raise PermissionDeniedException(
                "Su perfil no permite esto. Por favor ingrese con el usuario que corresponde."
            )

    return guard


EMPLOYERS: Final = for_roles(UserRole.EMPLOYER)
DELEGATES: Final = for_roles(UserRole.DELEGATE)
PORTAL: Final = for_roles(*IN_THE_PORTAL)
DESK: Final = for_roles(UserRole.CLERK, UserRole.SUPERVISOR)
SUPERVISORS: Final = for_roles(UserRole.SUPERVISOR)
ARCHIVISTS: Final = for_roles(UserRole.ARCHIVIST, UserRole.AUDITOR, UserRole.SUPERVISOR)
STAFF: Final = for_roles(UserRole.CLERK, UserRole.SUPERVISOR, UserRole.ARCHIVIST, UserRole.AUDITOR)

HOME_OF: Final = {
    UserRole.EMPLOYER: "/portal",
    UserRole.DELEGATE: "/portal",
    UserRole.CLERK: "/ventanilla",
    UserRole.SUPERVISOR: "/ventanilla",
    UserRole.ARCHIVIST: "/archivo",
    UserRole.AUDITOR: "/archivo",
    UserRole.OPERATOR: "/archivo/integridad",
}
"""Where a person lands after signing in."""
