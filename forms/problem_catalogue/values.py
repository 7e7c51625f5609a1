"""Values that a form demands: left out, ill written, unlikely, or impossible to print."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import EMPLOYER, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind("FIELD_MISSING", ERROR, EMPLOYER, "Falta el dato «{label}». Por favor complételo."),
    ProblemKind(
        "FIELD_FORMAT",
        ERROR,
        EMPLOYER,
        "El dato «{label}» no está bien escrito: {reason}. Por favor corríjalo.",
    ),
    ProblemKind(
        "DATE_UNLIKELY",
        WARNING,
        EMPLOYER,
        "El dato «{label}» dice {value}, una fecha lejana. Por favor compruebe el año, el mes y el día.",
    ),
    ProblemKind(
        "PERIOD_UNLIKELY",
        WARNING,
        EMPLOYER,
        "El dato «{label}» dice {value}, un mes que aún no llega o de hace muchos años. Por favor compruebe el año y "
        "el mes de la planilla.",
    ),
    ProblemKind(
        "SHEET_NUMBER_UNLIKELY",
        WARNING,
        EMPLOYER,
        "El dato «{label}» dice «{value}» y no parece un número de planilla. Por favor cópielo de la planilla, solo con "
        "sus letras, números y guiones.",
    ),
    ProblemKind(
        "FIELD_UNKNOWN",
        ERROR,
        EMPLOYER,
        "El formulario no tiene el dato «{value}». Por favor quítelo o revise su nombre.",
    ),
    ProblemKind(
        "CHARACTER_NOT_PRINTABLE",
        ERROR,
        EMPLOYER,
        "El dato «{label}» contiene el signo «{value}», que no se puede imprimir. Por favor escríbalo de otra "
        "manera.",
    ),
    ProblemKind(
        "TEXT_DOES_NOT_FIT",
        ERROR,
        EMPLOYER,
        "El dato «{label}» no cabe en su casilla: hay lugar para {room} y se escribieron {used}. "
        "Por favor acórtelo.",
    ),
    ProblemKind(
        "FORM_OF_REPRESENTATIVE",
        ERROR,
        EMPLOYER,
        "El documento «{title}» lo da solo el representante legal, y se emite con la clave patronal. Por favor "
        "pídalo a quien ingresa como empleador.",
    ),
    ProblemKind(
        "EMPLOYER_NOT_CHOSEN",
        ERROR,
        EMPLOYER,
        "Usted no actúa ahora por ningún empleador: no ha elegido uno, o ya no es su delegado. Por favor vuelva a "
        "«Mis planillas» y elija por quién va a preparar papeles.",
    ),
    ProblemKind(
        "EMPLOYER_DISABLED",
        ERROR,
        EMPLOYER,
        "La clave patronal del RUC {ruc}, sucursal {branch}, está deshabilitada, y mientras lo esté sus delegados no actúan por "
        "ese empleador. Por favor hable con su representante legal: quien administra el servicio la vuelve a habilitar.",
    ),
    ProblemKind(
        "EMPLOYER_CHANGED",
        ERROR,
        EMPLOYER,
        "Este formulario se empezó por el RUC {began}, sucursal {branch}, y ahora usted actúa por otro empleador. Por favor vuelva a "
        "«Mis planillas», elija ese empleador y emítalo otra vez.",
    ),
    ProblemKind(
        "FORM_NOT_FOR_PEOPLE",
        ERROR,
        EMPLOYER,
        "El documento «{title}» lo emite solo el servicio, sobre lo que consta en un trámite. Por favor elija uno "
        "de los formularios que usted llena y firma.",
    ),
)
