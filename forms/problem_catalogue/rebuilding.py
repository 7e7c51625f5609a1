"""Working out the new sheet: novedades that do not fit, lines that are unsure, odd results."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, EMPLOYER, ERROR, OPERATOR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "NOVEDAD_INVALID",
        ERROR,
        CLERK,
        "La novedad {novedad} de {person} no se puede aplicar: {reason}. Por favor corríjala en el portal.",
    ),
    ProblemKind(
        "LINE_DAYS_UNEXPLAINED",
        ERROR,
        EMPLOYER,
        "La fila de {person} tiene {days} días y ni sus fechas ni las novedades registradas dicen cuáles del mes son. "
        "Por favor pida que consten la fecha de entrada, la de salida o la licencia que falten, y repita el trámite.",
    ),
    ProblemKind(
        "LINE_WAGE_UNKNOWN",
        ERROR,
        EMPLOYER,
        "Con {wage} por los días de {person} no se sabe al centavo su sueldo del mes completo: puede ser {least} o "
        "{most}. Por favor registre el que rige con un aviso de nuevo sueldo.",
    ),
    ProblemKind(
        "LINE_EXTRAS_ASSUMED",
        WARNING,
        CLERK,
        "La planilla no dice si el sueldo de {person} incluye ya extras; se tomó que no, y se le sumó la variación "
        "(INS) del mes. Por favor compruébelo, o indique en la fila sus extras («variation»).",
    ),
    ProblemKind(
        "LINE_EXTRAS_UNKNOWN",
        ERROR,
        OPERATOR,
        "La planilla no dice si el sueldo de {person} incluye ya extras, y hay una variación (INS) del mes: podría "
        "contarse dos veces. Por favor pida a quien entrega la planilla que cada fila diga sus extras («variation»).",
    ),
    ProblemKind(
        "WAGE_BELOW_BASIC",
        WARNING,
        CLERK,
        "El sueldo de {wage} de {person}, a tiempo completo, es menor que el salario básico de {basic}. Por favor "
        "verifique la novedad con el empleador.",
    ),
    ProblemKind(
        "BATCH_LINE_INVALID",
        ERROR,
        EMPLOYER,
        "Línea {line} del archivo de novedades: {reason}. Por favor corríjala y cargue el archivo otra vez.",
    ),
    ProblemKind(
        "NOTHING_CHANGES",
        WARNING,
        CLERK,
        "Las novedades registradas no cambian la planilla {sheet}. Por favor verifique que la novedad que falta "
        "esté registrada.",
    ),
    ProblemKind(
        "RESULT_NEGATIVE",
        ERROR,
        CLERK,
        "La planilla {sheet} saldría con un valor negativo para {person}. Por favor envíe el caso a depuración de "
        "novedades; no se emitió planilla.",
    ),
    ProblemKind(
        "PARAMETER_NOT_IN_FORCE",
        ERROR,
        OPERATOR,
        "No hay un valor vigente de «{parameter}» para el {on}. Por favor avise a quien opera el sistema para que "
        "lo registre con su fuente.",
    ),
)
