"""The representative's name, as letters put it: after «yo», beside an office, or where one signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from intake.letters.companies import BETWEEN, begins_organisation, is_company
from intake.letters.mentions import OF_A_WORKER, Mention, tidy
from intake.letters.text import LetterText, Span, fold

_WORD: Final = r"[A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ'’\-]+"
_PARTICLES: Final = "de|del|la|las|los|y|van|von|der|den|di|da|do|dos|DE|DEL|LA|LOS|VAN|VON|DER|DI|DA"
_NAME: Final = re.compile(rf"{_WORD}(?: (?:(?:{_PARTICLES}) ){{0,2}}{_WORD}){{1,5}}")
_NOT_A_NAME_TEXT: Final = (
    "don dona yo soy comparece suscribe representante legal gerente director directora provincial instituto "
    "ecuatoriano general seguridad social iess senor senora senores ruc sucursal razon atentamente "
    "cordialmente presente empresa compania solicitud empleador asunto estimado estimada apoderado "
    "presidente ecuador consejo administracion junta asamblea gerencia directorio hacienda firma sello "
    "cedula codigo telefono correo direccion magister ingeniero quito despacho ciudad planilla aportes "
    "directiva por panamericana avenida calle via barrio procurador vicepresidente vicepresidenta "
    "rector rectora con propietario propietaria duena dueno portador portadora mediante calidad "
    "secretario secretaria tesorero tesorera contador contadora administrador administradora ejecutivo "
    "ejecutiva sor fray monsenor hermana casa oficio anexo fecha resolucion procuradora delegado delegada "
    "subgerente apoderada"
)
_NOT_A_NAME: Final = frozenset(_NOT_A_NAME_TEXT.split())
_SURNAMES: Final = frozenset({"calle", "barrio"})
"""Surnames too, where they do not come first."""
_TITLES_TEXT: Final = (
    "ing ingeniero ingeniera dr dra doctor doctora abg ab lic lcdo lcda ledo econ eco arq sr srs sra srta "
    "don dona mgs mgtr mg msc mba phd cpa pbro rvdo padre hno hna tnlgo tlgo tnlga tec crnl psic soc"
)
TITLES: Final = re.compile(
    rf"(?:\b(?:{'|'.join(_TITLES_TEXT.split())})\b\.?\s*|\(sp\)\s*|\bf\s?\.?\)\.?\s*)+$"
)
"""What stands between an introduction and a name: titles, and the «f)» before whoever signs."""
LAWYER: Final = re.compile(r"\b(?:abg?|abogad[oa])\b\.?\s*$")
_INTRODUCTIONS: Final = (
    r"yo\s*,?",
    r"soy",
    r"me\s+llamo",
    r"mi\s+nombre\s+es",
    r"quien\s+suscribe\s*,?",
    r"suscribe\s*:?",
    r"(?:el|la)\s+suscrit[oa]\s*,?",
    r"suscrit[oa]\s*,",
    r"comparece\s*,?",
    r"firma(?:do)?(?:\s+por)?\s*:",
    r"representad[oa]\s+(?:legalmente\s+)?por",
    r"representante\s+legal\s*[:,]?",
    r"representante\s+legal\s+de\s+[^\n.;,]{2,60}?\s+es",
    r"r(?:ep)?\.\s*legal\s*:?",
    r"gerente(?:\s+general)?\s*[:,]",
    r"gerente(?:\s+general)?\s+y\s+representante\s+legal\s*[:,]?",
    r"propietari[oa]\s*[:,]?",
    r"apoderad[oa]\s*[:,]?",
    r"empleador[a]?\s*[:?]",
    r"nombres?(?:\s+y\s+apellidos|\s+complet[oa]s?)*(?:\s+del\s+representante(?:\s+legal)?)?\s*:?",
)
_OFFICES: Final = (
    r"(?:vice)?president[ea](?:\s+ejecutiv[oa])?|secretari[oa]\s+general|rectora?|director[a]?\s+(?:ejecutiv[oa]|general)|"
    r"procurador[a]?(?:\s+comun)?|administrador[a]?|liquidador[a]?|gerente(?:\s+general)?|apoderad[oa](?:\s+general)?|"
    r"representante\s+legal|propietari[oa]|duen[oa]|titular|alcald(?:e|esa)|ceo|notari[oa]|peticionari[oa]"
)
_OF_OFFICE: Final = re.compile(
    rf"(?<!nuestra )(?<!nuestro )(?<!mi )\b(?:{_OFFICES})(?:\s+y\s+rep(?:resentante|\.)\s+legal)?\s*[:,]\s*$"
)
"""An office and a colon or a comma before a name; «nuestra administradora» is somebody else."""
_BELOW_NAME: Final = re.compile(
    rf"[^\n]{{0,30}}\n(?:[^\n]{{0,50}}\n)?\W*(?:(?:{_OFFICES})\b|c\s?\.\s?[cil]\b|c[cil]\b|ced|codigo|id\b|\d{{9}}-?\d\b)"
)
"""What stands under the name of who signs: the office or the number of the identity document."""
_BEFORE_NAME: Final = re.compile(
    rf"\b(?:{'|'.join(_INTRODUCTIONS)})(?:\s*(?:es\s+)?(?:(?:el|la)\s+)?(?:senora?|sr\.|sra\.)?\s*"
    r"|[ .…_]*\n? ?[.…_]+[ .…_]*)\Z"
)
_SAID_TO_BE: Final = re.compile(
    r"[^\n.;]{0,40}(?:[ci]\.\s?[cil]\.[^\n.;]{0,24})?\b(?:es|como|soy)\s+(?:el|la|su|nuestr[oa])?\s*(?:actual\s+)?(?:representante\s+legal|"
    r"gerente\s+general)"
)
"""What tells after a name that it is the representative's."""
_OF_PERSONS: Final = (
    r"de\s+(?:nacionalidad|estado\s+civil|profesion|ocupacion)\s+\w+(?:\s+(?!con\b)\w+)?",
    r"(?:casad|solter|divorciad|viud|ecuatorian)[oa]",
    r"mayor\s+de\s+edad",
)
_AFTER_NAME: Final = re.compile(
    rf"\s*,?\s*(?:(?:{'|'.join(_OF_PERSONS)}|(?<=, )[a-z]{{4,14}})\s*,\s*|(?:{'|'.join(_OF_PERSONS)})\s+)*"
    r"(?:con\s+(?:numero\s+de\s+)?(?:cedula|codigo|c\.|documento|ci\b|cc\b|r\.?u\.?c\b|pasaporte)|"
    r"(?<!\n)(?:cedula|ced\.|c\.\s?[ci]\b|ci\b|cc\b)|portador|titular|identificad|"
    rf"en\s+(?:mi\s+|su\s+)?calidad|en\s+representacion|(?:como\s+)?representante\s+legal|{_OFFICES})"
)
_FORMER: Final = re.compile(
    r"\b(?:anterior(?:es)?|antigu[oa]|ex|entonces|presidid[oa]\s+por|dirigid[oa]\s+al?)\b[^\n.;:]{0,40}$"
)
"""Words before a name that make its office no more, or that of another body."""
_STRAY: Final = (
    r"(?!(?:de|del|y|en|con|por|como|a|al|la|el|c\.|cc|ci|ced|id|ruc|viuda|vda|mba|phd|msc|mgtr)\b)"
    r"[a-záéíóúüñ]"
)
_CUT_BEFORE: Final = re.compile(rf"(?:^|\n)\W*{_STRAY}[a-záéíóúüñ]+ $")
_CUT_AFTER: Final = re.compile(
    rf" ?['’´`]? ?(?!(?:{_OFFICES}|portador|titular|identificad|vice|sub))(?<![,;:.]){_STRAY}"
)
"""Pieces of words in small letters beside a name where a letter is signed: ink took the rest of it."""
_PROVINCES: Final = frozenset(
    {"morona santiago", "zamora chinchipe", "santo domingo", "santa elena", "nueva loja", "puerto ayora"}
)
"""Places in two words that stand alone on a line of a letterhead."""
_A_HOUSE: Final = re.compile(
    r" (?:[NSEO][ew]?\s?\d|\d{1,3}-\d{1,3}\b|\d{2,4} y |entre [A-Z]|[Ss]/[Nn]\b|y Calle\b)"
)
"""After a name that is a road's."""
_SCRAWL: Final = re.compile(
    r"\W*(?:\w{1,6}\W*\n\W*){0,2}(?:p(?:or|\.)\s[^\n]*\n\W*)?(?:[a-z]{1,2}(?:\.\s?|\s))?"
)
"""What strokes of a signature may be taken for, one or two short words on lines of their own; and in whose
name somebody signs.
"""
_SIGNS_LATER: Final = 0.55
"""Weight of who signs below other words than the leave: the company's, or those of a program."""
_PART: Final = 2
"""Signs of a word that is no name."""
_UNKNOWN: Final = 0.5
"""Weight of a name of which nothing says whose it is."""
_SIGN_OF_WRITER: Final = re.compile(r"^\W*(?:[a-z]{1,2}(?:\.\s?|\s))?")
"""What a stroke of the signature before a name may be taken for."""


