"""Who writes: the representative's name and the company's, in the many ways a letter puts them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from intake.letters.mentions import OF_A_WORKER, Mention, tidy
from intake.letters.text import LetterText, Span, fold

_WORD: Final = r"[A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ'’\-]+"
_NAME: Final = re.compile(rf"{_WORD}(?: (?:(?:de|del|la|las|los|y|DE|DEL|LA|LOS) ){{0,2}}{_WORD}){{1,5}}")
_NOT_A_NAME_TEXT: Final = (
    "don dona yo soy comparece suscribe representante legal gerente director directora provincial instituto "
    "ecuatoriano general seguridad social iess senor senora senores ruc sucursal razon atentamente "
    "cordialmente presente empresa compania solicitud empleador asunto estimado estimada apoderado "
    "presidente ecuador consejo administracion junta asamblea gerencia directorio hacienda firma sello "
    "cedula codigo telefono correo direccion magister ingeniero quito despacho ciudad planilla aportes "
    "directiva por panamericana avenida calle via barrio procurador vicepresidente vicepresidenta "
    "rector rectora con propietario propietaria duena dueno portador portadora mediante calidad "
    "secretario secretaria tesorero tesorera contador contadora administrador administradora ejecutivo "
    "ejecutiva"
)
_NOT_A_NAME: Final = frozenset(_NOT_A_NAME_TEXT.split())
_TITLES_TEXT: Final = (
    "ing ingeniero ingeniera dr dra doctor doctora abg ab lic lcdo lcda ledo econ eco arq sr srs sra srta "
    "don dona mgs mgtr mg msc mba phd cpa pbro rvdo padre hno hna tnlgo tlgo tnlga tec crnl psic soc"
)
_TITLES: Final = re.compile(
    rf"(?:\b(?:{'|'.join(_TITLES_TEXT.split())})\b\.?\s*|\(sp\)\s*|\bf\s?\.?\)\.?\s*)+$"
)
"""What stands between an introduction and a name: titles, and the «f)» before whoever signs."""
_LAWYER: Final = re.compile(r"\b(?:abg?|abogad[oa])\b\.?\s*$")
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
    r"r(?:ep)?\.\s*legal\s*:?",
    r"gerente(?:\s+general)?\s*[:,]",
    r"gerente(?:\s+general)?\s+y\s+representante\s+legal\s*[:,]?",
    r"propietari[oa]\s*[:,]?",
    r"apoderad[oa]\s*[:,]?",
    r"nombres?(?:\s+y\s+apellidos|\s+complet[oa]s?)*(?:\s+del\s+representante(?:\s+legal)?)?\s*:?",
)
_OFFICES: Final = (
    r"(?:vice)?president[ea](?:\s+ejecutiv[oa])?|secretari[oa]\s+general|rectora?|director[a]?\s+(?:ejecutiv[oa]|general)|"
    r"procurador[a]?(?:\s+comun)?|administrador[a]?|liquidador[a]?|gerente(?:\s+general)?|apoderad[oa](?:\s+general)?|"
    r"representante\s+legal|propietari[oa]|duen[oa]|titular|alcald(?:e|esa)|ceo|notari[oa]|peticionari[oa]"
)
_OF_OFFICE: Final = re.compile(rf"\b(?:{_OFFICES})(?:\s+y\s+rep(?:resentante|\.)\s+legal)?\s*[:,]\s*$")
"""An office and a colon or a comma before a name."""
_BELOW_NAME: Final = re.compile(
    rf"[^\n]{{0,30}}\n(?:[^\n]{{0,50}}\n)?\W*(?:(?:{_OFFICES})\b|c\s?\.\s?[cil]\b|c[cil]\b|ced|codigo|id\b|\d{{9}}-?\d\b)"
)
"""What stands under the name of who signs: the office or the number of the identity document."""
_BEFORE_NAME: Final = re.compile(
    rf"\b(?:{'|'.join(_INTRODUCTIONS)})\s*(?:es\s+)?(?:(?:el|la)\s+)?(?:senora?|sr\.|sra\.)?\s*$"
)
_OF_PERSONS: Final = (
    r"de\s+(?:nacionalidad|estado\s+civil|profesion|ocupacion)\s+\w+",
    r"(?:casad|solter|divorciad|viud|ecuatorian)[oa]",
    r"mayor\s+de\s+edad",
)
_AFTER_NAME: Final = re.compile(
    rf"\s*,?\s*(?:(?:{'|'.join(_OF_PERSONS)}|(?<=, )[a-z]{{4,14}})\s*,\s*|(?:{'|'.join(_OF_PERSONS)})\s+)*"
    r"(?:con\s+(?:numero\s+de\s+)?(?:cedula|codigo|c\.|documento|ci\b|cc\b)|"
    r"(?<!\n)(?:cedula|ced\.|c\.\s?[ci]\b|ci\b|cc\b)|portador|titular|identificad|"
    rf"en\s+(?:mi\s+|su\s+)?calidad|en\s+representacion|(?:como\s+)?representante\s+legal|{_OFFICES})"
)
_LEGAL_FORM: Final = re.compile(
    r"(?<![a-z])(?:s\s?\.\s?a\s?\.(?:\s?s\s?\.)?(?:\s?c\s?\.\s?a\s?\.)?|s\.?a\.?s\b\.?|sa\b|cia\s?\.?\s*ltda\b\s?\.?|"
    r"c\s?\.\s?ltda\s?\.?|ltda\b\s?\.?|c\s?\.\s?a\b\s?\.?|c\s?\.\s?l\b\s?\.?|e\s?\.\s?p\b\s?\.?|ep\b)"
)
_OF_COMPANY: Final = re.compile(r"(?:(?:[A-ZÁÉÍÓÚÜÑ0-9][\w&'’\-]*\.?|&|de|del|y|e|la|los|las) )+$")
_COMPANY_LABEL: Final = re.compile(
    r"\b(?:razon\s+social|denominacion(?:\s+social)?|nombre\s+de\s+la\s+(?:empresa|compania)|empleador|empresa|compania)"
    r"\s*:?\s*\n?"
)
_COMPANY_END: Final = re.compile(
    r"\n|;|\s*\(|,?\s*(?:con\s+|identificad\w+\s+con\s+)?(?:el\s+)?(?:numero\s+de\s+)?\b(?:r\.?u\.?c\b|registro\s+unico)|"
    r",\s|\.\s"
)
_NOT_OF_COMPANY_TEXT: Final = (
    "razon social ruc representante legal gerente senor senora senores atentamente asunto sucursal iess "
    "empleador empleadora presidente apoderado consejo administracion directorio gerencia asamblea yo soy"
)
_NOT_OF_COMPANY: Final = frozenset(_NOT_OF_COMPANY_TEXT.split())
"""Words of a label or of an office that come before a company's name."""
_BETWEEN: Final = frozenset(["de", "del", "la", "el", "los", "las", "y", "e", "a"])
_ORGANISATION_TEXT: Final = (
    "asociacion cooperativa compania fundacion federacion liga colegio camara sindicato consorcio "
    "corporacion hospital clinica unidad escuela universidad instituto gobierno gad municipio junta "
    "comuna conjunto condominio club gremio union comite centro empresa notaria fideicomiso mutualista "
    "patronato imprenta ferreteria farmacia taller comite cuerpo diocesis parroquia iglesia mision "
    "academia complejo hosteria hotel restaurante radio cabildo agencia caja"
)
_ORGANISATION: Final = re.compile(rf"(?<![a-z])(?:{'|'.join(_ORGANISATION_TEXT.split())})(?![a-z])")
"""What an organisation without a legal form begins its name with."""
_OF_ORGANISATION: Final = re.compile(
    r"[A-ZÁÉÍÓÚÜÑ][\w'’\-]*"
    r"(?:(?: (?:[-–&] )?(?:de|del|y|e|la|el|los|las|en|para|a|DE|DEL|Y|E|LA|EL|LOS|LAS|EN|PARA)){0,3}"
    r" (?:[-–&] )?(?:[\"“«][^\"”»\n]{2,40}[\"”»]|[A-ZÁÉÍÓÚÜÑ][\w'’\-]*))*"
)
_LINE: Final = re.compile(r"[^\n]{3,50}")
_NEXT_OF_NAME: Final = re.compile(
    r"\n(?:[A-Z ]{1,5}\n)?(?=(?:DE|DEL|Y|DE LA|de|del) [\"“A-ZÁÉÍÓÚÜÑ]|[\"“][A-Z])"
)
"""A line of a letterhead that goes on with the name in the line above, a logo's letters between them."""
_OF_THE_STATE: Final = re.compile(r"seguridad\s+social|ecuatoriano\s+de\s+seguridad")
_ADDRESSEE: Final = re.compile(
    r"^\W*(?:senor(?:a|es|ita)?s?|sres|doctor|economista|ingenier[oa]|abogad[oa]|estimad[oa]s?)\b",
    re.MULTILINE,
)
_A_HOUSE: Final = re.compile(r" [NSEO][ew]?\s?\d")
"""After a name that is a road's."""
_LONGEST: Final = 90
_SCRAWL: Final = re.compile(
    r"\W*(?:\w{1,6}\W*\n\W*){0,2}(?:p(?:or|\.)\s[^\n]*\n\W*)?(?:[a-z]{1,2}(?:\.\s?|\s))?"
)
"""What strokes of a signature may be taken for, one or two short words on lines of their own; and in whose
name somebody signs.
"""


