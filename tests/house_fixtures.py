"""A house with the demonstration's data in a folder of its own, and the clock that it goes by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from operations.house import House
from tests.operations_samples import Clock, open_demo_house


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    house = open_demo_house(tmp_path, clock)
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()
