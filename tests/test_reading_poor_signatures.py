"""Signatures on poor scans: the second look says what a person sees, and nothing of what it cannot know."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

import intake.signature_sight
import intake.signatures
from bench.material import EDITIONS, KEYS, Paper, random_paper
from bench.training.lookalikes import ASKED, DESK, UNSEEN
from generators.paper.ink import Pen, sign
from generators.paper.scanning import Bilevel, Scanner, scan
from generators.paper.sheets import Sheet
from intake.pages import ReadingContext, read_page
from intake.signature_sight import (
    DENIED_NAME,
    DENIED_NAME_ON_POOR,
    DENIED_NOTHING,
    SURE_NAME,
    SURE_NOTHING,
    Sight,
    network_in,
    reconsidered,
)

MODEL = Path(intake.signature_sight.__file__).with_name("signature_sight.npz")
UNSEEN_HANDS = ("ringed", "jagged")


def unsigned_paper(seed: int) -> Paper:
    return random_paper(np.random.default_rng(seed), EDITIONS[seed % 2], unsigned=1.0)


def poor_scanner(seed: int) -> Scanner:
    """Coarse and grainy, black and white, or pale, in turn."""
    kinds: tuple[Bilevel | None, ...] = (None, "fax", None, "otsu")
    grey = kinds[seed % 4] is None
    return Scanner(
        dpi=120 if grey else 200,
        rotation_deg=3.0,
        blur_px=0.8,
        contrast=(0.9, 0.9, 0.6, 0.9)[seed % 4],
        noise_sigma=16 if grey else 6,
        bilevel=kinds[seed % 4],
        jpeg_quality=25,
    )


def state_of(sheet: Sheet, seed: int) -> str:
    image = scan(sheet, poor_scanner(seed), np.random.default_rng(seed))
    (found,) = read_page(image, ReadingContext(KEYS)).signatures.values()
    return found.state


def states_of(sheet: Sheet, seed: int) -> tuple[str, str]:
    """The state by the rules alone and after a second look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake.signatures, "look_again", lambda *_: Sight(0.5, 0.5))
        before = state_of(sheet, seed)
    return before, state_of(sheet, seed)


@pytest.mark.parametrize("kind", sorted(UNSEEN))
@pytest.mark.parametrize("seed", range(2))
def test_a_second_look_takes_nothing_that_it_never_saw_for_a_name(kind: str, seed: int) -> None:
    paper = unsigned_paper(seed)
    box = paper.edition.signature_fields[0].box
    before, after = states_of(UNSEEN[kind](paper.sheet, box, np.random.default_rng(100 + seed)), seed)
    assert after != "present" or before == "present"


@pytest.mark.parametrize("kind", sorted(ASKED))
@pytest.mark.parametrize("seed", range(2))
def test_what_is_by_hand_and_no_name_stays_a_question(kind: str, seed: int) -> None:
    paper = unsigned_paper(seed)
    box = paper.edition.signature_fields[0].box
    before, after = states_of(ASKED[kind](paper.sheet, box, np.random.default_rng(seed)), seed)
    assert after in {before, "doubtful"}


def test_a_second_look_settles_names_that_the_rules_doubt() -> None:
    settled = []
    for seed in range(6):
        paper = unsigned_paper(seed)
        box = paper.edition.signature_fields[0].box
        sheet = sign(paper.sheet, box, np.random.default_rng(50 + seed), pen=Pen(0.5, 50))
        settled.append(states_of(sheet, seed))
    assert ("doubtful", "present") in settled
    assert all(after != "absent" for _, after in settled)


@pytest.mark.parametrize("hand", UNSEEN_HANDS)
def test_a_hand_that_was_never_taught_is_seen_on_a_poor_scan(hand: str) -> None:
    states = []
    for seed in range(4):
        paper = unsigned_paper(seed)
        box = paper.edition.signature_fields[0].box
        pen = Pen(0.45, 60, 0.25, 0.3)
        sheet = sign(paper.sheet, box, np.random.default_rng(seed), pen=pen, hand=hand)
        states.append(state_of(sheet, seed))
    assert "absent" not in states
    assert states.count("present") >= 3