_SAID: Final = 1.0
"""Weight of a company's name that has a label, or its RUC after it."""
_WITHOUT_FORM: Final = 0.72
"""The most that a name without a legal form weighs: it may be a trade name, and is always asked about."""
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
        if span is not None and not _is_company(letter, span):
            yield Mention(tidy(letter.text[span.start : span.end]), span, _UNKNOWN)


def _without_strangers(letter: LetterText, span: Span) -> Span | None:
    """The name without words that belong to a label or an office before or after it."""
    words = list(re.finditer(r"\S+", letter.text[span.start : span.end]))
    strange = [fold(word[0]) in _NOT_A_NAME for word in words]
    first, last = 0, len(words)
    while first < last and (strange[first] or fold(words[first][0]) in _BETWEEN):
        first += 1
    while last > first and strange[last - 1]:
        last -= 1
    if any(strange[first:last]) or last - first < 2:
        return None
    return Span(span.start + words[first].start(), span.start + words[last - 1].end())


def _weight_of_name(letter: LetterText, span: Span, after: int) -> float:
    titled = letter.folded[max(0, span.start - 90) : span.start]
    before = _TITLES.sub("", titled)
    follows = bool(_AFTER_NAME.match(letter.folded, span.end))
    introduced = bool(_BEFORE_NAME.search(before) or _OF_OFFICE.search(before))
    kind = letter.folded[span.start : span.end].split(" ", 1)[0]
    if _ORGANISATION.fullmatch(kind) or _is_company(letter, span) or _A_HOUSE.match(letter.text, span.end):
        return 0.0
    if introduced:
        return 1.0 if follows else 0.9
    if _LAWYER.search(titled):
        return 0.3
    if span.start >= after:
        head = _TITLES.sub("", fold(letter.text[after : span.start]))
        if not re.search(r"[A-Za-z0-9]", head):
            return 0.85
        return 0.6 if _SCRAWL.fullmatch(head) else 0.0
    if OF_A_WORKER.search(before):
        return 0.0
    return 0.8 if _signs_below(letter, span) else 0.7 if follows else 0.0


