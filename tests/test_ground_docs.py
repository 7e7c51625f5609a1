"""Pages that follow from the code say what the code says, and every link in them leads somewhere."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from forms.register import all_forms

PROJECT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = sorted([PROJECT / "README.md", PROJECT / "CHANGELOG.md", *(PROJECT / "docs").rglob("*.md")])


def load_generator() -> ModuleType:
    """``docs/generate.py`` as a module; docs is a folder of pages and no package."""
    source = PROJECT / "docs" / "generate.py"
    specification = importlib.util.spec_from_file_location("docs_generate", source)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


WRITTEN: Final[dict[Path, str]] = load_generator().written_pages()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_written_page_is_current(path: Path) -> None:
    assert path.read_text("utf-8") == WRITTEN[path], "run `make docs` and commit what it writes"


def test_every_form_has_its_page_and_no_page_is_left_over() -> None:
    pages = {path.stem for path in (PROJECT / "docs" / "forms").glob("*.md")}
    assert pages == {form.name for form in all_forms()}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    lost = [
        target
        for target in targets
        if not target.startswith(("http", "mailto:")) and not (page.parent / target).exists()
    ]
    assert not lost


def test_examples_stand_on_lines_of_their_own() -> None:
    """A file to copy that was wrapped like prose is no file any more."""
    for path in (PROJECT / "docs").rglob("*.md"):
        fences = [line for line in path.read_text("utf-8").splitlines() if "```" in line]
        assert all(re.fullmatch(r"\s*```\w*", line) for line in fences), path
        assert len(fences) % 2 == 0, path


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (PROJECT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(len(numbers)))  # 0000 is the template


def test_the_tour_has_a_picture_of_each_stop() -> None:
    told = re.findall(r"\(images/tour/([a-z-]+)\.png\)", (PROJECT / "docs" / "tour.md").read_text("utf-8"))
    assert len(told) > 10
    assert sorted(told) == sorted(path.stem for path in (PROJECT / "docs" / "images" / "tour").glob("*.png"))
