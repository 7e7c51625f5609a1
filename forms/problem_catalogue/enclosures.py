"""What must come along with a request, and what must not."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "AUTHORIZATION_MISSING",
        ERROR,
        CLERK,
        "Quien presenta el trámite no es el representante legal y falta la autorización a terceros. Por favor "
        "genérela en el portal con el usuario del titular.",
    ),
    ProblemKind(
        "AUTHORIZATION_EXPIRED",
        ERROR,
        CLERK,
        "La autorización a terceros vale del {valid_from} al {valid_until} y hoy es {on}. Por favor genere una "
        "nueva en el portal.",
    ),
    ProblemKind(
        "AUTHORIZATION_MISMATCH",
        ERROR,
        CLERK,
        "La autorización a terceros no corresponde a esta solicitud: no coincide «{label}». Por favor genere una "
        "nueva en el portal.",
    ),
    ProblemKind(
        "AUTHORIZATION_REVOKED",
        ERROR,
        CLERK,
        "El titular revocó la autorización a terceros el {on}. Por favor pida una nueva.",
    ),
    ProblemKind(
        "CONTINUATION_MISSING",
        ERROR,
        CLERK,
        "La petición continúa en la hoja {document}, que no está entre los papeles. Por favor pídala y "
        "escanéela junto con la solicitud.",
    ),
    ProblemKind(
        "RETURN_UNEXPLAINED",
        ERROR,
        CLERK,
        "Para devolver el trámite hay que decir qué falta. Por favor marque al menos una cosa de la lista o escríbala "
        "en el detalle.",
    ),
    ProblemKind(
        "ID_COPY_MISSING",
        ERROR,
        CLERK,
        "Falta la copia simple del documento de la persona extranjera identificada con código. Por favor "
        "pídala, escanéela y marque que la recibió.",
    ),
    ProblemKind(
        "UNNEEDED_PERSONAL_DATA",
        WARNING,
        CLERK,
        "La página {page} parece una copia de cédula, que este trámite no pide. Por favor devuélvala.",
    ),
)