def find_representative(letter: LetterText) -> Iterator[Mention]:
    """Names that introduce themselves, have a label, or stand where the letter is signed."""
    after = letter.closing.span.end if letter.closing else len(letter.text)
    for found in _NAME.finditer(letter.text):
        span = _without_strangers(letter, Span(*found.span()))
        if span is None:
            continue
        weight = _weight_of_name(letter, span, after)
        if weight > 0:
            yield Mention(tidy(letter.text[span.start : span.end]), span, weight)


def find_names(letter: LetterText) -> Iterator[Mention]:
    """Every name of a person, whoever it is: what somebody's own name may be written in full as."""
    for found in _NAME.finditer(letter.text):
        span = _without_strangers(letter, Span(*found.span()))
        if span is not None and not is_company(letter, span):
            yield Mention(tidy(letter.text[span.start : span.end]), span, _UNKNOWN)


def _without_strangers(letter: LetterText, span: Span) -> Span | None:
    """The name without words that belong to a label or an office before or after it."""
    words = list(re.finditer(r"\S+", letter.text[span.start : span.end]))
    strange = [fold(word[0]) in _NOT_A_NAME for word in words]
    first, last = 0, len(words)
    while first < last and (strange[first] or fold(words[first][0]) in BETWEEN):
        first += 1
    while last > first and strange[last - 1] and fold(words[last - 1][0]) not in _SURNAMES:
        last -= 1
    odd = [word for word, is_odd in zip(words[first:last], strange[first:last], strict=True) if is_odd]
    if any(fold(word[0]) not in _SURNAMES for word in odd) or last - first < 2:
        return None
    return Span(span.start + words[first].start(), span.start + words[last - 1].end())


