"""What a command gives back: one JSON document or plain lines on stdout, and an exit code with a meaning."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

import click

from cli.language import say
from forms.problems import Problem, Severity


class Exit(IntEnum):
    """Exit codes of contracts.md §1."""

    DONE = 0
    NO = 1
    USAGE = 2
    UNREADABLE = 3
    OUT_OF_REACH = 4


def print_json(value: Any) -> None:
    """One JSON document on stdout, UTF-8, and nothing else there."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_problems(problems: Iterable[Problem]) -> None:
    """Problems as lines for a person, errors first."""
    for found in sorted(problems, key=lambda found: found.severity is not Severity.ERROR):
        sign = "✗" if found.severity is Severity.ERROR else "!"
        click.echo(f"{sign} {found.message}  [{found.code}]")


def fail(code: Exit, message: str) -> NoReturn:
    """End with a sentence on stderr that says what to do next."""
    click.echo(message, err=True)
    sys.exit(code)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that the person named; ends the command when they cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = say(f"No se pudo leer {path}: {error.strerror}.", f"Cannot read {path}: {error.strerror}.")
        fail(Exit.UNREADABLE, message)


def read_json(path: Path) -> Any:
    """The JSON of a file that the person named; ends the command when it is not JSON."""
    try:
        return json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        fail(
            Exit.UNREADABLE, say(f"{path} no es JSON válido: {error}.", f"{path} is not valid JSON: {error}.")
        )


def write_bytes(path: Path, data: bytes) -> None:
    """Write a result where the person asked for it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        message = say(
            f"No se pudo escribir {path}: {error.strerror}.", f"Cannot write {path}: {error.strerror}."
        )
        fail(Exit.OUT_OF_REACH, message)
