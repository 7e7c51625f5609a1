"""Those who sign in: their names, passwords, tokens, roles and offices."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import EMPLOYER, ERROR, OPERATOR, ProblemKind

KINDS: Final = (
    ProblemKind(
        "PASSWORD_TOO_SHORT",
        ERROR,
        OPERATOR,
        "La clave debe tener al menos {least} caracteres. Por favor elija una más larga.",
    ),
    ProblemKind(
        "USER_EXISTS",
        ERROR,
        OPERATOR,
        "Ya hay un usuario «{name}». Por favor elija otro nombre, o cambie su clave con «ventanilla user password».",
    ),
    ProblemKind(
        "TOKEN_UNKNOWN",
        ERROR,
        OPERATOR,
        "No hay una llave «{short}» que revocar. Por favor copie el nombre corto que se mostró al darla.",
    ),
    ProblemKind(
        "USER_UNKNOWN",
        ERROR,
        OPERATOR,
        "No hay un usuario «{name}» que pueda ingresar. Por favor busque su nombre con «ventanilla user list».",
    ),
    ProblemKind(
        "USER_NAME_RESERVED",
        ERROR,
        OPERATOR,
        "«{name}» es el nombre con que el propio sistema consta en la bitácora. Por favor elija otro.",
    ),
    ProblemKind(
        "USER_NAME_INVALID",
        ERROR,
        OPERATOR,
        "«{name}» no sirve como nombre de usuario. Por favor escriba de 1 a {most} signos, sin barra ni espacios a los lados.",
    ),
    ProblemKind(
        "USER_NAME_MISMATCH",
        ERROR,
        OPERATOR,
        "Un empleador ingresa con su RUC y su sucursal, y su nombre de usuario es «{expected}», no «{name}». Por favor quite el nombre o escriba ese.",
    ),
    ProblemKind(
        "USER_NOT_EMPLOYER",
        ERROR,
        OPERATOR,
        "El perfil «{role}» no tiene RUC ni sucursal. Por favor quite «--ruc» y «--branch», o elija el perfil de empleador o de delegado.",
    ),
    ProblemKind(
        "USER_NOT_DELEGATE",
        ERROR,
        OPERATOR,
        "«{name}» no es un delegado que pueda ingresar. Por favor cree uno con «ventanilla user add --role delegate».",
    ),
    ProblemKind(
        "DELEGATION_STANDS",
        ERROR,
        OPERATOR,
        "«{name}» ya es delegado del RUC {ruc}, sucursal {branch}. Por favor revise el RUC y la sucursal.",
    ),
    ProblemKind(
        "DELEGATION_UNKNOWN",
        ERROR,
        EMPLOYER,
        "«{name}» no es delegado del RUC {ruc}, sucursal {branch}. Por favor revise el nombre, el RUC y la sucursal.",
    ),
    ProblemKind(
        "OFFICE_UNKNOWN",
        ERROR,
        OPERATOR,
        "No hay una oficina «{value}». Por favor elija una de estas: {offices}.",
    ),
)
