"""The certificate of a disposal (*acta de eliminación*): what ended, by which term, and who decided it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from forms.model import Align
from generators.sheet import Column, Heading, Row, TablePaper, draw_table_paper
from operations.house import House
from operations.indexing import CERTIFICATE, TITLES
from operations.papers import PAPER_TITLES, paper_number, paper_sealer
from operations.retention_schedules import schedule_named
from storage.retention_tables import DisposalRow

_COLUMNS: Final = (
    Column("TRÁMITE", 15),
    Column("DOCUMENTO", 46, width=84),
    Column("CIERRE", 170, Align.RIGHT),
    Column("PLAZO CUMPLIDO", 195, Align.RIGHT),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The paper and the number under its seal."""

    number: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class CertifiedDocument:
    """A document as the certificate names it; no personal data of anybody."""

    document_id: int
    case: str
    kind: str
    sha256: str
    schedule: str
    closed: str
    due: str


def draw_certificate(
    house: House,
    proposal: DisposalRow,
    documents: Sequence[CertifiedDocument],
    agreed_by: str,
    agreed_reason: str,
    at: datetime,
) -> Certificate:
    """The sealed PDF. The seal vouches for the number, both names and the hash of all the hashes."""
    number = paper_number(house, CERTIFICATE, proposal.number)
    digest = sha256("\n".join(each.sha256 for each in documents).encode()).hexdigest()
    proposed = proposal.proposed_at.astimezone(house.zone)
    heading = Heading(
        "ACTA DE ELIMINACIÓN DE DOCUMENTOS",
        (
            ("Acta N.º", proposal.number),
            ("Documentos", str(len(documents))),
            ("Propuso", f"{proposal.proposed_by}, {proposed:%Y-%m-%d %H:%M}"),
            ("Aprobó", f"{agreed_by}, {at.astimezone(house.zone):%Y-%m-%d %H:%M}"),
        ),
        "Se eliminan los contenidos; quedan el registro de cada documento y su huella.",
    )
    names = sorted({each.schedule for each in documents})
    closing = (
        f"Motivo de la propuesta: {proposal.reason}",
        f"Motivo de la aprobación: {agreed_reason}",
        *(_term(name) for name in names),
        f"Huella del conjunto (SHA-256 de las huellas, una por línea, en este orden): {digest}",
    )
    paper = TablePaper(heading, _COLUMNS, tuple(_row(each) for each in documents), (), closing)
    facts = (proposal.number, proposal.proposed_by, agreed_by, str(len(documents)), digest)
    sealer = paper_sealer(house.keys.issuing, CERTIFICATE, number, at.date(), proposal.number, facts)
    return Certificate(number, draw_table_paper(paper, number, sealer))


def _row(each: CertifiedDocument) -> Row:
    title = TITLES.get(each.kind) or PAPER_TITLES.get(each.kind, each.kind)
    return Row((each.case, title, each.closed, each.due), explanation=f"SHA-256 {each.sha256}")


def _term(name: str) -> str:
    schedule = schedule_named(name)
    sure = {"sure": "", "likely": " (probable)", "guess": " (plazo supuesto)"}[schedule.confidence.value]
    return f"{schedule.title}: {schedule.years} años desde el cierre{sure}. {schedule.reference}."
