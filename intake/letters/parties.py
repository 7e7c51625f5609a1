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
    "yo soy comparece suscribe representante legal gerente director directora provincial instituto "
    "ecuatoriano general seguridad social iess senor senora senores ruc sucursal razon atentamente "
    "cordialmente presente empresa compania solicitud empleador asunto estimado estimada apoderado "
    "presidente ecuador consejo administracion junta asamblea gerencia directorio hacienda firma sello "
    "cedula codigo telefono correo direccion magister ingeniero quito despacho ciudad planilla aportes"
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
    r"suscribe\s*:",
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
_BEFORE_NAME: Final = re.compile(
    rf"\b(?:{'|'.join(_INTRODUCTIONS)})\s*(?:(?:el|la)\s+)?(?:senora?|sr\.|sra\.)?\s*$"
)
_OF_PERSONS: Final = (
    r"de\s+(?:nacionalidad|estado\s+civil|profesion|ocupacion)\s+\w+",
    r"(?:casad|solter|divorciad|viud|ecuatorian)[oa]",
    r"mayor\s+de\s+edad",
)
_AFTER_NAME: Final = re.compile(
    rf"\s*,?\s*(?:(?:{'|'.join(_OF_PERSONS)})\s*,?\s*)*"
    r"(?:con\s+(?:numero\s+de\s+)?(?:cedula|codigo|c\.|documento|ci\b|cc\b)|"
    r"(?<!\n)(?:cedula|ced\.|c\.\s?[ci]\b|ci\b|cc\b)|portador|titular|identificad|"
    r"en\s+(?:mi\s+|su\s+)?calidad|en\s+representacion|(?:como\s+)?representante\s+legal|gerente\s+general)"
)
_LEGAL_FORM: Final = re.compile(
    r"(?<![a-z])(?:s\s?\.\s?a\s?\.(?:\s?s\s?\.)?(?:\s?c\s?\.\s?a\s?\.)?|s\.?a\.?s\b\.?|sa\b|cia\s?\.?\s*ltda\b\s?\.?|"
    r"c\s?\.\s?ltda\s?\.?|ltda\b\s?\.?|c\s?\.\s?a\s?\.|c\s?\.\s?l\s?\.|e\s?\.\s?p\s?\.|ep\b)"
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
_A_HOUSE: Final = re.compile(r" [NSEO][ew]?\s?\d")
"""After a name that is a road's."""
_LONGEST: Final = 90
_SCRAWL: Final = re.compile(r"\W*(?:\w{1,6}\W*\n\W*){0,2}(?:p(?:or|\.)\s[^\n]*\n\W*)?")
"""What strokes of a signature may be taken for, one or two short words on lines of their own; and in whose
name somebody signs.
"""


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


def _without_strangers(letter: LetterText, span: Span) -> Span | None:
    """The name without words that belong to a label or an office before or after it."""
    words = list(re.finditer(r"\S+", letter.text[span.start : span.end]))
    strange = [fold(word[0]) in _NOT_A_NAME for word in words]
    first, last = 0, len(words)
    while first < last and strange[first]:
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
    introduced = bool(_BEFORE_NAME.search(before))
    if _is_company(letter, span) or _A_HOUSE.match(letter.text, span.end):
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
    return 0.7 if follows and not OF_A_WORKER.search(before) else 0.0


def _is_company(letter: LetterText, span: Span) -> bool:
    """Whether a legal form ends these words, or follows them."""
    line_end = letter.folded.find("\n", span.end)
    rest = letter.folded[span.start : min(line_end if line_end >= 0 else len(letter.folded), span.end + 26)]
    form = _LEGAL_FORM.search(rest)
    return form is not None and not re.search(r"[,;:(]", rest[: form.start()])


def find_company(letter: LetterText) -> Iterator[Mention]:
    """Names that end in a legal form, wherever they stand, and what follows a label."""
    for found in _LEGAL_FORM.finditer(letter.folded):
        line = letter.text.rfind("\n", 0, found.start()) + 1
        words = _OF_COMPANY.search(letter.text[line : found.start()])
        if words is None:
            continue
        span = _company_span(letter, line + words.start(), found.end())
        if span is not None:
            yield Mention(
                tidy_company(letter.text[span.start : span.end]), span, _weight_of_company(letter, span)
            )
    for label in _COMPANY_LABEL.finditer(letter.folded):
        end = _COMPANY_END.search(letter.folded, label.end())
        span = Span(label.end(), min(end.start() if end else len(letter.text), label.end() + _LONGEST))
        value = tidy(letter.text[span.start : span.end])
        if len(value) >= 4 and value[0].isupper() and not _LEGAL_FORM.search(fold(value)):
            yield Mention(value, span, 0.6)


def tidy_company(value: str) -> str:
    """A company's name, its last stop kept."""
    return re.sub(r"\s+", " ", value).strip(" ,;:-–·•|_")


def _company_span(letter: LetterText, start: int, end: int) -> Span | None:
    """The company's own words: leading connectives and words of offices are not."""
    words = list(re.finditer(r"\S+", letter.text[start:end]))
    first = 0
    for place, word in enumerate(words[:-1]):
        plain = fold(word[0]).strip(".,:")
        if plain in _NOT_A_NAME or (
            place == first and plain in {"de", "del", "y", "e", "la", "los", "las", "a"}
        ):
            first = place + 1
    if len(words) - first < 2:
        return None
    return Span(start + words[first].start(), end)


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
    return 1.0 if labelled or follows else 0.75
