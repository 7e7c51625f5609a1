"""Novedades in the institute's batch file: records read with an error for each line, written, and applied.

One record a line, columns between ``;``, ASCII, amounts with a point whatever the locale. A line that is
wrong is told by its number and column and never half read; what the format leaves unsaid (the hours of a
part-time entry) is asked for, not guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from forms.problems import Problem, problem
from regeneration.batch_layout import FULL_TIME, NO_DAY, TAILS, columns_of, parse_day
from regeneration.money import parse_money
from regeneration.months import Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.sheets import Sheet

SEPARATOR: Final = ";"
LINE_END: Final = "\r\n"
_TYPE: Final = 4
"""Place of the column that says which type of record a line is."""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One record, as the file has it: ``values`` are texts by the column names of ``batch_layout``."""

    type: NovedadType
    values: Mapping[str, str]

    @property
    def period(self) -> Month:
        return Month(int(self.values["year"]), int(self.values["month"]))


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A record and the number of its line, counted from 1."""

    number: int
    record: BatchRecord


@dataclass(frozen=True, slots=True)
class BatchFile:
    """What was read: the lines that are right, and a problem for each fault of those that are not."""

    lines: tuple[BatchLine, ...]
    problems: tuple[Problem, ...]

    @property
    def records(self) -> tuple[BatchRecord, ...]:
        return tuple(line.record for line in self.lines)


def read_batch(data: bytes) -> BatchFile:
    """Read a batch file. Lines end in LF or CRLF; empty lines at the end are no records."""
    lines: list[BatchLine] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    rows = data.split(b"\n")
    while rows and not rows[-1].strip():
        rows.pop()
    if not rows:
        return BatchFile((), (_fault(1, "el archivo está vacío"),))
    for number, raw in enumerate(rows, start=1):
        record = _read_line(number, raw.removesuffix(b"\r"))
        if isinstance(record, BatchRecord) and (first := seen.setdefault(_key_of(record), number)) != number:
            record = (_fault(number, f"repite el registro de la línea {first} para la misma persona"),)
        if isinstance(record, BatchRecord):
            lines.append(BatchLine(number, record))
        else:
            problems += record
    return BatchFile(tuple(lines), tuple(problems))


def _key_of(record: BatchRecord) -> tuple[str, ...]:
    """The format takes one record of a type for each person of a branch and month."""
    places = ("ruc", "branch", "year", "month", "id_number")
    return (record.type.value, *(record.values[place] for place in places))


def _read_line(number: int, raw: bytes) -> BatchRecord | tuple[Problem, ...]:
    try:
        line = raw.decode("ascii")
    except UnicodeDecodeError as error:
        place = error.start + 1
        return (_fault(number, f"el signo {place} no es ASCII: escriba sin tildes, sin ñ y sin marca BOM"),)
    if not line.strip():
        return (_fault(number, "está vacía: bórrela"),)
    texts = line.split(SEPARATOR)
    if len(texts) == 1:
        return (
            _fault(
                number,
                "no tiene columnas separadas por «;» y faltan las primeras; no use comas ni tabuladores",
            ),
        )
    if len(texts) <= _TYPE:
        return (_fault(number, f"tiene {len(texts)} columnas separadas por «;» y faltan las primeras"),)
    kind = next((kind for kind in TAILS if kind.value == texts[_TYPE]), None)
    if kind is None:
        known = ", ".join(kind.value for kind in TAILS)
        return (_fault(number, f"el tipo de registro «{texts[_TYPE]}» no es uno de: {known}"),)
    columns = columns_of(kind)
    if len(texts) != len(columns):
        reason = f"un registro {kind.value} tiene {len(columns)} columnas y este tiene {len(texts)}"
        return (_fault(number, reason),)
    faults = tuple(
        _fault(number, f"{column.label} «{text}» {wrong}", column.name)
        for column, text in zip(columns, texts, strict=True)
        if (wrong := column.rule(text)) is not None
    )
    values = {column.name: text for column, text in zip(columns, texts, strict=True)}
    return faults or tuple(_cross_check(number, kind, values)) or BatchRecord(kind, values)


def _cross_check(number: int, kind: NovedadType, values: Mapping[str, str]) -> Iterator[Problem]:
    """What one column demands of another."""
    if kind is NovedadType.EXIT and (values["cause"] == "F") != (values["died"] != NO_DAY):
        reason = "la fecha de fallecimiento va con la causa F, y solo con ella; si no, escriba 00000000"
        yield _fault(number, reason, "died")


def _fault(number: int, reason: str, column: str | None = None) -> Problem:
    return problem("BATCH_LINE_INVALID", field=column, line=number, reason=reason)


def write_batch(records: Iterable[BatchRecord]) -> bytes:
    """The file of ``records``, which :func:`read_batch` reads back equal, but for accents.

    ``ValueError`` names the record and column that the format has no room for.
    """
    return "".join(_write_line(record) + LINE_END for record in records).encode("ascii")


def _write_line(record: BatchRecord) -> str:
    texts = []
    for column in columns_of(record.type):
        text = fold_ascii(record.values[column.name])
        if (wrong := column.rule(text)) is not None or SEPARATOR in text or not text.isprintable():
            fault = wrong or "lleva un signo que el archivo no admite"
            raise ValueError(f"{record.type.value} {record.values['id_number']}: {column.label} {fault}")
        texts.append(text)
    return SEPARATOR.join(texts)


def fold_ascii(text: str) -> str:
    """``text`` in ASCII: letters without their accents, as the institute's files are written.

    >>> fold_ascii("Ingeniería de diseño")
    'Ingenieria de diseno'
    """
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode("ascii")


def novedades_of(
    batch: BatchFile, sheet: Sheet, registered: date
) -> tuple[tuple[Novedad, ...], tuple[Problem, ...]]:
    """The novedades of the lines for ``sheet``, registered on the day ``registered``, and what keeps a
    line from being one: it is of another sheet, or says something that the format does not explain.

    A new wage and a variation say only their month: they hold from its first day, or from the person's
    entry in it.
    """
    novedades: list[Novedad] = []
    problems: list[Problem] = list(batch.problems)
    starts = _find_starts(batch, sheet)
    for line in batch.lines:
        values = line.record.values
        if (values["ruc"], values["branch"], line.record.period) != (sheet.ruc, sheet.branch, sheet.period):
            told = f"{values['ruc']}, sucursal {values['branch']}, {line.record.period}"
            problems.append(_fault(line.number, f"es de otra planilla ({told})"))
        elif line.record.type is NovedadType.ENTRY and values["workday"] != FULL_TIME:
            reason = f"la jornada «{values['workday']}» no dice cuántas horas: regístrela en el portal"
            problems.append(_fault(line.number, reason, "workday"))
        else:
            start = starts.get(values["id_number"], sheet.period.first)
            novedades.append(_novedad_of(line.record, start, registered))
    return tuple(novedades), tuple(problems)


def _find_starts(batch: BatchFile, sheet: Sheet) -> dict[str, date]:
    """Who enters in the sheet's month, and when."""
    starts = {line.id_number: line.entered for line in sheet.lines if line.entered is not None}
    for record in batch.records:
        if record.type is NovedadType.ENTRY:
            starts[record.values["id_number"]] = parse_day(record.values["entered"])
    return {person: day for person, day in starts.items() if day in sheet.period}


def _novedad_of(record: BatchRecord, start: date, registered: date) -> Novedad:
    """A record as a novedad; ``start`` is since when it holds if it does not say."""
    values, kind = record.values, record.type
    match kind:
        case NovedadType.ENTRY:
            effective, registered = parse_day(values["entered"]), parse_day(values["registered"])
        case NovedadType.EXIT:
            effective = parse_day(values["left"])
        case _:
            effective = start
    return Novedad(
        kind,
        values["id_number"],
        effective,
        registered,
        wage=_amount_of(values, "wage"),
        amount=_amount_of(values, "amount"),
        relation=values.get("relation"),
        cause=values["cause"] if kind is NovedadType.EXIT else None,
    )


def _amount_of(values: Mapping[str, str], name: str) -> Decimal | None:
    return parse_money(values[name]) if name in values else None
