"""A page of no form of ours: the letter that an employer wrote, or else a paper that came along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from forms.geometry import Box
from forms.problems import Problem, problem
from forms.register import find_form
from intake.alignment import Grey
from intake.digital_pages import electronic_problems
from intake.drawn_text import DrawnPage
from intake.letters.extraction import Datum, extract
from intake.letters.identity_copies import CopyKind, copy_kind
from intake.letters.judgement import judge, letter_problems
from intake.letters.names import find_representative
from intake.letters.pen_marks import with_marks
from intake.letters.proxies import find_proxy
from intake.letters.recognised import RecognisedPage, recognise
from intake.letters.signing import find_signature
from intake.letters.text import LetterText
from intake.opening import FileFacts, OpenedPage
from intake.pages import PageResult
from intake.readings import ElectronicSignature, FieldReading, SignatureReading

REQUEST: Final = "employer-request"
SIGNATURE: Final = "representative_signature"
_SCANNED: Final = 0.4
_LEAST_LINES: Final = 3
"""Lines from which a page is one of words."""
_TELLING: Final = frozenset(
    {
        "ruc",
        "business_name",
        "representative_name",
        "representative_id",
        "petition",
        "period",
        "email",
        "address",
    }
)
_ENOUGH: Final = 4
"""How many telling data make a page a letter; one of them must be the petition or the RUC."""
_SURELY_ASKED: Final = 0.8
"""Weight of a petition that names what is asked for."""
_WITH_PETITION: Final = 3
"""How many do where it asks for what the procedure gives: people forget their own numbers."""


def read_stranger(result: PageResult, opened: OpenedPage, image: Grey, facts: FileFacts) -> PageResult:
    """Read a page that is none of ours: a letter gets its values, anything else stays an annex."""
    drawn = opened.drawn
    page = recognise(image, opened.dpi, drawn.text if drawn else None)
    found = extract(page.text)
    kind = None if is_letter(found) else copy_kind(page.text.lines)
    if kind is not None:
        return _copy(result, page, kind)
    if len(page.text.lines) < _LEAST_LINES:
        return result
    written = _written(result, page, drawn, facts)
    if not is_letter(found):
        return written
    return letter_result(written, found, written.signatures[SIGNATURE], digital=written.digital)


def _copy(result: PageResult, page: RecognisedPage, kind: CopyKind) -> PageResult:
    """The copy of an identity document: set straight for the clerk's eye, nothing of it is kept as text."""
    return replace(
        result,
        turn=page.turn,
        dpi=round(page.page.alignment.px_per_mm * 25.4),
        alignment=page.page.alignment,
        stranger=kind,
    )


def is_letter(found: Mapping[str, Datum]) -> bool:
    """Whether a page asks for something in the name of an employer."""
    telling = _TELLING & found.keys()
    if "petition" in telling and found["petition"].mention.weight >= _SURELY_ASKED:
        return len(telling) >= _WITH_PETITION
    return len(telling) >= _ENOUGH and bool({"petition", "ruc"} & telling)


def _written(
    result: PageResult, page: RecognisedPage, drawn: DrawnPage | None, facts: FileFacts
) -> PageResult:
    """A page of words: its text, and the ink where a letter is signed."""
    signature = find_signature(page)
    return replace(
        result,
        turn=page.turn,
        dpi=round(page.page.alignment.px_per_mm * 25.4),
        signatures={SIGNATURE: signature},
        alignment=page.page.alignment,
        digital=drawn is not None and drawn.pictures < _SCANNED,
        signed=facts.signed,
        stranger="text",
        written=page.text if drawn is not None else with_marks(page, Box(*signature.box_mm)),
    )


def letter_result(
    page: PageResult, found: Mapping[str, Datum], signature: SignatureReading, *, digital: bool
) -> PageResult:
    """The letter that begins on a ``page``, whose text is all of it, with the data found in that; raises
    ``ValueError`` for a page without text.
    """
    form = find_form(REQUEST)
    if form is None:
        raise LookupError(f"the catalogue has no {REQUEST}; a letter cannot be read without it")
    if page.written is None:
        raise ValueError("a page that was not read as text is no letter")
    edition = form.current
    fields = judge(edition, page.written, found)
    label = edition.field(SIGNATURE).title
    problems = (
        *letter_problems(edition, fields),
        *_signature_problems(signature, label, page.signed, digital=digital),
        *_proxy_problems(page.written, fields),
    )
    if digital:
        signature = msgspec.structs.replace(signature, state="absent")
    return replace(
        page,
        fields=fields,
        signatures={SIGNATURE: signature},
        problems=problems,
        digital=digital,
        stranger="letter",
    )


def _proxy_problems(letter: LetterText, fields: Mapping[str, FieldReading]) -> tuple[Problem, ...]:
    """What the clerk is told where another person signs than the representative."""
    proxy = find_proxy(letter, list(find_representative(letter)))
    if proxy is None:
        return ()
    signer = f"«{proxy.signer.value}»" if proxy.signer else "otra persona"
    meant = fields.get("representative_name")
    principal = f" «{meant.value}»" if meant and meant.value else ""
    return (problem("SIGNED_FOR_ANOTHER", field=SIGNATURE, signer=signer, principal=principal),)


def _signature_problems(
    signature: SignatureReading, label: str, signed: Sequence[ElectronicSignature], *, digital: bool
) -> tuple[Problem, ...]:
    if digital:
        found = bool(signed) or signature.state != "absent"
        code = "SIGNATURE_NOT_HANDWRITTEN" if found else "SIGNATURE_ABSENT"
        return (*electronic_problems(signed), problem(code, field=SIGNATURE, label=label))
    if signature.state == "present":
        return ()
    code = "SIGNATURE_ABSENT" if signature.state == "absent" else "SIGNATURE_DOUBTFUL"
    return (problem(code, field=SIGNATURE, label=label),)
