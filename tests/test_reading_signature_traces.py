"""Traces of signatures: kept as they were seen, alike for one picture, unlike when somebody signed again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bench.material import EDITIONS, KEYS, Paper, random_paper
from bench.signature_material import grey_picture, print_picture
from generators.paper.ink import sign_with_picture
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet
from intake.pages import ReadingContext, read_page
from intake.pen_strokes import find_middle
from intake.signature_traces import (
    SAME,
    Trace,
    TraceShapeError,
    decode_trace,
    encode_trace,
    likeness,
    trace_of,
)
from intake.trace_sketches import BYTES, most_alike, sketch_of
from intake.type_rows import is_same_picture

PER_MM = 6.0
CELLS = 4.0


def drawn(seed: int, turn: float = 0.0, scale: float = 1.0, right: float = 0.0, down: float = 0.0) -> Trace:
    """A smooth line that a seed stands for, on a sheet of its own."""
    random = np.random.default_rng(seed)
    t = np.linspace(0, 1, 4000)
    waves = random.uniform(0.3, 1.0, (2, 6)) / np.arange(1, 7) ** 0.7
    phases = random.uniform(0, 2 * np.pi, (2, 6))
    x, y = (
        sum(wave * np.sin(2 * np.pi * (place + 1) * t + phase) for place, (wave, phase) in enumerate(pairs))
        for pairs in (zip(wave, phase, strict=True) for wave, phase in zip(waves, phases, strict=True))
    )
    line = np.stack((30 * t + 4 * x, 6 * y), axis=1) * scale
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    line = line @ np.array([[cos, sin], [-sin, cos]])
    line += (30.0 + right, 30.0 + down) - line.mean(axis=0)
    mask: NDArray[np.uint8] = np.zeros((360, 420), np.uint8)
    places = np.floor(line * PER_MM).astype(int)
    mask[places[:, 1], places[:, 0]] = 1
    trace = trace_of(mask, mask, PER_MM)
    assert trace is not None
    return trace


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_trace_is_kept_as_it_was_seen(seed: int) -> None:
    trace = drawn(seed)
    data = encode_trace(trace)
    assert decode_trace(data) == trace
    assert len(data) < 1500
    assert len(sketch_of(trace)) == BYTES


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200), cut=st.integers(0, 300), seed=st.integers(0, 50))
def test_other_bytes_are_no_trace(data: bytes, cut: int, seed: int) -> None:
    whole = encode_trace(drawn(seed))
    for given_bytes in (data, whole[: min(cut, len(whole) - 8)]):
        with pytest.raises(TraceShapeError):
            decode_trace(given_bytes)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    turn=st.floats(-5, 5),
    scale=st.floats(0.8, 1.2),
    right=st.floats(-2, 2),
    down=st.floats(-2, 2),
)
def test_place_turn_and_size_do_not_count(
    seed: int, turn: float, scale: float, right: float, down: float
) -> None:
    one, moved = drawn(seed), drawn(seed, turn, scale, right, down)
    assert likeness(one, moved) > 0.95
    assert likeness(moved, one) > 0.95


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), other=st.integers(0, 10**6))
def test_another_line_is_another_picture(seed: int, other: int) -> None:
    assert seed == other or likeness(drawn(seed), drawn(other)) < SAME


def test_what_is_turned_too_far_is_said_nothing_of() -> None:
    assert likeness(drawn(1), drawn(1, turn=30)) < SAME


def test_too_little_ink_leaves_no_trace() -> None:
    mask = np.zeros((100, 100), np.uint8)
    assert trace_of(mask, mask, PER_MM) is None
    mask[50, 10:40] = 1
    assert trace_of(mask, mask, PER_MM) is None


def test_the_most_alike_come_first() -> None:
    many = [sketch_of(drawn(seed)) for seed in range(40)]
    found = most_alike(sketch_of(drawn(17, turn=1, scale=1.02)), many, 5)
    assert found[0] == 17
    assert most_alike(many[0], [], 5) == []


@cache
def unsigned_paper() -> Paper:
    return random_paper(np.random.default_rng(6), EDITIONS[0], unsigned=1.0)


def traced(sheet: Sheet, dpi: int, seed: int) -> Trace:
    scanner = Scanner(dpi=dpi, rotation_deg=seed % 5 - 2.0, noise_sigma=4)
    result = read_page(scan(sheet, scanner, np.random.default_rng(seed)), ReadingContext(KEYS))
    (trace,) = result.traces.values()
    return trace


def test_a_printed_copy_is_known_again_and_a_second_signature_is_not(shared_data: Path) -> None:
    folder = shared_data / "signatures" / "experiment" / "rect" / "3"
    one, other = (grey_picture(folder / f"{place}.png") for place in (3, 6))
    paper = unsigned_paper()
    box = paper.edition.signature_fields[0].box
    blank = Sheet(np.full_like(paper.sheet.image, 255), paper.sheet.px_per_mm)
    first = traced(sign_with_picture(paper.sheet, box, one, np.random.default_rng(1)), 200, 1)
    picture = sign_with_picture(blank, box, one, np.random.default_rng(2)).image
    copy = traced(print_picture(paper.sheet, picture, screened=True), 300, 2)
    again = traced(sign_with_picture(paper.sheet, box, other, np.random.default_rng(1)), 200, 3)
    assert likeness(first, copy) >= SAME
    assert likeness(first, again) < SAME


def test_a_stamp_on_both_papers_is_no_copy() -> None:
    """Two names with the same stamp across them coincide by its type."""
    told = []
    for seed in (1, 2):
        mask: NDArray[np.uint8] = np.zeros((240, 480), np.uint8)
        for place, line in enumerate(("ING. MARIA JOSE GUAMAN Q.", "GERENTE GENERAL", "RUC 1790010937001")):
            cv2.putText(mask, line, (20, 60 + 26 * place), cv2.FONT_HERSHEY_DUPLEX, 0.62, 1, 2)
        random = np.random.default_rng(seed)
        corners = random.integers((80, 60), (200, 160), (7, 2)).astype(np.int32)
        cv2.polylines(mask, [corners], False, 1, 3)
        trace = trace_of(mask, find_middle(mask)[1], PER_MM)
        assert trace is not None
        told.append(trace)
    assert likeness(*told) >= SAME, "the stamp alone would pass"
    assert not is_same_picture(*told)
    assert is_same_picture(drawn(3), drawn(3, turn=2, scale=1.1))


def test_an_empty_box_leaves_no_trace() -> None:
    result = read_page(
        scan(unsigned_paper().sheet, Scanner(dpi=200), np.random.default_rng(1)), ReadingContext(KEYS)
    )
    assert not result.traces
