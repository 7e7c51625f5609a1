"""The forms that this service knows: found by themselves in ``forms.catalog``, one file each."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from forms import catalog
from forms.fingerprints import LENGTH, fingerprint
from forms.model import Edition, Form


@cache
def all_forms() -> tuple[Form, ...]:
    """Every form of the catalogue, by name."""
    modules = (
        importlib.import_module(f"forms.catalog.{info.name}")
        for info in pkgutil.iter_modules(catalog.__path__)
    )
    found = {
        value.name: value for module in modules for value in vars(module).values() if isinstance(value, Form)
    }
    return tuple(found[name] for name in sorted(found))


def find_form(name: str) -> Form | None:
    """The form called ``name``, or nothing when the catalogue has none."""
    return next((form for form in all_forms() if form.name == name), None)


def find_edition(form_name: str, edition_name: str) -> Edition | None:
    """An edition by the names that a seal carries, or nothing when it was never issued here."""
    form = find_form(form_name)
    return next((edition for edition in form or () if edition.name == edition_name), None)


def find_edition_by_key(key: bytes) -> Edition | None:
    """An edition by the first bytes of its fingerprint, as a small symbol names it."""
    return next(
        (edition for form in all_forms() for edition in form if fingerprint(edition)[:LENGTH] == key), None
    )
