"""The hand-off to an institute's own register: asked outside any transaction, recorded inside one.

What is to be replaced is decided and recorded first, with its key; then the register is asked, as often as it
takes, and its answer recorded. So neither a lost answer nor a dead worker makes a second sheet: whoever goes
on asks for the same with the same key.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from sqlalchemy.orm import Session

from forms.problems import Problem, has_errors, problem
from operations.case_checks import ACTOR, checks_as_json, event_of, find_day, look_up, steps_as_json
from operations.casework import events_of, load_case, take_step
from operations.house import House
from operations.register_answers import (
    Conflict,
    PeriodAsked,
    RegisterTroubleError,
    Replaced,
    Replacement,
)
from operations.remote_register import RemoteRegister
from operations.review import REQUEST
from operations.waiting import end_wait, note_wait
from regeneration.cases import CaseEvent, CaseState
from regeneration.exchange import rebuilt_as_json, sheet_as_json, sheet_from_json
from regeneration.json_codes import STORED
from regeneration.preconditions import PeriodRecord, gather_problems
from regeneration.rebuilding import Outcome, Rebuilt, rebuild
from regeneration.sheets import Sheet
from regeneration.valuation import reserve_fund_sheet
from storage.schema import CaseRow

_log = logging.getLogger(__name__)


def hand_over(house: House, register: RemoteRegister, number: str) -> None:
    """Bring an accepted case as far as the register lets it; where it is not to be reached the case waits.

    That it waits, and why, is an event of the case; the reconciler queues the work again until it is done.
    """
    try:
        _check(house, register, number)
        _replace(house, register, number)
    except RegisterTroubleError as error:
        _log.warning("case %s waits: %s", number, error)
        wait(house, number, error.problem)
    else:
        with house.database.transaction() as session:
            end_wait(session, number)


def wait(house: House, number: str, found: Problem) -> None:
    """Record why the case waits, once for the same reason, and when it is tried again."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        note_wait(session, number, house.now())
        last = events_of(session, number)[-1]
        if last.event == CaseEvent.WAIT.value and last.data["problem"]["code"] == found.code:
            return
        take_step(session, case, CaseEvent.WAIT, house.now(), ACTOR, {"problem": found.as_json()})


def find_plan(session: Session, number: str) -> dict[str, Any] | None:
    """What an institute's own register was to be asked for, when the case began to be rebuilt there."""
    begun = [row for row in events_of(session, number) if row.event == CaseEvent.PRECONDITIONS_PASSED.value]
    plan: dict[str, Any] | None = begun[-1].data.get("plan") if begun else None
    return plan


def _check(house: House, register: RemoteRegister, number: str) -> None:
    """Look up, decide, and record the decision with all that is to be asked for."""
    with house.database.reading() as session:
        case = session.get_one(CaseRow, number)
        if case.state != CaseState.ACCEPTED.value:
            return
        request = case.answers[REQUEST]
        version = case.version
    record = register.period(
        PeriodAsked(
            ruc=request["ruc"],
            branch=request["branch"],
            period=request["period"],
            sheet_number=request.get("sheet_number", ""),
            zone=house.settings.time_zone,
            now=house.now(),
        )
    )
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.ACCEPTED.value or case.version != version:
            return
        _decide(house, session, case, record)


def _decide(house: House, session: Session, case: CaseRow, record: PeriodRecord) -> None:
    day = find_day(house, session, case)
    checks = look_up(house, session, case, record)
    found: dict[str, Any] = {
        "checks": checks_as_json(house, case, record, checks),
        "steps": steps_as_json(house, session, case, record),
    }
    if record.sheet is None or has_errors(gather_problems(checks)):
        take_step(session, case, CaseEvent.PRECONDITIONS_FAILED, house.now(), ACTOR, found)
        return
    rebuilt = rebuild(record.sheet, record.novedades, house.parameters, day)
    told = {"rebuilt": rebuilt_as_json(rebuilt), "before": sheet_as_json(rebuilt.before)}
    plan = {"plan": told | _plan(house, case, record, rebuilt)} if rebuilt.outcome is Outcome.REBUILT else {}
    take_step(session, case, CaseEvent.PRECONDITIONS_PASSED, house.now(), ACTOR, found | plan)
    if not plan:
        take_step(session, case, event_of(rebuilt), house.now(), ACTOR, told)


def _plan(house: House, case: CaseRow, record: PeriodRecord, rebuilt: Rebuilt) -> dict[str, Any]:
    """The sheets to be put in place of the old ones, in the JSON of the exchange.

    The key is the decision's own: case numbers are told apart within one service only, and a register may
    serve several.
    """
    plan: dict[str, Any] = {
        "key": f"{case.number}/{secrets.token_hex(16)}",
        "old": rebuilt.before.number,
        "new": sheet_as_json(rebuilt.sheet),
    }
    old = record.reserve_fund_sheet
    fund = None if old is None else reserve_fund_sheet(rebuilt.sheet, house.parameters, old.number)
    if old is not None and isinstance(fund, Sheet):
        plan |= {"old_fund": old.number, "fund": sheet_as_json(fund)}
    return plan


def _replace(house: House, register: RemoteRegister, number: str) -> None:
    """Ask for what was decided, with its own key, and record what came of it."""
    with house.database.reading() as session:
        case = session.get_one(CaseRow, number)
        if case.state != CaseState.REBUILDING.value:
            return
        plan = find_plan(session, number)
    if plan is None:
        raise RegisterTroubleError(problem("REGISTER_CHANGED"))
    answer = register.replace(
        Replacement(
            case=number,
            key=plan["key"],
            old=plan["old"],
            sheet=sheet_from_json(plan["new"], STORED),
            old_fund=plan.get("old_fund"),
            fund=sheet_from_json(plan["fund"], STORED) if "fund" in plan else None,
        )
    )
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state == CaseState.REBUILDING.value:
            _record(house, session, case, plan, answer)


def _record(
    house: House, session: Session, case: CaseRow, plan: dict[str, Any], answer: Replaced | Conflict
) -> None:
    told = {"rebuilt": plan["rebuilt"], "before": plan["before"]}
    if isinstance(answer, Conflict):
        found = problem("REGISTER_CONFLICT", sheet=plan["old"], reason=answer.reason)
        check = {"code": found.code, "title": "El registro reemplazó la planilla", "passed": False}
        checks = [check | {"problems": [found.as_json()]}]
        take_step(session, case, CaseEvent.REBUILD_REFUSED, house.now(), ACTOR, {"checks": checks})
        return
    told["sheet"] = sheet_as_json(answer.sheet)
    if answer.fund is not None:
        told["reserve_fund_sheet"] = sheet_as_json(answer.fund)
    take_step(session, case, CaseEvent.REBUILD_DONE, house.now(), ACTOR, told)
