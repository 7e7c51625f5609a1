"""The model: what its file holds, that it runs as it learnt, and how it reads digits of other hands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.handwriting_forms import fill_form, locate
from bench.training import material
from bench.training.calibrating import calibration_error, fit_curve
from bench.training.combs import BLANK, EDITION, OTHER, fill_comb
from bench.training.learning import Learner
from bench.training.material import load_digits
from bench.training.penmanship import random_hand
from bench.training.trials import Trial
from generators.paper.severity import Severity
from intake.handwriting import model
from intake.handwriting.cells import COLUMNS, ROWS
from intake.handwriting.certainty import READ_FROM, certainty
from intake.handwriting.decoding import decode_number
from intake.handwriting.digits import SIGNS, recognise_digits, recognise_ink, strengthened
from intake.handwriting.reading import read_comb
from intake.network import network_of


@pytest.fixture(scope="module")
def writers(shared_data: Path) -> Path:
    """The digits of writers kept out of learning; absent, the tests that need them are skipped."""
    if not (shared_data / "digits").is_dir() or shared_data != material.DATA:
        pytest.skip(f"the handwritten digits are looked for in {material.DATA}")
    return shared_data


def test_the_file_is_small_and_complete() -> None:
    file = Path(model.__file__).with_name("digits.npz")
    assert file.stat().st_size < 500_000
    assert file.with_suffix(".md").exists(), "the model's card says what it learnt from"
    arrays = model.arrays()
    assert all(np.isfinite(values).all() for values in arrays.values())
    network_of(arrays)


def test_curves_never_fall_and_promise_only_what_was_measured() -> None:
    for in_list in (True, False):
        chances = [certainty(score, in_list=in_list) for score in np.linspace(-30, 30, 301)]
        assert all(0 <= chance < 1 for chance in chances)
        assert chances == sorted(chances)
        assert chances[-1] >= READ_FROM


def test_rows_add_up_to_one_and_no_cells_give_no_rows() -> None:
    noise = np.random.default_rng(1).random((5, ROWS, COLUMNS)).astype(np.float32)
    table = recognise_ink(noise).table
    assert table.shape == (5, len(SIGNS))
    assert np.allclose(table.sum(axis=1), 1)
    assert len(recognise_digits([])) == 0


def test_strength_of_the_pen_does_not_matter() -> None:
    ink = np.zeros((2, ROWS, COLUMNS), np.float32)
    ink[0, 8:28, 13:16] = 1.0
    assert np.allclose(strengthened(ink), strengthened(ink * 0.5), atol=1e-6)


def test_learning_goes_down_its_own_slope() -> None:
    """Steps on one batch learn it by heart, and the finished layers say the same as the learner."""
    rng = np.random.default_rng(3)
    learner = Learner(rng)
    pictures = rng.standard_normal((12, ROWS, COLUMNS)).astype(np.float32)
    labels = np.arange(12)
    losses = [learner.learn(pictures, labels, 0.003) for _ in range(40)]
    assert losses[-1] < losses[0] / 4
    for _ in range(120):
        learner.learn(pictures, labels, 0.0)
    network = network_of(learner.finished())
    assert (network.scores(pictures).argmax(axis=1) == labels).mean() > 0.9


def test_a_curve_promises_no_more_than_was_seen() -> None:
    trials = [Trial("ruc", 0, 0, float(score), False, score >= 50, True) for score in range(100)]
    scores, chances = fit_curve(trials, 1)
    assert np.interp(99, scores, chances) == pytest.approx(50 / 51)
    assert np.interp(0, scores, chances) == 0


def test_calibration_error_of_honest_and_boasting_chances() -> None:
    right = np.arange(1000) % 10 != 0
    assert calibration_error(np.full(1000, 0.9), right) == pytest.approx(0, abs=1e-9)
    assert calibration_error(np.full(1000, 0.99), right) == pytest.approx(0.09, abs=1e-9)


def test_digits_of_unknown_writers(writers: Path) -> None:
    """Measured by bench.handwriting on many more; here a floor that a broken model falls through."""
    right = cells = 0
    for place in range(40):
        rng = np.random.default_rng((7, place))
        hand = random_hand(load_digits("test", place % 2), rng)
        truth = tuple(int(sign) for sign in rng.integers(0, 10, 13))
        scanned = fill_comb(hand, truth, rng, severity=Severity.MODERATE)
        right += int((recognise_ink(scanned.cells).table.argmax(axis=1) == truth).sum())
        cells += 13
    assert right / cells > 0.94


def test_blanks_and_spoilt_cells_of_unknown_writers(writers: Path) -> None:
    blanks = spoilt = refused = 0
    for place in range(20):
        rng = np.random.default_rng((8, place))
        hand = random_hand(load_digits("test", place % 2), rng)
        scanned = fill_comb(hand, (OTHER, BLANK) * 6, rng, severity=Severity.CLEAN)
        table = recognise_ink(scanned.cells).table
        blanks += int((table[1:12:2].argmax(axis=1) == SIGNS.index(" ")).sum())
        refused += int((table[0:12:2, :10].max(axis=1) < 0.99).sum())
        spoilt += 6
    assert blanks / spoilt > 0.97
    assert refused / spoilt > 0.93


def test_numbers_of_unknown_writers_with_the_register(writers: Path) -> None:
    """No wrong number is read, and most are read without a question."""
    numbers = [f"179{place:07d}001" for place in range(10_000, 900_000, 997)]
    read = 0
    for place in range(40):
        rng = np.random.default_rng((9, place))
        number = numbers[int(rng.integers(len(numbers)))]
        hand = random_hand(load_digits("test", place % 2), rng)
        scanned = fill_comb(hand, tuple(map(int, number)), rng, severity=Severity.MODERATE)
        found = decode_number(recognise_ink(scanned.cells), "ruc", numbers)
        assert found.state != "read" or found.value == number
        read += found.state == "read"
    assert read >= 30


def test_numbers_on_whole_forms(writers: Path) -> None:
    """A blank form filled in, signed, creased and scanned: from the image of the page to its two numbers."""
    right = 0
    for place in range(6):
        rng = np.random.default_rng((10, place))
        form = fill_form(load_digits("test", place % 2), Severity.MODERATE, rng)
        paper = locate(form.image)
        assert paper is not None
        ruc = read_comb(paper, EDITION, EDITION.field("ruc"), "ruc", [form.ruc])
        person = read_comb(paper, EDITION, EDITION.field("representative_id"), "cedula", [form.cedula])
        for found, number in ((ruc, form.ruc), (person, form.cedula)):
            assert found.state != "read" or found.value == number
            right += found.value == number
    assert right >= 11
