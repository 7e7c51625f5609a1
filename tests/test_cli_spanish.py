"""Under ``LANG=es_EC`` the command speaks Spanish: every help page and the errors that people meet."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Final

import click
import pytest

from cli.guarding import all_commands
from cli.main import program
from operations.settings import Settings

PROJECT: Final = Path(__file__).resolve().parent.parent
ENGLISH: Final = re.compile(
    r"\b(the|this|and|exit|usage|options|commands|show|missing|argument|command|such|option|file"
    r"|directory|password|user|there|invalid|value|must|text|path|integer|of|is|not|does|exist|try|help for"
    r"|repeat|confirmation|connection|refused|setting|case|denied)\b",
    re.IGNORECASE,
)
"""Words that a Spanish sentence has not."""
OURS: Final = re.compile(
    r"--[\w-]+|«[^»]*»|VENTANILLA_\w+|\[[A-Z_0-9]+\]|\b\w+://\S*|\b\w+(?:[_-]\w+)+\b|\[[a-z|]+\]|/\S+"
    r"|ventanilla [a-z -]+"
)
"""Names that stay as they are: options, settings, codes, addresses, choices, files, commands in a usage."""


def run(folder: Path, *words: str, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "es_EC.UTF-8",
        "PYTHONPATH": str(PROJECT),
        "VENTANILLA_DATA_DIR": str(folder / "datos"),
        **(more or {}),
    }
    command = [sys.executable, "-m", "cli.main", *words]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def english_in(text: str) -> list[str]:
    return [found.group() for found in ENGLISH.finditer(OURS.sub(" ", text))]


def paths(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from paths(each, (*path, name))


def test_every_help_page_is_spanish(tmp_path: Path) -> None:
    """One process writes them all: the language is chosen when the command starts."""
    script = (
        "import click\n"
        "from tests.test_cli_spanish import paths\n"
        "from cli.main import program\n"
        "for path, command in paths(program):\n"
        "    name = ' '.join(('ventanilla', *path))\n"
        "    context = click.Context(command, info_name=name, max_content_width=200)\n"
        "    print(command.get_help(context))\n"
    )
    environment = {"PATH": os.environ["PATH"], "LANG": "es_EC.UTF-8", "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("Uso: ventanilla") == len(list(all_commands(program)))
    listed = re.compile(r"^  [\w-]+  ", re.MULTILINE)  # names of commands in the list of a group
    assert english_in(listed.sub(" ", done.stdout)) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nada",), 2, "No hay una orden «nada»"),
        (("serve", "--puerto", "1"), 2, "No hay una opción «--puerto»"),
        (("serve", "--port", "mil"), 2, "no es un número"),
        (("receive",), 2, "Falta"),
        (("user", "add", "x", "--role", "jefe"), 2, "no es uno de"),
        (("user", "add", "x", "--display-name", "X", "--role", "clerk", "--password", "x"), 1, "al menos 10"),
        (("user", "disable", "nadie"), 1, "No hay un usuario «nadie»"),
        (("case", "show", "nada"), 1, "no existe"),
        (("form", "describe", "nada"), 2, "No hay un formulario «nada»"),
        (("read", "/nada"), 3, "no existe"),
        (("restore", "/nada"), 3, "no existe"),
        (("archive", "import", "/nada"), 3, "no se pudo abrir"),
        (("archive", "audit", "verify", "--file", "/nada"), 3, "no existe"),
        (("database", "grant", "rol"), 1, "solo PostgreSQL"),
        (("receive", "--branch-office", "Cualkiera", "/nada"), 1, "Quito - Matriz; Quito - CAU Sur"),
        (("receive", "--branch-office", "Cuenca", "--by", "nadie", "/nada"), 1, "No hay un usuario «nadie»"),
    ],
)
def test_errors_are_spanish_and_have_their_exit_code(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr + done.stdout
    assert english_in(done.stderr + done.stdout) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (
            {"VENTANILLA_DATABASE_URL": "postgresql+psycopg://u:secreto@127.0.0.1:9/x"},
            "DATABASE_OUT_OF_REACH",
        ),
        ({"VENTANILLA_SETTINGS": "/nada.toml"}, "SETTINGS_UNREADABLE"),
        ({"VENTANILLA_BLOB_URL": "ftp://x"}, "BLOB_ADDRESS_UNUSABLE"),
    ],
)
def test_engines_out_of_reach_end_with_a_sentence_and_a_document(
    tmp_path: Path, more: dict[str, str], code: str
) -> None:
    done = run(tmp_path, "case", "list", "--json", more=more)
    assert done.returncode == 4
    assert json.loads(done.stdout)["problems"][0]["code"] == code
    assert "Traceback" not in done.stderr
    assert "secreto" not in done.stderr + done.stdout
    assert english_in(done.stderr) == []


def test_a_failure_is_a_document_for_who_asked_for_json(tmp_path: Path) -> None:
    (tmp_path / "vacío.pdf").write_bytes(b"")
    (tmp_path / "roto.json").write_text("{")
    for words, exit_code, code in (
        (("case", "show", "nada"), 1, "CASE_UNKNOWN"),
        (("restore", "/nada"), 3, "FILE_UNREADABLE"),
        (("read", "/nada"), 3, "FILE_UNREADABLE"),
        (("verify", "vacío.pdf"), 3, "FILE_EMPTY"),
        (("check-values", "employer-request", "--values", "roto.json"), 3, "JSON_INVALID"),
        (("receive", "vacío.pdf", "--branch-office", "Cualkiera"), 1, "OFFICE_UNKNOWN"),
    ):
        done = run(tmp_path, *words, "--json")
        assert done.returncode == exit_code, (words, done.stderr)
        assert json.loads(done.stdout)["problems"][0]["code"] == code


def test_the_check_is_spanish_and_every_setting_has_its_meaning(tmp_path: Path) -> None:
    done = run(tmp_path, "check")
    assert done.returncode == 0, done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert len(lines) == len(fields(Settings))
    assert all(re.search(r"[a-záéíóúñ]{3}.*[.…]$", line) for line in lines)
    assert english_in(done.stdout.replace("IBM Plex", "").replace("Ventanilla", "")) == []
