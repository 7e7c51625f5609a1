"""One page from grey image to readings: locate, identify, redraw, subtract, read, see the signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from forms.fingerprints import LENGTH, fingerprint
from forms.layout import normalise_values
from forms.model import Edition, Field, PageFrame, Values
from forms.problems import Problem, problem
from forms.register import all_forms, find_edition, find_edition_by_key
from forms.seal import (
    KeyRing,
    SealContent,
    SealState,
    SmallContent,
    named_values,
    open_blank,
    open_seal,
    open_small,
    values_digest,
)
from intake.alignment import Alignment, Grey, Points, find_marks, fit
from intake.comparison import PageLook, StripMeasure, look_at_page, measure_strips
from intake.judgement import FieldJudgement, judge_field, value_from_strips
from intake.marks_outside import find_marks_outside
from intake.readings import ElectronicSignature, FieldReading, FieldSource, MarkReading, SignatureReading
from intake.recognition import held_full_symbol, recognise_page
from intake.refinement import refine
from intake.sampling import Paper, light_paper
from intake.signatures import read_signature
from intake.strips import Strip, expected_text, strips_of
from intake.symbols import FoundSymbol, read_at, read_whole
from intake.template_route import KnownEmployers, read_filled
from intake.transcription import transcribe


@dataclass(frozen=True, slots=True)
class IssuedRecord:
    """What the service remembers of a document that it issued."""

    form: str
    edition: str
    issued: date
    values: Values


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What the reader may know beforehand: keys for seals, documents issued here by their number, and the
    register's employers, who help with what was written by hand.
    """

    keys: KeyRing = field(default_factory=KeyRing)
    issued: Mapping[str, IssuedRecord] = field(default_factory=dict)
    employers: KnownEmployers = field(default_factory=KnownEmployers)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a page says it is. ``state`` is that of its seal; ``document`` is absent on a blank form."""

    edition: Edition | None
    state: SealState
    page: int
    pages: int
    document: str | None = None
    issued: date | None = None
    content: SealContent | None = None


Stranger = Literal["unknown", "letter", "cedula-copy", "foreigner-copy"]


@dataclass(frozen=True, slots=True)
class PageResult:
    """All that one page gave. ``identity`` is absent when it is no page of ours; ``alignment`` says where
    the paper lies in the image when that is known. ``digital`` when it never was paper; ``signed`` are the
    electronic signatures of its file; ``stranger`` says what a page of no form of ours was taken for.
    """

    identity: Identity | None
    turn: int = 0
    dpi: int = 0
    fields: Mapping[str, FieldReading] = field(default_factory=dict)
    signatures: Mapping[str, SignatureReading] = field(default_factory=dict)
    marks_outside: tuple[MarkReading, ...] = ()
    problems: tuple[Problem, ...] = ()
    alignment: Alignment | None = None
    digital: bool = False
    signed: tuple[ElectronicSignature, ...] = ()
    stranger: Stranger = "unknown"


def known_frames() -> tuple[PageFrame, ...]:
    """The page frames of all editions ever issued, each once."""
    return tuple(dict.fromkeys(edition.frame for form in all_forms() for edition in form))


def read_page(image: Grey, context: ReadingContext) -> PageResult:
    """Read one page as it lies in the scan; an image that is no page of ours has no identity."""
    located = _locate(image)
    if located is None:
        return PageResult(None)
    frame, marks, alignment, symbols = located
    identity = _identify(image, frame, alignment, symbols, context)
    if identity is None:
        identity = _recognise(light_paper(image, alignment, frame, tuple(marks)), frame)
    if identity is None:
        return PageResult(None, alignment.turn, _dpi(alignment), alignment=alignment)
    if problems := _identity_problems(identity):
        return PageResult(identity, alignment.turn, _dpi(alignment), problems=problems, alignment=alignment)
    edition = identity.edition
    if edition is None:
        return PageResult(identity, alignment.turn, _dpi(alignment), alignment=alignment)
    paper = light_paper(image, alignment, frame, tuple(marks))
    if len(marks) < len(frame.marks):
        paper = refine(paper, edition, identity.page)
    return _read_identified(paper, edition, identity, context)


def _dpi(alignment: Alignment) -> int:
    return round(alignment.px_per_mm * 25.4)


_Located = tuple[PageFrame, dict[int, Points], Alignment, tuple[FoundSymbol, ...]]


def _locate(image: Grey) -> _Located | None:
    """The frame that fits, by its marks; where some are missing the symbols help to hold the page."""
    for frame in known_frames():
        marks = find_marks(image, frame)
        if len(marks) == len(frame.marks):
            alignment = fit(marks, frame)
            return (frame, marks, alignment, ()) if alignment else None
        symbols = read_whole(image)
        boxes = [
            (frame.full_seal if symbol.text.startswith("VT1") else frame.small_seal, symbol.corners)
            for symbol in symbols
        ]
        alignment = fit(marks, frame, boxes)
        if alignment is not None:
            return frame, marks, alignment, symbols
    return None


def _identify(
    image: Grey,
    frame: PageFrame,
    alignment: Alignment,
    symbols: Sequence[FoundSymbol],
    context: ReadingContext,
) -> Identity | None:
    """What the full symbol says, or else the small one; nothing when the page has neither to be read."""
    texts = [symbol.text for symbol in symbols]
    full = next((text for text in texts if text.startswith("VT1")), None) or read_at(
        image, alignment, frame.full_seal
    )
    if full is not None and full.startswith("VT1"):
        state, content = open_seal(full, context.keys)
        if content is not None:
            return _from_seal(state, content)
    small = next((text for text in texts if not text.startswith("VT1")), None) or read_at(
        image, alignment, frame.small_seal
    )
    return _from_small(small, context) if small is not None else None


def _recognise(paper: Paper, frame: PageFrame) -> Identity | None:
    """What a page without a readable symbol is by its print: a blank form, or one whose seal is spoilt."""
    known = recognise_page(paper, frame)
    if known is None:
        return None
    edition, page = known
    state = SealState.UNREADABLE if held_full_symbol(paper, frame) else SealState.ABSENT
    return Identity(edition, state, page, edition.pages)


def _from_seal(state: SealState, content: SealContent) -> Identity:
    edition = find_edition(content.form, content.edition)
    return Identity(edition, state, content.page, content.pages, content.document, content.issued, content)


def _from_small(text: str, context: ReadingContext) -> Identity | None:
    if blank := open_blank(text):
        key, page = blank
        edition = find_edition_by_key(key)
        return Identity(edition, SealState.ABSENT, page, edition.pages if edition else page)
    state, content = open_small(text, context.keys)
    if content is None:
        return None
    # A small symbol names the page; it does not vouch for values, so the seal counts as unreadable.
    shown = SealState.INVALID if state is SealState.INVALID else SealState.UNREADABLE
    return _small_identity(content, shown, context)


def _small_identity(content: SmallContent, state: SealState, context: ReadingContext) -> Identity:
    record = context.issued.get(content.document)
    edition = find_edition_by_key(content.edition_key)
    return Identity(
        edition, state, content.page, content.pages, content.document, record.issued if record else None
    )


def _identity_problems(identity: Identity) -> tuple[Problem, ...]:
    """Reasons not to read any value: nobody may believe this page."""
    content = identity.content
    name = f"{content.form} {content.edition}" if content else "?"
    if identity.edition is None:
        return (problem("EDITION_UNKNOWN", value=name),)
    if identity.state is SealState.INVALID:
        return (problem("SEAL_INVALID"),)
    if identity.state is SealState.UNKNOWN_KEY:
        return (problem("SEAL_UNKNOWN_KEY"),)
    if content and content.fingerprint != fingerprint(identity.edition)[:LENGTH]:
        return (problem("FINGERPRINT_MISMATCH", value=name),)
    count = len(identity.edition.value_fields)
    if content and content.values is not None and len(content.values) != count:
        return (problem("FINGERPRINT_MISMATCH", value=name),)
    return ()


def _read_identified(
    paper: Paper, edition: Edition, identity: Identity, context: ReadingContext
) -> PageResult:
    strips = [strip for strip in strips_of(edition) if strip.page == identity.page]
    known, source = _known_values(edition, identity, context)
    if identity.document is None:
        judged, look = _read_blank(paper, edition, strips, identity, context)
    elif known is not None:
        judged, look = _confirm(paper, edition, strips, known, source)
    else:
        judged, look = _read_print(paper, edition, strips, identity)
    signatures = {
        box.name: read_signature(paper, edition, box, look.noise)
        for box in edition.signature_fields
        if box.page == identity.page
    }
    outside = find_marks_outside(paper, edition, identity.page, look.noise)
    return PageResult(
        identity,
        paper.alignment.turn,
        _dpi(paper.alignment),
        {name: judgement.reading for name, judgement in judged.items()},
        signatures,
        outside,
        tuple(_page_problems(edition, identity, judged, signatures)),
        paper.alignment,
    )


def _known_values(
    edition: Edition, identity: Identity, context: ReadingContext
) -> tuple[Values | None, FieldSource]:
    """Values that the page must show: sealed on it, or in the service's own record of the document."""
    content = identity.content
    if content and content.values is not None:
        return named_values(edition, content.values), "seal"
    record = context.issued.get(identity.document or "")
    if record is None or (record.form, record.edition) != (edition.form, edition.name):
        return None, "print"
    values = normalise_values(record.values)
    if content and content.digest != values_digest(edition, values):
        return None, "print"
    return values, "register"


