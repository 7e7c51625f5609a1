"""An institute's register in a process of its own, and a house that asks it."""

from __future__ import annotations

import dataclasses
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from operations.demonstration_data import BRANCH, RUC
from operations.house import House
from operations.register import EmbeddedRegister
from operations.remote_register import RemoteRegister
from regeneration.exchange import novedades_as_json, sheet_as_json
from tests.operations_samples import Clock, open_demo_house

TOKEN: Final = "s3creto"
ZONE: Final = "America/Guayaquil"
_HERE: Final = Path(__file__).resolve().parent
Behave = Callable[..., None]


@pytest.fixture(scope="module")
def register_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("register")
    (folder / "state.json").write_text("{}", "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(_HERE / "register_server.py"), str(port), str(folder / "state.json")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx.get(f"{address}/_made", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
        process.terminate()


@pytest.fixture
def register_house(tmp_path: Path, register_address: str) -> Iterator[House]:
    """A house whose register is the server, which starts with what the demonstration has in its tables."""
    house = open_demo_house(tmp_path, Clock())
    with house.database.transaction() as session:
        register = EmbeddedRegister(session)
        record = register.period(RUC, BRANCH, "2026-10", "", ZONE)
        employer = register.employer(RUC)
        assert employer is not None
        assert record.sheet is not None
        assert record.reserve_fund_sheet is not None
        assert record.reserve_fund_annulled_at is not None
        state = {
            "employer": {
                "ruc": employer.ruc,
                "business_name": employer.business_name,
                "branches": sorted(employer.branches),
                "representatives": [
                    {"id_number": each.id_number, "name": each.name, "since": each.since.isoformat()}
                    for each in employer.representatives
                ],
            },
            "period": {
                "sheet": sheet_as_json(record.sheet),
                "receipts": receipts_as_json(record.receipts),
                "reserve_fund_sheet": sheet_as_json(record.reserve_fund_sheet),
                "reserve_fund_receipts": receipts_as_json(record.reserve_fund_receipts),
                "reserve_fund_annulled_at": record.reserve_fund_annulled_at.isoformat(),
                "reserve_fund_absence_proved": False,
                "novedades": novedades_as_json(record.novedades),
            },
        }
    httpx.post(f"{register_address}/_state", json=state)
    httpx.post(f"{register_address}/_behave", json={})
    remote = RemoteRegister(register_address, TOKEN, 2.5)
    settings = dataclasses.replace(house.settings, core_url=register_address, core_token=TOKEN)
    yield dataclasses.replace(house, remote_register=remote, settings=settings)
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def receipts_as_json(receipts: Any) -> list[dict[str, str]]:
    return [
        {"number": each.number, "state": each.state.value, "annulled_at": each.annulled_at.isoformat()}
        for each in receipts
    ]


@pytest.fixture
def behave(register_address: str) -> Behave:
    def tell(mode: str = "well", times: int = 0, only: str = "") -> None:
        httpx.post(f"{register_address}/_behave", json={"mode": mode, "times": times, "only": only})

    return tell
