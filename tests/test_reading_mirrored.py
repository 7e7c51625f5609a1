"""A carbon copy or the back of thin paper shows the page as a mirror does: it is read, and named."""

import numpy as np
import pytest

from bench.material import EDITIONS, knowing, random_paper
from generators.paper.scanning import Scanner, scan
from intake.identification import locate
from intake.pages import PageResult, read_page


def read_mirrored(turn: int) -> tuple[PageResult, dict[str, str]]:
    random = np.random.default_rng(turn)
    paper = random_paper(random, EDITIONS[0], unsigned=0.0)
    image = scan(paper.sheet, Scanner(dpi=200, rotation_deg=1.5), random)
    mirrored = np.ascontiguousarray(np.rot90(image[:, ::-1], turn))
    return read_page(mirrored, knowing(paper)), dict(paper.values)


@pytest.mark.parametrize("turn", range(4))
def test_a_mirrored_page_is_read_and_named(turn: int) -> None:
    result, values = read_mirrored(turn)
    assert {name: found.value for name, found in result.fields.items()} == values
    assert {found.state for found in result.fields.values()} == {"confirmed"}
    assert "PAGE_MIRRORED" in {problem.code for problem in result.problems}
    assert result.alignment is not None
    assert result.alignment.mirrored


def test_a_page_that_is_no_mirrors_is_not_called_so() -> None:
    random = np.random.default_rng(9)
    paper = random_paper(random, EDITIONS[0])
    for turn in (0.0, 90.0, 180.0):
        located = locate(scan(paper.sheet, Scanner(dpi=150, rotation_deg=turn), random))
        assert located is not None
        assert not located.alignment.mirrored


def test_the_turn_of_a_mirrored_page_sets_it_upright() -> None:
    assert [read_mirrored(turn)[0].turn for turn in range(4)] == [0, 90, 180, 270]
