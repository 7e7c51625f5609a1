"""How to reach the company: e-mail, telephone, address.

People put them in labelled rows, in the head, in the foot or in the middle of a sentence: what has the shape
of a telephone or of an address counts wherever it stands, and a label only makes it weigh more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from forms.identity import check_cedula
from intake.letters.mentions import Mention, tidy
from intake.letters.text import LetterText, Span, fold

_OF_THE_INSTITUTE: Final = "iess.gob.ec"
_EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]*\s?@\s?[A-Za-z0-9][A-Za-z0-9.\-]*\.[A-Za-z]{2,}")

_RUN_IN: Final = re.compile(r"^\d[\d\-]{4,}-(?=[A-Za-z])")
_PHONE_WORDS: Final = (
    r"telefonos?|telef|telfs?|t[li1]fs?|tfno|telefonic[oa]s?|telefonia|tel|fono|telefax|fax|convencional|pbx|conmutador|celular(?:es)?|cel|movil|"
    r"whatsapp|contacto|llamar\w*|comunicarse"
)
_PHONE: Final = re.compile(
    rf"\b(?:{_PHONE_WORDS})\b(?:[^\d+\n(]|\((?!\+?\d)){{0,40}}\n?[^\d+\n(]{{0,6}}"
    r"(\(?\+?\d[\d ()\-.]{5,15}\d)"
)
_PHONE_SHAPE: Final = re.compile(
    r"(?<![\d\-/])((?:\(?\+?593\)?[ \-]?\(?\d{1,2}\)?|\(0[2-9]\d?\)|0[2-7])[ \-]?\d{3}[ \-]?\d{4}|"
    r"0[2-7][ \-]\d[ \-]?\d{3}[ \-]?\d{3}|"
    r"\(\+?593[ \-]\d{1,2}\)[ \-]?\d{3}[ \-]?\d{4}|\+?593 \(0\)\d[ \-]?\d{3}[ \-]?\d{4}|"
    r"\(0[2-7]\d\)[ \-]?\d{3}[ \-]?\d{3}|09\d{2}[ \-]\d{3}[ \-]\d{3}|"
    r"0[2-7]\d[ \-]\d{3}[ \-]?\d{3}|0[2-7]-\d{4}-\d{3}|\(0[2-7]\) ?\d{4}[ \-]\d{3}|"
    r"09\d[ \-]\d{3}[ \-]?\d{4}|09\d{8})(?![\d\-/])"
)
"""Numbers of Ecuador's network: an area's digit or a mobile's after a nought or the country's code."""
_OF_ANOTHER: Final = re.compile(
    r"\b(?:autoriz\w+|contador[a]?|jef[ea]|asistente|abogad[oa]|delegad[oa]|encargad[oa]|coordinador[a]?|extension|"
    r"hij[oa])\b[^\n;]{0,70}$"
)
"""Words before a telephone that is somebody else's."""
_WHOLE: Final = 7
"""Digits of a whole number without its area."""
_UNANNOUNCED: Final = 0.7
_LATER: Final = 0.9
"""What a number weighs against the one before it."""

