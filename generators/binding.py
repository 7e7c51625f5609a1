"""Several documents of ours bound into one file, to be printed at once: the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array


def bind(documents: Sequence[bytes]) -> bytes:
    """The pages of our own PDFs one after another, with the structure of each, under the first one's title.

    One document alone comes back as it is.
    """
    if len(documents) == 1:
        return documents[0]
    with pikepdf.open(BytesIO(documents[0])) as bound:
        for data in documents[1:]:
            with pikepdf.open(BytesIO(data)) as pdf:
                _append(bound, pdf)
        out = BytesIO()
        bound.save(out, deterministic_id=True)
    return out.getvalue()


def _append(bound: pikepdf.Pdf, pdf: pikepdf.Pdf) -> None:
    """The pages of ``pdf`` and its structure, which goes under the element of the whole document."""
    first = len(bound.pages)
    bound.pages.extend(pdf.pages)
    whole, tree = bound.Root.StructTreeRoot.K, bound.Root.StructTreeRoot.ParentTree
    for element in pdf.Root.StructTreeRoot.K.K:
        copied = bound.copy_foreign(element)
        copied.P = whole
        # A page that goes along with an element is another copy: the element is of the page that was bound.
        copied.Pg = bound.pages[first + _page_of(pdf, element)].obj
        whole.K.append(copied)
    for number, page in enumerate(bound.pages[first:], start=first):
        page.obj.StructParents = number
        row = [element for element in whole.K if element.Pg.objgen == page.obj.objgen]
        tree.Nums.extend(Array([number, bound.make_indirect(_parents(row))]))
    bound.Root.StructTreeRoot.ParentTreeNextKey = len(bound.pages)


def _page_of(pdf: pikepdf.Pdf, element: pikepdf.Object) -> int:
    return next(place for place, page in enumerate(pdf.pages) if page.obj.objgen == element.Pg.objgen)


def _parents(elements: Sequence[pikepdf.Object]) -> Array:
    """The elements of one page by the numbers of their content."""
    by_number: dict[int, pikepdf.Object] = {}
    for element in elements:
        contents = element.K if isinstance(element.K, Array) else [element.K]
        by_number |= {int(number): element for number in contents}
    return Array(by_number[number] for number in sorted(by_number))
