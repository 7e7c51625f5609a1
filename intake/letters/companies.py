"""The company's name: what ends in a legal form, what an organisation begins with, what has a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from intake.letters.mentions import Mention, tidy
from intake.letters.text import LetterText, Span, fold

_LEGAL_FORM: Final = re.compile(
    r"(?<![a-z])(?:s\s?\.\s?a(?:\s?\.|(?![\w.]))(?:\s?s\s?\.)?(?:\s?c\s?\.\s?a\s?\.)?|s\.?a\.?s\b\.?|sa\b|cia\s?\.?\s*ltda\b\s?\.?|"
    r"c\s?\.\s?ltda\s?\.?|ltda\b\s?\.?|c\s?\.\s?a\b\s?\.?|c\s?\.\s?l\b\s?\.?|s\s?\.\s?c\s?\.(?:\s?c\s?\.)?|e\s?\.\s?p\b\s?\.?|ep\b)"
)
_ACRONYM: Final = re.compile(r" ([A-ZÁÉÍÓÚÑ]{4,16})(?=[\n,.;:()]|$| (?:con|representad|R\.?U\.?C))")
_OF_ACRONYM: Final = 2
"""Letters that an acronym has in common with the beginning of a word of the name."""
_OF_COMPANY: Final = re.compile(r"(?:(?:[A-ZÁÉÍÓÚÜÑ0-9][\w&'’\-]*\.?|&|de|del|y|e|la|los|las) )+$")
_CODE_IN_NAME: Final = re.compile(r"\b(?:0\d{3}|\d{6,})\b")
"""A branch or an identity number: what a table's columns ran together is no name."""
_PARTNERS: Final = re.compile(r"(?:^|\n)((?:[A-ZÁÉÍÓÚÑ]{3,}, )+)$")
"""The partners before the last two of a firm's name, at the head of a line."""
_BROKEN_NAME: Final = re.compile(r"\b(?:de|la|empresa|compañía|compania)((?: [A-ZÁÉÍÓÚÜÑ]{4,}){1,4})\n$")
"""The first words of a name in capitals that goes on in the next line, in the middle of a sentence."""
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
_LEADING_TEXT: Final = "general ejecutivo ejecutiva somos propietario propietaria director directora"
_LEADING: Final = frozenset(_LEADING_TEXT.split())
"""Words that are none of the name where they come first: the end of an office, a verb."""
BETWEEN: Final = frozenset(["de", "del", "la", "el", "los", "las", "y", "e", "a"])
_ORGANISATION_TEXT: Final = (
    "coac asociacion cooperativa compania fundacion federacion liga colegio camara sindicato consorcio "
    "corporacion hospital clinica unidad escuela universidad instituto gobierno gad municipio junta "
    "comuna conjunto condominio club gremio union comite centro empresa notaria fideicomiso mutualista "
    "patronato imprenta ferreteria farmacia taller cuerpo diocesis parroquia iglesia mision academia "
    "complejo hosteria hotel restaurante radio cabildo agencia caja congregacion convento monasterio "
    "orden hermanas vicariato estacion gasolinera almacen almacenes bazar panaderia pasteleria minimarket "
    "botica consultorio laboratorio lavanderia lubricadora vulcanizadora mecanica comercial distribuidora "
    "importadora constructora inmobiliaria finca granja avicola floricola camaronera editorial gimnasio "
    "peluqueria salon veterinaria optica jardin guarderia hostal residencial cafeteria heladeria asadero "
    "carpinteria joyeria papeleria libreria supermercado molino piladora aserradero operadora estudio"
)
_ORGANISATION: Final = re.compile(rf"(?<![a-z])(?:{'|'.join(_ORGANISATION_TEXT.split())})(?![a-z])")
"""What an organisation without a legal form begins its name with."""
_LOUD_BEFORE: Final = re.compile(
    r"(?<=[^\n\w] )(?:[A-ZÁÉÍÓÚÜÑ]{3,} ){1,2}$|(?<= de )(?:[A-ZÁÉÍÓÚÜÑ]{3,} ){1,2}$"
)
_OF_ORGANISATION: Final = re.compile(
    r"[A-ZÁÉÍÓÚÜÑ][\w'’\-]*"
    r"(?:(?: (?:[-–&] )?(?:de|del|y|e|la|el|los|las|en|para|a|que|DE|DEL|Y|E|LA|EL|LOS|LAS|EN|PARA)){0,3}"
    r" (?:[-–&] )?(?:[\"“«][^\"”»\n]{2,40}\n?[^\"”»\n]{0,40}[\"”»]|\d{1,2} de [A-ZÁÉÍÓÚÜÑ][\w'’\-]*|"
    r"[A-ZÁÉÍÓÚÜÑ][\w'’\-]*))*"
)
_LINE: Final = re.compile(r"[^\n]{3,50}")
_NEXT_OF_NAME: Final = re.compile(
    r"\n(?:[A-Z ]{1,5}\n)?(?=(?:DE|DEL|Y|DE LA|de|del) [\"“A-ZÁÉÍÓÚÜÑ]|[\"“][A-Z])"
)
"""A line of a letterhead that goes on with the name in the line above, a logo's letters between them."""
_NEXT_LINE: Final = re.compile(r"\n(?:\W{0,3}\w{0,3}\W{0,3}\n)?(?=[A-ZÁÉÍÓÚÜÑ]{2})")
_GENERIC_TEXT: Final = (
    "gobierno autonomo descentralizado municipal parroquial rural cantonal provincial junta "
    "administradora regional agua potable riego saneamiento alcantarillado empresa publica unidad "
    "educativa particular fiscal fiscomisional colegio escuela cooperativa transporte transportes ahorro "
    "credito asociacion produccion agropecuaria artesanal pesquera servicios fundacion club deportivo "
    "social liga barrial deportiva sindicato choferes profesionales centro educacion inicial desarrollo "
    "infantil cuerpo bomberos compania gad de la del y los"
)
_GENERIC: Final = frozenset(_GENERIC_TEXT.split())
"""Words that tell of what kind an organisation is and not which."""
_OF_THE_STATE: Final = re.compile(r"seguridad\s+social|ecuatoriano\s+de\s+seguridad")
ADDRESSEE: Final = re.compile(
    r"^\W*(?:senor(?:a|es|ita)?s?|sres|doctor|economista|ingenier[oa]|abogad[oa]|estimad[oa]s?)\b",
    re.MULTILINE,
)
_LONGEST: Final = 90
_SAID: Final = 1.0
"""Weight of a company's name that has a label, or its RUC after it."""
_WITHOUT_FORM: Final = 0.72
"""The most that a name without a legal form weighs: it may be a trade name, and is always asked about."""
_UNKNOWN: Final = 0.5
"""Weight of a name of which nothing says whose it is."""


