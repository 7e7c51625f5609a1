"""Files as they arrive: of what type, how large, whether they open and how long reading takes."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, EMPLOYER, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "FILE_EMPTY",
        ERROR,
        EMPLOYER,
        "El archivo «{file}» está vacío. Por favor vuelva a escanear y envíelo.",
    ),
    ProblemKind(
        "UPLOADS_TOO_MANY",
        ERROR,
        CLERK,
        "Hay {limit} archivos a medio enviar con este usuario. Por favor termine o descarte los anteriores.",
    ),
    ProblemKind(
        "UPLOAD_INCOMPLETE",
        ERROR,
        CLERK,
        "Un archivo no llegó completo. Por favor vuelva a elegirlo y envíelo otra vez.",
    ),
    ProblemKind(
        "FILE_TYPE_UNSUPPORTED",
        ERROR,
        EMPLOYER,
        "El archivo «{file}» no es PDF, TIFF, JPEG ni PNG. Por favor envíelo en uno de esos formatos.",
    ),
    ProblemKind(
        "FILE_TOO_LARGE",
        ERROR,
        EMPLOYER,
        "El archivo «{file}» pesa más de {limit} MB. Por favor escanee a 200 o 300 ppp o divídalo.",
    ),
    ProblemKind(
        "FILE_ENCRYPTED",
        ERROR,
        EMPLOYER,
        "El archivo «{file}» está protegido con contraseña. Por favor guárdelo sin contraseña y envíelo de nuevo.",
    ),
    ProblemKind(
        "FILE_DAMAGED",
        ERROR,
        EMPLOYER,
        "El archivo «{file}» está dañado y no se pudo abrir. Por favor vuelva a escanear; el original recibido se "
        "conserva.",
    ),
    ProblemKind(
        "FILE_TOO_MANY_PAGES",
        ERROR,
        EMPLOYER,
        "El archivo «{file}» tiene {pages} páginas y se admiten {limit}. Por favor divídalo.",
    ),
    ProblemKind(
        "PAGE_TOO_LARGE",
        ERROR,
        EMPLOYER,
        "La página {page} de «{file}» es demasiado grande ({megapixels} megapíxeles). Por favor escanee a 300 ppp.",
    ),
    ProblemKind(
        "READ_TIMEOUT",
        ERROR,
        CLERK,
        "La lectura de «{file}» tardó más de {seconds} segundos y se detuvo. Por favor escanee de nuevo; el "
        "original se conserva.",
    ),
    ProblemKind(
        "READ_OUT_OF_MEMORY",
        ERROR,
        CLERK,
        "La lectura de «{file}» necesitó demasiada memoria y se detuvo. Por favor escanee a menor resolución; el "
        "original se conserva.",
    ),
    ProblemKind(
        "DOCUMENT_UNCLAIMED",
        WARNING,
        CLERK,
        "No corresponde a ninguna solicitud del lote: {pages}. Por favor revise de quién es y devuélvalo.",
    ),
    ProblemKind(
        "DOCUMENT_NOT_COUNTED",
        WARNING,
        CLERK,
        "No se toma ningún dato de este papel, porque llegó otro de la misma clase: {pages}. Por favor verifique que "
        "el que cuenta sea el que corresponde a la solicitud.",
    ),
    ProblemKind(
        "FILE_DUPLICATE",
        WARNING,
        CLERK,
        "El archivo «{file}» es idéntico a uno ya recibido. Por favor verifique que no sea el mismo papel.",
    ),
)
