"""The hand-off to the core: preconditions, the rebuilt sheet, its papers, the archive; exactly once.

Each step is one transaction that looks at the case's state first, so running it again after a crash
does what was left and nothing twice.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from forms.problems import has_errors, problem
from operations import workflows
from operations.case_checks import ACTOR, checks_as_json, event_of, find_day, look_up, steps_as_json
from operations.casework import events_of, load_case, take_step
from operations.deposits import deposit, record_document
from operations.handing_over import find_plan, hand_over, wait
from operations.house import House
from operations.papers import CasePaper, papers_of_case
from operations.register import EmbeddedRegister
from operations.review import REQUEST
from operations.waiting import end_wait
from regeneration.cases import CaseEvent, CaseState
from regeneration.exchange import rebuilt_as_json, sheet_as_json
from regeneration.preconditions import PeriodRecord, gather_problems
from regeneration.rebuilding import Outcome, Rebuilt, rebuild
from regeneration.sheets import Sheet, reissue
from regeneration.valuation import reserve_fund_sheet
from storage.schema import CaseRow, IssuedRow


def regenerate_case(house: House, number: str) -> None:
    """Bring an accepted case as far as it goes: archived, waiting, or stopped with the reason recorded."""
    if house.remote_register is None:
        if _was_begun_elsewhere(house, number):
            wait(house, number, problem("REGISTER_CHANGED"))
            return
        _check(house, number)
        _rebuild(house, number)
    else:
        hand_over(house, house.remote_register, number)
    _file(house, number)


def _was_begun_elsewhere(house: House, number: str) -> bool:
    """Whether an institute's own register was asked already, and may have made the sheets: to make them in
    our tables too would be twice.
    """
    with house.database.reading() as session:
        case = session.get_one(CaseRow, number)
        return case.state == CaseState.REBUILDING.value and find_plan(session, number) is not None


def _check(house: House, number: str) -> None:
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.ACCEPTED.value:
            return
        record = _record(house, session, case)
        checks = look_up(house, session, case, record)
        failed = has_errors(gather_problems(checks))
        event = CaseEvent.PRECONDITIONS_FAILED if failed else CaseEvent.PRECONDITIONS_PASSED
        found = {
            "checks": checks_as_json(house, case, record, checks),
            "steps": steps_as_json(house, session, case, record),
        }
        take_step(session, case, event, house.now(), ACTOR, found)


def _record(house: House, session: Session, case: CaseRow) -> PeriodRecord:
    request = case.answers[REQUEST]
    return EmbeddedRegister(session).period(
        request["ruc"],
        request["branch"],
        request["period"],
        request.get("sheet_number", ""),
        house.settings.time_zone,
    )


def _rebuild(house: House, number: str) -> None:
    """Rebuild and replace in one transaction: after it there is one new sheet, before it there is none.

    What the conditions rest on may have changed since they were looked up, so they are looked up again.
    """
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.REBUILDING.value:
            return
        record = _record(house, session, case)
        checks = look_up(house, session, case, record)
        if record.sheet is None or has_errors(gather_problems(checks)):
            refused = {"checks": checks_as_json(house, case, record, checks)}
            take_step(session, case, CaseEvent.REBUILD_REFUSED, house.now(), ACTOR, refused)
            return
        day = find_day(house, session, case)
        rebuilt = rebuild(record.sheet, record.novedades, house.parameters, day)
        data: dict[str, Any] = {"rebuilt": rebuilt_as_json(rebuilt), "before": sheet_as_json(rebuilt.before)}
        if rebuilt.outcome is Outcome.REBUILT:
            data |= _replace(house, EmbeddedRegister(session), record, rebuilt, number)
        take_step(session, case, event_of(rebuilt), house.now(), ACTOR, data)


def _replace(
    house: House, register: EmbeddedRegister, record: PeriodRecord, rebuilt: Rebuilt, number: str
) -> dict[str, Any]:
    """Put the new sheets in the place of the old; what the event says of them."""
    new = reissue(rebuilt.sheet, register.new_number(rebuilt.sheet.period))
    register.replace(rebuilt.before, new, number)
    fund = _reissue_fund(house, register, record, new, number)
    data = {"sheet": sheet_as_json(new)}
    return data if fund is None else data | {"reserve_fund_sheet": sheet_as_json(fund)}


def _reissue_fund(
    house: House, register: EmbeddedRegister, record: PeriodRecord, new: Sheet, number: str
) -> Sheet | None:
    """The reserve-fund sheet of the same wages, where one had been annulled for this request."""
    old = record.reserve_fund_sheet
    if old is None:
        return None
    fund = reserve_fund_sheet(new, house.parameters, register.new_number(new.period))
    if not isinstance(fund, Sheet):
        return None
    return register.replace(old, reissue(fund, fund.number), number)


def _file(house: House, number: str) -> None:
    """Draw the sheet and the comparison, keep them with the case, archive it."""
    with house.database.reading() as session:
        case = session.get_one(CaseRow, number)
        if case.state != CaseState.REBUILT.value:
            return
        done = _result_of(session, number)
    papers = [
        (paper, deposit(house.blobs, [paper.data], paper.media_type))
        for paper in papers_of_case(house, case, done)
    ]
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.REBUILT.value:
            return
        for paper, made in papers:
            record_document(session, made, house.now(), number, paper.kind, paper.name)
            if paper.number is not None:
                session.add(_issued(house, case, paper, paper.number, made.sha256))
        end_wait(session, number)
        filed = [{"kind": paper.kind, "sha256": made.sha256} for paper, made in papers]
        data = {"sheet": done["sheet"]["number"], "papers": filed}
        take_step(session, case, CaseEvent.ARCHIVE, house.now(), ACTOR, data)
        workflows.enqueue(house, session, workflows.DERIVE, case)


def _issued(house: House, case: CaseRow, paper: CasePaper, number: str, sha256: str) -> IssuedRow:
    """The row by which a paper of ours is found again from the number printed on it."""
    return IssuedRow(
        document=number,
        form=paper.kind,
        edition="1",
        issued=house.today().isoformat(),
        ruc=case.ruc,
        branch=case.branch,
        field_values={"name": paper.name, "period": case.period},
        pdf=sha256,
        issued_by=ACTOR,
        case_number=case.number,
    )


def _result_of(session: Session, number: str) -> dict[str, Any]:
    events = [row for row in events_of(session, number) if row.event == CaseEvent.REBUILD_DONE.value]
    return events[-1].data
