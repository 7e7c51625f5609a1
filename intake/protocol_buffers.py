"""Protocol buffers as far as a model's file needs them: its fields found, and fields written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

Buffer = bytes | bytearray | memoryview

_VARINT: Final = 0
_DELIMITED: Final = 2
_FIXED: Final = {1: 8, 5: 4}
"""Bytes that the fixed-size wire types take."""


class Field(NamedTuple):
    """A field of a message: its number, where its tag begins, and where its content starts and ends.

    ``value`` is the content of a whole number; 0 for every other kind.
    """

    number: int
    begin: int
    start: int
    end: int
    value: int


def fields(data: Buffer, start: int, end: int) -> Iterator[Field]:
    """The fields of the message between ``start`` and ``end``, in the file's order; ``ValueError`` when it
    is none.
    """
    place = start
    while place < end:
        begin = place
        tag, place = _number(data, place)
        kind, value = tag & 7, 0
        first = place
        if kind == _VARINT:
            value, place = _number(data, place)
        elif kind == _DELIMITED:
            length, first = _number(data, place)
            place = first + length
        elif kind in _FIXED:
            place += _FIXED[kind]
        else:
            raise ValueError(f"not a protocol buffer: wire type {kind}")
        yield Field(tag >> 3, begin, first, place, value)


def delimited(number: int, content: bytes) -> bytes:
    """A field that holds a message, a text or bytes."""
    return _varint(number << 3 | _DELIMITED) + _varint(len(content)) + content


def whole(number: int, value: int) -> bytes:
    """A field that holds a number from 0."""
    return _varint(number << 3 | _VARINT) + _varint(value)


def _number(data: Buffer, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def _varint(value: int) -> bytes:
    """Seven bits to a byte, the lowest first; all bytes but the last have their top bit set."""
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))
