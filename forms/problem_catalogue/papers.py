"""What was scanned: changed values, seals, editions, and pages that lack, double or cannot be read."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "FIELD_ALTERED",
        ERROR,
        CLERK,
        "El dato «{label}» fue alterado: se imprimió «{sealed}» y en el papel se ve «{seen}». Por favor compare "
        "con el papel original y pida un formulario nuevo si corresponde.",
    ),
    ProblemKind(
        "FIELD_DOUBTFUL",
        WARNING,
        CLERK,
        "No se pudo leer con seguridad el dato «{label}». Por favor compárelo con el papel original.",
    ),
    ProblemKind(
        "FIELD_STRUCK_OUT",
        WARNING,
        CLERK,
        "El dato «{label}» parece tachado: lo cruza una línea. Por favor mire el papel original y pregunte a quien lo "
        "presenta si el dato vale.",
    ),
    ProblemKind(
        "SEAL_INVALID",
        ERROR,
        CLERK,
        "El código impreso no lleva una firma válida de este servicio. Por favor no acepte el documento y pida "
        "uno nuevo.",
    ),
    ProblemKind(
        "SEAL_UNKNOWN_KEY",
        ERROR,
        CLERK,
        "El código impreso está firmado con una clave que este servicio no conoce. Por favor consulte a quien "
        "opera el sistema antes de aceptarlo.",
    ),
    ProblemKind(
        "SEAL_UNREADABLE",
        WARNING,
        CLERK,
        "No se pudo leer el código impreso de la página {page}. Por favor escanee de nuevo o compare cada dato "
        "con el papel.",
    ),
    ProblemKind(
        "CODES_DISAGREE",
        ERROR,
        CLERK,
        "Los códigos y el número impreso de la página {page} no son todos del mismo documento: se leyó {document} y "
        "también {other}. Por favor no acepte la hoja y pida una nueva.",
    ),
    ProblemKind(
        "EDITION_UNKNOWN",
        ERROR,
        CLERK,
        "El formulario es de una edición que este servicio no conoce ({value}). Por favor pida uno nuevo.",
    ),
    ProblemKind(
        "FINGERPRINT_MISMATCH",
        ERROR,
        CLERK,
        "El diseño de la página no corresponde a la edición {value} que dice tener. Por favor no lo acepte y "
        "avise a la persona supervisora.",
    ),
    ProblemKind(
        "PAGE_MISSING",
        ERROR,
        CLERK,
        "Falta la página {page} de {pages} del documento {document}. Por favor escanéela.",
    ),
    ProblemKind(
        "PAGE_DUPLICATE",
        WARNING,
        CLERK,
        "La página {page} del documento {document} llegó más de una vez. Por favor verifique que sea la misma "
        "hoja.",
    ),
    ProblemKind(
        "COPIES_DIFFER",
        WARNING,
        CLERK,
        "El dato «{label}» no se ve igual en las copias de una misma página: cambiado o en duda está en {where}. Por "
        "favor compare las copias y acepte solo lo que diga el papel original.",
    ),
    ProblemKind(
        "PAGES_REORDERED",
        WARNING,
        CLERK,
        "Las páginas de la carta llegaron al parecer en otro orden: se leyeron juntas y empieza en {first}. Por favor "
        "verifique que sean de la misma carta y que no falte ninguna.",
    ),
    ProblemKind(
        "PAGE_BLANK",
        WARNING,
        CLERK,
        "La página {page} de «{file}» está en blanco y no se tomó en cuenta. Por favor verifique que no falte nada.",
    ),
    ProblemKind(
        "PAGES_BLANK",
        WARNING,
        CLERK,
        "Las páginas {pages} de «{file}» están en blanco y no se tomaron en cuenta. Por favor verifique que no falte "
        "nada.",
    ),
    ProblemKind(
        "PAGE_UNREADABLE",
        ERROR,
        CLERK,
        "La página {page} de «{file}» no se pudo leer: {reason}. Por favor escanéela de nuevo, completa y plana.",
    ),
    ProblemKind(
        "PAGE_MIRRORED",
        WARNING,
        CLERK,
        "La página {page} se ve como en un espejo: puede ser un calco o el reverso de una hoja. "
        "Por favor pida el original firmado.",
    ),
    ProblemKind(
        "PAGE_PALE",
        WARNING,
        CLERK,
        "El escáner dejó la página {page} en blanco y negro y tan clara que se perdió parte de lo impreso: un cambio "
        "hecho con bolígrafo claro no se vería. Por favor escanéela en tonos de gris o mire el papel original.",
    ),
    ProblemKind(
        "PAGE_INCOMPLETE",
        WARNING,
        CLERK,
        "La imagen de la página {page} de «{file}» llegó cortada: falta su parte final. Por favor revísela y, si algo no "
        "se ve, escanéela de nuevo.",
    ),
    ProblemKind(
        "PAGE_DAMAGED",
        WARNING,
        CLERK,
        "La imagen de la página {page} de «{file}» está dañada y puede mostrar lo que no está en el papel. Por favor "
        "escanéela de nuevo; si no es posible, compare cada dato con el papel.",
    ),
    ProblemKind(
        "PAGE_DRAWN_OVER",
        WARNING,
        CLERK,
        "Sobre la imagen de la página {page} hay trazos o notas que se añadieron en el archivo y no están en el papel. "
        "Por favor compare los datos y la firma con el papel original.",
    ),
    ProblemKind(
        "PAGE_FOREIGN",
        WARNING,
        CLERK,
        "La página {page} de «{file}» no es un formulario de este servicio. Por favor mírela y, si es de otra "
        "persona o de otro trámite, devuélvala.",
    ),
    ProblemKind(
        "INK_OUTSIDE",
        WARNING,
        CLERK,
        "Hay algo añadido sobre el dato «{label}» (sello, mancha o escritura). Por favor mire el recorte.",
    ),
    ProblemKind(
        "FIELD_PARTLY_HIDDEN",
        WARNING,
        CLERK,
        "Del dato «{label}» no se ve todo lo que se imprimió: una parte está tapada, borrada o fuera de la página. Por "
        "favor mire el recorte y pida el archivo completo o el papel original.",
    ),
    ProblemKind(
        "DOCUMENT_ALREADY_USED",
        ERROR,
        CLERK,
        "El documento {document} ya se presentó en el trámite {case}. Por favor pida una solicitud nueva.",
    ),
    ProblemKind(
        "SECOND_PERSON_NEEDED",
        ERROR,
        CLERK,
        "{label}: el sello dice «{sealed}», el papel o lo escrito no coincide, y se aceptaría «{value}». Por favor "
        "pida que otra persona lo revise y lo confirme; una de las dos debe ser de supervisión.",
    ),
)
