"""What a program that watches the service reads: lines in its format, right numbers, and nobody's data."""

from __future__ import annotations

import re

from litestar.testing import TestClient

from operations.demonstration_data import RUC
from operations.house import House
from tests.operations_samples import hand_in, issue_request, received_and_read
from web.application import make_application

LINE = re.compile(r'([a-z_]+)((?:\{[a-z]+="[A-Za-z0-9+.-]+"(?:,[a-z]+="[A-Za-z0-9+.-]+")*\})?) ([0-9.e+-]+)')


def read_metrics(text: str) -> dict[str, float]:
    """Every sample by its name with labels; a line is a comment or a sample, and each name was announced."""
    found, announced = {}, set()
    for line in text.splitlines():
        if line.startswith("# "):
            announced.add(line.split()[2])
            continue
        match = LINE.fullmatch(line)
        assert match is not None, line
        assert match[1] in announced or match[1].rpartition("_")[0] in announced, line
        assert match[1] + match[2] not in found, "each once"
        found[match[1] + match[2]] = float(match[3])
    return found


def test_counts_and_durations_are_told_in_the_format_of_prometheus(house: House) -> None:
    received_and_read(house)
    hand_in(house, ("b.pdf", issue_request(house).pdf))
    with TestClient(make_application(house)) as client:
        before = read_metrics(client.get("/metrics").text)
        for _ in range(3):
            client.get("/turnos")
        client.get("/formularios/nada.pdf")
        answer = client.get("/metrics")
        found = read_metrics(answer.text)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    asked = 'ventanilla_http_requests_total{method="GET",status="200"}'
    assert found[asked] - before.get(asked, 0) == 4, "three pages and the first reading of these numbers"
    assert found['ventanilla_http_requests_total{method="GET",status="404"}'] == 1
    assert found['ventanilla_cases{state="in-review"}'] == 1
    assert found['ventanilla_cases{state="received"}'] == 1
    assert found['ventanilla_cases{state="archived"}'] == 0
    assert found["ventanilla_jobs_under_way"] >= 1
    seconds = "ventanilla_http_request_seconds"
    assert found[f"{seconds}_count"] == found[f'{seconds}_bucket{{le="+Inf"}}']
    assert 0 < found[f"{seconds}_sum"] < 600
    classes = [value for name, value in found.items() if name.startswith(f"{seconds}_bucket")]
    assert classes == sorted(classes)
    assert RUC not in answer.text
    assert "turnos" not in answer.text, "no path either: it may have a number in it"
