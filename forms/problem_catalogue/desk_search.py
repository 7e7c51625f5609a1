"""What a clerk seeks at the window, typed or scanned from a paper."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, ERROR, ProblemKind

KINDS: Final = (
    ProblemKind(
        "SEARCH_TOO_SHORT",
        ERROR,
        CLERK,
        "Con menos de tres signos no se puede buscar. Por favor escriba un trámite, un código, un RUC o un nombre.",
    ),
    ProblemKind(
        "SYMBOL_NOT_OURS",
        ERROR,
        CLERK,
        "El sello escaneado no es válido: no lo emitió este servicio, cambió o el lector lo tecleó incompleto. "
        "Por favor escanéelo otra vez o escriba el código impreso debajo.",
    ),
    ProblemKind(
        "SYMBOL_OF_BLANK",
        ERROR,
        CLERK,
        "El código es de un formulario en blanco y no nombra ningún trámite. Por favor reciba el papel escaneado.",
    ),
    ProblemKind(
        "DOCUMENT_UNKNOWN",
        ERROR,
        CLERK,
        "El código {document} está bien escrito, pero este servicio no emitió ese documento. "
        "Por favor compárelo con el papel.",
    ),
    ProblemKind(
        "CASE_UNKNOWN",
        ERROR,
        CLERK,
        "El trámite {number} no existe. Por favor compárelo con el papel.",
    ),
    ProblemKind(
        "CASE_NUMBER_WRONG",
        ERROR,
        CLERK,
        "El número de trámite {number} no está bien escrito: su último dígito no corresponde. "
        "Por favor compárelo con el papel.",
    ),
)