def begins_organisation(word: str) -> bool:
    """Whether an organisation without a legal form may begin its name with a folded word."""
    return _ORGANISATION.fullmatch(word) is not None


def is_company(letter: LetterText, span: Span) -> bool:
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
        if not words.start() and (broken := _BROKEN_NAME.search(letter.text, max(line - 60, 0), line)):
            line = broken.start(1)
            words = _OF_COMPANY.match(letter.text[line : found.start()].replace("\n", " ")) or words
        start = line + words.start()
        partners = _PARTNERS.search(letter.text, max(line - 1, 0), start)
        span = _company_span(letter, start, found.end())
        if partners is not None and span is not None and span.start == start:
            span = Span(partners.start(1), span.end)
        if span is not None and not _CODE_IN_NAME.search(letter.text, span.start, span.end):
            yield Mention(
                tidy_company(letter.text[span.start : span.end]), span, _weight_of_company(letter, span)
            )
    yield from _find_organisations(letter)
    for label in _COMPANY_LABEL.finditer(letter.folded):
        end = _COMPANY_END.search(letter.folded, label.end())
        span = Span(label.end(), min(end.start() if end else len(letter.text), label.end() + _LONGEST))
        value = tidy(letter.text[span.start : span.end])
        labelled_twice = _COMPANY_LABEL.match(letter.folded, span.start) is not None
        if (
            len(value) >= 4
            and value[0].isupper()
            and not labelled_twice
            and not _LEGAL_FORM.search(fold(value))
        ):
            yield Mention(value, span, 0.6)


