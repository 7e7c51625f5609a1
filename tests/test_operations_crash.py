"""R10: killed at any point of intake or hand-off, every paper is there and every case done exactly once.

A few points by default; ``CRASH_POINTS=all`` tries every durable act of both, ``CRASH_MOMENTS=200`` that many
random moments of the hand-off, and tells on the way in which state each one left the case.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from operations_samples import Clock, issue_request, open_demo_house, received_and_read
from sqlalchemy import select
from storage_samples import new_postgres

from operations.demonstration_data import BRANCH, RUC
from operations.house import House, open_house
from operations.indexing import DERIVED, PICTURES
from operations.papers import PAPER_TITLES
from operations.register import EmbeddedRegister
from operations.settings import Settings
from operations.verification import verify_archive, verify_audit
from operations.window import open_cases, view_case
from regeneration.cases import CaseState
from storage.schema import ReadingRow, ReceptionRow

HERE = Path(__file__).resolve().parent
POINTS = 3
READ = ["receive", "read", "read-done"]
DONE = [*READ, "attest", "accept", "preconditions-passed", "rebuild-done", "archive"]

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Gives an order to the program that kills itself, and takes its answer."""
    environment = os.environ | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}"}
    command = [sys.executable, str(HERE / "crash_points.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parent, env=environment
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None

        def order(
            folder: Path,
            scenario: str,
            point: int | None,
            case: str = "",
            database: str = "",
            moment: float | None = None,
        ) -> Any:
            given = {"folder": str(folder), "scenario": scenario, "point": point, "case": case}
            program.stdin.write(json.dumps(given | {"database": database, "moment": moment}) + "\n")
            program.stdin.flush()
            answer = json.loads(program.stdout.readline())
            assert not answer["failed"], "the program's own words are on stderr"
            return answer

        yield order
        program.stdin.close()
        program.wait(30)


def copy_of(prepared: Path, name: str) -> Path:
    folder = prepared.parent / f"{prepared.name}-{name}"
    shutil.copytree(prepared, folder)
    return folder


def points(total: int) -> list[int]:
    if os.environ.get("CRASH_POINTS") == "all":
        return list(range(1, total + 1))
    return [round(1 + place * (total - 1) / (POINTS - 1)) for place in range(POINTS)]


def close(house: House) -> None:
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def reopened(folder: Path, database: str = "") -> House:
    return open_house(Settings(data_dir=folder / "datos", database_url=database), Clock())


def test_killed_at_any_point_of_intake_no_paper_is_lost(tmp_path: Path, run: Run) -> None:
    prepared = tmp_path / "intake"
    prepared.mkdir()
    house = open_demo_house(prepared, Clock())
    paper = issue_request(house).pdf
    (prepared / "papel.pdf").write_bytes(paper)
    close(house)
    total = run(copy_of(prepared, "whole"), "intake", None)["acts"]
    assert total > 10
    for point in points(total):
        folder = copy_of(prepared, str(point))
        assert run(folder, "intake", point)["signal"] == signal.SIGKILL, point
        run(folder, "intake", None)
        house = reopened(folder)
        (case,) = open_cases(house)
        assert [row.event for row in view_case(house, case.number, "prueba").events] == READ, point
        with house.database.reading() as session:
            (reception,) = session.scalars(select(ReceptionRow)).all()
            assert len(session.scalars(select(ReadingRow)).all()) == 1
        assert house.blobs.get(reception.sha256) == paper
        assert verify_archive(house)[1] == [], point
        close(house)


def prepare_acceptance(folder: Path, **settings: str) -> str:
    """A case that waits to be accepted; its number."""
    folder.mkdir()
    house = open_demo_house(folder, Clock(), **settings)
    number = received_and_read(house)
    close(house)
    return number


def orphans_of(house: House) -> frozenset[str]:
    """Files without a row that a kill left: bytes come before their row, and a round tells of these."""
    found = verify_archive(house)[1]
    assert {failure.kind for failure in found} <= {"foreign"}
    return frozenset(failure.blob for failure in found)


def assert_done_once(house: House, number: str, point: int, orphans: frozenset[str] = frozenset()) -> None:
    view = view_case(house, number, "prueba")
    assert [row.event for row in view.events] == DONE, point
    kinds = sorted(row.kind for row in view.documents if row.kind not in PICTURES | DERIVED)
    assert kinds == sorted(["original", "reception-receipt", *PAPER_TITLES]), point
    with house.database.reading() as session:
        rows = EmbeddedRegister(session).sheets_of(RUC, BRANCH)
    made = sorted((row.type, row.state) for row in rows if row.made_by_case == number)
    assert made == [("contributions", "generated"), ("reserve-fund", "generated")], point
    assert sorted(row.state for row in rows if row.made_by_case is None) == ["replaced", "replaced"]
    found = verify_archive(house)[1]
    assert [failure for failure in found if failure.blob not in orphans] == [], point
    assert verify_audit(house).first_broken is None


def test_killed_at_any_point_of_the_hand_off_the_sheet_is_rebuilt_once(tmp_path: Path, run: Run) -> None:
    prepared = tmp_path / "hand-off"
    number = prepare_acceptance(prepared)
    total = run(copy_of(prepared, "whole"), "hand-off", None, number)["acts"]
    assert total > 10
    for point in points(total):
        folder = copy_of(prepared, str(point))
        assert run(folder, "hand-off", point, number)["signal"] == signal.SIGKILL, point
        run(folder, "hand-off", None, number)
        house = reopened(folder)
        assert_done_once(house, number, point)
        close(house)


def test_killed_at_any_moment_of_the_hand_off_there_is_one_new_sheet_or_none(
    tmp_path: Path, run: Run
) -> None:
    prepared = tmp_path / "moments"
    number = prepare_acceptance(prepared)
    whole = run(copy_of(prepared, "whole"), "hand-off", None, number)["seconds"]
    random = Random(20261123)
    left: Counter[str] = Counter()
    for turn in range(int(os.environ.get("CRASH_MOMENTS", "4"))):
        folder = copy_of(prepared, str(turn))
        moment = random.uniform(0, whole)
        killed = run(folder, "hand-off", None, number, moment=moment)["signal"] == signal.SIGKILL
        house = reopened(folder)
        with house.database.reading() as session:
            rows = EmbeddedRegister(session).sheets_of(RUC, BRANCH)
        made = sorted(row.type for row in rows if row.made_by_case == number)
        state = view_case(house, number, "prueba").state
        assert made in ([], ["contributions", "reserve-fund"]), (moment, made)
        assert bool(made) is (state in {CaseState.REBUILT, CaseState.ARCHIVED}), (moment, state)
        left[f"{state.value}, killed" if killed else f"{state.value}, done before"] += 1
        orphans = orphans_of(house)
        close(house)
        run(folder, "hand-off", None, number)
        house = reopened(folder)
        assert_done_once(house, number, turn, orphans)
        close(house)
        shutil.rmtree(folder)
    sys.stdout.write(f"{dict(left)}\n")


def test_killed_worker_of_postgresql_is_replaced(tmp_path: Path, run: Run, postgres_url: str) -> None:
    with new_postgres(postgres_url) as database:
        number = prepare_acceptance(tmp_path / "postgres", database_url=database)
        folder = tmp_path / "postgres"
        assert run(folder, "hand-off", 5, number, database)["signal"] == signal.SIGKILL
        run(folder, "hand-off", None, number, database)
        house = reopened(folder, database)
        assert_done_once(house, number, 5)
        close(house)
