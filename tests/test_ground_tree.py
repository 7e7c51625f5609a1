"""The tree keeps the house's rules: what is imported is ours, nothing hides, nothing names a machine."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ("forms", "generators", "intake", "regeneration", "storage", "operations", "web", "cli")
SOURCES: Final = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
EMPTY_NAMES: Final = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager|service)s?$")

# Spelled apart, so that this file does not name them either.
FORBIDDEN_TEXTS: Final = tuple(
    "".join(parts).encode()
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted"),
        ("registry.", "npmjs"),
        ("deb.", "debian"),
        ("/wo", "rk/"),
        ("/ho", "me/"),
        ("index", "-url"),
    )
)


def shown(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def committed() -> list[Path]:
    """What git has or is about to have; a copy of the tree without git is taken as it is."""
    try:
        command = ["git", "ls-files", "-z", "--cached"]
        names = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return [path for path in PROJECT.rglob("*") if path.is_file() and not is_made(path)]
    return [path for name in names.split("\0") if name and (path := PROJECT / name).is_file()]


def is_made(path: Path) -> bool:
    """Whether the file lies in a folder that tools make: a hidden one, a cache or stored data."""
    parts = path.relative_to(PROJECT).parts[:-1]
    return any(part[0] == "." and part != ".ci" for part in parts) or bool({"__pycache__", "data"} & {*parts})


@pytest.mark.parametrize("package", PACKAGES)
def test_imported_package_is_ours(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).resolve() == PROJECT / package / "__init__.py"


def test_there_are_sources() -> None:
    assert len(SOURCES) > 30


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "__init__.py"], ids=shown)
def test_package_file_is_empty(path: Path) -> None:
    assert path.read_bytes() == b""


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name != "__init__.py"], ids=shown)
def test_module_says_what_it_knows(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    docstring = ast.get_docstring(tree) or ""
    assert 1 <= len(docstring.splitlines()) <= 8, "start with one to six lines on what the module knows"
    assert not EMPTY_NAMES.search(path.stem), "a module is named after what it knows"


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_no_import_hides_in_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    hidden = [
        inner.lineno
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, f"imports inside functions at lines {hidden}"


def test_no_file_names_a_registry_or_a_machine() -> None:
    named = {
        f"{shown(path)}: {text.decode()}"
        for path in committed()
        for text in FORBIDDEN_TEXTS
        if text in path.read_bytes()
    }
    assert not named


def test_locks_have_hashes_for_every_package() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=\S)", (PROJECT / name).read_text("ascii"))
        pinned = [entry for entry in entries if re.match(r"[a-z0-9]", entry, re.IGNORECASE)]
        assert len(pinned) > 40
        assert [
            entry.split()[0] for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry
        ] == []


def test_what_tests_install_agrees_with_what_people_install() -> None:
    pins = {}
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (PROJECT / name).read_text("ascii")
        pins[name] = set(re.findall(r"^([A-Za-z0-9._\-\[\]]+==[^\s;]+)", text, re.MULTILINE))
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]