def _find_organisations(letter: LetterText) -> Iterator[Mention]:
    """Names that begin with what an organisation is: of the letterhead, of whom the RUC follows, or of whom
    the letter speaks in capitals.
    """
    addressee = ADDRESSEE.search(letter.folded)
    head = addressee.start() if addressee else 0
    for kind in _ORGANISATION.finditer(letter.folded):
        found = _OF_ORGANISATION.match(letter.text, kind.start())
        if found is None or not letter.text[kind.start()].isupper():
            continue
        start, end = _with_words_before(letter, kind.start()), found.end()
        if kind.start() < head:
            end = _end_on_next_line(letter, start, end)
        span, value = Span(start, end), tidy_company(letter.text[start:end])
        if (
            " " not in value
            or all(word in _GENERIC for word in _plain_words(value))
            or _OF_THE_STATE.search(fold(value))
            or _LEGAL_FORM.search(letter.folded, end, end + 9)
        ):
            continue
        said = kind.start() < head or _weight_of_company(letter, span) == _SAID
        yield Mention(value, span, _WITHOUT_FORM if said else _UNKNOWN)


def _plain_words(name: str) -> list[str]:
    return re.findall(r"\w+", fold(name))


def _end_on_next_line(letter: LetterText, start: int, end: int) -> int:
    """Where a name of the letterhead ends that the next line goes on with: one that has no word of its own
    yet, ends in a connective, or is followed by one or by what stands in quotes.
    """
    words = _plain_words(letter.text[start:end])
    open_ended = words[-1] in BETWEEN or all(word in _GENERIC for word in words)
    more = _NEXT_OF_NAME.match(letter.text, end)
    if more is None and open_ended:
        more = _NEXT_LINE.match(letter.text, end)
    if more is None:
        return end
    rest = _OF_ORGANISATION.match(letter.text, more.end()) or _LINE.match(letter.text, more.end())
    return rest.end() if rest else end


def _with_words_before(letter: LetterText, start: int) -> int:
    """Where a name in capitals begins that has other words before what it is, as in «MEGA FARMACIA»."""
    if not letter.text[start : start + 2].isupper():
        return start
    before = _LOUD_BEFORE.search(letter.text, max(start - 60, 0), start)
    strange = before is not None and any(fold(word) in _NOT_OF_COMPANY for word in before[0].split())
    return start if before is None or strange else before.start()


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
    while first < len(words) - 2 and (plain[first] in _LEADING | BETWEEN or plain[first].isdigit()):
        first += 1
    first = _after_trade_name([word[0] for word in words], first)
    while first < len(words) - 1 and plain[first] in BETWEEN:
        first += 1
    if len(words) - first < 2:
        return None
    return Span(start + words[first].start(), end + _acronym_after(letter, start + words[first].start(), end))


def _after_trade_name(words: list[str], first: int) -> int:
    """Where the company's own name begins after a trade name in capitals: «EL SOL de Solares Cía. Ltda.»."""
    for place in range(first + 1, len(words) - 1):
        before, after = (
            words[first:place],
            [word for word in words[place + 1 :] if fold(word) not in BETWEEN],
        )
        if words[place] == "de" and all(map(str.isupper, before)) and after and not after[0].isupper():
            return place + 1
    return first


def _acronym_after(letter: LetterText, start: int, end: int) -> int:
    """Signs of the acronym that many companies have after the legal form, as in «LOS ANDES S.A. ANDESA»."""
    found = _ACRONYM.match(letter.text, end)
    if found is None:
        return 0
    begins = {fold(word)[:_OF_ACRONYM] for word in letter.text[start:end].split() if len(word) > _OF_ACRONYM}
    return found.end() - end if fold(found[1])[:_OF_ACRONYM] in begins else 0


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
