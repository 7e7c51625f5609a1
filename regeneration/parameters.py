"""Rates, bases and limits by date, each with its unit, its reference and how sure it is.

The values are in ``parameter_data/*.yaml``, and an operator adds the ones that are decreed later in files of
a folder of their own (:func:`extend_parameters`). A stretch of dates without a value is never guessed: the
answer is :class:`NotInForce`, which becomes the problem ``PARAMETER_NOT_IN_FORCE``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import yaml

from forms.problems import Problem, problem
from regeneration.months import write_date

_E = TypeVar("_E", bound=Enum)

FOLDER: Final = Path(__file__).parent / "parameter_data"
OPEN: Final = "open"
"""Written as ``until`` of a value whose end nobody has set."""


class ParametersError(ValueError):
    """The parameter files are broken; the message names the file, the parameter and the fault."""


class Confidence(Enum):
    """How well founded a value is; whatever is not ``SURE`` is listed in ``docs/open-questions.md``."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"


class Unit(Enum):
    PERCENT = "percent"
    DOLLARS = "USD"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A value from ``since`` to ``until`` (included; ``None`` is open); ``parts`` by name."""

    name: str
    label: str
    since: date
    until: date | None
    unit: Unit
    parts: Mapping[str, Decimal]
    reference: str
    confidence: Confidence

    @property
    def key(self) -> str:
        """What an explanation cites, such as ``contribution/private@2015-01-01``."""
        return f"{self.name}@{self.since.isoformat()}"

    @property
    def amount(self) -> Decimal:
        """The value of a parameter that has only one part, called ``amount``."""
        return self.parts["amount"]


@dataclass(frozen=True, slots=True)
class NotInForce:
    """There is no value of ``name`` on the date ``on``; ``label`` is what people call it."""

    name: str
    on: date
    label: str

    def as_problem(self) -> Problem:
        return problem("PARAMETER_NOT_IN_FORCE", parameter=self.label, on=write_date(self.on))


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every parameter by name, each with its values in order of date."""

    values: Mapping[str, tuple[ParameterValue, ...]]

    def find(self, name: str, on: date) -> ParameterValue | NotInForce:
        """The value of ``name`` in force on the date ``on``; ``KeyError`` for a name that no file has."""
        for value in reversed(self.values[name]):
            if value.since <= on and (value.until is None or on <= value.until):
                return value
        return NotInForce(name, on, self.values[name][0].label)

    def cited(self, key: str) -> ParameterValue:
        """The value that an explanation cites by :attr:`ParameterValue.key`; ``KeyError`` when none is it."""
        name, _, since = key.partition("@")
        for value in self.values[name]:
            if value.since.isoformat() == since:
                return value
        raise KeyError(key)


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ParametersError(f"{node.start_mark}: written twice: {sorted(map(str, twice))}")
        return super().construct_mapping(node, deep)


_PARAMETER_KEYS: Final = frozenset({"label", "unit", "values"})
_VALUE_KEYS: Final = frozenset({"since", "until", "parts", "reference", "confidence"})


def parse_parameters(text: str, source: str = "text") -> dict[str, tuple[ParameterValue, ...]]:
    """The parameters that one YAML document defines; ``ParametersError`` names what is wrong with it."""
    document = _read_document(text, source)
    return {name: _parse_parameter(name, body, f"{source}: {name}") for name, body in document.items()}


def _read_document(text: str, source: str) -> dict[str, object]:
    try:
        document = yaml.load(text, Loader=_StrictLoader)
    except ParametersError as error:
        raise ParametersError(f"{source}: {error}") from error
    except yaml.YAMLError as error:
        raise ParametersError(f"{source}: not YAML: {error}") from error
    if not isinstance(document, dict) or not document:
        raise ParametersError(f"{source}: must be a mapping of parameters")
    return {str(name): body for name, body in document.items()}


def _parse_parameter(name: str, body: object, where: str) -> tuple[ParameterValue, ...]:
    shape = _expect_keys(body, _PARAMETER_KEYS, where)
    rows = shape["values"]
    if not isinstance(rows, list) or not rows:
        raise ParametersError(f"{where}: «values» must be a list with at least one value")
    unit = _parse_choice(Unit, shape["unit"], where)
    values = tuple(
        _parse_value(name, str(shape["label"]), unit, row, f"{where}, value {n}")
        for n, row in enumerate(rows, 1)
    )
    _check_dates(values, where)
    return values


