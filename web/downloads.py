"""How what is handed out is called: the header that every download of ours carries."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from litestar import Response

_UNWANTED: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_NAMELESS: Final = "documento"


def named(name: str, *, inline: bool = False) -> dict[str, str]:
    """The header that gives a file its name, to save it or (``inline``) to look at it in the browser.

    Browsers take the name as it is (RFC 6266, RFC 8187); a plain one goes along for what is older.

    >>> named("comparación 1.pdf")["content-disposition"]
    'attachment; filename="comparacion-1.pdf"; filename*=UTF-8\\'\\'comparaci%C3%B3n%201.pdf'
    """
    whole = _UNWANTED.sub("", name) or _NAMELESS
    plain = plain_name(whole)
    told = f'{"inline" if inline else "attachment"}; filename="{plain}"'
    if plain != whole:
        told += f"; filename*=UTF-8''{quote(whole, safe='', errors='replace')}"
    return {"content-disposition": told}


def plain_name(name: str) -> str:
    """A name in ASCII that any file system takes: letters without accents, hyphens between words.

    >>> plain_name("Comparación 2026-000001-5.pdf"), plain_name("ж.pdf")
    ('Comparacion-2026-000001-5.pdf', 'documento.pdf')
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, ending = re.sub(r"[^A-Za-z0-9._]+", "-", letters).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    return (stem.strip("-.") or _NAMELESS) + dot + ending.strip("-")


def pdf_response(data: bytes, name: str, *, inline: bool = False) -> Response[bytes]:
    """A PDF to download, or to look at in the browser."""
    return Response(data, media_type="application/pdf", headers=named(name, inline=inline))