def _weight_of_name(letter: LetterText, span: Span, after: int) -> float:
    titled = letter.folded[max(0, span.start - 90) : span.start]
    before = TITLES.sub("", titled)
    follows = bool(_AFTER_NAME.match(letter.folded, span.end))
    introduced = bool(_BEFORE_NAME.search(before) or _OF_OFFICE.search(before))
    kind = letter.folded[span.start : span.end].split(" ", 1)[0]
    if begins_organisation(kind) or is_company(letter, span) or _A_HOUSE.match(letter.text, span.end):
        return 0.0
    if letter.folded[span.start : span.end] in _PROVINCES or _FORMER.search(before):
        return 0.0
    if introduced:
        return 1.0 if follows else 0.9
    if _SAID_TO_BE.match(letter.folded, span.end):
        return 0.9
    if LAWYER.search(titled):
        return 0.3 if span.start >= after else 0.0
    if span.start >= after and _is_cut(letter, span):
        return 0.0
    if span.start >= after:
        head = TITLES.sub("", fold(letter.text[after : span.start]))
        if not re.search(r"[A-Za-z0-9]", head):
            return 0.85
        if _SCRAWL.fullmatch(head):
            return 0.6
        return _SIGNS_LATER if _signs_below(letter, span) else 0.0
    if OF_A_WORKER.search(before):
        return 0.0
    return 0.8 if _signs_below(letter, span) else 0.7 if follows else 0.0


def _is_cut(letter: LetterText, span: Span) -> bool:
    """Whether parts of a name are lost under a signature: what is left of it is nobody's name."""
    words = letter.text[span.start : span.end].split(" ")
    dotted = letter.text[span.end : span.end + 1] == "."
    short = any(
        len(word) <= _PART and fold(word) not in BETWEEN for word in (words[:-1] if dotted else words)
    )
    return bool(
        _CUT_BEFORE.search(letter.text, max(0, span.start - 40), span.start)
        or _CUT_AFTER.match(letter.text, span.end)
        or short
    )


def _signs_below(letter: LetterText, span: Span) -> bool:
    """Whether a name begins its line in the letter's lower half and has an office or a number under it."""
    line = letter.text[letter.text.rfind("\n", 0, span.start) + 1 : span.start]
    alone = not TITLES.sub("", _SIGN_OF_WRITER.sub("", fold(line))).strip(" .,-")
    return alone and span.start > len(letter.text) / 3 and bool(_BELOW_NAME.match(letter.folded, span.end))
