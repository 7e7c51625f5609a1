"""A document number that neither symbol gives and the print does not give for sure, proved all the same.

The print says which numbers it may be, or the service which papers it issued lately; its secret says what the
small symbol of each would be, and the modules that depend on the secret must look like it: nobody else could
have printed them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forms.model import Edition, PageFrame
from forms.seal import SMALL_SECRET_FROM, small_text
from intake.recognition import pages_of
from intake.sampling import Ink, Paper
from intake.small_symbol import likenesses, modules_of, see_small_symbol, symbol_map

_PROVED: Final = 0.45
"""Correlation with the 227 modules that depend on the secret from which a symbol is the one that was meant.
Those of other numbers have a spread of 0.067 about nothing, as chance says (1 / √227): the most of 4 million
on 120 scans was 0.33. That 4,000 numbers under eight masks reach 0.45 happens on one page in 3 million.
"""


@dataclass(frozen=True, slots=True)
class RecentDocument:
    """A document that the service issued lately, so that it may be the one before us: form and edition by
    name.
    """

    document: str
    form: str
    edition: str


@dataclass(frozen=True, slots=True)
class ProvedNumber:
    """The document whose secret the small symbol shows, and which of its pages this is."""

    edition: Edition
    page: int
    document: str


def prove_number(
    paper: Paper,
    frame: PageFrame,
    pages: Sequence[tuple[Edition, int]],
    numbers: Sequence[str],
    secrets: Sequence[bytes],
) -> ProvedNumber | None:
    """Which of ``numbers`` on which of ``pages`` the small symbol is of; nothing when it is of none for sure.

    Without a secret of the service nothing can be proved.
    """
    return _most_proved(see_small_symbol(paper, frame), [(*page, numbers) for page in pages], secrets)


def prove_recent(
    paper: Paper, frame: PageFrame, recent: Sequence[RecentDocument], secrets: Sequence[bytes]
) -> ProvedNumber | None:
    """Which of the documents that were issued lately the small symbol is of; nothing when it is of none for
    sure.
    """
    numbers: dict[tuple[str, str], list[str]] = {}
    for each in recent:
        numbers.setdefault((each.form, each.edition), []).append(each.document)
    asked = [
        (edition, page, numbers[edition.form, edition.name])
        for edition, page in pages_of(frame)
        if (edition.form, edition.name) in numbers
    ]
    return _most_proved(see_small_symbol(paper, frame), asked, secrets) if asked else None


def _most_proved(
    seen: Ink, asked: Sequence[tuple[Edition, int, Sequence[str]]], secrets: Sequence[bytes]
) -> ProvedNumber | None:
    """The number that is most like the symbol, of those that each edition's page may have."""
    best: tuple[float, ProvedNumber] | None = None
    for edition, page, numbers in asked:
        for secret in secrets:
            texts = [small_text(edition, document=number, secret=secret, page=page) for number in numbers]
            likeness, place = _most_alike(seen, texts)
            if likeness >= _PROVED and (best is None or likeness > best[0]):
                best = likeness, ProvedNumber(edition, page, numbers[place])
    return best[1] if best else None


def _most_alike(seen: Ink, texts: Sequence[str]) -> tuple[float, int]:
    """The text most like the whole symbol: how like it is where the secret shows, and its place."""
    known, modules = symbol_map(), modules_of(texts)
    alike = likenesses(seen, modules, known.telling)
    place, mask = np.unravel_index(int(np.argmax(alike)), alike.shape)
    secret = likenesses(seen, modules[place : place + 1], known.turned_from(SMALL_SECRET_FROM))
    return float(secret[0, mask]), int(place)
