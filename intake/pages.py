"""One page from grey image to readings: locate, identify, redraw, subtract, read, see the signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from forms.fingerprints import LENGTH, fingerprint
from forms.layout import normalise_values
from forms.model import Edition, Field, Values
from forms.problems import Problem, problem
from forms.seal import (
    KeyRing,
    SealState,
    named_values,
    values_digest,
)
from forms.wording import say_value
from intake.alignment import Alignment, Grey, Looks
from intake.code_agreement import other_document
from intake.comparison import PageLook, look_at_page
from intake.expected_page import printed_values
from intake.flattening import hold_by_print
from intake.identification import Identity, identify, locate
from intake.judgement import FieldJudgement, judge_field, value_from_strips
from intake.kept_print import is_pale
from intake.known_values import confirm_values, measures_of
from intake.letters.text import LetterText
from intake.marks_outside import find_marks_outside
from intake.number_proof import RecentDocument
from intake.readings import ElectronicSignature, FieldReading, FieldSource, MarkReading, SignatureReading
from intake.sampling import Paper
from intake.signature_traces import Trace
from intake.signatures import is_printed, read_signature
from intake.stray_signatures import find_stray_signature
from intake.strips import Strip, strips_of
from intake.struck_out import find_struck_out
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
    """What the reader may know beforehand: keys for seals, documents issued here by their number, the
    register's employers, who help with what was written by hand, and which documents were issued lately.
    """

    keys: KeyRing = field(default_factory=KeyRing)
    issued: Mapping[str, IssuedRecord] = field(default_factory=dict)
    employers: KnownEmployers = field(default_factory=KnownEmployers)
    recent: Sequence[RecentDocument] = ()


Stranger = Literal["unknown", "text", "letter", "cedula-copy", "foreigner-copy"]


@dataclass(frozen=True, slots=True)
class PageResult:
    """All that one page gave. ``identity`` is absent when it is no page of ours; ``alignment`` says where
    the paper lies in the image when that is known. ``digital`` when it never was paper; ``signed`` are the
    electronic signatures of its file; ``stranger`` says what a page of no form of ours was taken for;
    ``part`` counts the pages of paper on one image, 0 where it is the only one; ``traces`` are of what looks
    like a name by hand in a signature box; ``written`` is the text of a page of words that are not ours.
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
    part: int = 0
    traces: Mapping[str, Trace] = field(default_factory=dict)
    written: LetterText | None = None

    @property
    def unnamed(self) -> bool:
        """Whether this lies on paper as our pages do, and nothing tells of which document it is."""
        if self.alignment is None or self.digital:
            return False
        if self.identity is None:
            return self.stranger == "unknown"
        return self.identity.state is SealState.UNREADABLE and self.identity.document is None


def read_page(scan: Grey | Looks, context: ReadingContext) -> PageResult:
    """Read one page as it lies in the scan; an image that is no page of ours has no identity."""
    located = locate(scan)
    if located is None:
        return PageResult(None)
    found, paper = identify(located, context.keys, context.recent)
    identity = _dated(found, context)
    alignment = paper.alignment
    seen = PageResult(identity, alignment.turn, _dpi(alignment), alignment=alignment)
    if identity is None:
        return seen
    if problems := _identity_problems(identity):
        return replace(seen, problems=problems)
    if identity.edition is None:
        return seen
    read = _read_identified(paper, identity.edition, identity, context)
    told = list(read.problems)
    if other := other_document(paper, located.frame, identity, context.keys):
        told.append(problem("CODES_DISAGREE", page=identity.page, document=identity.document, other=other))
    if alignment.mirrored:
        told.append(problem("PAGE_MIRRORED", page=identity.page))
    return replace(read, problems=tuple(told))


def _dpi(alignment: Alignment) -> int:
    return round(alignment.px_per_mm * 25.4)


def _dated(identity: Identity | None, context: ReadingContext) -> Identity | None:
    """The identity with the day of issue that the service remembers, where the page does not say it."""
    if identity is None or identity.issued is not None:
        return identity
    record = context.issued.get(identity.document or "")
    return identity if record is None else replace(identity, issued=record.issued)


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
    if identity.document is not None and known is not None:
        paper, judged, look = confirm_values(paper, edition, strips, known, source)
    else:
        paper = hold_by_print(paper, edition, identity.page)
        read = _read_blank if identity.document is None else _read_print
        judged, look = read(paper, edition, strips, identity, context)
    signatures, asked, traces = _read_signatures(paper, edition, identity, judged, look.noise)
    # The service's own record, named by a symbol of ours and found again in print, is as good as a seal.
    proved = identity.vouched and source == "register"
    outside = find_marks_outside(paper, edition, identity.page, look.noise)
    problems = _page_problems(edition, identity, judged, signatures, asked, proved=proved)
    fields = {name: judgement.reading for name, judgement in judged.items()}
    problems += [
        problem("FIELD_STRUCK_OUT", field=name, label=edition.field(name).title)
        for name in find_struck_out(paper, edition, fields)
    ]
    if is_pale(paper, edition, identity.page):
        problems.append(problem("PAGE_PALE", page=identity.page))
    return PageResult(
        identity,
        paper.alignment.turn,
        _dpi(paper.alignment),
        fields,
        signatures,
        outside,
        tuple(problems),
        paper.alignment,
        traces=traces,
    )


