"""The hand-off to the core: preconditions, the rebuilt sheet, its papers, the archive; exactly once.

Each step is one transaction that looks at the case's state first, so running it again after a crash
does what was left and nothing twice.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from forms.problems import has_errors
from operations.casework import events_of, load_case, take_step
from operations.house import House
from operations.issuing import keep_bytes
from operations.papers import draw_comparison_paper, draw_sheet_paper
from operations.register import EmbeddedRegister
from regeneration.cases import CaseEvent, CaseState
from regeneration.exchange import rebuilt_as_json, sheet_as_json
from regeneration.preconditions import Check, Override, PeriodRecord, gather_problems, preconditions
from regeneration.rebuilding import Outcome, Rebuilt, rebuild
from regeneration.sheets import Sheet, reissue
from regeneration.valuation import reserve_fund_sheet
from storage.schema import CaseRow, DocumentRow

ACTOR = "sistema"
REQUEST = "employer-request"


def regenerate_case(house: House, number: str) -> None:
    """Bring an accepted case as far as it goes: archived, or stopped with the reason recorded."""
    _check(house, number)
    _rebuild(house, number)
    _file(house, number)


def _check(house: House, number: str) -> None:
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.ACCEPTED.value:
            return
        request = case.answers[REQUEST]
        checks = preconditions(
            request,
            _record(house, session, request),
            house.today(),
            same_day_rule=house.settings.same_day_rule,
            override=_override_of(session, case),
            parameters=house.parameters,
        )
        failed = has_errors(gather_problems(checks))
        event = CaseEvent.PRECONDITIONS_FAILED if failed else CaseEvent.PRECONDITIONS_PASSED
        take_step(session, case, event, house.now(), ACTOR, {"checks": [_check_as_json(c) for c in checks]})


def _record(house: House, session: Session, request: dict[str, str]) -> PeriodRecord:
    register = EmbeddedRegister(session)
    return register.period(
        request["ruc"],
        request["branch"],
        request["period"],
        request.get("sheet_number", ""),
        house.settings.time_zone,
    )


def _override_of(session: Session, case: CaseRow) -> Override | None:
    """A supervisor's recorded decision to admit annulments of another day."""
    found = case.answers.get("override")
    del session
    return Override(found["by"], found["reason"]) if found else None


def _check_as_json(check: Check) -> dict[str, Any]:
    return {
        "code": check.code,
        "title": check.title,
        "passed": check.passed,
        "problems": [found.as_json() for found in check.problems],
    }


def _rebuild(house: House, number: str) -> None:
    """Rebuild and replace in one transaction: after it there is one new sheet, before it there is none."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.REBUILDING.value:
            return
        register = EmbeddedRegister(session)
        record = _record(house, session, case.answers[REQUEST])
        if record.sheet is None:
            raise RuntimeError(f"the sheet of case {number} vanished after its preconditions passed")
        rebuilt = rebuild(record.sheet, record.novedades, house.parameters, house.today())
        data: dict[str, Any] = {"rebuilt": rebuilt_as_json(rebuilt), "before": sheet_as_json(rebuilt.before)}
        if rebuilt.outcome is Outcome.REBUILT:
            new = reissue(rebuilt.sheet, register.new_number(rebuilt.sheet.period))
            register.replace(record.sheet, new, number)
            data["sheet"] = sheet_as_json(new)
            fund = _reissue_fund(house, register, record, new, number)
            if fund is not None:
                data["reserve_fund_sheet"] = sheet_as_json(fund)
        take_step(session, case, _event_of(rebuilt), house.now(), ACTOR, data)


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


def _event_of(rebuilt: Rebuilt) -> CaseEvent:
    if rebuilt.outcome is Outcome.REBUILT:
        return CaseEvent.REBUILD_DONE
    if rebuilt.outcome is Outcome.NOTHING_CHANGES:
        return CaseEvent.NOTHING_CHANGES
    negative = any(found.code == "RESULT_NEGATIVE" for found in rebuilt.problems)
    return CaseEvent.RESULT_NEGATIVE if negative else CaseEvent.REBUILD_REFUSED


def _file(house: House, number: str) -> None:
    """Draw the sheet and the comparison, keep them with the case, archive it."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.REBUILT.value:
            return
        done = _result_of(session, number)
        for kind, name, data in (
            ("sheet", f"planilla {done['sheet']['number']}.pdf", draw_sheet_paper(house, case, done)),
            ("sheet-comparison", f"comparación {number}.pdf", draw_comparison_paper(house, case, done)),
        ):
            sha256 = keep_bytes(house, session, data, "application/pdf")
            session.add(
                DocumentRow(
                    case_number=number,
                    kind=kind,
                    name=name,
                    sha256=sha256,
                    media_type="application/pdf",
                    made_at=house.now(),
                )
            )
        take_step(session, case, CaseEvent.ARCHIVE, house.now(), ACTOR, {"sheet": done["sheet"]["number"]})


def _result_of(session: Session, number: str) -> dict[str, Any]:
    events = [row for row in events_of(session, number) if row.event == CaseEvent.REBUILD_DONE.value]
    return events[-1].data
