"""Whether the codes and the printed number of a page are all of one document, or some came from another.

The full symbol vouches for the values; who looks a paper up goes by the small one or by the number.
"""

from __future__ import annotations

from forms.model import PageFrame
from forms.seal import KeyRing, open_blank, open_small
from intake.identification import Identity
from intake.printed_number import other_number
from intake.sampling import Paper
from intake.symbols import read_at

_BLANK_FORM = "un formulario sin llenar"


def other_document(paper: Paper, frame: PageFrame, identity: Identity, keys: KeyRing) -> str | None:
    """What else the page says that it is, in words, beside what it was identified by; nothing where all that
    can be read agrees. A page of whose document nothing vouches is not asked.
    """
    if not identity.vouched or identity.document is None:
        return None
    small = read_at(paper.image, paper.alignment, frame.small_seal)
    if small is not None:
        if open_blank(small):
            return _BLANK_FORM
        _, content = open_small(small, keys)
        if content is not None and content.document != identity.document:
            return content.document
        if content is not None and content.page != identity.page:
            return f"{content.document}, hoja {content.page}"
    return other_number(paper, frame, identity.document)
