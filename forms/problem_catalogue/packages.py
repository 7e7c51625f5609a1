"""Archive packages that somebody sent: whether they are whole, safe, signed and ours."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import ERROR, OPERATOR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "PACKAGE_UNREADABLE",
        ERROR,
        OPERATOR,
        "El paquete «{file}» no se pudo abrir: no es una carpeta ni un archivo ZIP entero. Por favor pida que se lo envíen otra vez.",
    ),
    ProblemKind(
        "PACKAGE_UNSAFE",
        ERROR,
        OPERATOR,
        "El paquete nombra «{file}», que quedaría fuera de su lugar o no es un archivo común. Por favor no lo use y pregunte a quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_TOO_LARGE",
        ERROR,
        OPERATOR,
        "El paquete «{file}» es más grande de lo que se admite o se infla sin medida. Por favor divídalo o pregunte a quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_NOT_BAGIT",
        ERROR,
        OPERATOR,
        "El paquete no declara bien que es BagIt («bagit.txt»): {detail}. Por favor pida que se lo envíen otra vez.",
    ),
    ProblemKind(
        "PACKAGE_MANIFEST",
        ERROR,
        OPERATOR,
        "El manifiesto «{file}» no se entiende: {detail}. Por favor pida que se lo envíen otra vez.",
    ),
    ProblemKind(
        "PACKAGE_FILE_MISSING",
        ERROR,
        OPERATOR,
        "Falta «{file}» en el paquete. Por favor pida que se lo envíen completo.",
    ),
    ProblemKind(
        "PACKAGE_FILE_CHANGED",
        ERROR,
        OPERATOR,
        "«{file}» no es el archivo que el manifiesto dice. Por favor pida que le envíen el paquete otra vez.",
    ),
    ProblemKind(
        "PACKAGE_FILE_FOREIGN",
        ERROR,
        OPERATOR,
        "«{file}» está en el paquete y en ningún manifiesto. Por favor pregunte a quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_SIZE",
        ERROR,
        OPERATOR,
        "El paquete dice tener {said} y tiene {found}. Por favor pida que se lo envíen completo.",
    ),
    ProblemKind(
        "PACKAGE_NOT_OURS",
        ERROR,
        OPERATOR,
        "El paquete no trae trámites que se puedan restituir: {detail}. Por favor consérvelo como está y avise a quien opera el sistema.",
    ),
    ProblemKind(
        "PACKAGE_DISAGREES",
        ERROR,
        OPERATOR,
        "Lo que el paquete cuenta del trámite {case} no concuerda: {detail} Por favor consérvelo como prueba y pida otro.",
    ),
    ProblemKind(
        "PACKAGE_SEAL_INVALID",
        ERROR,
        OPERATOR,
        "La firma del paquete no corresponde a su contenido. Por favor consérvelo como prueba y pida otro.",
    ),
    ProblemKind(
        "PACKAGE_SEAL_UNKNOWN",
        WARNING,
        OPERATOR,
        "El paquete está firmado con una clave que este archivo no conoce ({key}). Por favor compárela con la que publica quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_CASE_EXISTS",
        ERROR,
        OPERATOR,
        "El trámite {case} ya consta en este archivo. Por favor use un archivo vacío o un paquete sin ese trámite.",
    ),
)
