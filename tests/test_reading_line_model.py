"""The recogniser's model as it is cut in memory: what is left scores as the file's own network does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from intake.line_model import LineModel, line_model, model_file
from intake.line_network import LineNetwork
from intake.line_recognition import SPANISH
from intake.protocol_buffers import delimited, fields, whole


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Some type, as the network is shown it."""
    grey = np.full((48, 400), 255, np.uint8)
    cv2.putText(grey, "RUC 1790010937001", (8, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 0, 2, cv2.LINE_AA)
    line = (grey.astype(np.float32) / 127.5 - 1)[None, None]
    return np.ascontiguousarray(np.broadcast_to(line, (1, 3, 48, 400)))


def table(model: LineModel, picture: np.ndarray) -> np.ndarray:
    return LineNetwork(model.data).table(picture)


def test_what_is_cut_away_are_ideographs_only(picture: np.ndarray) -> None:
    model = line_model(3)
    assert set(SPANISH) <= set(model.places)
    assert not {"一", "。"} & set(model.places)
    whole_net = cv2.dnn.readNetFromONNX(str(model_file()))
    whole_net.setInput(picture)
    before, after = np.asarray(whole_net.forward()[0]), table(model, picture)
    assert after.shape == (before.shape[0], len(model.places) + 1)
    assert after.shape[1] < before.shape[1] / 10
    # Of a line of type hardly any probability was an ideograph's: what is left has kept its own.
    assert np.allclose(after.max(axis=1), before.max(axis=1), atol=0.01)


def test_two_rows_read_a_picture_of_32(picture: np.ndarray) -> None:
    model = line_model(2)
    low = cv2.resize(picture[0, 0], (400, 32), interpolation=cv2.INTER_AREA)
    path = table(model, np.ascontiguousarray(np.broadcast_to(low, (1, 3, 32, 400)))).argmax(axis=1)
    signs = {column: sign for sign, column in model.places.items()}
    steps = [step for place, step in enumerate(path) if step and (place == 0 or step != path[place - 1])]
    assert "".join(signs[step] for step in steps).replace(" ", "") == "RUC1790010937001"


def test_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        def read_bytes(self) -> bytes:
            return delimited(7, b"") + delimited(14, delimited(1, b"author") + delimited(2, b"me"))

    monkeypatch.setattr("intake.line_model.model_file", Other)
    with pytest.raises(ValueError, match="which signs"):
        line_model(3)


def test_fields_are_found_as_they_were_written() -> None:
    data = whole(1, 300) + delimited(2, b"x" * 200) + b"\x1d" + b"\0" * 4
    found = [(field.number, field.value, field.end - field.start) for field in fields(data, 0, len(data))]
    assert found == [(1, 300, 2), (2, 0, 200), (3, 0, 4)]
    with pytest.raises(ValueError, match="wire type"):
        list(fields(b"\x0b", 0, 1))
