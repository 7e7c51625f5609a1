"""What surrounds every command: trouble of settings and engines ends with a sentence and its exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click

from cli.click_words import name_places, speak_click
from cli.output import Exit, fail
from operations.troubles import find_trouble


def all_commands(command: click.Command) -> Iterator[click.Command]:
    """A command and all below it."""
    yield command
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from all_commands(each)


def guard_commands(program: click.Group) -> None:
    """Let no command end with a traceback for what is no fault of ours, nor speak two languages. Trouble is
    caught inside the command, where it is known whether somebody waits for JSON.
    """
    speak_click()
    for command in all_commands(program):
        name_places(command)
        if command.callback is not None:
            command.callback = _guarded(command.callback)


def _guarded(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*values: Any, **named: Any) -> Any:
        try:
            return callback(*values, **named)
        except Exception as error:
            trouble = find_trouble(error)
            if trouble is None:
                raise
            fail(Exit.USAGE if trouble.is_usage else Exit.OUT_OF_REACH, trouble.problem)

    return run
