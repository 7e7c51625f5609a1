"""Novedades as an employer writes them, on the screen or in a file of many: texts in, novedades or faults
out. One list of columns is the screen's form, the file's header and the checks.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from forms.identity import check_cedula, check_foreigner_code
from forms.problems import Problem, problem
from forms.written_dates import read_day
from regeneration.months import Month
from regeneration.novedades import EXIT_CAUSES, Novedad, NovedadType
from regeneration.sheets import is_relation_code
from regeneration.spreadsheets import write_rows

_EVERY: Final = frozenset(NovedadType)
_AMOUNT: Final = re.compile(r"[0-9]{1,10}(?:[.,][0-9]{1,2})?")
_MOST_LINES: Final = 100_000
_MOST_NAME: Final = 120
_EXAMPLE_DAY: Final = 20


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """One datum of a novedad: its name here and in a file's header, and for which types it is asked."""

    name: str
    header: str
    label: str
    help: str
    types: frozenset[NovedadType]
    optional: frozenset[NovedadType] = frozenset()


COLUMNS: Final = (
    EntryColumn("type", "tipo", "Tipo de novedad", "", _EVERY),
    EntryColumn(
        "id_number",
        "cedula",
        "Cédula o código del trabajador",
        "Diez dígitos, o el código de identificación para extranjeros.",
        _EVERY,
    ),
    EntryColumn("name", "nombre", "Apellidos y nombres", "", frozenset({NovedadType.ENTRY})),
    EntryColumn(
        "effective", "fecha", "Fecha del hecho", "Como 2026-10-20 o 20/10/2026, el día antes del mes.", _EVERY
    ),
    EntryColumn("wage", "sueldo", "Sueldo mensual", "", frozenset({NovedadType.ENTRY, NovedadType.NEW_WAGE})),
    EntryColumn("amount", "valor", "Valor de los extras del mes", "", frozenset({NovedadType.VARIATION})),
    EntryColumn(
        "relation",
        "relacion",
        "Relación de trabajo",
        "El código del IESS, como 06, que es el de quien trabaja según el Código del Trabajo. Si la persona "
        "tiene más de una relación con este empleador, el de aquella a la que se refiere la novedad.",
        _EVERY,
        _EVERY - {NovedadType.ENTRY, NovedadType.RELATION},
    ),
    EntryColumn(
        "previous_relation",
        "relacion_anterior",
        "Relación de trabajo que cambia",
        "Solo si la persona tiene más de una con este empleador.",
        frozenset({NovedadType.RELATION}),
        frozenset({NovedadType.RELATION}),
    ),
    EntryColumn(
        "part_time_hours",
        "horas",
        "Horas diarias, si es a tiempo parcial",
        "De 1 a 8. En una entrada, déjelo vacío si trabaja la jornada completa. En un cambio de relación, "
        "déjelo vacío si las horas no cambian, y escriba 8 si pasa a la jornada completa.",
        frozenset({NovedadType.ENTRY, NovedadType.RELATION}),
        frozenset({NovedadType.ENTRY, NovedadType.RELATION}),
    ),
    EntryColumn("cause", "causa", "Causa de la salida", "", frozenset({NovedadType.EXIT})),
    EntryColumn(
        "until",
        "hasta",
        "Último día de la licencia",
        "Como 2026-10-20 o 20/10/2026, el día antes del mes.",
        frozenset({NovedadType.LEAVE}),
    ),
    EntryColumn(
        "cancels",
        "corrige",
        "Novedad que esta corrige",
        "Solo si una novedad ya registrada estuvo mal: su número, como N12.",
        _EVERY,
        _EVERY,
    ),
)
HEADERS: Final = {column.header: column.name for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class EntryFault:
    """What is wrong with a datum, in Spanish; ``column`` is its name in :data:`COLUMNS`."""

    column: str
    reason: str


def read_entry(
    texts: Mapping[str, str], registered: date, registered_by: str
) -> Novedad | tuple[EntryFault, ...]:
    """A novedad from what was written, by column name; or every fault of it. What the type does not ask for
    is not looked at.
    """
    try:
        kind = NovedadType(texts.get("type", "").strip().upper())
    except ValueError:
        known = ", ".join(each.value for each in NovedadType)
        return (EntryFault("type", f"no es uno de: {known}"),)
    given: dict[str, object] = {}
    faults: list[EntryFault] = []
    for column in COLUMNS[1:]:
        text = texts.get(column.name, "").strip()
        if kind not in column.types:
            continue
        if not text:
            if kind not in column.optional:
                faults.append(EntryFault(column.name, "falta"))
            continue
        try:
            given[column.name] = _PARSERS[column.name](text)
        except ValueError as error:
            faults.append(EntryFault(column.name, str(error)))
    if faults:
        return tuple(faults)
    return Novedad(type=kind, registered=registered, registered_by=registered_by, **given)  # type: ignore[arg-type]


def fault_problems(faults: Sequence[EntryFault]) -> tuple[Problem, ...]:
    """The faults as the screen shows them, each with its field."""
    labels = {column.name: column.label for column in COLUMNS}
    return tuple(
        problem("FIELD_MISSING", field=each.column, label=labels[each.column])
        if each.reason == "falta"
        else problem("FIELD_FORMAT", field=each.column, label=labels[each.column], reason=each.reason)
        for each in faults
    )


def _parse_person(text: str) -> str:
    person = text.replace("-", "").upper()
    found = check_cedula(person) if person.isdigit() and len(person) == 10 else check_foreigner_code(person)
    if person.isdigit() and len(person) < 10:
        raise ValueError(f"tiene {len(person)} dígitos y la cédula tiene 10; ¿se perdió un cero inicial?")
    if found:
        raise ValueError(
            "no es una cédula correcta" if len(person) == 10 else "no es una cédula ni un código"
        )
    return person


def _parse_name(text: str) -> str:
    if not text.isprintable() or len(text) > _MOST_NAME:
        raise ValueError(f"tiene más de {_MOST_NAME} letras o un signo que no se puede escribir")
    return " ".join(text.split())


def _parse_day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise ValueError("no es una fecha; escríbala como 2026-10-20 o 20/10/2026, el día antes del mes")
    return day


def _parse_amount(text: str) -> Decimal:
    """Dollars with point or comma. A separator of thousands is refused: «1.234» could be either."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError("no es un valor; escríbalo como 550.00, sin separar los miles")
    return Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))


def _parse_relation(text: str) -> str:
    if not is_relation_code(text):
        raise ValueError("no es un código de dos o tres dígitos, como 06, con su cero inicial")
    return text


def _parse_hours(text: str) -> int:
    if text not in {str(hours) for hours in range(1, 9)}:
        raise ValueError("son horas enteras, de 1 a 8")
    return int(text)


def _parse_cause(text: str) -> str:
    cause = text.upper()
    if cause not in EXIT_CAUSES:
        told = ", ".join(f"{code} {label}" for code, label in EXIT_CAUSES.items())
        raise ValueError(f"no es ninguna de estas, {told}")
    return cause


def _parse_number(text: str) -> str:
    number = text.upper()
    if not re.fullmatch(r"N[0-9]{1,12}", number):
        raise ValueError("no es el número de una novedad, como N12")
    return number


_PARSERS: Final = {
    "id_number": _parse_person,
    "name": _parse_name,
    "effective": _parse_day,
    "wage": _parse_amount,
    "amount": _parse_amount,
    "relation": _parse_relation,
    "previous_relation": _parse_relation,
    "part_time_hours": _parse_hours,
    "cause": _parse_cause,
    "until": _parse_day,
    "cancels": _parse_number,
}


def read_entries(
    data: bytes, registered: date, registered_by: str
) -> tuple[tuple[Novedad, ...], tuple[Problem, ...]]:
    """A file of many: its first line names the columns, ``;`` or ``,`` part them, each line is a novedad.

    Every fault is told by its line, counted as a spreadsheet counts; a file with any is not to be used.
    """
    text = _decode(data)
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if unknown := _header_fault(header):
            return (), (problem("BATCH_LINE_INVALID", line=1, reason=unknown),)
        return _read_rows(rows, [HEADERS[name] for name in header], registered, registered_by)
    except csv.Error:
        return (), (problem("BATCH_LINE_INVALID", line=1, reason="no es una tabla separada por «;» o «,»"),)


def _read_rows(
    rows: Iterator[list[str]], names: Sequence[str], registered: date, registered_by: str
) -> tuple[tuple[Novedad, ...], tuple[Problem, ...]]:
    labels = {column.name: column.header for column in COLUMNS}
    novedades: list[Novedad] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        if number > _MOST_LINES:
            problems.append(
                problem("BATCH_LINE_INVALID", line=number, reason="el archivo es demasiado largo")
            )
            break
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            reason = f"tiene {len(row)} columnas y la primera línea tiene {len(names)}"
            problems.append(problem("BATCH_LINE_INVALID", line=number, reason=reason))
            continue
        read = read_entry(dict(zip(names, row, strict=True)), registered, registered_by)
        if isinstance(read, Novedad):
            novedades.append(read)
        else:
            problems += (
                problem(
                    "BATCH_LINE_INVALID",
                    field=each.column,
                    line=number,
                    reason=f"{labels[each.column]}: {each.reason}",
                )
                for each in read
            )
    if not novedades and not problems:
        problems.append(problem("BATCH_LINE_INVALID", line=2, reason="el archivo no tiene novedades"))
    return tuple(novedades), tuple(problems)


def lines_of_entries(data: bytes) -> tuple[int, ...]:
    """The lines of a file that :func:`read_entries` took without fault, one for each novedad."""
    text = _decode(data)
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    written = [number for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    return tuple(written[1:])


def _header_fault(header: Sequence[str]) -> str:
    unknown = [name for name in header if name not in HEADERS]
    if unknown or not header:
        return f"la primera línea nombra las columnas, de entre: {', '.join(HEADERS)}"
    if len(set(header)) != len(header):
        return "la primera línea nombra una columna dos veces"
    missing = [name for name in ("tipo", "cedula", "fecha") if name not in header]
    return f"falta la columna {', '.join(missing)}" if missing else ""


def _decode(data: bytes) -> str:
    """Text as spreadsheets save it: UTF-8 with or without its mark, else Windows' own."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def example_day(period: Month, today: date) -> date:
    """A day of the month for an example: late in it, so that what happened then may be told in all of the
    month after; no day that is still to come.
    """
    return max(period.first, min(period.first.replace(day=_EXAMPLE_DAY), today))


def write_example(day_of_fact: date) -> bytes:
    """A file to begin with: the header, and one line of each type with people that do not exist. It is to be
    filled in with a spreadsheet, so its amounts are written as one here writes them.
    """
    day = day_of_fact.isoformat()
    entry = {"cedula": "1750000018", "nombre": "TIPÁN LEMA JUAN CARLOS", "sueldo": "482,00", "relacion": "06"}
    lines: list[dict[str, str]] = [
        {"tipo": "ENT", **entry},
        {"tipo": "SAL", "cedula": "1710034065", "causa": "V"},
        {"tipo": "MSU", "cedula": "0960000016", "sueldo": "600,00"},
        {"tipo": "INS", "cedula": "2400000010", "valor": "35,50"},
        {"tipo": "LIC", "cedula": "2400000010", "hasta": day},
    ]
    dated = [{"fecha": day, **line} for line in lines]
    return write_rows([list(HEADERS), *([line.get(head, "") for head in HEADERS] for line in dated)])
