"""Fingerprints of editions: the hash of all that is printed and of where it is printed.

``editions.lock`` is committed; an edition whose hash differs from it has been changed after issue,
which never happens: a corrected comma is a new edition.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Final

from forms.geometry import Box
from forms.layout import CAP_HEIGHT, PADDING, TICK, TICK_BOX
from forms.model import COMB_SIZE, MONO_ADVANCE, VALUE_LEADING, VALUE_SIZE, Edition

LENGTH: Final = 8
"""Bytes of the fingerprint that a seal carries."""

_PAPER_MEASURES: Final = (
    TICK,
    TICK_BOX,
    PADDING,
    CAP_HEIGHT,
    COMB_SIZE,
    MONO_ADVANCE,
    VALUE_LEADING,
    VALUE_SIZE,
)


_ON_SCREENS: Final = frozenset({"help", "screen_label"})


@cache
def fingerprint(edition: Edition) -> bytes:
    """SHA-256 over the canonical JSON of the edition and of the measures shared by all editions."""
    described = json.dumps(
        [list(_PAPER_MEASURES), _plain(edition)],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(described.encode()).digest()


def _plain(value: object) -> object:
    """Dataclasses, enums and tuples as JSON values; the class name is part of what is hashed.

    What is shown on screens and printed on no paper is left out.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Box):
        return value.as_list()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in dataclasses.fields(value) if item.name not in _ON_SCREENS]
        return {"kind": type(value).__name__} | {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    # 116 and 116.0 are one measure: whole numbers become floats, except truth values.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(float(value), 4)
    return value


def locked() -> dict[str, str]:
    """The committed lock: ``form/edition`` → fingerprint in hexadecimal."""
    lines = files("forms").joinpath("editions.lock").read_text("ascii").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


def lock_text(editions: tuple[Edition, ...]) -> str:
    """What ``editions.lock`` should say for these editions."""
    rows = sorted(f"{edition.form}/{edition.name} {fingerprint(edition).hex()}" for edition in editions)
    return (
        "# form/edition fingerprint (SHA-256). An edition once issued never changes.\n"
        + "\n".join(rows)
        + "\n"
    )
