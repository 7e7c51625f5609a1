"""Reading as a task of the sandbox: bytes in, bytes out, nothing that could run code in the parent.

The request carries the files, the public keys and what the service remembers; the answer carries the
readings and a picture of each page, set straight, for the clerk's screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import cv2
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from forms.geometry import A4_HEIGHT, A4_WIDTH
from forms.problems import problem
from forms.seal import KeyRing, key_id_of
from intake.alignment import Grey
from intake.batch import as_readings, assemble, read_files
from intake.limits import Limits
from intake.number_proof import RecentDocument
from intake.overlay import (
    decode_picture,
    draw_letter_overlay,
    draw_overlay,
    encode_overlay,
    encode_picture,
)
from intake.pages import IssuedRecord, PageResult, ReadingContext
from intake.readings import BatchReading, FileReading
from intake.sampling import Grid, Paper
from intake.sandbox import Sandbox, Trouble
from intake.signature_traces import encode_trace
from intake.template_route import KnownEmployers
from intake.threads import use_one_thread

_PICTURE_PER_MM: Final = 150 / 25.4
_QUALITY: Final = 70


class RememberedDocument(msgspec.Struct, frozen=True):
    """A document that the service issued, as the reader is told of it."""

    document: str
    form: str
    edition: str
    issued: str
    values: dict[str, str]


class ReadRequest(msgspec.Struct, frozen=True):
    files: tuple[tuple[str, bytes], ...]
    public_keys: tuple[bytes, ...]
    small_secrets: tuple[bytes, ...]
    remembered: tuple[RememberedDocument, ...]
    limits: Limits
    employers: KnownEmployers
    recent: tuple[RecentDocument, ...] = ()


class PagePicture(msgspec.Struct, frozen=True):
    """A page as WebP. When ``straight`` it is the whole paper upright, so that mm fall on it by rule.

    ``overlay`` is the evidence of its reading (``intake.overlay``), absent on a page that is neither ours
    nor a letter's.
    ``part`` is that of :class:`intake.readings.PageReading`.
    """

    file: str
    page: int
    straight: bool
    webp: bytes
    overlay: bytes | None = None
    part: int = 0


class SeenTrace(msgspec.Struct, frozen=True):
    """The trace of a signature that is present (``intake.signature_traces``): of which page, in which box."""

    file: str
    page: int
    part: int
    field: str
    trace: bytes


class ReadAnswer(msgspec.Struct, frozen=True):
    """What was read. Traces are no part of the reading: they end with their paper, and readings stay.

    ``unnamed`` when a page lies there as ours do of which nothing tells the document.
    """

    batch: BatchReading
    pictures: tuple[PagePicture, ...]
    traces: tuple[SeenTrace, ...] = ()
    unnamed: bool = False


def read_task(data: bytes) -> bytes:
    """Read what a :class:`ReadRequest` asks for; runs in the sandbox's child."""
    use_one_thread()
    request = msgspec.msgpack.decode(data, type=ReadRequest)
    keys = [Ed25519PublicKey.from_public_bytes(raw) for raw in request.public_keys]
    issued = {
        item.document: IssuedRecord(item.form, item.edition, date.fromisoformat(item.issued), item.values)
        for item in request.remembered
    }
    ring = KeyRing({key_id_of(key): key for key in keys}, request.small_secrets)
    pictures: list[PagePicture] = []
    traces: list[SeenTrace] = []

    def look(file: str, page: int, image: Grey, result: PageResult) -> None:
        pictures.append(picture_of(file, page, image, result))
        traces.extend(traces_of(file, page, result))

    context = ReadingContext(ring, issued, request.employers, request.recent)
    described, pages = read_files(request.files, context, request.limits, look)
    unnamed = any(page.result.unnamed for page in pages)
    batch = assemble(described, pages)
    answer = ReadAnswer(batch, tuple(with_letters(pictures, batch)), tuple(traces), unnamed)
    return msgspec.msgpack.encode(answer)


