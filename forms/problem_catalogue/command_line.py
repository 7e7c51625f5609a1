"""What the command is given: files, options and names."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import ERROR, OPERATOR, ProblemKind

KINDS: Final = (
    ProblemKind(
        "FILE_UNREADABLE",
        ERROR,
        OPERATOR,
        "No se pudo leer «{file}»: {reason}. Por favor revise su nombre y sus permisos.",
    ),
    ProblemKind(
        "FILE_UNWRITABLE",
        ERROR,
        OPERATOR,
        "No se pudo escribir «{file}»: {reason}. Por favor elija otro lugar o revise sus permisos.",
    ),
    ProblemKind(
        "JSON_INVALID",
        ERROR,
        OPERATOR,
        "«{file}» no es JSON válido: {reason}. Por favor corríjalo.",
    ),
    ProblemKind(
        "VALUES_FILE_INVALID",
        ERROR,
        OPERATOR,
        "«{file}» debe tener un objeto JSON cuyos valores son textos. Por favor corríjalo.",
    ),
    ProblemKind(
        "KEYS_FILE_INVALID",
        ERROR,
        OPERATOR,
        "«{file}» no es un archivo de claves públicas: {reason}. Por favor use el que publica el servicio.",
    ),
    ProblemKind(
        "EXCHANGE_INVALID",
        ERROR,
        OPERATOR,
        "No se pudo leer la planilla o las novedades: {reason}. Por favor corrija el archivo.",
    ),
    ProblemKind(
        "DATE_INVALID",
        ERROR,
        OPERATOR,
        "«{value}» no es una fecha. Por favor escríbala como AAAA-MM-DD.",
    ),
    ProblemKind(
        "OPTION_MISSING",
        ERROR,
        OPERATOR,
        "Falta la opción «{option}». Por favor añádala con su archivo.",
    ),
    ProblemKind(
        "OPTIONS_CONTRADICT",
        ERROR,
        OPERATOR,
        "«{one}» y «{other}» se contradicen. Por favor use solo una de las dos.",
    ),
    ProblemKind(
        "FORM_UNKNOWN",
        ERROR,
        OPERATOR,
        "No hay un formulario «{name}». Por favor elija uno de estos: {names}.",
    ),
    ProblemKind(
        "FORM_EDITION_UNKNOWN",
        ERROR,
        OPERATOR,
        "El formulario «{name}» no tiene la edición {edition}. Por favor véalas con «ventanilla form list».",
    ),
    ProblemKind(
        "DOCUMENT_ID_UNKNOWN",
        ERROR,
        OPERATOR,
        "No existe el documento {document} en el archivo. Por favor búsquelo con «ventanilla archive find».",
    ),
    ProblemKind(
        "CASE_DOCUMENT_DAMAGED",
        ERROR,
        OPERATOR,
        "Un documento del trámite falta o está dañado. Por favor véalo con «ventanilla archive verify» y restáurelo desde la copia.",
    ),
    ProblemKind(
        "DEMONSTRATION_STOPPED",
        ERROR,
        OPERATOR,
        "La demostración no llegó a su fin: {reason}. Por favor revise los ajustes con «ventanilla check» y repítala.",
    ),
    ProblemKind(
        "ROLE_UNFIT",
        ERROR,
        OPERATOR,
        "El rol no puede servir: {reason}. Por favor corríjalo en PostgreSQL y repita la orden.",
    ),
)