_ADDRESS: Final = re.compile(
    r"\b(?i:direcci[oó]n|domicilio|domiciliad[oa]s?\s+en|ubicad[oa]s?\s+en|ubicaci[oó]n|dir(?:\.|(?=\s*:))|sede(?=\s*:)|"
    r"oficinas?(?=\s*:)|notificaciones(?=\s*:)|correspondencia(?:\s+f[ií]sica)?(?:\s+a)?(?=\s*:))"
    r"(?!(?i:\s+(?:provincial|general|nacional|zonal|electr[oó]nic|de\s+correo|correo)))"
    r"(?:\s+(?i:domiciliari[oa]|tributari[oa]|comercial|principal|exacta|f[ií]sica|"
    r"de\s+la\s+(?:empresa|compañ[ií]a|instituci[oó]n)|es|en|la|el|siguiente)\b){0,4}"
    r"(?:\s+(?:de|del|de\s+la|de\s+mi|de\s+nuestr[oa])\s+[a-záéíóúñ]{3,}){0,2}(?:\s+a\s+efectos\s+de\s+notificaciones)?"
    r"(?:\s+se\s+(?:halla|encuentra|ubica))?(?:\s+en(?:\s+(?:la|el))?)?[\s:.\-]*"
)
_STANDS_IN: Final = re.compile(
    r"\b(?:situad[oa]s?|localizad[oa]s?|oficinas?|sede|encuentran?|esta|estan|estamos|estoy|tenemos|vivo|atiendo|atiende|trabajamos|atendemos|quedan?|funcionan?|funcionamos)\s+en\s+"
    r"(?:la\s+|el\s+)?"
)
_ROAD: Final = re.compile(
    r"\b(?:av\.?|avenida|calles?|cdla\.?|ciudadela|urb\.?|urbanizacion|barrio|sector|sitio|comuna|km\.?\s*[\d.,]+|kilometro|via|"
    r"panamericana|malecon|pasaje|autopista|carretera|parque\s+industrial|terminal|centro\s+comercial|comunidad|"
    r"recinto|lotizacion|hacienda|torre|edificio|edif\.)\s"
)
_ROAD_IN_CAPITALS: Final = re.compile(
    r"(?<!\w)(?:Av\.|Avenida|Calle|C[id]la\.|Ciudadela|Urb\.|Urbanización|Panamericana|Malecón|Autopista|Parque\s+Industrial|"
    r"AV\.|AVENIDA|CALLE|CDLA\.|CIUDADELA|URB\.)(?=\s+[A-ZÁÉÍÓÚÑ0-9])"
)
"""What a road's name begins with, wherever it stands."""
_CAPITAL_WORD: Final = r"[A-ZÁÉÍÓÚÑ][\w.]*"
_HOUSE_NUMBER: Final = re.compile(
    rf"(?<![\w.])((?:{_CAPITAL_WORD}|\d{{1,2}})(?: +(?:de|del|la|las|los|y|{_CAPITAL_WORD}|\d{{1,2}})){{0,6}}"
    r")[ \n]"
    r"(?:(?P<quarter>[NSEO][ew]?\s?\d{1,3}[A-Z]?-\d{1,4})|\d{1,2}-\d{1,3}|[Ss]/[Nn]|"
    r"\d{2,4}(?=\s+entre\s+[A-ZÁÉÍÓÚÑ]))\b"
)
"""A road and a house's number, as the cities of the highlands (N23-45) and others (7-42) write it."""
_CROSSING: Final = re.compile(
    rf"(?<![\w.])(?:{_CAPITAL_WORD}|\d{{1,2}})(?: +(?:de|del|la|las|los|{_CAPITAL_WORD}|\d{{1,4}})){{0,5}}"
    rf" +(?:\d{{1,4}} +)?y +(?:{_CAPITAL_WORD}|\d{{1,2}} de {_CAPITAL_WORD})[^\n]*"
)
_SEAT: Final = re.compile(r"(?:Campus|Matriz|Sede|Oficinas?|Local|Planta)\s(?=[A-ZÁÉÍÓÚÑ]\w+\s)")
"""What stands at an address and is no part of its road's name."""
_NEAR: Final = (
    r"(?:al\s+)?frente\s+al?|enfrente\s+de|junto\s+al?|diagonal\s+al?|contiguo\s+al?|detr[aá]s\s+de|al\s+lado\s+de|"
    r"a\s+(?:\d+|una?|dos|tres|cuatro|media)\s+(?:m|mts?\.?|metros|cuadras?)\s+de"
)
_BY_LANDMARK: Final = re.compile(
    rf"(?:[Ll]a\s+)?[A-ZÁÉÍÓÚÑ][\w.]*(?:\s+(?:de|del|la|las|los|[A-ZÁÉÍÓÚÑ][\w.]*)){{0,5}},?\s+(?:{_NEAR})l?\s"
)
"""A place that is told by what is near it, as in «la Y de Sangolquí, frente al banco»."""
_CROSSING_IN_TEXT: Final = re.compile(_CROSSING.pattern.replace(" +", "[ \\n]+"))
"""Two streets that cross, alone on a line of the head or the foot, as letterheads put it."""
_NEXT_CONTACT: Final = re.compile(
    r"(?<!ed\.)(?<!edif\.)(?<!av\.)(?<!y)\n|;|\s?[·•|*]|"
    r"\s[-–]\s?(?=\(?\+?\d[\d ()\-]{6})|\s(?:[-–]\s?)?(?=\S+@)|\s/\s|\s\(|\s(?:y\s+)?(?:donde|cuy[oa]|que)\b|"
    r"[.,;(]?\s*\(?(?:\by\s+|\bo\s+)?(?:el\s+|al\s+|a\s+los\s+|nuestro\s+|mi\s+|con\s+)?"
    r"\b(?:correo|e-?mail|mail\b|telefonos?|telf|tel\b|tlf|fono\b|celular|cel\b|contacto|buzon|casilla|pbx|www\.)"
)
_PARTS_OF_ADDRESSES: Final = (
    r"edificio|edif|ed|piso|oficina|ofic|of|local|bloque|dpto|depto|departamento|casa|manzana|mz|solar|sl|villa|"
    r"sector|barrio|parroquia|cant[oó]n|ciudadela|cdla|urbanizaci[oó]n|urb|conjunto|torre|planta|km|kil[oó]metro|"
    r"v[ií]a|esquina|esq|entre|calle|av|avenida|lote|etapa|s/n|lotizaci[oó]n|parque|bodega|coliseo|frente|junto|"
    r"diagonal|margen|mezzanine|comunidad|recinto|provincia|pasaje|transversal|subida|antigua|nuevo|nueva|"
    r"entrada|detras|atras|cerca|al\s+lado|a\s+lado|bajo|consultorio|suite|"
    r"a\s+(?:\d+|una?|dos|tres|cuatro|media)\s+(?:m|mts?|metros|cuadras?|pasos)|al\s+frente|a\s+la\s+vuelta|"
    r"contiguo|contigua|pasando|enfrente|tras|segundo|primer|tercer|2do|1er|3er|s/n|interior|altos|bajos|centro"
)
_SOMETHING_ELSE: Final = re.compile(rf",\s+(?!(?:y|{_PARTS_OF_ADDRESSES})\b)[a-záéíóúñ]")
"""A comma and a small word that tells no more of where a house stands."""
_SAYS_MORE: Final = re.compile(
    rf"(?<=\w) (?!(?:y|e|de|del|la|las|los|el|en|a|al|{_PARTS_OF_ADDRESSES})\b)[a-záéíóúñ]{{3,}} "
)
"""A small word after a house's number that begins to say something else."""
_SHORTENED_TEXT: Final = "Av Coop Cdla Urb Km Mz Sl No Nro Dr Gral Ed Edf Edif Piso Ofic Dpto Of "
"Esq Parr Conj Blq Pje Int Lt Apt Sec Fco Sta Sto"
_SENTENCE_END: Final = re.compile(
    "".join(rf"(?<!\b(?i:{word}))" for word in _SHORTENED_TEXT.split())
    + r"(?<!\b[A-Z])\.(?=\s+[A-ZÁÉÍÓÚÑ])|\s(?=[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\s?:)"
)
_BEGINS_ANEW: Final = re.compile(r"(?:\n|[·•|/–:*-]\s?|@\S+\s|\d{4}\s)$")
"""What a road is the beginning of something after: a line, a mark between two data, another datum."""
_LONGEST: Final = 160
_IN_PASSING: Final = 0.45
"""Weight of a road that begins in the middle of something else."""
_ANYWHERE: Final = 0.6
"""The most that an address with neither road nor house's number weighs."""


