"""Who asks: the taxpayer's number, the branch, the representative and their documents."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, EMPLOYER, ERROR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "RUC_FORMAT",
        ERROR,
        EMPLOYER,
        "El RUC «{value}» no está bien escrito: {reason}. Por favor escriba los 13 dígitos, que terminan en 001.",
    ),
    ProblemKind(
        "RUC_CHECK_DIGIT",
        ERROR,
        EMPLOYER,
        "El dígito verificador del RUC {value} no corresponde. Por favor compare los 13 dígitos con el "
        "certificado de RUC.",
    ),
    ProblemKind(
        "RUC_NOT_ELIGIBLE",
        WARNING,
        CLERK,
        "El RUC {value} es de una persona natural y este trámite está dirigido a personas jurídicas. "
        "Por favor consulte con la persona supervisora si se admite.",
    ),
    ProblemKind(
        "RUC_UNKNOWN",
        ERROR,
        CLERK,
        "El RUC {value} no consta en el registro de empleadores. Por favor revise el número o actualice primero "
        "los datos de la empresa.",
    ),
    ProblemKind(
        "BRANCH_FORMAT",
        ERROR,
        EMPLOYER,
        "La sucursal «{value}» no está bien escrita. Por favor escriba los 4 dígitos de la sucursal del IESS "
        "(la matriz es 0001).",
    ),
    ProblemKind(
        "BRANCH_UNKNOWN",
        ERROR,
        CLERK,
        "La sucursal {value} no consta para el RUC {ruc}. Por favor revise el número de sucursal en el portal.",
    ),
    ProblemKind(
        "ID_FORMAT",
        ERROR,
        EMPLOYER,
        "La identificación «{value}» no está bien escrita: {reason}. Por favor revísela en el documento original.",
    ),
    ProblemKind(
        "ID_CHECK_DIGIT",
        ERROR,
        EMPLOYER,
        "El dígito verificador de la cédula {value} no corresponde. Por favor revise los 10 dígitos en el "
        "documento original.",
    ),
    ProblemKind(
        "REPRESENTATIVE_MISMATCH",
        ERROR,
        CLERK,
        "El representante legal {value} no es el que consta en el registro ({registered}). Por favor actualice "
        "primero los datos de la empresa.",
    ),
    ProblemKind(
        "REPRESENTATIVE_NOT_CURRENT",
        ERROR,
        CLERK,
        "{value} ya no consta como representante legal vigente. Por favor actualice primero los datos de la "
        "empresa.",
    ),
    ProblemKind(
        "BUSINESS_NAME_MISMATCH",
        WARNING,
        CLERK,
        "La razón social «{value}» no coincide con el registro («{registered}»). Por favor compare ambas.",
    ),
)
