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
    r"(?:r\s?\.?\s?u\s?\.?\s?c\b\.?|registro\s+unico\s+de\s+contribuyentes)"
    r"(?:\s+(?:(?P<own>personal)|(?:del?|de\s+la|de\s+mi)\s+(?:cliente|empresa|compania|empleador|representada)))?"
    rf"(?:,?\s+que)?(?:\s+es)?(?:\s+el)?\s*{NUMBER_SIGN}\s*[:.\-]?\s*"
)
_LABELLED_RUC: Final = re.compile(rf"\b{_RUC_LABEL}(?P<ruc>{_DIGIT}(?:[ .\-]?{_DIGIT}){{12}})(?!\d)")
_BOOKKEEPER: Final = re.compile(
    r"\b(?:contab\w+|tributari\w+|contador[a]?|cpa|abogad\w+|estudio\s+juridico)\b[^\n]{0,30}$"
)
_OF_ANOTHER: Final = 0.55
"""Weight of a RUC that is told to be somebody's own, or stands beside what a bookkeeper offers."""
_LABELLED: Final = 0.97
"""Weight of a RUC with a label that does not say «nuestro»."""
_ANY_RUC: Final = re.compile(r"(?<![\d\-])(\d(?:[ ]?\d){9}[ \-]?001)(?!\d)")
_BRANCH: Final = re.compile(
    rf"\b(?:sucursal|suc|establecimiento)\b\.?(?:\s*\(\s*sucursal\s*\))?(?:\s+(?:del\s+)?iess|\s+patronal)?"
    rf"(?:\s+matriz)?\s*{NUMBER_SIGN}\s*[:.\-]?\s*((?!(?:19|20)\d\d-)[0-9o]{{3,4}})(?![0-9o])"
)
_IS: Final = r"(?:(?:es|la|el|siguiente)\s+){0,3}"
_BRANCH_FAR: Final = re.compile(r"\bsucursal\b[^\d.;]{1,60}?(?<!\bde )(?<!\bdel )((?!19|20)\d{4})(?![\d-])")
_BRANCH_CODE: Final = re.compile(
    r"\b(?:sucursal|suc|establecimiento|oficina(?:\s+matriz)?|matriz|agencia)\b[^\d;]{0,40}?"
    r"(0 ?0 ?\d ?\d)(?![\d-]| \d)"
)
"""A code as the institute gives them out, from 0001 on, with the word for it some way before."""
_BRANCH_AFTER_RUC: Final = re.compile(r"(?<!\d)\d{10}001\s?(?:/\s?(\d{4})|-\s?(00\d\d))(?![\d-])")
_OF_OFFICE: Final = (
    r"del?\s+(?:la\s+)?(?:gerente|propietari[oa]|president[ea]|representante|apoderad[oa]|duen[oa])"
    r"(?:\s+(?:general|legal))?"
)
"""Whose number it is, when a label says so."""
_CEDULA_LABEL: Final = (
    r"(?:c\s?\.\s?[cil]\b\.?(?:\s*/\s*id\b)?|c[cil]\b\.?|ced\b\.?|"
    r"cedula(?:\s+de\s+(?:ciudadania|identidad|identificacion|extranjeria))?"
    r"(?:\s+(?:ecuatoriana|nacional|(?:del\s+)?representante(?:\s+legal)?))?|"
    r"documento\s+de\s+identi(?:dad|ficacion)|identificacion)"
    rf"(?:\s+{_OF_OFFICE})?"
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
_PASSPORT: Final = re.compile(
    rf"\bpasaporte\b\s*(?:[a-z]{{5,14}}\s+)?{_IS}{NUMBER_SIGN}\s*[:.\-]?\s*((?=(?:[a-z]*\d){{3}})[a-z0-9]{{6,12}})\b"
)
"""A passport names the number that a foreigner has instead of a cédula."""
_LOOSE_CODE: Final = re.compile(
    r"\b(?:codigo|cod|id|pasaporte|documento|identificacion)\b\.?(?:\s+del?\s+(?:la\s+)?\w+)?\W{0,4}((?=(?:[a-z]*\d){5})[a-z]{1,3}[a-z\d]{6,11})\b"
)
"""A code with a label that tells not whose, which begins with letters and goes on in digits."""
_BARE_CEDULA: Final = re.compile(r"(?<![\d\-])\d{9}[ \-]?\d(?![\d\-])")
_SHEET_NUMBER: Final = re.compile(
    r"\bplanilla(?:\s+de\s+(?:aportes|ajuste|fondos\s+de\s+reserva))?\s*"
    r"(?:numero|num\.|nro\.?|n\s?[.,]?\s?[o°º*]\s?\.?|n\.|#)\s*[:.\-]?\s*(\d[\d\-/]{3,20}\d)"
)
_BELOW: Final = 60
"""Signs after a name within which its number stands, an office between them."""
_IN_OFFICE: Final = 0.6
"""Weight from which a name is taken for the representative's."""
_NEAR: Final = 90
"""Signs after a person's name within which a number is that person's."""


def find_ruc(letter: LetterText) -> Iterator[Mention]:
    """Every RUC, those with their label first of all."""
    seen: set[int] = set()
    for found in _LABELLED_RUC.finditer(letter.folded):
        seen.add(found.start("ruc"))
        # Between brackets after a name it may be a partner's, a client's or a bookkeeper's.
        aside = letter.folded[: found.start()].rstrip().endswith("(")
        line = letter.folded[letter.folded.rfind("\n", 0, found.start()) + 1 : found.start()]
        anothers = found["own"] is not None or _BOOKKEEPER.search(line) is not None
        own = re.search(r"\b(?:mi|nuestro)\s+$", letter.folded[: found.start()]) is not None
        weight = _OF_ANOTHER if anothers else 0.85 if aside else 1.0 if own else _LABELLED
        yield Mention(digits_of(found["ruc"]), Span(*found.span("ruc")), weight)
    for found in _ANY_RUC.finditer(letter.folded):
        if found.start(1) not in seen:
            yield Mention(digits_of(found[1]), Span(*found.span(1)), 0.6)


def ruc_after(letter: LetterText, span: Span) -> str:
    """The RUC that follows a company's name at once, empty where none does."""
    found = _LABELLED_RUC.search(letter.folded, span.end, span.end + 60)
    between = letter.folded[span.end : found.start()] if found else ""
    plain = found is not None and re.fullmatch(r"[\s,(]*(?:con\s+)?(?:numero\s+de\s+)?", between)
    return digits_of(found["ruc"]) if found and plain else ""


def find_branch(letter: LetterText) -> Iterator[Mention]:
    """Every branch: four digits, three being filled up and then weighing little."""
    for found in _BRANCH.finditer(letter.folded):
        value = digits_of(found[1])
        yield Mention(value.zfill(4), Span(*found.span(1)), 1.0 if len(value) == 4 else 0.4)
    for pattern in (_BRANCH_FAR, _BRANCH_AFTER_RUC):
        for found in pattern.finditer(letter.folded):
            group = found.lastindex or 1
            yield Mention(found[group], Span(*found.span(group)), 0.8)
    for found in _BRANCH_CODE.finditer(letter.folded):
        yield Mention(digits_of(found[1]), Span(*found.span(1)), 0.75)


def find_identity(
    letter: LetterText, names: Sequence[Mention], others: Sequence[Span] = (), *, signed_for: bool = False
) -> Iterator[tuple[IdentityKind, Mention]]:
    """Numbers that identify the representative, and of which kind; a worker's weighs little.

    ``names`` are the mentions of the representative's name, ``others`` those of who signs for that person;
    ``signed_for`` where somebody does, with a name or without.
    """
    for kind, mention in _find_numbers(letter, names):
        if not _is_anothers(letter, mention, names, others, signed_for=signed_for):
            yield kind, mention


def _is_anothers(
    letter: LetterText, number: Mention, names: Sequence[Mention], others: Sequence[Span], *, signed_for: bool
) -> bool:
    """Whether a number stands after the name of who signs for the representative, or where that person
    signs, and not after the representative's own name.
    """
    start = number.span.start
    own = max((name.span.end for name in names if name.span.end <= start), default=-_NEAR)
    other = max((span.end for span in others if span.end <= start), default=-_NEAR)
    if other > own:
        return start - other <= _NEAR
    where_signed = letter.closing is not None and start > letter.closing.span.end
    return signed_for and where_signed and start - own > _NEAR


def _find_numbers(letter: LetterText, names: Sequence[Mention]) -> Iterator[tuple[IdentityKind, Mention]]:
    """Every number that may be the representative's, by its label and by where it stands."""
    for kind, pattern in (
        (IdentityKind.FOREIGNER_CODE, _CODE),
        (IdentityKind.FOREIGNER_CODE, _PASSPORT),
        (IdentityKind.CEDULA, _CEDULA),
    ):
        for found in pattern.finditer(letter.folded):
            code = kind is IdentityKind.FOREIGNER_CODE
            value = found[1].upper() if code else digits_of(found[1])
            if code and not any(sign.isdigit() for sign in value):
                continue
            told = re.search(_OF_OFFICE, found[0]) is not None
            weight = 1.0 if told else _closeness(letter, found, names)
            if not code and check_cedula(value):
                weight *= 0.8
            yield kind, Mention(value, Span(*found.span(1)), weight)
    yield from _unlabelled_identity(letter, names)


def _unlabelled_identity(
    letter: LetterText, names: Sequence[Mention]
) -> Iterator[tuple[IdentityKind, Mention]]:
    """Codes of a foreigner whose label tells not that they are one, and good cédulas by themselves on the
    line after a name or where the letter is signed.
    """
    closing = letter.closing.span.end if letter.closing else len(letter.text)
    ends = [name.span.end for name in names if name.weight >= _IN_OFFICE]
    for found in _LOOSE_CODE.finditer(letter.folded):
        if found.start() > closing or any(0 <= found.start() - end <= _NEAR for end in ends):
            mention = Mention(found[1].upper(), Span(*found.span(1)), 0.8)
            yield IdentityKind.FOREIGNER_CODE, mention
    for found in _BARE_CEDULA.finditer(letter.folded):
        span = Span(*found.span())
        after_name = any(0 <= span.start - end <= _BELOW for end in ends) or span.start > closing
        if after_name and is_whole_line(letter, span) and not check_cedula(digits_of(found[0])):
            yield IdentityKind.CEDULA, Mention(digits_of(found[0]), span, 0.8)


def _closeness(letter: LetterText, found: re.Match[str], names: Sequence[Mention]) -> float:
    """How surely a number is the representative's, by where it stands."""
    closing = letter.closing
    before = letter.folded[max(0, found.start() - 160) : found.start()]
    near = any(0 <= found.start() - name.span.end <= _NEAR and name.weight >= _IN_OFFICE for name in names)
    between = letter.folded[
        max((n.span.end for n in names if n.span.end <= found.start()), default=0) : found.start()
    ]
    if near and not OF_A_WORKER.search(between):
        return 1.0
    if closing is not None and found.start() > closing.span.end:
        # Who signs may be somebody else than the representative whom the letter names with a number.
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
