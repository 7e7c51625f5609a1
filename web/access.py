"""Who is asking: the session cookie or bearer token of a request, and which roles a route is for."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import Guard

from operations.house import House
from operations.users import User, UserRole, find_session

COOKIE: Final = "ventanilla_sesion"
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
        user = find_session(house, token) if token else None
        return AuthenticationResult(user=user, auth=token or None)


def for_roles(*roles: UserRole) -> Guard:
    """A guard that lets only these roles through."""

    def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        user: User | None = connection.user
        if user is None:
            raise NotAuthorizedException("Ingrese para continuar.")
        if user.role not in roles:
            raise PermissionDeniedException("Su perfil no permite ver esta página.")

    return guard


EMPLOYERS: Final = for_roles(UserRole.EMPLOYER)
DESK: Final = for_roles(UserRole.CLERK, UserRole.SUPERVISOR)
ARCHIVISTS: Final = for_roles(UserRole.ARCHIVIST, UserRole.AUDITOR, UserRole.SUPERVISOR)
STAFF: Final = for_roles(UserRole.CLERK, UserRole.SUPERVISOR, UserRole.ARCHIVIST, UserRole.AUDITOR)

HOME_OF: Final = {
    UserRole.EMPLOYER: "/portal",
    UserRole.CLERK: "/ventanilla",
    UserRole.SUPERVISOR: "/ventanilla",
    UserRole.ARCHIVIST: "/archivo",
    UserRole.AUDITOR: "/archivo",
    UserRole.OPERATOR: "/",
}
"""Where a person lands after signing in."""
