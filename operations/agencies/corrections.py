"""An operator's file that corrects agencies and adds others, and days of rest: what it does not say stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from operations.agencies.register import (
    Agencies,
    AgenciesError,
    Agency,
    check_agencies,
    load_agencies,
    read_agency,
    read_document,
)
from operations.settings import Settings
from operations.system_words import explain_system

_KEYS: Final = frozenset({"agencies", "most_per_person", "decreed_rest_days", "local_rest_days"})


@dataclass(frozen=True, slots=True)
class Corrections:
    """The agencies in force, and how many of them the operator's file corrected and added."""

    agencies: Agencies
    corrected: int = 0
    added: int = 0


def agencies_in_force(settings: Settings) -> Corrections:
    """Ours with the operator's corrections; :class:`AgenciesError` names the file and what is wrong in it.

    The file of the data folder need not be there; one that a setting names must.
    """
    file, ours = settings.corrected_agencies, load_agencies()
    if not settings.agencies_file and not file.exists():
        return Corrections(ours)
    try:
        return correct_agencies(ours, file)
    except AgenciesError as error:
        raise AgenciesError(f"{file}: {error}") from error
    except OSError as error:
        raise AgenciesError(f"{file}: {explain_system(error)}") from error


def correct_agencies(ours: Agencies, file: Path) -> Corrections:
    """Known agencies by their ``id`` with the data that the file says of them, new ones after them."""
    told = read_document(file)
    if unknown := sorted(map(str, told.keys() - _KEYS)):
        raise AgenciesError(
            f"no se conoce {', '.join(unknown)}; se puede escribir {', '.join(sorted(_KEYS))}"
        )
    entries = {each["id"]: each for each in _entries(told.get("agencies", []))}
    known = {agency.id: agency for agency in ours.all}
    most = told.get("most_per_person", ours.most_per_person)
    if type(most) is not int:
        raise AgenciesError("«most_per_person» debe ser un número entero")
    agencies = replace(
        ours,
        all=(
            *(_correct(agency, entries.get(agency.id, {})) for agency in ours.all),
            *(
                read_agency({**ours.defaults, **entry})
                for name, entry in entries.items()
                if name not in known
            ),
        ),
        most_per_person=most,
        decreed={**ours.decreed, **_days(told.get("decreed_rest_days", {}), "decreed_rest_days")},
        local=_local_days(ours, told.get("local_rest_days", {})),
    )
    check_agencies(agencies)
    return Corrections(agencies, len(entries.keys() & known.keys()), len(entries.keys() - known.keys()))


def _entries(told: object) -> Iterator[dict[str, Any]]:
    if not isinstance(told, list):
        raise AgenciesError("«agencies» debe ser una lista")
    seen: set[str] = set()
    for place, entry in enumerate(told, 1):
        name = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise AgenciesError(f"la agencia {place} de la lista no dice su «id»")
        if name in seen:
            raise AgenciesError(f"la agencia «{name}» está dos veces")
        seen.add(name)
        yield entry


def _correct(agency: Agency, entry: Mapping[str, Any]) -> Agency:
    """Its name stays: cases and people are of the office of that name."""
    if entry.get("name", agency.name) != agency.name:
        raise AgenciesError(
            f"agencia «{agency.id}»: su nombre «{agency.name}» no se cambia, pues lo llevan sus trámites; "
            "ciérrela con «procedures: []» y añada otra"
        )
    if not entry:
        return agency
    hours = {"opens": f"{agency.opens:%H:%M}", "closes": f"{agency.closes:%H:%M}"}
    return read_agency({**asdict(agency), "procedures": list(agency.procedures), **hours, **entry})


def _days(told: object, where: str) -> dict[date, str]:
    if not isinstance(told, dict):
        raise AgenciesError(f'«{where}» debe tener días como 2027-01-04: "motivo"')
    for day, why in told.items():
        if type(day) is not date or not isinstance(why, str):  # an instant is a day to Python
            raise AgenciesError(f"«{where}»: «{day}» debe ser un día como 2027-01-04, con su motivo")
    return told


def _local_days(ours: Agencies, told: object) -> dict[str, dict[date, str]]:
    if not isinstance(told, dict):
        raise AgenciesError("«local_rest_days» debe tener los días de cada agencia, por su «id»")
    added = {str(name): _days(days, f"local_rest_days, {name}") for name, days in told.items()}
    return {name: {**ours.local.get(name, {}), **added.get(name, {})} for name in {**ours.local, **added}}
