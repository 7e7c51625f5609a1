"""Numbers and codes as JSON says them: taken as written or refused, for a zero that a spreadsheet took off
makes another person, branch or relation of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from forms.identity import check_branch, check_foreigner_code, check_ruc
from regeneration.json_reading import read_text
from regeneration.sheets import is_relation_code


def read_ruc(text: str) -> str:
    """A RUC of the right shape; of its check digit nothing is asked, for a sheet was issued with it."""
    for found in check_ruc(text):
        if found.code == "RUC_FORMAT":
            raise ValueError(f"«{text}» no es un RUC: son 13 dígitos que terminan en 001")
    return text


def read_branch(text: str) -> str:
    if check_branch(text):
        raise ValueError(f"«{text}» no es una sucursal: son 4 dígitos, como 0001")
    return text


def read_person(text: str) -> str:
    if check_foreigner_code(text):
        raise ValueError(
            f"«{text}» no es una cédula ni un código: son hasta 13 letras o dígitos, sin espacios"
        )
    return text


def read_relation(text: str) -> str:
    """A code of a relation. Those of letters are not known, and taken as they come."""
    if not is_relation_code(text) and not (text.isalnum() and text[:1].isalpha()):
        raise ValueError(f"«{text}» no es un código de relación: son dos o tres dígitos, como 06")
    return text


@dataclass(frozen=True, slots=True)
class Codes:
    """How each kind of code is read."""

    ruc: Callable[[str], str]
    branch: Callable[[str], str]
    person: Callable[[str], str]
    relation: Callable[[str], str]


FROM_OUTSIDE: Final = Codes(read_ruc, read_branch, read_person, read_relation)
STORED: Final = Codes(read_text, read_text, read_text, read_text)
"""Of rows of ours, which earlier versions may have taken otherwise: what was issued stays readable."""
