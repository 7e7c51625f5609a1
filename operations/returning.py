"""A request sent back to be completed (*subsanación*): what is missing, by when, as a sealed notice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.catalog.return_notice import MISSING, NAME, RETURN_NOTICE, TERM_DAYS
from forms.checks import check_values, is_email
from forms.layout import columns, normalise, room, wrap
from forms.model import Values
from forms.problems import Problem, problem
from forms.rest_days import add_working_days
from operations.agencies.register import Agencies
from operations.casework import CaseNotFoundError, Refusal, events_of, load_case, take_step, was_done
from operations.deposits import record_document
from operations.house import House
from operations.issuing import Drawn, draw_form, record_form
from operations.mail import Attachment, Mail, post_mail
from operations.receipts import display_name, printable
from operations.review import REQUEST
from regeneration.cases import CaseEvent, CaseState
from regeneration.months import write_date
from storage.schema import CaseEventRow, CaseRow, EmployerRow

_FACTS: Final = ("ruc", "branch", "period", "business_name")
_PLACE_SIGNS: Final = 39
"""Signs of an office or a person that fit their boxes on the notice."""


def find_term(agencies: Agencies, office: str, notified: date) -> date:
    """The last day to complete: ten working days from the day after, as the office's place counts them."""
    agency = agencies.of_office(office)
    local = agencies.local.get(agency.id, {}) if agency is not None else {}
    return add_working_days(notified, TERM_DAYS, {*agencies.decreed, *local})


def send_back(
    house: House,
    number: str,
    reason: str,
    by: str,
    version: int | None = None,
    missing: Collection[str] = (),
) -> Refusal | tuple[Problem, ...]:
    """Return the case with its notice drawn, filed and mailed. ``missing`` are names of
    ``forms.catalog.return_notice.MISSING``. Problems where nothing is said to be missing, or the text does
    not fit the notice.
    """
    marks = {name: "yes" for name, _ in MISSING if name in missing}
    if not marks and not reason.strip():
        return (problem("RETURN_UNEXPLAINED", field="details"),)
    with house.database.reading() as session:
        case = session.get(CaseRow, number)
        if case is None:
            raise CaseNotFoundError(f"no case {number}")
        values = _values(house, session, case, by) | marks
    if reason.strip():
        values["details"] = normalise(reason)
    drawn = draw_form(house, RETURN_NOTICE.current, values)
    if not isinstance(drawn, Drawn):
        return drawn.problems
    with house.database.transaction() as session:
        case = load_case(session, number)
        return _return(house, session, case, drawn, by, version) or ()


def _values(house: House, session: Session, case: CaseRow, by: str) -> Values:
    request = case.answers.get(REQUEST, {})
    known = {name: request[name] for name in _FACTS if request.get(name)}
    # A fact that is itself wrong is not printed as one: it is what the case is returned for.
    wrong = {found.field for found in check_values(RETURN_NOTICE.current, known)}
    return {
        "case": case.number,
        "notified": house.today().isoformat(),
        "until": find_term(house.agencies, case.office, house.today()).isoformat(),
        "office": printable(case.office, _PLACE_SIGNS),
        "notified_by": printable(display_name(session, by), _PLACE_SIGNS),
        **{name: value for name, value in known.items() if name not in wrong},
    }


def _return(
    house: House, session: Session, case: CaseRow, drawn: Drawn, by: str, version: int | None
) -> Refusal | None:
    said = {
        "reason": drawn.values.get("details", ""),
        "missing": [name for name, _ in MISSING if name in drawn.values],
    }
    if was_done(session, case, CaseEvent.RETURN, by, version, **said):
        return None
    sha256 = record_form(house, session, drawn, by, case.number)
    recipient = find_address(session, case)
    data = {
        **said,
        "until": drawn.values["until"],
        "notice": drawn.document,
        "mailed_to": recipient,
        "papers": [{"kind": NAME, "sha256": sha256}],
    }
    refusal = take_step(session, case, CaseEvent.RETURN, house.now(), by, data, version=version)
    if refusal is not None:
        session.rollback()  # the notice is of something that never was
        return refusal
    name = f"notificación {case.number}-{case.version}.pdf"
    record_document(session, drawn.made, house.now(), case.number, NAME, name)
    post_mail(house, session, _write_mail(house, case, drawn, sha256, recipient))
    return None


