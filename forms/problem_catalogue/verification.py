"""A paper that anybody asks about: what became of it, and how much of it was compared."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import EMPLOYER, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "PAPER_USED",
        ERROR,
        EMPLOYER,
        "El documento {document} ya se presentó en un trámite y no sirve para otro. Por favor pida o genere uno nuevo.",
    ),
    ProblemKind(
        "PAPER_REPLACED",
        ERROR,
        EMPLOYER,
        "El documento {document} ya no vale: otro posterior lo reemplazó. Por favor pida el que está vigente.",
    ),
    ProblemKind(
        "PAPER_REVOKED",
        ERROR,
        EMPLOYER,
        "El documento {document} ya no vale: quien lo emitió lo revocó. Por favor pida uno vigente.",
    ),
    ProblemKind(
        "PAPER_ALTERED",
        ERROR,
        EMPLOYER,
        "El documento {document} no dice lo que se emitió. Por favor no lo acepte y pida el original.",
    ),
    ProblemKind(
        "PAPER_NOT_COMPARED",
        WARNING,
        EMPLOYER,
        "Del documento {document} solo se comprobó el sello y no lo que está impreso. Por favor compare el papel con "
        "los datos que constan aquí.",
    ),
    ProblemKind(
        "PAPER_OTHER_FILE",
        WARNING,
        EMPLOYER,
        "El archivo del documento {document} dice las palabras que se emitieron, pero no es el mismo archivo: algo "
        "dibujado encima no se habría notado. Por favor compare lo que se ve con los datos que constan aquí.",
    ),
    ProblemKind(
        "PAPER_DOUBTFUL",
        WARNING,
        EMPLOYER,
        "No todos los datos del documento {document} se pudieron comparar con lo que se emitió. Por favor compárelos a "
        "la vista o suba una imagen más nítida.",
    ),
    ProblemKind(
        "VERIFICATION_BUSY",
        ERROR,
        EMPLOYER,
        "En este momento se están verificando otros documentos. Por favor vuelva a intentar en un momento, o "
        "escriba el código impreso, que se comprueba enseguida.",
    ),
    ProblemKind(
        "VERIFICATION_OFTEN",
        ERROR,
        EMPLOYER,
        "Desde esta conexión se verificaron ya muchos documentos. Por favor espere {wait}, o escriba el código "
        "impreso, que se comprueba enseguida.",
    ),
)
