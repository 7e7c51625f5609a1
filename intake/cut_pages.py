"""Pages of which the image arrived in part or damaged: what is not seen on them may be on the paper, and of a
damaged one what is seen may not be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec

from forms.model import Edition
from forms.problems import Problem, problem
from intake.pages import PageResult

_DAMAGED: Final = 0.5
"""Confidence of what was read of a damaged image: nobody knows which part of it shows the paper."""
_SAID_OF_WHAT_IS_SEEN: Final = frozenset(
    {"FIELD_ALTERED", "FIELD_DOUBTFUL", "INK_OUTSIDE", "SIGNATURE_DOUBTFUL", "SIGNATURE_LOOKS_PRINTED"}
)
"""Problems that a damaged image gives no reason to name."""


def doubt_what_is_missing(result: PageResult) -> PageResult:
    """The result of a page that arrived in part: a value or signature that it lacks is in doubt."""
    if result.identity is None or result.identity.edition is None:
        return result
    edition = result.identity.edition
    missing = [name for name, found in result.fields.items() if found.state == "missing"]
    fields = {
        name: msgspec.structs.replace(found, state="doubtful") if name in missing else found
        for name, found in result.fields.items()
    }
    signatures = {
        name: msgspec.structs.replace(found, state="doubtful") if found.state == "absent" else found
        for name, found in result.signatures.items()
    }
    asked = [
        problem("FIELD_DOUBTFUL", field=name, label=edition.field(name).title)
        for name in missing
        if edition.field(name).required
    ]
    kept = [_doubted(found, edition) for found in result.problems]
    return replace(result, fields=fields, signatures=signatures, problems=(*kept, *asked))


def doubt_all(result: PageResult) -> PageResult:
    """The result of a page whose image is damaged: nothing on it is sure, and nobody is accused by it."""
    missing = doubt_what_is_missing(result)
    fields = {
        name: msgspec.structs.replace(found, state="doubtful", confidence=min(found.confidence, _DAMAGED))
        if found.state != "missing"
        else found
        for name, found in missing.fields.items()
    }
    signatures = {
        name: msgspec.structs.replace(found, state="doubtful") for name, found in missing.signatures.items()
    }
    edition = result.identity.edition if result.identity else None
    if edition is None:
        return replace(missing, fields=fields, signatures=signatures)
    kept = [found for found in missing.problems if found.code not in _SAID_OF_WHAT_IS_SEEN]
    asked = [problem("FIELD_DOUBTFUL", field=name, label=edition.field(name).title) for name in fields]
    signed = [
        problem("SIGNATURE_DOUBTFUL", field=name, label=edition.field(name).title) for name in signatures
    ]
    return replace(missing, fields=fields, signatures=signatures, problems=(*kept, *asked, *signed))


def _doubted(found: Problem, edition: Edition) -> Problem:
    if found.code != "SIGNATURE_ABSENT" or found.field is None:
        return found
    return problem("SIGNATURE_DOUBTFUL", field=found.field, label=edition.field(found.field).label)
