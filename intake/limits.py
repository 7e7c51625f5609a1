"""How much of a hostile file we are willing to look at; checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one run of the reader. An honest A4 at 600 dpi has 35 megapixels; 200 pages are a busy day.

    ``file_megabytes`` (10⁶ bytes), ``pages`` and ``page_megapixels`` are checked before decoding;
    ``seconds`` (of the clock and of the processor) and ``memory_megabytes`` (2²⁰ bytes of address space,
    some 1000 of which are libraries) are held by the sandbox.
    """

    file_megabytes: int = 64
    pages: int = 200
    page_megapixels: int = 80
    seconds: int = 120
    memory_megabytes: int = 3072
