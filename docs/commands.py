"""Prints the page of the command line in the language of the environment, which is English for the docs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import click

from cli.main import program


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it, groups opened up."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def section(path: str, command: click.Command) -> str:
    """A command's usage and options as its ``--help`` shows them, without the option that all have."""
    context = click.Context(command, info_name=path, terminal_width=96, max_content_width=96)
    told = re.sub(r"\n +--help .*", "", command.get_help(context)).removeprefix("Usage: ")
    return f"## {path}\n\n```text\n{told}\n```\n"


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print("\n".join(section(path, command) for path, command in commands(program, "ventanilla")), end="")


if __name__ == "__main__":
    main()
