"""Signatures: absent, doubtful, in the wrong place, printed, copied or electronic."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "SIGNATURE_ABSENT",
        ERROR,
        CLERK,
        "Falta la firma de puño y letra en «{label}». Por favor pida que se firme con bolígrafo.",
    ),
    ProblemKind(
        "ATTESTATION_MISSING",
        ERROR,
        CLERK,
        "Usted no ha marcado «{label}». Por favor márquelo si lo vio; si no, no acepte y devuelva el trámite.",
    ),
    ProblemKind(
        "SIGNATURE_DOUBTFUL",
        WARNING,
        CLERK,
        "No es seguro que haya una firma de puño y letra en «{label}». Por favor mire el papel original.",
    ),
    ProblemKind(
        "SIGNATURE_OUTSIDE_BOX",
        WARNING,
        CLERK,
        "El recuadro «{label}» está vacío y en otra parte de la hoja hay algo que parece una firma. Por favor mire "
        "el papel original y decida si vale como firma.",
    ),
    ProblemKind(
        "SIGNATURE_LOOKS_PRINTED",
        WARNING,
        CLERK,
        "La tinta de la firma en «{label}» parece de impresora y no de bolígrafo. Por favor mire el papel original: "
        "una firma pegada como imagen no vale.",
    ),
    ProblemKind(
        "SIGNATURE_SEEN_BEFORE",
        WARNING,
        CLERK,
        "La firma en «{label}» coincide trazo por trazo con la de «{paper}», del trámite {case}, y nadie firma dos "
        "veces igual: {cause}. Por favor compare las dos firmas con el papel original en la mano.",
    ),
    ProblemKind(
        "SIGNATURE_NOT_HANDWRITTEN",
        ERROR,
        CLERK,
        "La firma de «{label}» no es manuscrita y el trámite la exige de puño y letra. Por favor pida que se "
        "firme con bolígrafo.",
    ),
    ProblemKind(
        "SIGNED_FOR_ANOTHER",
        WARNING,
        CLERK,
        "La carta parece firmada por {signer} y no por el representante legal{principal}. Por favor compruebe quién "
        "firma y, si no es el representante, pida su firma o el poder.",
    ),
    ProblemKind(
        "SIGNATURE_ELECTRONIC",
        WARNING,
        CLERK,
        "El archivo lleva una firma electrónica a nombre de «{signer}» ({date}), que aquí no se valida y no "
        "reemplaza la firma de puño y letra. Por favor pida que se firme con bolígrafo.",
    ),
    ProblemKind(
        "SIGNED_FILE_CHANGED",
        WARNING,
        CLERK,
        "El archivo no es tal como lo firmó electrónicamente «{signer}»: {change}. Por favor no tome por "
        "firmado lo que muestra y compárelo con el papel.",
    ),
)