def _signs_below(letter: LetterText, span: Span) -> bool:
    """Whether a name begins its line in the letter's lower half and has an office or a number under it."""
    line = letter.text[letter.text.rfind("\n", 0, span.start) + 1 : span.start]
    alone = not _TITLES.sub("", _SIGN_OF_WRITER.sub("", fold(line))).strip(" .,-")
    return alone and span.start > len(letter.text) / 3 and bool(_BELOW_NAME.match(letter.folded, span.end))


def _is_company(letter: LetterText, span: Span) -> bool:
    """Whether a legal form ends these words, or follows them."""
    line_end = letter.folded.find("\n", span.end)
    rest = letter.folded[span.start : min(line_end if line_end >= 0 else len(letter.folded), span.end + 26)]
    form = _LEGAL_FORM.search(rest)
    return form is not None and not re.search(r"[,;:(]", rest[: form.start()].rstrip(" ,"))


def find_company(letter: LetterText) -> Iterator[Mention]:
    """Names that end in a legal form, wherever they stand, and what follows a label."""
    for found in _LEGAL_FORM.finditer(letter.folded):
        line = letter.text.rfind("\n", 0, found.start()) + 1
        if not letter.text[line : found.start()].strip():  # the form alone had no room on the line above
            line = letter.text.rfind("\n", 0, max(line - 1, 0)) + 1
        words = _OF_COMPANY.search(letter.text[line : found.start()].replace("\n", " "))
        if words is None:
            continue
        span = _company_span(letter, line + words.start(), found.end())
        if span is not None:
            yield Mention(
                tidy_company(letter.text[span.start : span.end]), span, _weight_of_company(letter, span)
            )
    yield from _find_organisations(letter)
    for label in _COMPANY_LABEL.finditer(letter.folded):
        end = _COMPANY_END.search(letter.folded, label.end())
        span = Span(label.end(), min(end.start() if end else len(letter.text), label.end() + _LONGEST))
        value = tidy(letter.text[span.start : span.end])
        if len(value) >= 4 and value[0].isupper() and not _LEGAL_FORM.search(fold(value)):
            yield Mention(value, span, 0.6)


