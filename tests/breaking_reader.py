"""The reader with a weakness that its decoders do not have: bytes that take the sandbox's child with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import hostile_tasks

from intake.task import read_task

MARKS: Final[dict[bytes, Callable[[bytes], bytes]]] = {
    b"takes the process": hostile_tasks.leave,
    b"takes the memory": hostile_tasks.allocate,
    b"takes the time": hostile_tasks.spin,
}


def read_or_break(data: bytes) -> bytes:
    """Read as the service does, unless the request holds a mark: then do to the child what it says."""
    for mark, act in MARKS.items():
        if mark in data:
            return act(data)
    return read_task(data)


def answer_nonsense(data: bytes) -> bytes:
    """What a child may answer that hostile bytes have taken over."""
    return b"\x93 neither readings nor pictures"
