"""A page of ours that came as a file instead of on paper: no scanner made it, and no pen touched it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from forms.model import Edition
from forms.problems import Problem, problem
from forms.seal import SealState
from intake.alignment import Alignment, Grey, Looks
from intake.digital_route import confirm_stored, stored_values
from intake.drawn_text import DrawnPage
from intake.drawn_values import doubt_unseen, lies_on, see_known_values, sight_problems
from intake.opening import FileFacts, OpenedPage
from intake.pages import PageResult, ReadingContext, alteration, read_page
from intake.readings import ElectronicSignature, FieldReading, SignatureReading, SignedFileState
from intake.template_route import doubt_impossible

_SCANNED: Final = 0.4
"""Share of the page under pictures from which the drawn text may lie over a scan, and ink in it."""
_OF_FIELDS: Final = frozenset({"FIELD_ALTERED", "FIELD_DOUBTFUL"})
_OF_SIGNATURES: Final = frozenset(
    {
        "SIGNATURE_ABSENT",
        "SIGNATURE_DOUBTFUL",
        "SIGNATURE_LOOKS_PRINTED",
        "SIGNATURE_NOT_HANDWRITTEN",
        "SIGNATURE_OUTSIDE_BOX",
    }
)

_CHANGES: Final[dict[SignedFileState, str]] = {
    "changed": "sus bytes se cambiaron después",
    "added-to": "después se le añadió algo que esa firma no cubre",
}


@dataclass(frozen=True, slots=True, eq=False)
class SeenPage:
    """A page read, and its picture as the values were seen on it."""

    result: PageResult
    image: Grey


def read_opened(page: OpenedPage, looks: Looks, facts: FileFacts, context: ReadingContext) -> SeenPage:
    """Read a page of a file; ``looks`` are at its picture as a viewer shows it.

    Of a page that a program drew, the fields count as they were stored, for a viewer draws them anew from
    their values; where nothing was stored for a field, the viewer's picture counts.
    """
    image = looks.image
    if page.drawn is None:
        result = read_page(looks, context)
        return SeenPage(_doubt_what_was_added(result, page) if page.drawn_over else result, image)
    first = image if page.drawn.as_stored is None else page.drawn.as_stored
    result, shown = read_page(first, context), first
    if first is not image and _lacks_values(result, page.fields):
        viewed = read_page(image, context)
        seen = {name: found for name, found in result.fields.items() if found.state != "missing"}
        result, shown = replace(viewed, fields=dict(viewed.fields) | seen), image
    pictures = [first] if first is image else [first, image]
    if page.drawn.as_printed is not None:
        pictures.append(page.drawn.as_printed)
    return SeenPage(_judge_digital(result, page.drawn, pictures, page.fields, facts.signed), shown)


def _doubt_what_was_added(result: PageResult, page: OpenedPage) -> PageResult:
    """The result of a scan on which something was drawn in the file: neither a name nor the values of a blank
    form need be on the paper.
    """
    identity = result.identity
    if identity is None or identity.edition is None:
        return result
    edition, filled = identity.edition, identity.document is None
    added = [name for name, found in result.fields.items() if filled and found.state == "read"]
    signed = [name for name, found in result.signatures.items() if found.state == "present"]
    named = {found.field for found in result.problems if found.code == "SIGNATURE_LOOKS_PRINTED"}
    told = [problem("FIELD_DOUBTFUL", field=name, label=edition.field(name).title) for name in added]
    told += [
        problem("SIGNATURE_DOUBTFUL", field=name, label=edition.field(name).title)
        for name in signed
        if name not in named
    ]
    fields = {name: msgspec.structs.replace(result.fields[name], state="doubtful") for name in added}
    signatures = {name: _without_ink(result.signatures[name], True) for name in signed}
    return replace(
        result,
        fields={**result.fields, **fields},
        signatures={**result.signatures, **signatures},
        problems=(*result.problems, problem("PAGE_DRAWN_OVER", page=page.number), *told),
    )


def doubt_ink_added(result: PageResult, page: OpenedPage) -> PageResult:
    """The result of somebody's own page, a letter mostly, on which something was drawn in the file."""
    signatures = {name: _without_ink(found, True) for name, found in result.signatures.items()}
    told = problem("PAGE_DRAWN_OVER", page=page.number)
    return replace(result, signatures=signatures, problems=(*result.problems, told))