def traces_of(file: str, page: int, result: PageResult) -> Iterator[SeenTrace]:
    """The traces of signatures that stand as present: on a page that never was paper none does."""
    for name, trace in result.traces.items():
        if result.signatures[name].state == "present":
            yield SeenTrace(file, page, result.part, name, encode_trace(trace))


def picture_of(file: str, page: int, image: Grey, result: PageResult) -> PagePicture:
    """The page for the screen, at 150 dpi, set straight where it is known how it lies."""
    straight = result.alignment is not None
    if result.alignment is not None:
        per_mm = _PICTURE_PER_MM
        grid = Grid(0, 0, per_mm, round(A4_WIDTH * per_mm), round(A4_HEIGHT * per_mm))
        shown = Paper(image, result.alignment, image, 1.0).raw(grid)
    else:
        scale = min(1.0, 1754 / max(image.shape))
        shown = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    overlay = draw_overlay(image, result)
    evidence = None if overlay is None else encode_overlay(overlay)
    return PagePicture(file, page, straight, encode_picture(shown, _QUALITY), evidence, result.part)


def with_letters(pictures: Iterable[PagePicture], batch: BatchReading) -> Iterator[PagePicture]:
    """The pictures, those of letters with their evidence: what stands on a page of one is known only when all
    of its pages were read together.
    """
    pages = {
        (page.file, page.page, page.part): (letter, place)
        for letter in batch.documents
        if letter.route == "letter"
        for place, page in enumerate(letter.pages, start=1)
    }
    for picture in pictures:
        found = pages.get((picture.file, picture.page, picture.part))
        if found is None or not picture.straight:
            yield picture
            continue
        overlay = encode_overlay(draw_letter_overlay(decode_picture(picture.webp), *found))
        yield msgspec.structs.replace(picture, overlay=overlay)


def read_safely(
    sandbox: Sandbox, files: Sequence[tuple[str, bytes]], context: ReadingContext, limits: Limits
) -> ReadAnswer:
    """Read files in the sandbox. A file that takes too long, too much memory or the process with it
    is named as such, and the others are still read by themselves.
    """
    answer = _ask(sandbox, files, context, limits)
    if isinstance(answer, ReadAnswer):
        return answer
    if len(files) == 1:
        return _given_up(files[0][0], answer, limits)
    parts = [read_safely(sandbox, [file], context, limits) for file in files]
    batch = BatchReading(
        tuple(file for part in parts for file in part.batch.files),
        tuple(document for part in parts for document in part.batch.documents),
    )
    return ReadAnswer(
        batch,
        tuple(picture for part in parts for picture in part.pictures),
        tuple(trace for part in parts for trace in part.traces),
        any(part.unnamed for part in parts),
    )


def _ask(
    sandbox: Sandbox, files: Sequence[tuple[str, bytes]], context: ReadingContext, limits: Limits
) -> ReadAnswer | Trouble:
    keys = context.keys
    request = ReadRequest(
        tuple(files),
        tuple(key.public_bytes_raw() for key in keys.keys.values() if isinstance(key, Ed25519PublicKey)),
        keys.small_secrets,
        tuple(
            RememberedDocument(number, item.form, item.edition, item.issued.isoformat(), item.values)
            for number, item in context.issued.items()
        ),
        limits,
        context.employers,
        tuple(context.recent),
    )
    answer = sandbox.run(read_task, msgspec.msgpack.encode(request))
    if isinstance(answer, Trouble):
        return answer
    try:
        return msgspec.msgpack.decode(answer, type=ReadAnswer)
    except msgspec.DecodeError:
        return Trouble.CRASH


def _given_up(name: str, trouble: Trouble, limits: Limits) -> ReadAnswer:
    found = problem(trouble.value, file=name, seconds=limits.seconds)
    file = FileReading(name, "", "application/octet-stream", 0, as_readings((found,)))
    return ReadAnswer(BatchReading((file,), ()), ())