def _confirm(
    paper: Paper, edition: Edition, strips: Sequence[Strip], values: Values, source: FieldSource
) -> tuple[dict[str, FieldJudgement], PageLook]:
    """Each known value against what the paper shows; a value that is not given must be a blank place."""
    expected = [
        (strip, expected_text(edition.field(strip.field), strip, values.get(strip.field, "")))
        for strip in strips
    ]
    look = look_at_page(paper, edition, expected)
    measures = measure_strips(paper, edition, expected, look)
    judged = {
        box.name: judge_field(box, values.get(box.name, ""), _of(measures, box), source)
        for box in edition.value_fields
        if _of(measures, box)
    }
    return {
        name: found for name, found in judged.items() if name in values or found.reading.state != "confirmed"
    }, look


def _of(measures: Sequence[StripMeasure], box: Field) -> list[StripMeasure]:
    return [measure for measure in measures if measure.strip.field == box.name]


def _read_print(
    paper: Paper, edition: Edition, strips: Sequence[Strip], identity: Identity
) -> tuple[dict[str, FieldJudgement], PageLook]:
    """Values read off the print itself. A digest in a good seal proves them; else the clerk compares."""
    blanks = [(strip, " " * strip.cells) for strip in strips]
    measures = transcribe(paper, edition, strips, look_at_page(paper, edition, blanks))
    look = look_at_page(paper, edition, [(measure.strip, measure.text) for measure in measures])
    measures = transcribe(paper, edition, strips, look)
    boxes = [box for box in edition.value_fields if _of(measures, box)]
    values = {
        box.name: value_from_strips(box, [measure.text for measure in _of(measures, box)]) for box in boxes
    }
    values = {name: value for name, value in values.items() if value}
    digest = identity.content.digest if identity.content else None
    proved = digest is not None and digest == values_digest(edition, values)
    judged = {
        box.name: judge_field(box, values[box.name], _of(measures, box), "print")
        for box in boxes
        if box.name in values
    }
    return {name: found if proved else _unproved(found) for name, found in judged.items()}, look


