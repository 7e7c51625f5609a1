"""Pages of which the image arrived in part or damaged: what is not seen on them may be on the paper, and of a
damaged one what is seen may not be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec

from forms.model import Edition
from forms.problems import Problem, problem
from forms.register import find_form
from intake.letters.reading import REQUEST
from intake.pages import PageResult
from intake.readings import FieldReading

MOST_OF_DAMAGED: Final = 0.5
"""Confidence of what was read of a damaged image: nobody knows which part of it shows the paper."""
_SAID_OF_WHAT_IS_SEEN: Final = frozenset(
    {
        "FIELD_ALTERED",
        "FIELD_DOUBTFUL",
        "FIELD_STRUCK_OUT",
        "INK_OUTSIDE",
        "SIGNATURE_DOUBTFUL",
        "SIGNATURE_LOOKS_PRINTED",
    }
)
"""Problems that a damaged image gives no reason to name."""
_DOUBTED: Final = {
    "SIGNATURE_ABSENT": "SIGNATURE_DOUBTFUL",
    "FIELD_MISSING": "FIELD_DOUBTFUL",
    "FIELD_ALTERED": "FIELD_DOUBTFUL",
}
"""What a problem becomes where it may be the image that lacks or shows something, and not the paper."""


def doubt_fault(result: PageResult, *, damaged: bool) -> PageResult:
    """The result of a page, or of a letter, of which an image arrived in part or is ``damaged``."""
    edition = _edition_of(result)
    if edition is None:
        return result
    return _doubt_all(result, edition) if damaged else _doubt_what_is_missing(result, edition)


def _edition_of(result: PageResult) -> Edition | None:
    """What the fields of a result are of; a letter's are those of the request."""
    if result.identity is not None:
        return result.identity.edition
    form = find_form(REQUEST) if result.stranger == "letter" else None
    return form.current if form else None


def _doubt_what_is_missing(result: PageResult, edition: Edition) -> PageResult:
    """A value or a signature that the page lacks is in doubt. So is one that looks changed: data may have
    been lost before the end too, and what follows stands in another place.
    """
    lacking = [name for name, found in result.fields.items() if found.state == "missing"]
    fields = {
        name: _in_doubt(found) if found.state in {"missing", "altered"} else found
        for name, found in result.fields.items()
    }
    signatures = {
        name: msgspec.structs.replace(found, state="doubtful") if found.state == "absent" else found
        for name, found in result.signatures.items()
    }
    asked = [
        problem("FIELD_DOUBTFUL", field=name, label=edition.field(name).title)
        for name in lacking
        if edition.field(name).required
    ]
    kept = [_doubted(found, edition) for found in result.problems]
    told = tuple(dict.fromkeys((*kept, *asked)))
    return replace(result, fields=fields, signatures=signatures, problems=told)


def _doubt_all(result: PageResult, edition: Edition) -> PageResult:
    """Nothing on a damaged page is sure, and nobody is accused by it."""
    missing = _doubt_what_is_missing(result, edition)
    fields = {name: _in_doubt(found) for name, found in missing.fields.items()}
    signatures = {
        name: msgspec.structs.replace(found, state="doubtful") for name, found in missing.signatures.items()
    }
    kept = [found for found in missing.problems if found.code not in _SAID_OF_WHAT_IS_SEEN]
    asked = [problem("FIELD_DOUBTFUL", field=name, label=edition.field(name).title) for name in fields]
    signed = [
        problem("SIGNATURE_DOUBTFUL", field=name, label=edition.field(name).title) for name in signatures
    ]
    return replace(missing, fields=fields, signatures=signatures, problems=(*kept, *asked, *signed))


def _in_doubt(found: FieldReading) -> FieldReading:
    return msgspec.structs.replace(found, state="doubtful", confidence=min(found.confidence, MOST_OF_DAMAGED))


def _doubted(found: Problem, edition: Edition) -> Problem:
    code = _DOUBTED.get(found.code)
    if code is None or found.field is None:
        return found
    return problem(code, field=found.field, label=edition.field(found.field).title)
