"""What people call a kind of document, on pages, in tables and at a terminal."""

from __future__ import annotations

from forms.register import find_form
from operations.indexing import TITLES
from operations.papers import PAPER_TITLES


def title_of(kind: str) -> str:
    """What people call a kind of document: a form by its title, a paper of a case by its own."""
    form = find_form(kind)
    return form.title if form is not None else PAPER_TITLES.get(kind) or TITLES.get(kind, kind)