def _read_blank(
    paper: Paper, edition: Edition, strips: Sequence[Strip], identity: Identity, context: ReadingContext
) -> tuple[dict[str, FieldJudgement], PageLook]:
    """What people filled into a blank form; where a spoilt seal stood, nothing is believed unseen."""
    look = look_at_page(paper, edition, [(strip, " " * strip.cells) for strip in strips])
    found = read_filled(paper, edition, identity.page, context.employers)
    judged = {name: FieldJudgement(reading, touched=False) for name, reading in found.items()}
    if identity.state is SealState.UNREADABLE:
        judged = {name: _unproved(judgement) for name, judgement in judged.items()}
    return judged, look


def _unproved(judgement: FieldJudgement) -> FieldJudgement:
    """A value that nothing vouches for is never more than doubtful: somebody must look at the paper."""
    reading = judgement.reading
    return FieldJudgement(
        FieldReading(
            reading.value,
            "doubtful",
            reading.source,
            min(reading.confidence, 0.95),
            reading.page,
            reading.box_mm,
        ),
        judgement.touched,
    )


def _page_problems(
    edition: Edition,
    identity: Identity,
    judged: Mapping[str, FieldJudgement],
    signatures: Mapping[str, SignatureReading],
) -> list[Problem]:
    found: list[Problem] = []
    if identity.state is SealState.UNREADABLE:
        found.append(problem("SEAL_UNREADABLE", page=identity.page))
    for name, judgement in judged.items():
        label, reading = edition.field(name).label, judgement.reading
        if reading.state == "altered":
            seen = reading.seen if isinstance(reading.seen, str) else ""
            found.append(problem("FIELD_ALTERED", field=name, label=label, sealed=reading.value, seen=seen))
        elif reading.state == "doubtful":
            found.append(problem("FIELD_DOUBTFUL", field=name, label=label))
        if judgement.touched:
            found.append(problem("INK_OUTSIDE", field=name, label=label))
    for name, signature in signatures.items():
        label = edition.field(name).label
        if signature.state == "absent":
            found.append(problem("SIGNATURE_ABSENT", field=name, label=label))
        elif signature.state == "doubtful":
            found.append(problem("SIGNATURE_DOUBTFUL", field=name, label=label))
    return found
