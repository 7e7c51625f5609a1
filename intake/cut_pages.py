"""Pages of which the image arrived in part: what is not seen on them may be on the paper."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from forms.model import Edition
from forms.problems import Problem, problem
from intake.pages import PageResult


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


def _doubted(found: Problem, edition: Edition) -> Problem:
    if found.code != "SIGNATURE_ABSENT" or found.field is None:
        return found
    return problem("SIGNATURE_DOUBTFUL", field=found.field, label=edition.field(found.field).label)
