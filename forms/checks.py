"""What makes the values of a form right: one set of checks for portal, command, window and reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, assert_never

from forms.identity import IdentityKind, check_branch, check_identity, check_ruc
from forms.layout import PRINTABLE, accepted, normalise_values, overflow
from forms.model import (
    Annex,
    Check,
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Mark,
    Paragraph,
    Period,
    Signature,
    Text,
    Values,
)
from forms.plausibility import doubt_value
from forms.problems import Problem, problem

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])"
)
"""An address as mail servers everywhere take it (RFC 5321, without quoted names and without letters that
need SMTPUTF8): what passes here can be sent to.
"""
_LONGEST_EMAIL: Final = 254
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{5,}")
_PERIOD: Final = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_email(text: str) -> bool:
    """Whether mail can go there; one address, without a name.

    >>> is_email("juan.perez@x.com"), is_email("juan,perez@x.com"), is_email("josé@x.com")
    (True, False, False)
    """
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


def check_values(edition: Edition, values: Values, on: date | None = None) -> tuple[Problem, ...]:
    """Every problem of ``values`` under ``edition``, in the order of the form.

    Values are judged in their normal spelling (``forms.layout.normalise_values``); only errors keep a
    form from being issued. With a day ``on``, what is unlikely on that day is warned of too.
    """
    spelled = normalise_values(values)
    known = {field.name for field in edition.value_fields}
    unknown = [problem("FIELD_UNKNOWN", field=name, value=name) for name in spelled if name not in known]
    return (
        *unknown,
        *(found for field in edition.value_fields for found in _check_field(field, spelled, on)),
    )


def _check_field(field: Field, values: Values, on: date | None) -> Iterator[Problem]:
    value = values.get(field.name, "")
    if not value:
        if field.required:
            yield problem("FIELD_MISSING", field=field.name, label=field.title)
        return
    faults = list(_check_shape(field, value))
    yield from faults
    if not faults:
        for check in field.checks:
            yield from _apply(check, field, value, values)
        if on is not None:
            yield from doubt_value(field, value, on)


def _check_shape(field: Field, value: str) -> Iterator[Problem]:
    """Problems of characters, room and spelling that follow from the field's kind alone."""
    breaks = "\n" if isinstance(field.kind, Paragraph) else ""
    for sign in dict.fromkeys(value):
        if sign not in PRINTABLE and sign not in breaks:
            shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
            yield problem("CHARACTER_NOT_PRINTABLE", field=field.name, label=field.title, value=shown)
    if reason := _kind_fault(field, value):
        yield problem("FIELD_FORMAT", field=field.name, label=field.title, reason=reason)
    elif excess := overflow(field, value):
        unit = "líneas" if isinstance(field.kind, Paragraph) else "caracteres"
        room, used = (f"{count} {unit}" for count in excess)
        yield problem("TEXT_DOES_NOT_FIT", field=field.name, label=field.title, room=room, used=used)


def _kind_fault(field: Field, value: str) -> str:
    """What is wrong with the spelling, in Spanish, or an empty string."""
    match field.kind:
        case Text() | Paragraph() | Signature() | Annex():
            return ""
        case Comb() as comb:
            return _comb_fault(field, comb, value)
        case Date():
            return "" if _is_day(value) else "escriba la fecha como AAAA-MM-DD, por ejemplo 2026-12-01"
        case Period():
            return "" if _PERIOD.fullmatch(value) else "escriba el período como AAAA-MM, por ejemplo 2026-09"
        case Choice(options=options):
            labels = "», «".join(option.label for option in options)
            return "" if value in accepted(field) else f"elija una de estas opciones: «{labels}»"
        case Mark():
            return "" if value in accepted(field) else "marque la casilla o déjela vacía"
        case _:
            assert_never(field.kind)


def _comb_fault(field: Field, comb: Comb, value: str) -> str:
    # A number with a check of its own gets the more telling problem from that check.
    if set(field.checks) & {Check.RUC, Check.BRANCH, Check.IDENTITY}:
        return ""
    if strange := sorted(set(value) - set(comb.alphabet)):
        return f"no admite «{''.join(strange)}»"
    if comb.exact and len(value) != comb.cells:
        return f"debe tener {comb.cells} caracteres"
    return ""


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _apply(check: Check, field: Field, value: str, values: Values) -> tuple[Problem, ...]:
    match check:
        case Check.RUC:
            return check_ruc(value, field.name)
        case Check.BRANCH:
            return check_branch(value, field.name)
        case Check.IDENTITY:
            return _check_identity(field, value, values)
        case Check.EMAIL:
            reason = "no es una dirección de correo electrónico (sin tildes, comas ni espacios)"
            return _demand(is_email(value), field, reason)
        case Check.PHONE:
            return _demand(
                bool(_PHONE.fullmatch(value)), field, "escriba solo dígitos, por ejemplo 02 394 5666"
            )
        case Check.NOT_BEFORE:
            earlier = values.get(field.related or "", "")
            late_enough = not _is_day(earlier) or value >= earlier
            return _demand(late_enough, field, f"es anterior al {earlier}")
        case _:
            assert_never(check)


def _check_identity(field: Field, value: str, values: Values) -> tuple[Problem, ...]:
    kind = values.get(field.related or "", IdentityKind.CEDULA.value)
    known = {member.value for member in IdentityKind}
    return check_identity(value, IdentityKind(kind), field.name) if kind in known else ()


def _demand(holds: bool, field: Field, reason: str) -> tuple[Problem, ...]:
    if holds:
        return ()
    return (problem("FIELD_FORMAT", field=field.name, label=field.title, reason=reason),)
