"""What a row of the catalogue of problems says: the code, how grave, who acts and the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from string import Formatter
from typing import Final


class Severity(Enum):
    """An error stops the step until someone mends it; a warning is shown and recorded."""

    ERROR = "error"
    WARNING = "warning"


class Audience(Enum):
    """Who can do something about it, and so who must understand the sentence."""

    EMPLOYER = "employer"
    CLERK = "clerk"
    OPERATOR = "operator"


# the words by which the sections of the catalogue say so
ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING
EMPLOYER: Final = Audience.EMPLOYER
CLERK: Final = Audience.CLERK
OPERATOR: Final = Audience.OPERATOR


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row of the catalogue; ``sentence`` is a format string with named places."""

    code: str
    severity: Severity
    audience: Audience
    sentence: str

    @property
    def places(self) -> frozenset[str]:
        """Names that :func:`forms.problems.problem` must be given for this kind."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.sentence) if name)
