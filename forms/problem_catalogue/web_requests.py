"""What the service is asked over the web, by browsers and by programs."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, EMPLOYER, ERROR, OPERATOR, ProblemKind

KINDS: Final = (
    ProblemKind(
        "REQUEST_INVALID",
        ERROR,
        EMPLOYER,
        "Lo que se envió no se entiende. Por favor vuelva a la página anterior, cárguela otra vez y repítalo.",
    ),
    ProblemKind(
        "REQUEST_VALUES_INVALID",
        ERROR,
        EMPLOYER,
        "Lo que se envió no es como se espera: revise {names}. Por favor corríjalo y envíelo otra vez.",
    ),
    ProblemKind(
        "REQUEST_TOO_LARGE",
        ERROR,
        EMPLOYER,
        "Lo que se envió es más grande de lo que aquí se recibe. Por favor divídalo o escanee a 200 o 300 ppp.",
    ),
    ProblemKind(
        "SIGN_IN_NEEDED", ERROR, EMPLOYER, "Esto es para quien ingresó. Por favor ingrese y repítalo."
    ),
    ProblemKind(
        "NOT_PERMITTED",
        ERROR,
        EMPLOYER,
        "Su perfil no permite esto. Por favor ingrese con el usuario que corresponde o pídalo a quien puede hacerlo.",
    ),
    ProblemKind(
        "PAGE_EXPIRED",
        ERROR,
        EMPLOYER,
        "La página estuvo abierta demasiado tiempo, o este navegador ya no tiene sus «cookies», y por seguridad no "
        "se guardó nada. Por favor vuelva a la página del formulario, revise los datos y envíelos otra vez.",
    ),
    ProblemKind(
        "NOT_FOUND",
        ERROR,
        EMPLOYER,
        "No hay nada en esta dirección. Por favor revísela o vuelva al inicio.",
    ),
    ProblemKind(
        "METHOD_NOT_ALLOWED",
        ERROR,
        EMPLOYER,
        "Esta dirección existe, pero no de la manera en que se pidió. Por favor entre por el inicio.",
    ),
    ProblemKind(
        "CONTENT_DAMAGED",
        ERROR,
        OPERATOR,
        "El documento no es el que se archivó y por eso no se entrega. Quien opera el archivo ya fue avisado. "
        "Por favor inténtelo cuando se haya restaurado desde la copia.",
    ),
    ProblemKind(
        "CONTENT_DISPOSED",
        ERROR,
        CLERK,
        "Este contenido se eliminó al cumplirse su plazo de conservación. Quedan su registro, su huella y el "
        "acta de eliminación. Por favor consúltelos en el expediente.",
    ),
    ProblemKind(
        "SERVICE_FAILED",
        ERROR,
        OPERATOR,
        "El servicio falló y quedó anotado. Por favor inténtelo otra vez o avise a quien opera el sistema.",
    ),
    ProblemKind(
        "IDEMPOTENCY_KEY_REUSED",
        ERROR,
        CLERK,
        "La clave de este envío es la de otro con archivos distintos, el trámite {case}; estos archivos no se "
        "recibieron. Por favor envíelos otra vez con una clave nueva (en el navegador, cargue la página de nuevo).",
    ),
)
