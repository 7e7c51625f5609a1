"""How much of a hostile file we are willing to look at; checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file. An honest A4 at 600 dpi has 35 megapixels; a batch of 200 is a busy day."""

    file_megabytes: int = 64
    pages: int = 200
    page_megapixels: int = 80
    seconds: int = 120
    memory_megabytes: int = 3072