def _read_signatures(
    paper: Paper, edition: Edition, identity: Identity, judged: Mapping[str, FieldJudgement], noise: float
) -> tuple[dict[str, SignatureReading], dict[str, str], dict[str, Trace]]:
    """The state of each signature box of the page, the codes of what else people must know of some, and the
    traces of those that are present.

    Ink that looks printed is ink none the less: it is flagged, and whoever has the paper decides. An empty
    box for which a name was found elsewhere is doubtful, and its reading says where.
    """
    boxes = {box.name: box for box in edition.signature_fields if box.page == identity.page}
    seen = {name: read_signature(paper, edition, box, noise) for name, box in boxes.items()}
    found = {name: reading for name, (reading, _) in seen.items()}
    traces = {name: trace for name, (_, trace) in seen.items() if trace is not None}
    asked: dict[str, str] = {}
    for name, reading in found.items():
        if reading.state == "present" and is_printed(paper, boxes[name], noise):
            asked[name] = "SIGNATURE_LOOKS_PRINTED"
    empty = [name for name, reading in found.items() if reading.state == "absent"]
    if not empty:
        return found, asked, traces
    readings = {name: judgement.reading for name, judgement in judged.items()}
    values = {} if identity.document is None else printed_values(readings)
    place = find_stray_signature(paper, edition, identity, values, noise)
    if place is None:
        return found, asked, traces
    for name in empty:  # one name beside two empty boxes may be meant for either
        found[name] = SignatureReading("doubtful", found[name].ink, identity.page, place)
        asked[name] = "SIGNATURE_OUTSIDE_BOX"
    return found, asked, traces


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


def _read_print(
    paper: Paper, edition: Edition, strips: Sequence[Strip], identity: Identity, context: ReadingContext
) -> tuple[dict[str, FieldJudgement], PageLook]:
    """Values read off the print itself. A digest in a good seal proves them; else the clerk compares."""
    del context
    blanks = [(strip, " " * strip.cells) for strip in strips]
    measures = transcribe(paper, edition, strips, look_at_page(paper, edition, blanks))
    look = look_at_page(paper, edition, [(measure.strip, measure.text) for measure in measures])
    measures = transcribe(paper, edition, strips, look)
    shown = {box: [measure.text for measure in measures_of(measures, box)] for box in edition.value_fields}
    read = {box.name: value_from_strips(box, texts) for box, texts in shown.items() if texts}
    values = {name: value for name, value in read.items() if value}
    digest = identity.content.digest if identity.content else None
    proved = digest is not None and digest == values_digest(edition, values)
    judged = {
        box.name: judge_field(box, values[box.name], measures_of(measures, box), "print")
        for box in edition.value_fields
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


def alteration(box: Field, reading: FieldReading) -> Problem:
    """That a value is not what was printed, both in the words of the form."""
    seen = reading.seen if isinstance(reading.seen, str) else ""
    sealed, shown = say_value(box, reading.value), say_value(box, seen)
    return problem("FIELD_ALTERED", field=box.name, label=box.title, sealed=sealed, seen=shown)


def _page_problems(
    edition: Edition,
    identity: Identity,
    judged: Mapping[str, FieldJudgement],
    signatures: Mapping[str, SignatureReading],
    asked: Mapping[str, str],
    *,
    proved: bool,
) -> list[Problem]:
    found: list[Problem] = []
    if identity.state is SealState.UNREADABLE and not proved:
        found.append(problem("SEAL_UNREADABLE", page=identity.page))
    for name, judgement in judged.items():
        label, reading = edition.field(name).title, judgement.reading
        if reading.state == "altered":
            found.append(alteration(edition.field(name), reading))
        elif reading.state == "doubtful":
            found.append(problem("FIELD_DOUBTFUL", field=name, label=label))
        if judgement.touched:
            found.append(problem("INK_OUTSIDE", field=name, label=label))
    for name, signature in signatures.items():
        label = edition.field(name).title
        if signature.state == "absent":
            found.append(problem("SIGNATURE_ABSENT", field=name, label=label))
        elif name in asked:
            found.append(problem(asked[name], field=name, label=label))
        elif signature.state == "doubtful":
            found.append(problem("SIGNATURE_DOUBTFUL", field=name, label=label))
    return found
