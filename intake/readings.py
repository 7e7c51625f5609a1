"""What the reader saw: the values of ``read --json`` (version 1), free of any image library.

A reading is what was seen on paper; an answer is what a clerk accepted. They are different types, and
only readings live here. Boxes are ``[x, y, width, height]`` in mm from the page's top-left corner.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

VERSION: Final = 1

FieldState = Literal["confirmed", "read", "doubtful", "altered", "missing"]
FieldSource = Literal["seal", "print", "ocr", "handwriting", "text", "acroform", "register"]
Route = Literal["sealed", "template", "digital", "letter", "annex"]
Outcome = Literal["read", "review", "refused"]
SealStateName = Literal["valid", "invalid", "unknown-key", "absent", "unreadable"]
SignatureState = Literal["present", "absent", "doubtful"]
MarkKind = Literal["stamp", "writing", "unknown"]

BoxMm = tuple[float, float, float, float]


class ProblemReading(Struct, frozen=True, omit_defaults=True):
    """A problem as the JSON shape shows it (see ``forms.problems.Problem.as_json``)."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    field: str | UnsetType = UNSET


class FileReading(Struct, frozen=True):
    """One received file: its name, SHA-256 of the original bytes and what was wrong with it."""

    name: str
    sha256: str
    media_type: str
    pages: int
    problems: tuple[ProblemReading, ...] = ()


class PageReading(Struct, frozen=True, omit_defaults=True):
    """Where a page of a document came from; ``rotation`` is the clockwise turn that sets it upright.

    ``part`` counts from 1 where one page of the file shows several pages of paper side by side, as an A3
    scan or a photograph of an open folder does; it is 0 elsewhere.
    """

    file: str
    page: int
    rotation: int
    dpi: int
    part: int = 0


def page_name(file: str, page: int, part: int = 0) -> str:
    """The name by which a page is told apart among all that was handed in.

    >>> page_name("a.pdf", 3), page_name("a.pdf", 3, 2)
    ('a.pdf p. 3', 'a.pdf p. 3 (parte 2)')
    """
    return f"{file} p. {page} (parte {part})" if part else f"{file} p. {page}"


class FieldReading(Struct, frozen=True, omit_defaults=True):
    """One value: what the reader stands for, how sure it is, where it was seen.

    For ``altered`` the value is the sealed one and ``seen`` is what the paper shows. ``confidence`` is
    the chance in [0, 1] that ``value`` is what the paper says.
    """

    value: str
    state: FieldState
    source: FieldSource
    confidence: float
    page: int
    box_mm: BoxMm
    seen: str | UnsetType = UNSET


class SignatureReading(Struct, frozen=True):
    """Ink found in a signature box; ``ink`` is the share of the box covered by added ink."""

    state: SignatureState
    ink: float
    page: int
    box_mm: BoxMm


SignedFileState = Literal["intact", "added-to", "changed"]


class ElectronicSignature(Struct, frozen=True, omit_defaults=True):
    """Who signed a file electronically, by the certificate inside, and the day that the file names. Nobody
    has validated either. ``file`` is what became of the file since, where that can be told.
    """

    signer: str
    date: str | UnsetType = UNSET
    file: SignedFileState | UnsetType = UNSET


class MarkReading(Struct, frozen=True):
    """Something people added outside the boxes meant for it."""

    page: int
    box_mm: BoxMm
    kind: MarkKind


class SealReading(Struct, frozen=True):
    state: SealStateName


class DocumentReading(Struct, frozen=True, kw_only=True):
    """One paper document, its pages put together whatever order they came in."""

    form: str | UnsetType = UNSET
    edition: str | UnsetType = UNSET
    document: str | UnsetType = UNSET
    issued: str | UnsetType = UNSET
    pages: tuple[PageReading, ...]
    route: Route
    outcome: Outcome
    seal: SealReading
    fields: dict[str, FieldReading]
    signatures: dict[str, SignatureReading]
    marks_outside: tuple[MarkReading, ...]
    problems: tuple[ProblemReading, ...]
    electronic_signatures: tuple[ElectronicSignature, ...] = ()


AnnexKind = Literal["cedula-copy", "foreigner-copy", "unknown"]


def annex_kind(document: DocumentReading) -> AnnexKind | None:
    """What a page that came along was taken for; nothing when the document is no annex."""
    if document.route != "annex":
        return None
    codes = {found.code for found in document.problems}
    if "UNNEEDED_PERSONAL_DATA" in codes:
        return "cedula-copy"
    return "unknown" if "PAGE_FOREIGN" in codes else "foreigner-copy"


class BatchReading(Struct, frozen=True):
    """All that was read from the files that were handed in together."""

    files: tuple[FileReading, ...]
    documents: tuple[DocumentReading, ...]
    problems: tuple[ProblemReading, ...] = ()
    version: int = VERSION


def encode_batch(batch: BatchReading) -> bytes:
    """The JSON of contracts.md §3, UTF-8, keys in the order of the contract."""
    return msgspec.json.encode(batch)


def decode_batch(data: bytes) -> BatchReading:
    """The batch from its JSON; raises ``msgspec.ValidationError`` when the shape is not ours."""
    return msgspec.json.decode(data, type=BatchReading)
