"""The words of a form for people: its fields by their labels, values chosen from a list by theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from forms.model import Choice, Edition, Field, Mark
from forms.personal import Datum, datum_of
from forms.register import find_form

_TICKED: Final = {"yes": "sí"}


@dataclass(frozen=True, slots=True)
class Wording:
    """What is unknown is called by its own name: a reading may be of a form that this version has not."""

    labels: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    data: Mapping[str, Datum | None]

    def datum(self, field: str) -> Datum | None:
        """The kind of personal datum that a field holds, if it holds one."""
        return self.data.get(field)

    def label(self, field: str) -> str:
        """What people call a field, one that they sign too."""
        return self.labels.get(field, field)

    def shown(self, field: str, value: str) -> str:
        """A value as people read it."""
        return say_chosen(self.options.get(field, {}), value)


def say_chosen(options: Mapping[str, str], value: str) -> str:
    """A value by the label of its option; of several that are ticked each by its own.

    >>> say_chosen({"a": "Aportes", "b": "Ajuste"}, "a+b")
    'Aportes y Ajuste'
    """
    chosen = value.split("+") if options else [value]
    return " y ".join(options.get(each, each) for each in chosen)


def say_value(field: Field, value: str) -> str:
    """A value of a field as people read it."""
    return say_chosen(_options(field), value)


def wording_of(form: object, edition: object = "") -> Wording:
    """The words of a form's edition, of the current one where none is named. Both may be anything that a
    reading has in their places.
    """
    known = find_form(form) if isinstance(form, str) else None
    if known is None:
        return Wording({}, {}, {})
    try:
        found = known.edition(edition) if isinstance(edition, str) and edition else known.current
    except KeyError:
        return Wording({}, {}, {})
    return _of_edition(found)


def _of_edition(edition: Edition) -> Wording:
    return Wording(
        {field.name: _label(field) for field in edition.fields},
        {field.name: _options(field) for field in edition.fields},
        {field.name: datum_of(field) for field in edition.fields},
    )


def _label(field: Field) -> str:
    # A tick box stands before its statement and has no label beside.
    return field.title or (field.kind.statement if isinstance(field.kind, Mark) else field.name)


def _options(field: Field) -> Mapping[str, str]:
    if isinstance(field.kind, Choice):
        return {option.value: option.label for option in field.kind.options}
    return _TICKED if isinstance(field.kind, Mark) else {}