def find_email(letter: LetterText) -> Iterator[Mention]:
    """Every address of electronic mail but the institute's own."""
    for found in _EMAIL.finditer(letter.text):
        value = re.sub(r"\s", "", found[0]).rstrip(".")
        # A telephone may run into the address: dashes divide the two as they divide its own parts.
        value = _RUN_IN.sub("", value)
        before = letter.folded[max(0, found.start() - 90) : found.start()]
        if _OF_THE_INSTITUTE not in value.lower():
            yield Mention(value, Span(*found.span()), 0.6 if _OF_ANOTHER.search(before) else 1.0)


def find_phone(letter: LetterText) -> Iterator[Mention]:
    """Numbers after a word that announces a telephone, and what has the shape of one; of several, each later
    one weighs less, and one of somebody else's little.
    """
    weight, announced, last = 1.0, set[int](), 0
    for found in _PHONE.finditer(letter.folded):
        value = _first_of_two(tidy(letter.text[found.start(1) : found.end(1)]))
        if 7 <= len(re.sub(r"\D", "", value)) <= 13:
            before = letter.folded[max(last, found.start() - 90) : found.start()]
            another = 0.6 if _OF_ANOTHER.search(before) else 1.0
            yield Mention(value, Span(*found.span(1)), weight * another)
            announced.add(found.start(1))
            weight, last = weight * _LATER, found.end()
    weight = _UNANNOUNCED
    for found in _PHONE_SHAPE.finditer(letter.text):
        # An identity number of Guayas begins like a mobile's: with a good check digit it is none.
        plain = not found[1].isdigit() or bool(check_cedula(found[1]))
        if plain and found.start(1) not in announced:
            yield Mention(tidy(found[1]), Span(*found.span(1)), weight)
            weight *= _LATER


