"""Signature boxes: a name by hand is present, what only looks like one is not, initials are asked about."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.material import EDITIONS, KEYS, Paper, random_paper
from bench.signature_material import KINDS, grey_picture, print_picture, stamped
from bench.training.lookalikes import ASKED, DESK, UNSEEN
from forms.geometry import Box
from forms.model import Edition, Field
from generators.paper.damage import fold
from generators.paper.ink import Pen, round_stamp, sign, sign_with_picture, stamp
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Grey, Sheet
from intake.alignment import find_marks, fit
from intake.pages import PageResult, ReadingContext, read_page
from intake.pen_strokes import PER_MM, find_stamps, unruled
from intake.sampling import light_paper
from intake.signatures import InkMeasure, is_winding, judge_box

CONTEXT = ReadingContext(KEYS)
OFFICE = Scanner(dpi=200, rotation_deg=1, noise_sigma=4)


@cache
def unsigned_paper() -> Paper:
    return random_paper(np.random.default_rng(6), EDITIONS[0], unsigned=1.0)


def box_of(paper: Paper) -> Box:
    return paper.edition.signature_fields[0].box


def read_sheet(sheet: Sheet, scanner: Scanner = OFFICE) -> PageResult:
    return read_page(scan(sheet, scanner, np.random.default_rng(1)), CONTEXT)


def state_of(result: PageResult) -> str:
    (found,) = result.signatures.values()
    return found.state


@pytest.mark.parametrize("kind", ["stamp", "smudge", "fold", "typed name", "line", "empty"])
@pytest.mark.parametrize("seed", range(3))
def test_what_only_looks_like_a_signature_is_never_present(kind: str, seed: int) -> None:
    paper = unsigned_paper()
    sheet = KINDS[kind](paper.sheet, box_of(paper), np.random.default_rng(seed))
    assert state_of(read_sheet(sheet)) != "present"


@pytest.mark.parametrize("seed", range(4))
def test_initials_are_asked_about(seed: int) -> None:
    paper = unsigned_paper()
    sheet = KINDS["initials"](paper.sheet, box_of(paper), np.random.default_rng(seed))
    result = read_sheet(sheet)
    assert state_of(result) == "doubtful"
    assert "SIGNATURE_DOUBTFUL" in {found.code for found in result.problems}


@pytest.mark.parametrize("seed", range(4))
def test_a_signature_outside_its_box_is_found_and_shown(seed: int) -> None:
    paper, random = unsigned_paper(), np.random.default_rng(seed)
    place = Box(22, 205, 70, 20) if seed % 2 else Box(95, 212, 70, 22)
    result = read_sheet(sign(paper.sheet, place, random, pen=Pen(0.5, 40)))
    assert state_of(result) == "doubtful"
    assert "SIGNATURE_OUTSIDE_BOX" in {found.code for found in result.problems}
    (found,) = result.signatures.values()
    assert Box(*found.box_mm).overlaps(place)


def test_an_empty_box_on_a_stamped_and_folded_page_is_absent() -> None:
    paper, random = unsigned_paper(), np.random.default_rng(3)
    sheet = stamp(fold(paper.sheet, random, along="across"), (100.0, 11.0), random, "RECIBIDO")
    assert state_of(read_sheet(sheet)) == "absent"


@pytest.mark.parametrize("screened", [True, False])
@pytest.mark.parametrize("place", range(3))
def test_a_printed_picture_of_a_signature_is_flagged(shared_data: Path, place: int, screened: bool) -> None:
    path = sorted((shared_data / "signatures" / "experiment" / "rect").rglob("*.png"))[37 * place]
    paper, random = unsigned_paper(), np.random.default_rng(place)
    blank = Sheet(np.full_like(paper.sheet.image, 255), paper.sheet.px_per_mm)
    signed = sign_with_picture(blank, box_of(paper), grey_picture(path), random)
    sheet = print_picture(paper.sheet, signed.image, screened=screened)
    result = read_sheet(sheet, Scanner(dpi=300, rotation_deg=1, noise_sigma=4))
    assert "SIGNATURE_LOOKS_PRINTED" in {found.code for found in result.problems}


def test_real_signatures_are_present(shared_data: Path) -> None:
    paths = sorted((shared_data / "signatures" / "experiment" / "rect").rglob("*.png"))[::29]
    assert len(paths) >= 5, "an empty folder is no success"
    paper = unsigned_paper()
    for place, path in enumerate(paths):
        sheet = sign_with_picture(
            paper.sheet, box_of(paper), grey_picture(path), np.random.default_rng(place)
        )
        assert state_of(read_sheet(sheet)) == "present", path.name


@pytest.mark.parametrize("seed", range(4))
def test_a_signature_across_a_stamp_is_never_absent(seed: int) -> None:
    paper, random = unsigned_paper(), np.random.default_rng(seed)
    sheet = stamped(paper.sheet, box_of(paper), random)
    sheet = sign(sheet, box_of(paper), random, pen=Pen(0.5, 40))
    assert state_of(read_sheet(sheet)) != "absent"


@pytest.mark.parametrize("seed", range(6))
def test_a_round_stamp_by_itself_is_no_signature(seed: int) -> None:
    random, paper = np.random.default_rng(seed), unsigned_paper()
    box = box_of(paper)
    middle = box.x + box.width * float(random.uniform(0.35, 0.65)), box.y + box.height / 2
    assert state_of(read_sheet(round_stamp(paper.sheet, middle, random))) in {"absent", "doubtful"}


@pytest.mark.parametrize("seed", range(4))
def test_a_signature_beside_or_across_a_round_stamp_is_not_lost(seed: int) -> None:
    random, paper = np.random.default_rng(seed), unsigned_paper()
    box = box_of(paper)
    sheet = round_stamp(paper.sheet, (box.x + box.width * 0.7, box.y + box.height / 2), random)
    assert state_of(read_sheet(sign(sheet, box, random))) in {"present", "doubtful"}


def frame(tall: int, wide: int, turn: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A rectangle of a line of half a millimetre, turned."""
    side = round(70 * PER_MM)
    rows, columns = np.indices((side, side)) - side / 2
    across = columns * np.cos(turn) + rows * np.sin(turn)
    down = rows * np.cos(turn) - columns * np.sin(turn)
    outer = (abs(across) <= wide / 2 * PER_MM) & (abs(down) <= tall / 2 * PER_MM)
    inner = (abs(across) <= (wide / 2 - 0.6) * PER_MM) & (abs(down) <= (tall / 2 - 0.6) * PER_MM)
    return (outer & ~inner).astype(np.uint8)


