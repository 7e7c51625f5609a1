"""The main job once, end to end, with real parts: print, sign, scan, read, accept, rebuild, archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import select

from forms.problems import Problem
from forms.register import find_form
from generators.paper import damage
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from operations.attested_acts import Attestation
from operations.casework import Refusal, load_case
from operations.demonstration_data import REPRESENTATIVE, request_values, seed_demonstration
from operations.duties import ROUNDS, TASKS
from operations.house import House
from operations.issuing import NotIssued, issue_form
from operations.reception import HandedIn, receive
from operations.window import accept, correct, view_case
from operations.workflows import DERIVE, Worker
from storage.schema import DocumentRow

STEPS: Final = (
    "Emitir la solicitud",
    "Imprimir, firmar y escanear",
    "Recibir y leer",
    "Revisar y aceptar",
    "Regenerar la planilla",
    "Archivar",
)
"""The steps, as a progress bar names them."""


class DemonstrationError(RuntimeError):
    """The demonstration did not get to its end; the message says where it stopped."""


@dataclass(slots=True)
class Demonstration:
    """What the run left: the case, the files by kind, and how long each step took."""

    case: str = ""
    state: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    steps: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, announce: Callable[[str], None]) -> Iterator[None]:
        """Time one step and say that it began."""
        announce(name)
        began = time.perf_counter()
        yield
        self.steps.append((name, time.perf_counter() - began))


def run_demonstration(
    house: House, folder: Path, announce: Callable[[str], None], seed: int = 7
) -> Demonstration:
    """Run the whole job in ``folder``; the worker is started and stopped here."""
    run = Demonstration()
    folder.mkdir(parents=True, exist_ok=True)
    seed_demonstration(house)
    worker = Worker(house, TASKS, ROUNDS)
    worker.start()
    try:
        _run(house, folder, announce, seed, run)
    finally:
        worker.stop()
    return run


def _run(house: House, folder: Path, announce: Callable[[str], None], seed: int, run: Demonstration) -> None:
    with run.step(STEPS[0], announce):
        request = _issue(house)
        run.files["request"] = _write(folder / "solicitud.pdf", request)
    with run.step(STEPS[1], announce):
        run.files["scan"] = _write(folder / "escaneo.pdf", sign_and_scan(request, seed))
    with run.step(STEPS[2], announce):
        data = run.files["scan"].read_bytes()
        run.case = receive(house, [HandedIn("escaneo.pdf", [data])], house.settings.office, "ventanilla").case
        _await(house, run.case, {"in-review"})
    with run.step(STEPS[3], announce):
        _review(house, run.case)
    with run.step(STEPS[4], announce):
        run.state = _await(house, run.case, {"rebuilt", "archived", "preconditions-failed", "in-clean-up"})
    with run.step(STEPS[5], announce):
        run.state = _await(house, run.case, {"archived", "preconditions-failed", "in-clean-up"})
        _hand_out(house, run, folder)
        _await_copies(house, run.case)


def _await_copies(house: House, number: str, seconds: float = 60) -> None:
    """Wait for the copies for keeping, which the worker makes while nobody waits for them."""
    deadline = time.monotonic() + seconds
    while (DERIVE, number) in house.jobs.under_way() and time.monotonic() < deadline:
        time.sleep(0.05)


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _issue(house: House) -> bytes:
    form = find_form("employer-request")
    if form is None:
        raise DemonstrationError("the catalogue has no employer-request")
    issued = issue_form(house, form.current, request_values(house), "demostración")
    if isinstance(issued, NotIssued):
        raise DemonstrationError("; ".join(found.message for found in issued.problems))
    return issued.pdf


def sign_and_scan(pdf: bytes, seed: int) -> bytes:
    """The printed page signed with a pen, folded, and scanned askew and noisy, as a PDF."""
    random = np.random.default_rng(seed)
    form = find_form("employer-request")
    if form is None:
        raise DemonstrationError("the catalogue has no employer-request")
    sheet = sign(print_page(pdf), form.current.signature_fields[0].box, random)
    sheet = damage.dust(damage.fold(sheet, random, along="across"), random)
    scanner = Scanner(
        dpi=200, rotation_deg=float(random.uniform(-3, 3)), noise_sigma=6, blur_px=0.5, jpeg_quality=60
    )
    return encode([scan(sheet, scanner, random)], "pdf", 200, 80)


def _await(house: House, number: str, states: set[str], seconds: float = 60) -> str:
    """Wait for the worker to bring the case to one of the states."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with house.database.transaction() as session:
            state = load_case(session, number).state
        if state in states:
            return state
        time.sleep(0.05)
    raise DemonstrationError(f"case {number} is still «{state}» after {seconds:.0f} s")


def _review(house: House, number: str) -> None:
    """What the clerk does: confirm what is doubtful against the paper, attest, accept."""
    view = view_case(house, number, "ventanilla")
    doubts: dict[str, dict[str, str]] = {}
    for row in view.fields:
        if row.asks:
            doubts.setdefault(row.form, {})[row.name] = row.reading.value
    for form, values in doubts.items():
        _demand(correct(house, number, form, values, "ventanilla"))
    _demand(accept(house, number, Attestation(REPRESENTATIVE[0], True, True), "ventanilla"))


def _demand(answer: Refusal | tuple[Problem, ...]) -> None:
    if isinstance(answer, Refusal):
        raise DemonstrationError(answer.message)
    errors = [found.message for found in answer if found.severity.value == "error"]
    if errors:
        raise DemonstrationError("; ".join(errors))


def _hand_out(house: House, run: Demonstration, folder: Path) -> None:
    with house.database.transaction() as session:
        query = select(DocumentRow).where(
            DocumentRow.case_number == run.case,
            DocumentRow.kind.in_(("sheet", "reserve-fund-sheet", "sheet-comparison")),
        )
        rows = [(row.kind, row.sha256) for row in session.scalars(query)]
    names = {
        "sheet": ("sheet", "planilla.pdf"),
        "reserve-fund-sheet": ("reserve_fund_sheet", "planilla-fondos-de-reserva.pdf"),
        "sheet-comparison": ("comparison", "comparacion.pdf"),
    }
    for kind, sha256 in rows:
        key, file = names[kind]
        run.files[key] = _write(folder / file, house.blobs.get(sha256))
