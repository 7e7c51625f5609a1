"""Damage to simulated paper: each kind marks the page, in its own way, the same from the same seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from paper_samples import printed_page

from generators.paper import damage
from generators.paper.ink import Random
from generators.paper.sheets import Sheet

KINDS: dict[str, Callable[[Sheet, Random], Sheet]] = {
    "fold": damage.fold,
    "shadow": damage.shadow,
    "coffee": damage.coffee,
    "stain": damage.stain,
    "dust": damage.dust,
    "weak toner": damage.weak_toner,
    "smear": damage.smear,
    "streak": damage.streak,
    "bleed-through": damage.bleed_through,
    "staple": damage.staple,
    "holes": damage.punch_holes,
    "torn corner": damage.tear_corner,
    "photocopy": damage.photocopy,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dpi", [300, 150])
def test_each_kind_marks_the_page_and_leaves_the_original_alone(kind: str, dpi: int) -> None:
    sheet = printed_page(dpi)
    before = sheet.image.copy()
    spoiled = KINDS[kind](sheet, np.random.default_rng(8))
    assert (sheet.image == before).all()
    assert spoiled.image.shape == before.shape
    assert spoiled.image.dtype == np.uint8
    assert spoiled.px_per_mm == sheet.px_per_mm
    changed = np.abs(spoiled.image.astype(int) - before) > 5
    assert changed.sum() > 30
    again = KINDS[kind](sheet, np.random.default_rng(8))
    assert (again.image == spoiled.image).all()


@pytest.mark.parametrize("along", ["across", "down"])
def test_a_fold_darkens_a_line_over_the_whole_page(along: damage.Way) -> None:
    sheet = printed_page()
    darker = sheet.image.astype(int) - damage.fold(sheet, np.random.default_rng(4), along=along).image
    profile = np.median(darker, axis=1 if along == "across" else 0)
    assert profile.max() > 10
    assert (profile > profile.max() / 2).sum() < 1.5 * sheet.px_per_mm


def test_a_torn_corner_shows_what_lies_behind() -> None:
    sheet = printed_page()
    torn = damage.tear_corner(sheet, np.random.default_rng(2), behind=7).image
    corners = [torn[y, x] for y in (1, -2) for x in (1, -2)]
    assert corners.count(7) == 1


def test_weak_toner_pales_print_and_leaves_paper() -> None:
    sheet = printed_page()
    pale = damage.weak_toner(sheet, np.random.default_rng(2)).image
    ink = sheet.image < 60
    assert pale[ink].mean() > sheet.image[ink].mean() + 10
    assert (pale.astype(int) >= sheet.image.astype(int) - 1).all()


def test_more_copies_of_copies_lose_more() -> None:
    sheet = printed_page()
    lost = [
        np.abs(
            damage.photocopy(sheet, np.random.default_rng(3), times).image.astype(int) - sheet.image
        ).mean()
        for times in (1, 2, 3)
    ]
    assert lost == sorted(lost)


def test_the_back_shows_through_mirrored() -> None:
    front = Sheet(np.full((3508, 2480), 250, np.uint8))
    back = front.image.copy()
    back[400:700, 200:600] = 20
    seen = damage.bleed_through(front, np.random.default_rng(1), Sheet(back)).image
    assert seen[500, 2480 - 400] < 248
    assert seen[500, 400] == 250