def _lacks_values(result: PageResult, form: Mapping[str, str]) -> bool:
    """Whether a field that has a value shows none."""
    return any(found.state == "missing" and form.get(name) for name, found in result.fields.items())


def _judge_digital(
    result: PageResult,
    drawn: DrawnPage,
    pictures: Sequence[Grey],
    form: Mapping[str, str],
    signed: Sequence[ElectronicSignature],
) -> PageResult:
    """What was seen, held against the values that the page's fields store, or against all ``pictures`` that
    one may see of those that we printed; no pen touched it.
    """
    identity, alignment = result.identity, result.alignment
    if identity is None or identity.edition is None or alignment is None:
        return result
    if not result.fields and not result.signatures:
        return result
    edition, scanned = identity.edition, drawn.pictures >= _SCANNED
    fields = dict(result.fields)
    sights = see_known_values(pictures, alignment, edition, identity.page, fields)
    fields = doubt_unseen(edition, fields, sights)
    if identity.state is SealState.ABSENT:
        stored = stored_values(edition, identity.page, form, drawn.text, alignment)
        fields = doubt_impossible(edition, confirm_stored(edition, fields, stored))
    result = replace(result, signatures=dict(_in_their_boxes(edition, result, pictures[0], alignment)))
    signatures = {name: _without_ink(found, scanned) for name, found in result.signatures.items()}
    kept = [found for found in result.problems if found.code not in _OF_FIELDS | _OF_SIGNATURES]
    problems = (
        *sight_problems(edition, kept, sights),
        *_field_problems(edition, fields),
        *_signature_problems(edition, result, signed, scanned),
    )
    return replace(
        result,
        fields=fields,
        signatures=signatures,
        problems=problems,
        digital=not scanned,
        signed=tuple(signed),
    )


def _in_their_boxes(
    edition: Edition, result: PageResult, picture: Grey, alignment: Alignment
) -> Iterator[tuple[str, SignatureReading]]:
    """The signatures of a page, none where its box is not on the picture, or where what looks like a name
    elsewhere was only drawn there.
    """
    elsewhere = {found.field for found in result.problems if found.code == "SIGNATURE_OUTSIDE_BOX"}
    for name, found in result.signatures.items():
        box = edition.field(name).box
        if name in elsewhere or not lies_on(picture, alignment, box):
            left, top, wide, high = box.as_list()
            found = SignatureReading("absent", 0.0, found.page, (left, top, wide, high))
        yield name, found


def _without_ink(signature: SignatureReading, scanned: bool) -> SignatureReading:
    """What looks like ink on a drawn page was drawn or pasted; over a scan somebody must look."""
    if signature.state == "absent":
        return signature
    return SignatureReading(
        "doubtful" if scanned else "absent", signature.ink, signature.page, signature.box_mm
    )


def _field_problems(edition: Edition, fields: Mapping[str, FieldReading]) -> Sequence[Problem]:
    found: list[Problem] = []
    for name, reading in fields.items():
        label = edition.field(name).title
        if reading.state == "altered":
            found.append(alteration(edition.field(name), reading))
        elif reading.state == "doubtful":
            found.append(problem("FIELD_DOUBTFUL", field=name, label=label))
    return found


def _signature_problems(
    edition: Edition, result: PageResult, signed: Sequence[ElectronicSignature], scanned: bool
) -> Sequence[Problem]:
    found = list(electronic_problems(signed)) if result.signatures else []
    for name, signature in result.signatures.items():
        label = edition.field(name).title
        if scanned and signature.state != "absent":
            found.append(problem("SIGNATURE_DOUBTFUL", field=name, label=label))
        elif signed or signature.state != "absent":
            found.append(problem("SIGNATURE_NOT_HANDWRITTEN", field=name, label=label))
        else:
            found.append(problem("SIGNATURE_ABSENT", field=name, label=label))
    return found


def electronic_problems(signed: Sequence[ElectronicSignature]) -> tuple[Problem, ...]:
    """Each electronic signature of a file named, with whom and when it says, and what the file became."""
    found: list[Problem] = []
    for each in signed:
        day = each.date if isinstance(each.date, str) else "sin fecha"
        found.append(problem("SIGNATURE_ELECTRONIC", signer=each.signer, date=day))
        if isinstance(each.file, str) and (change := _CHANGES.get(each.file)):
            found.append(problem("SIGNED_FILE_CHANGED", signer=each.signer, change=change))
    return tuple(found)