@pytest.mark.parametrize(
    "kind", ["office stamp", "notary seal", "date stamp", "sticky flag", "ringed lettering"]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_seal_or_a_flag_is_no_signature_on_a_fair_scan(kind: str, seed: int) -> None:
    paper = unsigned_paper(seed)
    box = paper.edition.signature_fields[0].box
    sheet = {**DESK, **UNSEEN}[kind](paper.sheet, box, np.random.default_rng(seed))
    assert fair_state_of(sheet, seed) != "present"


@pytest.mark.parametrize(("grey", "states"), [(130, {"present"}), (185, {"present", "doubtful"})])
@pytest.mark.parametrize("hand", ["name", "rubric"])
def test_a_faint_pen_on_a_fair_scan_is_never_called_an_empty_box(
    hand: str, grey: int, states: set[str]
) -> None:
    for seed in range(3):
        paper = unsigned_paper(seed)
        box = paper.edition.signature_fields[0].box
        sheet = sign(paper.sheet, box, np.random.default_rng(seed), pen=Pen(0.35, grey, 0.25, 0.2), hand=hand)
        assert fair_state_of(sheet, seed) in states


def fair_state_of(sheet: Sheet, seed: int) -> str:
    image = scan(sheet, Scanner(dpi=200, rotation_deg=1, noise_sigma=4), np.random.default_rng(seed))
    (found,) = read_page(image, ReadingContext(KEYS)).signatures.values()
    return found.state


def test_what_cannot_be_proved_absent_stays_doubtful() -> None:
    empty = Sight(name=0.0, nothing=1.0)
    assert reconsidered("doubtful", empty, provable=False, poor=True) == "doubtful"
    assert reconsidered("doubtful", empty, provable=True, poor=True) == "absent"


def test_what_is_not_sure_stays_doubtful() -> None:
    assert reconsidered("doubtful", Sight(SURE_NAME - 1e-6, 0.0), provable=True, poor=True) == "doubtful"
    assert reconsidered("doubtful", Sight(0.0, SURE_NOTHING - 1e-6), provable=True, poor=True) == "doubtful"
    assert reconsidered("doubtful", Sight(SURE_NAME, 0.0), provable=False, poor=True) == "present"


def test_a_second_look_never_turns_what_is_sure_into_its_opposite() -> None:
    assert reconsidered("present", Sight(0.0, 1.0), provable=True, poor=True) == "doubtful"
    assert reconsidered("absent", Sight(1.0, 0.0), provable=True, poor=True) == "doubtful"
    assert reconsidered("present", Sight(DENIED_NAME_ON_POOR, 0.8), provable=True, poor=True) == "present"
    assert reconsidered("present", Sight(DENIED_NAME, 0.5), provable=True, poor=False) == "present"
    assert reconsidered("present", Sight(DENIED_NAME - 0.01, 0.5), provable=True, poor=False) == "doubtful"
    assert reconsidered("absent", Sight(0.8, DENIED_NOTHING), provable=True, poor=True) == "absent"


def file_of(arrays: dict[str, object]) -> bytes:
    file = BytesIO()
    np.savez(file, allow_pickle=True, **arrays)  # type: ignore[arg-type]  # an object array is the point
    return file.getvalue()


def model_arrays() -> dict[str, object]:
    with np.load(MODEL, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def test_the_model_is_small_and_tells_three_sights_apart() -> None:
    assert MODEL.stat().st_size <= 300_000
    assert network_in(MODEL.read_bytes()).output.bias.size == 3


def test_a_model_of_something_else_is_refused() -> None:
    arrays = model_arrays()
    with pytest.raises(ValueError, match="no model of signatures"):
        network_in(file_of(arrays | {"output_bias": np.zeros(12, np.float16)}))
    with pytest.raises(KeyError):
        network_in(file_of({name: value for name, value in arrays.items() if name != "hidden_bias"}))


def test_a_model_that_carries_code_is_refused() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        network_in(file_of(model_arrays() | {"hidden_bias": np.array([print], dtype=object)}))
