"""The numbers of a letter: RUC, branch, identity of the representative, number of the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from forms.identity import IdentityKind, check_cedula
from intake.letters.mentions import NUMBER_SIGN, OF_A_WORKER, Mention, digits_of, is_whole_line
from intake.letters.text import LetterText, Span

_DIGIT: Final = r"[0-9oil|]"
_RUC_LABEL: Final = (
    rf"(?:r\s?\.?\s?u\s?\.?\s?c\b\.?|registro\s+unico\s+de\s+contribuyentes)\s*{NUMBER_SIGN}\s*[:.\-]?\s*"
)
_LABELLED_RUC: Final = re.compile(rf"\b{_RUC_LABEL}({_DIGIT}(?:[ .\-]?{_DIGIT}){{12}})(?!\d)")
_ANY_RUC: Final = re.compile(r"(?<![\d\-])(\d(?:[ ]?\d){9}[ \-]?001)(?!\d)")
_BRANCH: Final = re.compile(
    rf"\b(?:sucursal|suc|establecimiento)\b\.?(?:\s*\(\s*sucursal\s*\))?(?:\s+(?:del\s+)?iess)?(?:\s+matriz)?\s*"
    rf"{NUMBER_SIGN}\s*[:.\-]?\s*(\d{{3,4}})(?!\d)"
)
_IS: Final = r"(?:(?:es|la|el|siguiente)\s+){0,3}"
_BRANCH_FAR: Final = re.compile(r"\bsucursal\b[^\d\n.;]{1,60}?(?<!\bde )(?<!\bdel )(\d{4})(?!\d)")
_BRANCH_AFTER_RUC: Final = re.compile(r"(?<!\d)\d{10}001\s?/\s?(\d{4})(?!\d)")
_CEDULA_LABEL: Final = (
    r"(?:c\s?\.\s?[cil]\b\.?|c[cil]\b\.?|ced\b\.?|"
    r"cedula(?:\s+de\s+(?:ciudadania|identidad|identificacion))?"
    r"(?:\s+(?:ecuatoriana|nacional|(?:del\s+)?representante(?:\s+legal)?))?|"
    r"documento\s+de\s+identi(?:dad|ficacion)|identificacion)"
)
_CEDULA: Final = re.compile(
    rf"\b{_CEDULA_LABEL}\s*{_IS}{NUMBER_SIGN}\s*[:.\-]?\s*{_IS}"
    rf"({_DIGIT}(?:[ ]?{_DIGIT}){{8}}[ \-]?{_DIGIT})(?!\d)"
)
_CODE: Final = re.compile(
    r"\b(?:codigo\s+de\s+identificacion(?:\s+\(?(?:(?:para|de)\s+)?extranjer[oa]s?\)?)?|"
    r"codigo\s+(?:iess\s+)?(?:para\s+|de\s+)?extranjer[oa]s?|cod\.\s*(?:de\s+)?extranj\w*\.?)"
    rf"\s*{_IS}{NUMBER_SIGN}\s*[:.\-]?\s*{_IS}([a-z0-9]{{4,13}})\b"
)
_SHEET_NUMBER: Final = re.compile(
    r"\bplanilla(?:\s+de\s+(?:aportes|ajuste|fondos\s+de\s+reserva))?\s*"
    r"(?:numero|num\.|nro\.?|n\s?[.,]?\s?[o°º*]\s?\.?|n\.|#)\s*[:.\-]?\s*(\d[\d\-/]{3,20}\d)"
)
_NEAR: Final = 90
"""Signs after a person's name within which a number is that person's."""


def find_ruc(letter: LetterText) -> Iterator[Mention]:
    """Every RUC, those with their label first of all."""
    seen: set[int] = set()
    for found in _LABELLED_RUC.finditer(letter.folded):
        seen.add(found.start(1))
        yield Mention(digits_of(found[1]), Span(*found.span(1)), 1.0)
    for found in _ANY_RUC.finditer(letter.folded):
        if found.start(1) not in seen:
            yield Mention(digits_of(found[1]), Span(*found.span(1)), 0.6)


def find_branch(letter: LetterText) -> Iterator[Mention]:
    """Every branch: four digits, three being filled up and then weighing little."""
    for found in _BRANCH.finditer(letter.folded):
        whole = len(found[1]) == 4
        yield Mention(found[1].zfill(4), Span(*found.span(1)), 1.0 if whole else 0.4)
    for pattern in (_BRANCH_FAR, _BRANCH_AFTER_RUC):
        for found in pattern.finditer(letter.folded):
            yield Mention(found[1], Span(*found.span(1)), 0.8)


def find_identity(letter: LetterText, names: Sequence[Mention]) -> Iterator[tuple[IdentityKind, Mention]]:
    """Numbers that identify the representative, and of which kind; a worker's weighs little.

    ``names`` are the mentions of the representative's name.
    """
    for kind, pattern in ((IdentityKind.FOREIGNER_CODE, _CODE), (IdentityKind.CEDULA, _CEDULA)):
        for found in pattern.finditer(letter.folded):
            code = kind is IdentityKind.FOREIGNER_CODE
            value = found[1].upper() if code else digits_of(found[1])
            if code and not any(sign.isdigit() for sign in value):
                continue
            weight = _closeness(letter, found, names)
            if not code and check_cedula(value):
                weight *= 0.8
            yield kind, Mention(value, Span(*found.span(1)), weight)


def _closeness(letter: LetterText, found: re.Match[str], names: Sequence[Mention]) -> float:
    """How surely a number is the representative's, by where it stands."""
    closing = letter.closing
    if closing is not None and found.start() > closing.span.end:
        return 1.0
    before = letter.folded[max(0, found.start() - 160) : found.start()]
    near = any(0 <= found.start() - name.span.end <= _NEAR and name.weight >= 0.6 for name in names)
    between = letter.folded[
        max((n.span.end for n in names if n.span.end <= found.start()), default=0) : found.start()
    ]
    if near and not OF_A_WORKER.search(between):
        return 0.95
    if is_whole_line(letter, Span(*found.span())):
        return 0.9
    if OF_A_WORKER.search(before):
        return 0.1
    return 0.5


def find_sheet_number(letter: LetterText) -> Iterator[Mention]:
    """Every number of a sheet that says that it is one."""
    for found in _SHEET_NUMBER.finditer(letter.folded):
        yield Mention(found[1].strip("-/"), Span(*found.span(1)), 1.0)
