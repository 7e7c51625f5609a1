"""What a command gives back: one JSON document or plain lines on stdout, and an exit code with a meaning."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from cli.language import say
from forms.problems import Problem, Severity, problem
from operations.system_words import explain_system


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


_UNREADABLE: Final = frozenset({"BACKUP_UNREADABLE", "PACKAGE_UNREADABLE"})


def refusal_code(problems: Iterable[Problem]) -> Exit:
    """How a command ends that took nothing: an input that cannot be read is another matter than a "no"."""
    return Exit.UNREADABLE if any(found.code in _UNREADABLE for found in problems) else Exit.NO


def json_asked() -> bool:
    """Whether whoever called the running command wants JSON on stdout, whatever comes of it."""
    context = click.get_current_context(silent=True)
    return bool(context is not None and context.params.get("as_json"))


def fail(code: Exit, *problems: Problem, english: str = "") -> NoReturn:
    """End with problems: sentences on stderr that say what to do next, and with ``--json`` a document on
    stdout as well. ``english`` is the sentence for whoever asked for English.
    """
    if json_asked():
        print_json({"problems": [found.as_json() for found in problems]})
    for sentence in [say("", english)] if say("", english) else [found.message for found in problems]:
        click.echo(sentence, err=True)
    sys.exit(code)


def reason_of(error: OSError) -> str:
    """Why the system refused, in the person's language."""
    return say(explain_system(error), error.strerror or str(error))


def fail_unreadable(path: Path, error: OSError) -> NoReturn:
    """End because a file that the person named cannot be read."""
    reason = reason_of(error)
    fail(
        Exit.UNREADABLE,
        problem("FILE_UNREADABLE", file=path, reason=reason),
        english=f"Cannot read {path}: {reason}.",
    )


def fail_unwritable(path: Path, error: OSError) -> NoReturn:
    """End because a result cannot be written where the person asked for it."""
    reason = reason_of(error)
    fail(
        Exit.OUT_OF_REACH,
        problem("FILE_UNWRITABLE", file=path, reason=reason),
        english=f"Cannot write {path}: {reason}.",
    )


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that the person named; ends the command when they cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        fail_unreadable(path, error)


def require_readable(path: Path) -> None:
    """End the command now when a file that the person named cannot be read later."""
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        fail_unreadable(path, error)


def read_json(path: Path) -> Any:
    """The JSON of a file that the person named; ends the command when it is not JSON."""
    try:
        return json.loads(read_bytes(path))
    except json.JSONDecodeError as error:
        where = f"línea {error.lineno}, columna {error.colno}"
        fail_no_json(path, where, str(error))
    except (ValueError, RecursionError) as error:
        fail_no_json(path, "no es texto UTF-8, o tiene demasiados niveles", str(error))


def fail_no_json(path: Path, reason: str, english: str) -> NoReturn:
    """End because a file that the person named is not JSON."""
    fail(
        Exit.UNREADABLE,
        problem("JSON_INVALID", file=path, reason=reason),
        english=f"{path} is not valid JSON: {english}.",
    )


def write_bytes(path: Path, data: bytes) -> None:
    """Write a result where the person asked for it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        fail_unwritable(path, error)
