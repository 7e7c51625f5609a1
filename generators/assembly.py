"""Putting a document together from a template's finished objects and a few of its own.

Everything that a template fixes (fonts, wording, frames) is kept as bytes; a document only adds a
content stream for each page, its own description and the cross-reference table.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf

from generators.tagging import add_structure
from generators.template import Template

_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_OBJECT: Final = re.compile(rb"(\d+) 0 obj\b")


@dataclass(frozen=True, slots=True)
class Mould:
    """A template taken apart: fixed objects as one run of bytes, and the numbers left open.

    ``offsets`` has the place of object ``n`` at index ``n``, or 0 where a document puts its own:
    ``contents`` (one for each page) and ``description``.
    """

    body: bytes
    offsets: tuple[int, ...]
    root: int
    description: int
    contents: tuple[int, ...]


def make_mould(template: Template) -> Mould:
    """Take a template apart. It must be the work of ``generators.template``: one simple cross-reference."""
    with pikepdf.open(BytesIO(template.pdf)) as pdf:
        open_places = []
        pdf.Root.Lang = pikepdf.String("es-EC")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        add_structure(pdf, str(pdf.docinfo["/Title"]), template.structures)
        for page in pdf.pages:
            own = pdf.make_stream(b"% own content")
            page.obj.Contents = pikepdf.Array([*_as_array(page.obj.Contents), own])
            open_places.append(own)
        buffer = BytesIO()
        pdf.save(
            buffer,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            deterministic_id=True,
        )
    return _take_apart(buffer.getvalue())


def _as_array(contents: pikepdf.Object) -> list[pikepdf.Object]:
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _take_apart(data: bytes) -> Mould:
    with pikepdf.open(BytesIO(data)) as pdf:
        root, description = pdf.Root.objgen[0], pdf.trailer.Info.objgen[0]
        contents = tuple(page.obj.Contents[-1].objgen[0] for page in pdf.pages)
    places = _object_places(data)
    body, offsets = bytearray(_HEADER), [0] * (max(places) + 1)
    for number, (start, end) in sorted(places.items()):
        if number != description and number not in contents:
            offsets[number] = len(body)
            body += data[start:end]
    return Mould(bytes(body), tuple(offsets), root, description, contents)


def _object_places(data: bytes) -> dict[int, tuple[int, int]]:
    """Where each object starts and ends, from the file's own cross-reference table."""
    table = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    rows = data[table : data.index(b"trailer", table)].splitlines()[2:]
    starts = sorted(int(row[:10]) for row in rows if row.rstrip().endswith(b"n"))
    places: dict[int, tuple[int, int]] = {}
    for start, end in zip(starts, [*starts[1:], table], strict=True):
        match = _OBJECT.match(data, start)
        if match is None:
            raise ValueError("the template's cross-reference table does not point at its objects")
        places[int(match[1])] = (start, end)
    return places


def assemble(mould: Mould, contents: Sequence[str], description: bytes, level: int = 1) -> bytes:
    """The finished document: one content stream in Latin-1 operators for each page of the mould.

    ``description`` is the PDF dictionary of the document's own facts. ``level`` is how hard the
    streams are deflated: symbols deflate well at once, and speed matters when many are issued.
    """
    pieces, offsets, length = [mould.body], list(mould.offsets), len(mould.body)
    own = [(mould.description, description)]
    for number, content in zip(mould.contents, contents, strict=True):
        stream = zlib.compress(content.encode("latin-1"), level)
        head = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
        own.append((number, head + stream + b"\nendstream"))
    for number, value in own:
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, value)
        offsets[number] = length
        pieces.append(piece)
        length += len(piece)
    pieces.append(_trailer(mould, offsets, own, length))
    return b"".join(pieces)


def _trailer(mould: Mould, offsets: Sequence[int], own: Sequence[tuple[int, bytes]], start: int) -> bytes:
    # The file's identity follows from what it says, so that drawing twice gives the same bytes.
    identity = hashlib.sha256(b"".join(value for _, value in own)).hexdigest()[:32].encode()
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets[1:])
    return (
        b"xref\n0 %d\n0000000000 65535 f \n%b"
        b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>] >>\nstartxref\n%d\n%%%%EOF\n"
    ) % (len(offsets), rows, len(offsets), mould.root, mould.description, identity, identity, start)
