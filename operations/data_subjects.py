"""What the service holds about one person, and who has looked at it: for the person's own request (LOPDP).

The rights are those of access (article 13) and portability (article 17); the articles are likely, see
``docs/open-questions.md``. Of papers that name several people only what concerns this one is told; who wants
the papers themselves gets them from the archivist.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from forms.identity import check_cedula, check_foreigner_code
from forms.personal import Datum, datum_of, mask_numbers
from forms.problems import Problem
from forms.register import find_form
from operations.appointment_views import AppointmentState
from operations.casework import Refusal
from operations.complaints import ComplaintState
from operations.house import House
from operations.personal_data import person_tag
from operations.record import LOOKS
from operations.retention import refuse_reason
from operations.signature_copies import TRACE_PURPOSE, traces_of_signer
from operations.users import User, UserRole
from regeneration.cases import CaseState
from storage.appointment_tables import AppointmentRow
from storage.audit import append_audit
from storage.complaint_tables import ComplaintRow
from storage.mail_tables import MailRow
from storage.schema import (
    AuditEventRow,
    CaseRow,
    DocumentRow,
    IssuedRow,
    NovedadRow,
    RepresentativeRow,
    SheetRow,
)
from storage.search import Wanted, fold_words, search_documents

ACTS: Final = {
    **LOOKS,
    "document.view": "Vio el papel emitido",
    "archive.find": "Buscó a esta persona en el archivo",
    "desk.find": "Buscó a esta persona en la ventanilla",
    "subject.view": "Vio lo que consta de esta persona",
    "subject.export": "Exportó lo que consta de esta persona",
}
"""Events of the trail by which somebody saw something of a person."""
_WORDS: Final = {
    "id_number": "Número de identidad",
    "name": "Nombre",
    "type": "Tipo de novedad",
    "effective": "Desde",
    "registered": "Registrada el",
    "wage": "Sueldo",
    "days": "Días",
    "relation": "Relación de trabajo",
    "value": "Aporte",
    "personal": "Aporte personal",
    "employer": "Aporte patronal",
    "variation": "Variación de sueldo",
    "leave_days": "Días de licencia",
    "reserve_fund": "Fondos de reserva",
    "part_time_hours": "Horas a tiempo parcial",
    "part_time_health": "Salud a tiempo parcial",
    "cause": "Causa de salida",
}
"""Names of values in sheets and novedades (contracts.md §6) and what they are called."""
_OF_ONE: Final = frozenset({Datum.NAME, Datum.CONTACT})
"""What a paper that names one person says of that one; its free text may be about others."""
_AT_ONCE: Final = 500
_CEDULA: Final = 10


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is held: where (``source``), about what (``title``), and the values, by their label."""

    source: str
    title: str
    at: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SubjectAccess:
    """That somebody saw something of the person."""

    at: datetime
    actor: str
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class SubjectData:
    """All that is held about ``person``, and the accesses to it, the newest first."""

    person: str
    facts: tuple[Fact, ...]
    accesses: tuple[SubjectAccess, ...]


def check_subject(person: str) -> tuple[Problem, ...]:
    """Problems of what was asked for: a cédula or the code of a foreigner."""
    if len(person) == _CEDULA and person.isdigit():
        return check_cedula(person, "person_id")
    return check_foreigner_code(person, "person_id")


def view_subject(
    house: House, person: str, reason: str, by: User, *, exported: bool = False
) -> SubjectData | Refusal:
    """What is held about the owner of an identity number. Asking is an event, which names no number; refused
    to all but archivists, and without a reason that somebody will understand in years.
    """
    if by.role is not UserRole.ARCHIVIST:
        return Refusal("NOT_YOURS", "Solo archivo atiende los pedidos de los titulares.")
    if (refusal := refuse_reason(reason)) is not None:
        return refusal
    with house.database.transaction() as session:
        cases = _cases(session, person)
        issued = session.scalars(_holding(IssuedRow, IssuedRow.field_values, person)).all()
        facts = tuple(_facts(house, session, person, cases, issued))
        accesses = tuple(_accesses(house, session, person, cases, issued))
        act = "subject.export" if exported else "subject.view"
        told = {"people": [person_tag(house, person)], "reason": mask_numbers(reason.strip())}
        append_audit(session, house.now(), by.name, act, "", told)
    return SubjectData(person, facts, accesses)