def find_address(session: Session, case: CaseRow) -> str:
    """Where mail about the case goes: the request's address, else the one that the register knows; empty
    where neither is one that mail can go to, and what there is to tell must be handed over.
    """
    asked = case.answers.get(REQUEST, {}).get("email", "")
    employer = session.get(EmployerRow, case.ruc) if case.ruc else None
    known = employer.email if employer is not None else ""
    return next(filter(is_email, (asked, known)), "")


def _write_mail(house: House, case: CaseRow, drawn: Drawn, sha256: str, recipient: str) -> Mail:
    until = write_date(date.fromisoformat(drawn.values["until"]))
    lacking = "\n".join(f"• {statement}" for name, statement in MISSING if name in drawn.values)
    return Mail(
        occasion=f"case/{case.number}/return/{case.version}",
        recipient=recipient,
        subject=f"Su trámite {case.number}: falta algo, hasta el {until}",
        paragraphs=tuple(
            part
            for part in (
                "Su solicitud de regeneración de planilla se devolvió para que la complete.",
                lacking and f"Falta:\n{lacking}",
                drawn.values.get("details", ""),
                f"Puede completarla hasta el {until}: son diez días hábiles. Si no se completa, se entenderá "
                "como desistimiento y así se declarará.",
                "Las anulaciones que hizo el día en que presentó la solicitud siguen valiendo si la completa "
                "dentro del término; las que falten, hágalas el mismo día en que vuelva a la ventanilla.",
                f"La notificación adjunta se comprueba en {house.settings.public_url}/verificar con el "
                f"código {drawn.document}.",
            )
            if part
        ),
        attachments=(Attachment("notificacion.pdf", "application/pdf", sha256),),
    )


def fit_details(sentences: Collection[str]) -> str:
    """As many of the sentences, each on its own line, as the notice has room for.

    >>> fit_details(["Falta la firma.", "Falta la firma."])
    'Falta la firma.'
    """
    field = RETURN_NOTICE.current.field("details")
    most = room(field) // columns(field)
    kept: list[str] = []
    for sentence in dict.fromkeys(printable(" ".join(each.split()), room(field)) for each in sentences):
        if len(wrap("\n".join((*kept, sentence)), columns(field))) <= most:
            kept.append(sentence)
    return "\n".join(kept)


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a returned case can be completed, and whether that day is over."""

    until: date
    is_over: bool


def term_of(house: House, case: CaseRow, returned: CaseEventRow) -> Term:
    """The term that a *return* event began; older events do not tell it."""
    told = returned.data.get("until")
    notified = returned.at.astimezone(house.zone).date()
    until = date.fromisoformat(told) if told else find_term(house.agencies, case.office, notified)
    return Term(until, house.today() > until)


def open_term(house: House, session: Session, case: CaseRow) -> Term | None:
    """The term of a case that was returned and has not come back."""
    if case.state != CaseState.RETURNED.value:
        return None
    events = [row for row in events_of(session, case.number) if row.event == CaseEvent.RETURN.value]
    return term_of(house, case, events[-1])


def overdue_cases(house: House, office: str) -> list[tuple[CaseRow, Term]]:
    """Cases of an office whose term to be completed is over, the oldest first."""
    with house.database.reading() as session:
        query = select(CaseRow).where(CaseRow.state == CaseState.RETURNED.value, CaseRow.office == office)
        rows = session.scalars(query.order_by(CaseRow.received_at)).all()
        terms = [(row, open_term(house, session, row)) for row in rows]
    return [(row, term) for row, term in terms if term is not None and term.is_over]


def lapse(house: House, number: str, by: str, version: int | None = None) -> Refusal | None:
    """Declare that a case was given up (*desistimiento*): its term is over and nothing came."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        term = open_term(house, session, case)
        if term is not None and not term.is_over:
            until = write_date(term.until)
            return Refusal("TERM_NOT_OVER", f"El término para completar corre hasta el {until}.")
        reason = "Venció el término para completar y no se presentó lo que faltaba."
        if was_done(session, case, CaseEvent.LAPSE, by, version):
            return None
        return take_step(session, case, CaseEvent.LAPSE, house.now(), by, {"reason": reason}, version=version)
