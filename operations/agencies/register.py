"""The agencies where appointments are booked: what each attends, when, and on which days it rests.

Data with its source in ``agencies.yaml``; a file of the operator's corrects them (``corrections.py``).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

import yaml

from forms.rest_days import is_working_day

_DATA: Final = Path(__file__).with_name("agencies.yaml")
_HORIZONS: Final = frozenset({"this-month", "next-month"})


class AgenciesError(ValueError):
    """A file of agencies cannot be used; the message, in Spanish, names the entry and the fault."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A place that attends. ``verified`` says whether its data rest on more than a guess; ``zone`` is empty
    where it is the mainland's.
    """

    id: str
    name: str
    province: str
    address: str
    verified: bool
    source: str
    opens: time
    closes: time
    slot_minutes: int
    capacity: int
    horizon: str
    procedures: tuple[str, ...]
    mall: bool = False
    zone: str = ""

    @property
    def hours(self) -> tuple[time, ...]:
        """When appointments begin; the last ends by closing time."""
        start = datetime.combine(date.min, self.opens)
        end = datetime.combine(date.min, self.closes)
        step = timedelta(minutes=self.slot_minutes)
        return tuple((start + step * place).time() for place in range((end - start) // step))

    def last_day(self, today: date) -> date:
        """The last day that can be booked."""
        months = 1 if self.horizon == "this-month" else 2
        first = today.replace(day=1)
        for _ in range(months):
            first = (first + timedelta(days=32)).replace(day=1)
        return first - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agencies:
    """All of them, with the provinces and procedures by their codes."""

    all: tuple[Agency, ...]
    provinces: Mapping[str, str]
    procedures: Mapping[str, str]
    most_per_person: int
    decreed: Mapping[date, str]
    local: Mapping[str, Mapping[date, str]]
    defaults: Mapping[str, Any]

    def find(self, agency_id: str) -> Agency | None:
        return next((agency for agency in self.all if agency.id == agency_id), None)

    def of_office(self, office: str) -> Agency | None:
        """The agency that a window belongs to, by the office's name."""
        return next((agency for agency in self.all if agency.name == office), None)

    def serving(self, province: str, procedure: str) -> tuple[Agency, ...]:
        return tuple(
            agency for agency in self.all if agency.province == province and procedure in agency.procedures
        )

    def works_on(self, agency: Agency, day: date) -> bool:
        more = {**self.decreed, **self.local.get(agency.id, {})}
        return is_working_day(day, more)

    def bookable_days(self, agency: Agency, today: date) -> tuple[date, ...]:
        """Days from tomorrow to the horizon on which the agency works: today is for who is there."""
        last = agency.last_day(today)
        span = (today + timedelta(days=step) for step in range(1, (last - today).days + 1))
        return tuple(day for day in span if self.works_on(agency, day))


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise AgenciesError(f"«{', '.join(sorted(twice))}» está dos veces")
        return super().construct_mapping(node, deep)


def read_document(path: Path) -> dict[str, Any]:
    """What a file of agencies says; :class:`AgenciesError`."""
    try:
        told = yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        line = f", línea {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise AgenciesError(f"no es YAML válido{line}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AgenciesError("no es YAML en texto UTF-8") from error
    if not isinstance(told, dict):
        raise AgenciesError("debe tener una lista «agencies»")
    return told


@cache
def load_agencies(path: Path = _DATA) -> Agencies:
    """Read the file; :class:`AgenciesError`."""
    told = read_document(path)
    defaults = told["defaults"]
    agencies = Agencies(
        all=tuple(read_agency(defaults | each) for each in told["agencies"]),
        provinces=told["provinces"],
        procedures=told["procedures"],
        most_per_person=told["most_per_person"],
        decreed=told["decreed_rest_days"],
        local=told["local_rest_days"],
        defaults=defaults,
    )
    check_agencies(agencies)
    return agencies


_TYPES: Final[Mapping[str, tuple[type, str]]] = {
    **dict.fromkeys(
        ("id", "name", "province", "address", "source", "horizon", "zone", "opens", "closes"),
        (str, "un texto entre comillas"),
    ),
    **dict.fromkeys(("verified", "mall"), (bool, "true o false")),
    **dict.fromkeys(("slot_minutes", "capacity"), (int, "un número entero")),
    "procedures": (list, "una lista, como [sheet-rebuilding]"),
}
"""What each datum of an agency is; «opens» and «closes» are hours such as "08:00"."""
_OPTIONAL: Final = frozenset({"mall", "zone"})


def read_agency(told: Mapping[str, Any]) -> Agency:
    """An agency of which everything is said; :class:`AgenciesError` names the datum."""
    where = f"agencia «{told.get('id', '?')}»"
    if unknown := sorted(map(str, told.keys() - _TYPES.keys())):
        raise AgenciesError(f"{where}: no se conoce {', '.join(unknown)}")
    if missing := sorted(_TYPES.keys() - _OPTIONAL - told.keys()):
        raise AgenciesError(f"{where}: falta {', '.join(missing)}")
    for name, value in told.items():
        kind, wanted = _TYPES[name]
        if type(value) is not kind:  # a truth is a number to Python
            raise AgenciesError(f"{where}: «{name}» debe ser {wanted}")
    try:
        opens, closes = (datetime.strptime(told[name], "%H:%M").time() for name in ("opens", "closes"))  # noqa: DTZ007
    except ValueError as error:
        raise AgenciesError(f'{where}: «opens» y «closes» son horas como "08:00"') from error
    return Agency(**{**told, "opens": opens, "closes": closes, "procedures": tuple(told["procedures"])})


def check_agencies(agencies: Agencies) -> None:
    """Whether they fit together; :class:`AgenciesError` names the first that does not."""
    names = [agency.id for agency in agencies.all]
    if len(set(names)) != len(names) or len({agency.name for agency in agencies.all}) != len(names):
        raise AgenciesError("dos agencias tienen el mismo «id» o el mismo «name»")
    for agency in agencies.all:
        if fault := _find_fault(agencies, agency):
            raise AgenciesError(f"agencia «{agency.id}»: {fault}")
    if strangers := agencies.local.keys() - set(names):
        raise AgenciesError(f"«local_rest_days» nombra agencias que no hay: {', '.join(sorted(strangers))}")
    if agencies.most_per_person < 1:
        raise AgenciesError("«most_per_person» debe ser 1 o más")


def _find_fault(agencies: Agencies, agency: Agency) -> str:
    if not agency.name.strip():
        return "«name» no puede estar vacío"
    if agency.province not in agencies.provinces:
        return f'no hay una provincia «{agency.province}»; use el código del INEC, como "17"'
    if strangers := [str(each) for each in agency.procedures if str(each) not in agencies.procedures]:
        return f"no hay un trámite «{', '.join(strangers)}»"
    if agency.slot_minutes < 1 or not agency.hours:
        return "cierra antes de que quepa un turno"
    if agency.capacity < 1:
        return "«capacity» debe ser 1 o más; para cerrarla a nuevos turnos escriba «procedures: []»"
    if agency.horizon not in _HORIZONS:
        return f"«horizon» es uno de {', '.join(sorted(_HORIZONS))}"
    if agency.zone and agency.zone not in available_timezones():
        return f"no hay una zona horaria «{agency.zone}»"
    return "" if agency.source.strip() else "«source» dice de dónde vienen sus datos"
