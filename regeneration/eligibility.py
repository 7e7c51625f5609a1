"""Who may ask: the accepted answers against the register of employers, and the third party's paper.

A name is compared without accents, case, spacing or punctuation; identity numbers exactly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from forms.problems import Problem, problem
from regeneration.months import write_date


@dataclass(frozen=True, slots=True)
class Representative:
    """A legal representative as registered; ``until`` is the last day, ``None`` while in office."""

    id_number: str
    name: str
    since: date
    until: date | None = None

    def is_current(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class EmployerRecord:
    """An employer as registered; ``branches`` are the institute's four-digit numbers."""

    ruc: str
    business_name: str
    branches: frozenset[str]
    representatives: tuple[Representative, ...]


def check_employer(
    request: Mapping[str, str], record: EmployerRecord | None, on: date
) -> tuple[Problem, ...]:
    """Problems of an ``employer-request``'s answers against the register, on the day ``on``.

    ``record`` is what the register has for the request's RUC, ``None`` when it has nothing.
    """
    if record is None or record.ruc != request["ruc"]:
        return (problem("RUC_UNKNOWN", field="ruc", value=request["ruc"]),)
    found: list[Problem] = []
    if request["branch"] not in record.branches:
        found.append(problem("BRANCH_UNKNOWN", field="branch", value=request["branch"], ruc=record.ruc))
    if fold_name(request["business_name"]) != fold_name(record.business_name):
        found.append(
            problem(
                "BUSINESS_NAME_MISMATCH",
                field="business_name",
                value=request["business_name"],
                registered=record.business_name,
            )
        )
    found += _check_representative(request, record, on)
    return tuple(found)


def _check_representative(request: Mapping[str, str], record: EmployerRecord, on: date) -> Iterable[Problem]:
    asked, name = request["representative_id"], request["representative_name"]
    same = [each for each in record.representatives if each.id_number == asked]
    current = [each for each in same if each.is_current(on)]
    if not same:
        now = [f"{each.name} {each.id_number}" for each in record.representatives if each.is_current(on)]
        registered = ", ".join(now) or "nadie vigente"
        value = f"{name} {asked}"
        yield problem(
            "REPRESENTATIVE_MISMATCH", field="representative_id", value=value, registered=registered
        )
    elif not current:
        yield problem("REPRESENTATIVE_NOT_CURRENT", field="representative_id", value=same[0].name)
    elif all(fold_name(each.name) != fold_name(name) for each in current):
        yield problem(
            "REPRESENTATIVE_MISMATCH", field="representative_name", value=name, registered=current[0].name
        )


_MUST_AGREE: Final = (
    ("ruc", "ruc", "RUC"),
    ("branch", "branch", "Sucursal"),
    ("grantor_id_kind", "representative_id_kind", "Tipo de identificación del titular"),
    ("grantor_id", "representative_id", "Identificación del titular"),
)
"""What an authorization must repeat: its field, the request's, and the label that a person sees."""


def check_authorization(
    request: Mapping[str, str],
    presenter_id: str,
    authorization: Mapping[str, str] | None,
    on: date,
    *,
    revoked_on: date | None = None,
) -> tuple[Problem, ...]:
    """Whether the person with the number ``presenter_id`` may hand in ``request`` on the day ``on``.

    The representative may; anybody else needs a ``third-party-authorization`` of that representative,
    for this employer and this procedure, in force and not revoked.
    """
    if presenter_id == request["representative_id"]:
        return ()
    if authorization is None:
        return (problem("AUTHORIZATION_MISSING"),)
    found = [
        problem("AUTHORIZATION_MISMATCH", field=own, label=label)
        for own, other, label in _MUST_AGREE
        if authorization[own] != request[other]
    ]
    if authorization["authorized_id"] != presenter_id:
        label = "Identificación de la persona autorizada"
        found.append(problem("AUTHORIZATION_MISMATCH", field="authorized_id", label=label))
    if "REGENERACION" not in fold_name(authorization["procedure"]):
        found.append(problem("AUTHORIZATION_MISMATCH", field="procedure", label="Trámite"))
    found += _check_term(authorization, on, revoked_on)
    return tuple(found)


def _check_term(authorization: Mapping[str, str], on: date, revoked_on: date | None) -> Iterable[Problem]:
    since = date.fromisoformat(authorization["valid_from"])
    until = date.fromisoformat(authorization["valid_until"])
    if not since <= on <= until:
        yield problem(
            "AUTHORIZATION_EXPIRED",
            field="valid_until",
            valid_from=write_date(since),
            valid_until=write_date(until),
            on=write_date(on),
        )
    if revoked_on is not None and revoked_on <= on:
        yield problem("AUTHORIZATION_REVOKED", on=write_date(revoked_on))


def fold_name(name: str) -> str:
    """A name reduced to what tells it apart: letters and digits without accents, one space between.

    >>> fold_name("Compañía  Andina S.A.") == fold_name("COMPAÑIA ANDINA SA")
    True
    """
    plain = unicodedata.normalize("NFD", name.casefold())
    kept = "".join(sign if sign.isalnum() else " " * sign.isspace() for sign in plain)
    return " ".join(kept.upper().split())