def _first_of_two(value: str) -> str:
    """The first of two numbers that a dash between blanks parts; where it parts one number, that number."""
    first, *more = re.split(r" - ", value, maxsplit=1)
    return first if more and len(re.sub(r"\D", "", first)) >= _WHOLE else value


def find_address(letter: LetterText) -> Iterator[Mention]:
    """What follows a word that announces an address, and roads and houses' numbers wherever they stand."""
    for label in _ADDRESS.finditer(letter.text):
        yield from _address_from(letter, label.end(), 1.0)
    for verb in _STANDS_IN.finditer(letter.folded):
        start = verb.end()
        shapes = (_HOUSE_NUMBER, _CROSSING_IN_TEXT, _BY_LANDMARK)
        if _ROAD.match(letter.folded, start) or any(shape.match(letter.text, start) for shape in shapes):
            yield from _address_from(letter, start, 0.9)
    for road in _ROAD.finditer(letter.folded):
        start = road.start()
        if start == 0 or _BEGINS_ANEW.search(letter.text, max(0, start - 60), start):
            yield from _address_from(letter, start, 0.6)
    for road in _ROAD_IN_CAPITALS.finditer(letter.text):
        yield from _address_from(letter, road.start(), _IN_PASSING)
    for line in re.finditer(r"[^\n|·•]+", letter.text):
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        if _CROSSING.match(line[0].lstrip()) and re.search(r"\d", line[0]):
            yield from _address_from(letter, start, 0.45)
    for house in _HOUSE_NUMBER.finditer(letter.text):
        seat = _SEAT.match(letter.text, house.start(), house.end())
        yield from _address_from(
            letter, seat.end() if seat else house.start(), 0.65 if house["quarter"] else 0.5
        )


def _address_from(letter: LetterText, start: int, weight: float) -> Iterator[Mention]:
    """The address that begins at ``start``; its house's number may stand on the next line."""
    house = _HOUSE_NUMBER.match(letter.text, start)
    least = house.end() if house else start
    most = min(start + _LONGEST + 1, len(letter.text))
    ends = (
        _NEXT_CONTACT.search(letter.folded, least, most),
        _SENTENCE_END.search(letter.text, least, most),
        _SOMETHING_ELSE.search(letter.text, least, most),
        _SAYS_MORE.search(letter.text, least, most) if house else None,
    )
    stop = min([end.start() for end in ends if end is not None] + [most])
    value = tidy(letter.text[start:stop]).rstrip(".")
    stands = house or _ROAD.match(letter.folded, start)
    # A label's own words may go on, and no address is all in small letters, nor a heading.
    worded = re.search(r"[a-z]{3}", fold(value) if stands else value)
    cut_off = re.search(r"\s(?:y|e|entre)$|@", value)
    if 6 <= len(value) <= _LONGEST and worded and not cut_off and re.search(r"[A-ZÁÉÍÓÚÑ0-9]", value):
        yield Mention(value, Span(start, stop), weight if stands else min(weight, _ANYWHERE))