@settings(max_examples=30, deadline=None)
@given(tall=st.integers(10, 35), more=st.integers(12, 20), turn=st.floats(-0.7, 0.7))
def test_a_frame_of_any_size_and_turn_is_a_stamp(tall: int, more: int, turn: float) -> None:
    ink = frame(tall, min(tall + more, 55), turn)
    (stamp,) = find_stamps(ink, ink)
    assert not stamp.overwritten
    assert not (ink & (1 - stamp.area)).any()


@settings(max_examples=30, deadline=None)
@given(row=st.integers(6, 100), start=st.integers(0, 100), length=st.integers(80, 300))
def test_a_rule_leaves_nothing(row: int, start: int, length: int) -> None:
    ink = np.zeros((120, 420), np.uint8)
    ink[row : row + 3, start : start + length] = 1
    assert not unruled(ink).any()
    assert not find_stamps(ink, ink)


@pytest.mark.parametrize("seed", [6, 9, 12])
def test_a_name_that_print_cuts_into_pieces_is_shown_whole(seed: int) -> None:
    paper, place = unsigned_paper(), Box(20, 234, 90, 26)
    drawn = sign(paper.sheet, place, np.random.default_rng(seed), pen=Pen(0.5, 40))
    rows, columns = np.nonzero(drawn.image < paper.sheet.image.astype(int) - 40)
    (found,) = read_sheet(drawn).signatures.values()
    shown = Box(*found.box_mm)
    per_mm = drawn.px_per_mm
    inside = [
        shown.grown(1).contains(Box(column / per_mm, row / per_mm, 0, 0))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    assert np.mean(inside) > 0.9


@pytest.mark.parametrize("seed", [1, 8, 14])
def test_a_name_that_winds_into_a_ring_is_present(seed: int) -> None:
    """To the second look a ring is a seal's."""
    paper = unsigned_paper()
    random = np.random.default_rng(seed)
    sheet = sign(paper.sheet, box_of(paper), random, pen=Pen(0.4, 40), hand="ringed")
    assert state_of(read_sheet(sheet)) == "present"


@pytest.mark.parametrize("kind", sorted({**DESK, **UNSEEN, **ASKED}))
def test_nothing_but_a_pen_winds(kind: str) -> None:
    paper, adding = unsigned_paper(), {**DESK, **UNSEEN, **ASKED}[kind]
    field = paper.edition.signature_fields[0]
    for seed in range(3):
        random = np.random.default_rng((9, seed))
        image = scan(adding(paper.sheet, field.box, random), OFFICE, random)
        found = measure_on(image, paper.edition, field)
        assert not is_winding(found), seed


def measure_on(image: Grey, edition: Edition, field: Field) -> InkMeasure:
    """The ink in a signature box of a scan, by the rules alone."""
    marks = find_marks(image, edition.frame)
    alignment = fit(marks, edition.frame)
    assert alignment is not None
    paper = light_paper(image, alignment, edition.frame, tuple(marks))
    return judge_box(paper, edition, field, 0.02)[1]


FAINT = Pen(0.3, 122)
"""A light blue ballpoint."""


@pytest.mark.parametrize("seed", range(4))
def test_a_dark_threshold_proves_no_absence(seed: int) -> None:
    """The scanner drops the pen and half of our thin lines with it."""
    paper, random = unsigned_paper(), np.random.default_rng(seed)
    sheet = sign(paper.sheet, box_of(paper), random, pen=FAINT, hand="loops")
    pale = Scanner(dpi=300, contrast=0.55, blur_px=0.9, noise_sigma=3, bilevel="fixed")
    assert state_of(read_sheet(sheet, pale)) == "doubtful"


@pytest.mark.parametrize("seed", range(4))
def test_a_threshold_that_keeps_thin_lines_shows_the_pen_or_its_absence(seed: int) -> None:
    paper, random = unsigned_paper(), np.random.default_rng(seed)
    sheet = sign(paper.sheet, box_of(paper), random, pen=FAINT, hand="loops")
    fax = Scanner(dpi=204, contrast=0.95, noise_sigma=3, bilevel="fixed")
    assert state_of(read_sheet(sheet, fax)) == "present"
    assert state_of(read_sheet(paper.sheet, fax)) == "absent"


def test_people_are_told_of_a_scan_that_loses_light_ink() -> None:
    """A change with a light pen would be lost on it as its own thin lines are."""
    paper = unsigned_paper()
    for scanner, told in (
        (Scanner(dpi=300, contrast=0.55, blur_px=0.9, noise_sigma=3, bilevel="fixed"), True),
        (Scanner(dpi=300, contrast=0.55, blur_px=0.9, noise_sigma=3), False),
        (Scanner(dpi=204, contrast=0.95, noise_sigma=3, bilevel="fixed"), False),
    ):
        codes = {found.code for found in read_sheet(paper.sheet, scanner).problems}
        assert ("PAGE_PALE" in codes) is told, scanner
