"""The same page scanned more than once: the best scan counts, and what any of them shows changed stays so.

A clerk who is told to scan again adds a second scan to the first, which nobody can take out any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from forms.problems import Problem, problem
from forms.seal import SealState
from intake.pages import PageResult
from intake.readings import FieldReading

REFUSING: Final = frozenset({"SEAL_INVALID", "SEAL_UNKNOWN_KEY", "EDITION_UNKNOWN", "FINGERPRINT_MISMATCH"})
"""Problems that leave a clerk nothing to decide: the paper is not what it says it is."""
_KEPT: Final = REFUSING | {"CODES_DISAGREE", "SIGNATURE_LOOKS_PRINTED"}
"""Problems of one scan that another does not take away."""
_OF_VALUES: Final = frozenset({"FIELD_DOUBTFUL", "FIELD_PARTLY_HIDDEN", "INK_OUTSIDE"})
_SETTLED: Final = frozenset({"confirmed", "read"})


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with where it came from; ``cut`` when its image arrived in part or ``damaged``."""

    file: str
    number: int
    result: PageResult
    cut: bool = False
    damaged: bool = False

    @property
    def name(self) -> str:
        """What the page is called to people."""
        return f"la página {self.number} de «{self.file}»"


def copies_of_pages(group: Sequence[ReadPage]) -> dict[int, list[ReadPage]]:
    """The scans of each page of a document, by the page's number, in the order in which they came."""
    copies: dict[int, list[ReadPage]] = {}
    for page in group:
        number = page.result.identity.page if page.result.identity else 1
        copies.setdefault(number, []).append(page)
    return copies


def best_copy(scans: Sequence[ReadPage]) -> ReadPage:
    """The scan of a page that leaves least in doubt, the first of those that are equal.

    Where another one shows a value changed, or is of a paper that nobody may believe, this one says so too:
    there may be two papers.
    """
    best = min(scans, key=_doubts)
    others = [each for each in scans if each is not best]
    return replace(best, result=_with_faults(best.result, others)) if others else best


def _doubts(page: ReadPage) -> tuple[bool, bool, bool, int, int]:
    """What speaks against a scan, the gravest first: a file that nobody printed, or a print that nobody
    signed, shows its values best and is not what was handed in.
    """
    result = page.result
    sealed = result.identity is not None and result.identity.state is SealState.VALID
    open_fields = sum(found.state not in _SETTLED for found in result.fields.values())
    unsigned = sum(found.state != "present" for found in result.signatures.values())
    return page.cut, result.digital, not sealed, unsigned, open_fields + (not result.fields)


def _with_faults(result: PageResult, others: Sequence[ReadPage]) -> PageResult:
    fields, problems = dict(result.fields), list(result.problems)
    for other in others:
        shown = other.result
        changed = {
            name
            for name, found in shown.fields.items()
            if found.state == "altered" and name in fields and fields[name].state != "altered"
        }
        unlike = _unlike(fields, shown) - changed
        for name in changed:
            fields[name] = msgspec.structs.replace(
                fields[name], state="altered", confidence=0.5, seen=shown.fields[name].seen
            )
        for name in unlike:
            found = shown.fields[name]
            fields[name] = msgspec.structs.replace(
                fields.get(name, found), state="doubtful", confidence=0.5, seen=found.seen
            )
        kept = [each for each in shown.problems if _is_grave(each, changed, unlike)]
        problems += [each for each in kept if each not in problems]
        problems += [_difference(result, name, other) for name in shown.fields if name in changed | unlike]
    return replace(result, fields=fields, problems=tuple(problems))


def _unlike(fields: Mapping[str, FieldReading], other: PageResult) -> set[str]:
    """Fields of which another copy shows something else than the best one, which is sure of them. A scan may
    be poor, so that its doubts say nothing; on a page that a program drew there is no wear.
    """
    return {
        name
        for name, found in other.fields.items()
        if (name not in fields or fields[name].state in _SETTLED)
        and (
            (other.digital and found.state == "doubtful")
            or (name in fields and found.state in _SETTLED and found.value != fields[name].value)
        )
    }


def _difference(result: PageResult, name: str, other: ReadPage) -> Problem:
    edition = result.identity.edition if result.identity else None
    label = edition.field(name).title if edition else name
    return problem("COPIES_DIFFER", field=name, label=label, where=other.name)


def _is_grave(found: Problem, changed: set[str], unlike: set[str]) -> bool:
    if found.code == "FIELD_ALTERED":
        return found.field in changed
    return found.code in _KEPT or (found.code in _OF_VALUES and found.field in unlike)
