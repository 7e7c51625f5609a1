"""The one catalogue of problems: code, severity, audience and the Spanish sentence a person reads.

A problem is an expected outcome, not an exception. Sentences say what is wrong, where, and what to do
next; they are tested as public text, so change one only together with ``docs/problems.md``. The
sentences are in ``forms/problem_catalogue/``, a module for each section; here they become one catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from forms.problem_catalogue import (
    backups,
    command_line,
    desk_search,
    enclosures,
    files,
    identity,
    installation,
    packages,
    papers,
    people,
    preconditions,
    rebuilding,
    signatures,
    values,
    verification,
    web_requests,
)
from forms.problem_kinds import Audience, ProblemKind, Severity

__all__ = [
    "CATALOGUE",
    "Audience",
    "Problem",
    "ProblemKind",
    "Severity",
    "gather_kinds",
    "has_errors",
    "problem",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem found: its code, the field or place it concerns, and the finished Spanish sentence."""

    code: str
    severity: Severity
    message: str
    field: str | None = None

    def as_json(self) -> dict[str, str]:
        """The JSON shape of contracts.md §3; ``field`` is left out when there is none."""
        shape = {"code": self.code, "severity": self.severity.value, "message": self.message}
        return shape | ({"field": self.field} if self.field is not None else {})


def gather_kinds(*sections: Iterable[ProblemKind]) -> dict[str, ProblemKind]:
    """The kinds of all sections by their code. Raises ``ValueError`` when two have the same code, for one of
    the two sentences would never be read.
    """
    gathered: dict[str, ProblemKind] = {}
    for section in sections:
        for kind in section:
            if kind.code in gathered:
                raise ValueError(f"problem {kind.code} is in the catalogue twice")
            gathered[kind.code] = kind
    return gathered


CATALOGUE: Final = gather_kinds(
    identity.KINDS,
    values.KINDS,
    papers.KINDS,
    signatures.KINDS,
    enclosures.KINDS,
    files.KINDS,
    verification.KINDS,
    web_requests.KINDS,
    desk_search.KINDS,
    preconditions.KINDS,
    rebuilding.KINDS,
    packages.KINDS,
    backups.KINDS,
    people.KINDS,
    command_line.KINDS,
    installation.KINDS,
)
"""Every kind of problem by its code."""


def problem(
    code: str, /, *, field: str | None = None, severity: Severity | None = None, **places: object
) -> Problem:
    """Make the problem ``code`` with the facts of this occurrence.

    ``severity`` overrules the catalogue where the same finding weighs differently (for instance a
    setting that lets a supervisor admit it). Raises ``KeyError`` for a code that is not in the
    catalogue and ``ValueError`` when ``places`` lacks a fact that the sentence needs: both are bugs.
    """
    kind = CATALOGUE[code]
    if missing := kind.places - places.keys():
        raise ValueError(f"problem {code} needs {sorted(missing)}")
    return Problem(code, severity or kind.severity, kind.sentence.format(**places), field)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them stops the step."""
    return any(found.severity is Severity.ERROR for found in problems)
