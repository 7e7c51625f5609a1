"""Does a file keep the rules of PDF/A-2b? Asked of pikepdf's validator, which is not the code that drew it.

That validator follows the rules of veraPDF's profiles and approves only what it knows: what it denies may
be allowed, what it approves it has looked at whole.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from pikepdf.pdfa import validate_written

_MOST: Final = 20


def pdfa_faults(data: bytes) -> tuple[str, ...]:
    """What keeps a file from being PDF/A-2b, as rule and message, at most twenty; empty when nothing does."""
    report = validate_written(BytesIO(data), "2b")
    return tuple(f"{found.rule}: {found.message}" for found in report.findings[:_MOST])