def _holding(table: type[Any], column: InstrumentedAttribute[Any], person: str) -> Select[Any]:
    """Rows whose JSON has the number as a value; few people ask, so the table is read for it."""
    return select(table).where(cast(column, String).contains(f'"{person}"', autoescape=True))


def _cases(session: Session, person: str) -> list[CaseRow]:
    """Cases that name the person as far as the index knows, those whose sheet does, the newest first."""
    wanted = Wanted(exact=tuple(fold_words(person)))
    numbers: set[str] = set()
    before: int | None = None
    while ids := search_documents(session, wanted, _AT_ONCE, before):
        numbers.update(session.scalars(select(DocumentRow.case_number).where(DocumentRow.id.in_(ids))))
        before = ids[-1]
    rows: list[CaseRow] = []
    ordered = sorted(numbers, reverse=True)
    for start in range(0, len(ordered), _AT_ONCE):
        query = select(CaseRow).where(CaseRow.number.in_(ordered[start : start + _AT_ONCE]))
        rows += session.scalars(query.order_by(CaseRow.number.desc()))
    return rows


def _facts(
    house: House, session: Session, person: str, cases: Sequence[CaseRow], issued: Sequence[IssuedRow]
) -> Iterator[Fact]:
    for row in session.scalars(select(RepresentativeRow).where(RepresentativeRow.id_number == person)):
        yield Fact("Registro de representantes", f"RUC {row.ruc}", row.since, {"Nombre": row.name})
    for paper in issued:
        told = _about_person(paper.form, paper.field_values, person)
        yield Fact("Papel emitido", f"{_title(paper.form)} {paper.document}", paper.issued, told)
    for case in cases:
        told = {"Estado": CaseState(case.state).label, "RUC": case.ruc, "Período": case.period}
        for form, given in case.answers.items():
            told |= _about_person(form, given, person)
        yield Fact("Trámite", case.number, _day(house, case.received_at), told)
        for trace in traces_of_signer(session, case, person):
            told = {"Trámite": case.number, "Sirve para": TRACE_PURPOSE}
            about = f"{_title(trace.form)} {trace.document}".strip()
            yield Fact("Trazo de la firma", about, _day(house, trace.made_at), told)
    for novedad in session.scalars(_holding(NovedadRow, NovedadRow.body, person)):
        yield Fact("Novedad", f"RUC {novedad.ruc}", novedad.period, _worded(novedad.body))
    for sheet in session.scalars(_holding(SheetRow, SheetRow.body, person)):
        for line in sheet.body.get("lines", ()):
            if line.get("id_number") == person:
                title = f"{sheet.number}, RUC {sheet.ruc}"
                yield Fact("Línea de planilla", title, sheet.period, _worded(line))
    yield from _contacts(house, session, person)


def _contacts(house: House, session: Session, person: str) -> Iterator[Fact]:
    """Appointments of the person, and what was written to or from the addresses given with them."""
    addresses: set[str] = set()
    for row in session.scalars(select(AppointmentRow).where(AppointmentRow.person_id == person)):
        addresses.add(row.email)
        told = {"Estado": AppointmentState(row.state).label, "Correo": row.email, "Teléfono": row.phone}
        yield Fact("Turno", row.number, f"{row.day} {row.hour}", told)
    for mail in session.scalars(select(MailRow).where(MailRow.recipient.in_(addresses))):
        told = {"Asunto": mail.subject, "Texto": "\n".join(mail.body["paragraphs"]), "Correo": mail.recipient}
        yield Fact("Correo enviado", mail.id, _day(house, mail.written_at), told)
    for complaint in session.scalars(select(ComplaintRow).where(ComplaintRow.email.in_(addresses))):
        told = {
            "Estado": ComplaintState(complaint.state).label,
            "Nombre": complaint.name,
            "Correo": complaint.email,
            "Texto": complaint.text,
            "Respuesta": complaint.answer,
        }
        yield Fact("Queja", complaint.number, complaint.day, told)