def _parse_value(name: str, label: str, unit: Unit, body: object, where: str) -> ParameterValue:
    shape = _expect_keys(body, _VALUE_KEYS, where)
    since, until = shape["since"], shape["until"]
    # a datetime is a date to Python, and would compare with none
    if type(since) is not date or (type(until) is not date and until != OPEN):
        raise ParametersError(f"{where}: «since» and «until» are dates YYYY-MM-DD («until» may be «{OPEN}»)")
    reference = shape["reference"]
    if not isinstance(reference, str) or not reference.strip():
        raise ParametersError(f"{where}: «reference» must say where the value comes from")
    return ParameterValue(
        name=name,
        label=label,
        since=since,
        until=None if until == OPEN else until,
        unit=unit,
        parts=_parse_parts(shape["parts"], where),
        reference=reference.strip(),
        confidence=_parse_choice(Confidence, shape["confidence"], where),
    )


def _parse_parts(body: object, where: str) -> Mapping[str, Decimal]:
    if not isinstance(body, dict) or not body:
        raise ParametersError(f"{where}: «parts» must be a mapping of names to quoted numbers")
    parts: dict[str, Decimal] = {}
    for name, text in body.items():
        try:
            amount = Decimal(text) if isinstance(text, str) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise ParametersError(f'{where}: part «{name}» must be a quoted number such as "9.45"')
        parts[str(name)] = amount
    return MappingProxyType(parts)


def _parse_choice(kind: type[_E], value: object, where: str) -> _E:
    try:
        return kind(value)
    except ValueError as error:
        allowed = ", ".join(str(member.value) for member in kind)
        raise ParametersError(f"{where}: «{value}» is not one of: {allowed}") from error


def _expect_keys(body: object, keys: frozenset[str], where: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ParametersError(f"{where}: must be a mapping with {sorted(keys)}")
    if wrong := keys.symmetric_difference(body):
        raise ParametersError(f"{where}: unknown or missing: {sorted(map(str, wrong))}")
    return body


def _check_dates(values: tuple[ParameterValue, ...], where: str) -> None:
    for value in values:
        if value.until is not None and value.until < value.since:
            raise ParametersError(f"{where}: the value since {value.since} ends before it starts")
    for value, after in pairwise(values):
        if value.until is None or after.since != value.until + timedelta(days=1):
            raise ParametersError(
                f"{where}: the value since {after.since} must start the day after the one before"
            )


def read_parameters(files: Iterable[Path]) -> Parameters:
    """The parameters of several files together; a name in two of them is refused."""
    found: dict[str, tuple[ParameterValue, ...]] = {}
    for file in files:
        parsed = parse_parameters(file.read_text("utf-8"), file.name)
        if twice := found.keys() & parsed.keys():
            raise ParametersError(f"{file.name}: defined in another file too: {sorted(twice)}")
        found |= parsed
    return Parameters(MappingProxyType(found))


def extend_parameters(parameters: Parameters, files: Iterable[Path]) -> Parameters:
    """``parameters`` with the values that the files add after the last known ones.

    A file has the names of known parameters, each with its ``values`` in the shape of our own files. The
    first added value starts the day after the last known one, and closes it when nobody had set its end.
    ``ParametersError`` for anything else: what is known is never changed.
    """
    found = dict(parameters.values)
    for file in files:
        document = _read_document(file.read_text("utf-8"), file.name)
        for name, body in document.items():
            where = f"{file.name}: {name}"
            if name not in found:
                raise ParametersError(f"{where}: not one of: {', '.join(sorted(found))}")
            found[name] = _add_values(found[name], body, where)
    return Parameters(MappingProxyType(found))


def _add_values(known: tuple[ParameterValue, ...], body: object, where: str) -> tuple[ParameterValue, ...]:
    last = known[-1]
    rows = _expect_keys(body, frozenset({"values"}), where)["values"]
    shape = {"label": last.label, "unit": last.unit.value, "values": rows}
    added = _parse_parameter(last.name, shape, where)
    for value in added:
        if value.parts.keys() != last.parts.keys():
            raise ParametersError(f"{where}: «parts» must be {sorted(last.parts)}")
    if last.until is None and last.since < added[0].since:
        last = replace(last, until=added[0].since - timedelta(days=1))
    whole = (*known[:-1], last, *added)
    _check_dates(whole, where)
    return whole


def find_running_out(parameters: Parameters, on: date, within: timedelta) -> tuple[ParameterValue, ...]:
    """The last value of each parameter that ends, or ended, before ``within`` from ``on`` has passed."""
    last = (values[-1] for values in parameters.values.values())
    return tuple(value for value in last if value.until is not None and value.until < on + within)


@cache
def load_parameters() -> Parameters:
    """The parameters that come with the service, read once."""
    return read_parameters(sorted(FOLDER.glob("*.yaml")))
