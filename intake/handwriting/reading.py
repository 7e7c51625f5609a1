"""A comb filled in by hand, from the scan to its number."""

from __future__ import annotations

from collections.abc import Collection

from forms.model import Edition, Field
from intake.handwriting.candidates import KnownNumbers
from intake.handwriting.cells import cut_cells
from intake.handwriting.decoding import HandwrittenNumber, decode_number
from intake.handwriting.digits import recognise_ink
from intake.handwriting.numbers import NumberKind
from intake.sampling import Paper


def read_comb(
    paper: Paper,
    edition: Edition,
    field: Field,
    kind: NumberKind,
    known: Collection[str] | KnownNumbers | None = None,
) -> HandwrittenNumber:
    """The number that somebody wrote into a comb field of a blank form.

    ``known`` are the register's numbers of that kind; for many, make :class:`KnownNumbers` once. Raises
    ``ValueError`` when the field is no comb, or too short for such a number.
    """
    return decode_number(recognise_ink(cut_cells(paper, edition, field)), kind, known)