def _about_person(name: str, values: Mapping[str, Any], person: str) -> dict[str, str]:
    """The values of a paper that are of this person, by their printed label. What a paper says of one of
    several people has the same beginning (``grantor_id``, ``grantor_name``).
    """
    form = find_form(name)
    if form is None:
        return {}
    fields = {field.name: field for field in form.current.value_fields}
    numbers = [each for each, field in fields.items() if datum_of(field) is Datum.IDENTITY]
    own = tuple(each.removesuffix("id") for each in numbers if values.get(each) == person)
    if not own:
        return {}
    alone = len(numbers) == 1
    return {
        field.title: str(values[each])
        for each, field in fields.items()
        if values.get(each) and (each.startswith(own) or (alone and datum_of(field) in _OF_ONE))
    }


def _worded(body: Mapping[str, Any]) -> dict[str, str]:
    """A line or a novedad in words; what has no word of its own is no datum of the person."""
    return {_WORDS[name]: str(value) for name, value in body.items() if name in _WORDS and value is not None}


def _title(form: str) -> str:
    known = find_form(form)
    return known.title if known is not None else form


def _day(house: House, at: datetime) -> str:
    return at.astimezone(house.zone).date().isoformat()


def _accesses(
    house: House, session: Session, person: str, cases: Sequence[CaseRow], issued: Sequence[IssuedRow]
) -> list[SubjectAccess]:
    """Looks at anything that names the person, and searches for the number; one person's within a minute is
    one.
    """
    about = {case.number: f"Trámite {case.number}" for case in cases}
    about |= {paper.document: f"{_title(paper.form)} {paper.document}" for paper in issued}
    documents = select(DocumentRow.id, DocumentRow.case_number, DocumentRow.name)
    for start in range(0, len(cases), _AT_ONCE):
        numbers = [case.number for case in cases[start : start + _AT_ONCE]]
        for number, case, name in session.execute(documents.where(DocumentRow.case_number.in_(numbers))):
            about[f"{case}/{number}"] = f"{name}, trámite {case}"
    naming = _events_naming(session, person_tag(house, person))
    events = {event.sequence: event for event in (*_events_about(session, list(about)), *naming)}
    found: dict[tuple[str, str, str, str], SubjectAccess] = {}
    for _, event in sorted(events.items(), reverse=True):
        access = SubjectAccess(event.at, event.actor, ACTS[event.action], about.get(event.subject, ""))
        found.setdefault((event.actor, event.action, event.subject, f"{event.at:%Y%m%d%H%M}"), access)
    return list(found.values())


def _events_about(session: Session, subjects: Sequence[str]) -> Iterator[AuditEventRow]:
    for start in range(0, len(subjects), _AT_ONCE):
        some = AuditEventRow.subject.in_(subjects[start : start + _AT_ONCE])
        yield from session.scalars(select(AuditEventRow).where(some, AuditEventRow.action.in_(ACTS)))


def _events_naming(session: Session, tag: str) -> Iterator[AuditEventRow]:
    naming = cast(AuditEventRow.data, String).contains(f'"{tag}"')
    yield from session.scalars(select(AuditEventRow).where(AuditEventRow.action.in_(ACTS), naming))


def export_subject(house: House, person: str, reason: str, by: User) -> bytes | Refusal:
    """The same as JSON in UTF-8, for the person to take along; an event."""
    data = view_subject(house, person, reason, by, exported=True)
    if isinstance(data, Refusal):
        return data
    body = {
        "titular": data.person,
        "generado": house.now().isoformat(),
        "institucion": house.settings.office,
        "datos": [
            {"fuente": fact.source, "asunto": fact.title, "fecha": fact.at, "valores": dict(fact.values)}
            for fact in data.facts
        ],
        "accesos": [
            {
                "cuando": access.at.isoformat(),
                "quien": access.actor,
                "que": access.what,
                "sobre": access.about,
            }
            for access in data.accesses
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=2).encode() + b"\n"
