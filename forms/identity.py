"""Identity numbers of Ecuador: RUC, branch, cédula and the institute's code for foreigners.

Structure and check digits come from python-stdnum; what they are worth is decided here. The tax
authority (SRI) has said that RUCs with third digit 6 or 9 follow no algorithm any more, and real active
companies fail the old ones, so there a wrong check digit is a warning and never a refusal.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from stdnum.ec import ci, ruc

from forms.problems import Problem, Severity, problem

PROVINCES: Final = frozenset(f"{number:02d}" for number in (*range(1, 25), 30, 50))
"""First two digits: the 24 provinces, 30 and 50 for people registered abroad."""

FOREIGNER_CODE_LENGTH: Final = 13
"""Room for a *código de identificación para extranjeros*. Its format is unpublished: taken as opaque."""


class IdentityKind(Enum):
    """Which document identifies a person; the values are those of contracts.md §2."""

    CEDULA = "cedula"
    FOREIGNER_CODE = "foreigner-code"


def _is_digits(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isdigit()


def is_natural_person(number: str) -> bool:
    """Whether a well-formed RUC belongs to a natural person: its first ten digits are a cédula.

    >>> is_natural_person("1712345675001"), is_natural_person("1760004650001")
    (True, False)
    >>> is_natural_person("0960000016001")  # a foreigner's cédula has third digit 6
    True
    """
    if number[2] in "012345":
        return True
    return number[2] == "6" and ci.is_valid(number[:10]) and not _has_public_check_digit(number)


def _has_public_check_digit(number: str) -> bool:
    """Modulus 11 of public entities; stdnum offers it only mixed with the rule for natural persons."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2, 1)
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=False)) % 11 == 0


def check_ruc(number: str, field: str | None = None) -> tuple[Problem, ...]:
    """Problems of a RUC taken by itself, in the order in which a person should mend them.

    >>> check_ruc("1760004650001")
    ()
    >>> [found.code for found in check_ruc("1793213150001")]  # a real company of 2022
    ['RUC_CHECK_DIGIT']
    >>> [found.code for found in check_ruc("1790010937OO1")]  # letters, as OCR writes them
    ['RUC_FORMAT']
    """
    if reason := _ruc_fault(number):
        return (problem("RUC_FORMAT", field=field, value=number, reason=reason),)
    found: list[Problem] = []
    if not ruc.is_valid(number):
        severity = Severity.ERROR if number[2] in "012345" else Severity.WARNING
        found.append(problem("RUC_CHECK_DIGIT", field=field, severity=severity, value=number))
    if is_natural_person(number):
        found.append(problem("RUC_NOT_ELIGIBLE", field=field, value=number))
    return tuple(found)


def _ruc_fault(number: str) -> str:
    """What is wrong with the structure, in Spanish, or an empty string."""
    if not (number.isascii() and number.isdigit()):
        return "solo puede tener dígitos"
    if len(number) != 13:
        return f"tiene {len(number)} dígitos en lugar de 13"
    if number[:2] not in PROVINCES:
        return f"no hay provincia {number[:2]}"
    if not number.endswith("001"):
        return f"termina en {number[-3:]} y el RUC principal termina en 001 (la sucursal se escribe aparte)"
    return ""


def check_branch(number: str, field: str | None = None) -> tuple[Problem, ...]:
    """Problems of a branch number of the institute: four digits, never 0000.

    >>> check_branch("0001"), [found.code for found in check_branch("001")]
    ((), ['BRANCH_FORMAT'])
    """
    if _is_digits(number, 4) and number != "0000":
        return ()
    return (problem("BRANCH_FORMAT", field=field, value=number),)


def check_cedula(number: str, field: str | None = None) -> tuple[Problem, ...]:
    """Problems of a cédula: ten digits, a province, third digit up to 6, modulus 10.

    >>> check_cedula("1710034065"), [found.code for found in check_cedula("1710034066")]
    ((), ['ID_CHECK_DIGIT'])
    """
    reason = ""
    if not (number.isascii() and number.isdigit()):
        reason = "la cédula solo tiene dígitos"
    elif len(number) != 10:
        reason = f"tiene {len(number)} dígitos en lugar de 10"
    elif number[:2] not in PROVINCES or number[2] > "6":
        reason = f"ninguna cédula empieza por {number[:3]}"
    if reason:
        return (problem("ID_FORMAT", field=field, value=number, reason=reason),)
    if not ci.is_valid(number):
        return (problem("ID_CHECK_DIGIT", field=field, value=number),)
    return ()


def check_foreigner_code(number: str, field: str | None = None) -> tuple[Problem, ...]:
    """Problems of a foreigner's code: only its length and characters, for no format is published."""
    if 1 <= len(number) <= FOREIGNER_CODE_LENGTH and number.isascii() and number.isalnum():
        return ()
    reason = f"el código tiene de 1 a {FOREIGNER_CODE_LENGTH} letras o dígitos, sin espacios"
    return (problem("ID_FORMAT", field=field, value=number, reason=reason),)


def check_identity(number: str, kind: IdentityKind, field: str | None = None) -> tuple[Problem, ...]:
    """Problems of a person's number under the rules of the document it is taken from."""
    if kind is IdentityKind.CEDULA:
        return check_cedula(number, field)
    return check_foreigner_code(number, field)