def _find_organisations(letter: LetterText) -> Iterator[Mention]:
    """Names that begin with what an organisation is: of the letterhead, of whom the RUC follows, or of whom
    the letter speaks in capitals.
    """
    addressee = _ADDRESSEE.search(letter.folded)
    head = addressee.start() if addressee else 0
    for kind in _ORGANISATION.finditer(letter.folded):
        found = _OF_ORGANISATION.match(letter.text, kind.start())
        if found is None or not letter.text[kind.start()].isupper():
            continue
        end = found.end()
        if kind.start() < head and (more := _NEXT_OF_NAME.match(letter.text, end)):
            rest = _OF_ORGANISATION.match(letter.text, more.end()) or _LINE.match(letter.text, more.end())
            end = rest.end() if rest else end
        span, value = Span(kind.start(), end), tidy_company(letter.text[kind.start() : end])
        if (
            " " not in value
            or _OF_THE_STATE.search(fold(value))
            or _LEGAL_FORM.search(letter.folded, end, end + 9)
        ):
            continue
        said = kind.start() < head or _weight_of_company(letter, span) == _SAID
        yield Mention(value, span, _WITHOUT_FORM if said else _UNKNOWN)


def tidy_company(value: str) -> str:
    """A company's name, its last stop kept."""
    return re.sub(r"\s+", " ", value).strip(" ,;:-–·•|_")


def _company_span(letter: LetterText, start: int, end: int) -> Span | None:
    """The company's own words: labels, offices and connectives before them are not, nor words in small
    letters before a name in capitals.
    """
    words = list(re.finditer(r"\S+", letter.text[start:end]))
    plain = [fold(word[0]).strip(".,:") for word in words]
    first = max((place + 1 for place, word in enumerate(plain[:-1]) if word in _NOT_OF_COMPANY), default=0)
    loud = [place for place, word in enumerate(words[first:-1], first) if _is_loud(word[0])]
    if loud and len(loud) > 1 and not any(_is_quiet(word[0]) for word in words[loud[0] : -2]):
        first = loud[0]
    while first < len(words) - 1 and plain[first] in _BETWEEN:
        first += 1
    if len(words) - first < 2:
        return None
    return Span(start + words[first].start(), end)


def _is_loud(word: str) -> bool:
    return len(word) > 3 and word.isupper()


def _is_quiet(word: str) -> bool:
    return len(word) > 3 and word[1:].islower()


def _weight_of_company(letter: LetterText, span: Span) -> float:
    before = letter.folded[max(0, span.start - 60) : span.start]
    labelled = re.search(
        r"(?:razon\s+social|compania|empresa|empleador|representante\s+legal\s+de(?:\s+la)?|representacion\s+de|nombre\s+de|"
        r"de\s*:)\W*$",
        before,
    )
    follows = re.match(
        r"[\s,(]*(?:con\s+)?(?:numero\s+de\s+)?(?:r\.?u\.?c|registro\s+unico|empresa\s+con)",
        letter.folded[span.end :],
    )
    return _SAID if labelled or follows else 0.75
