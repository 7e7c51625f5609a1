"""Click's own words in Spanish: usage, options, prompts and errors.

Click asks ``gettext`` for each of its sentences, which wants a compiled catalogue on the disk and goes by the
machine's languages. Ours goes by :data:`cli.language.SPANISH`, so its modules get another function under the
name that they call.
"""

from __future__ import annotations

import importlib
from typing import Final

import click

from cli.language import SPANISH

_MODULES: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_WORDS: Final = {
    "Aborted!": "Se interrumpió.",
    "Options": "Opciones",
    "Positional arguments": "Argumentos",
    "Commands": "Órdenes",
    "Usage:": "Uso:",
    "Usage: ": "Uso: ",
    "Missing command.": "Falta la orden.",
    "Error: {message}": "Error: {message}",
    "Try '{command} {option}' for help.": "Por favor vea la ayuda con «{command} {option}».",
    "Invalid value: {message}": "El valor no sirve: {message}",
    "Invalid value for {param_hint}: {message}": "El valor de {param_hint} no sirve: {message}",
    "Missing argument": "Falta el argumento",
    "Missing option": "Falta la opción",
    "Missing parameter": "Falta el parámetro",
    "Missing {param_type}": "Falta {param_type}",
    "Missing parameter: {param_name}": "Falta el parámetro {param_name}",
    "No such option {name!r}.": "No hay una opción «{name}».",
    "No such command {name!r}.": "No hay una orden «{name}».",
    "Did you mean {possibility}?": "¿Quiso decir {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(¿Quiso decir una de estas: {possibilities}?)",
    "unknown error": "error desconocido",
    "Could not open file {filename!r}: {message}": "No se pudo abrir «{filename}»: {message}",
    "Choose from:\n\t{choices}": "Elija entre:\n\t{choices}",
    "{value!r} is not {choice}.": "«{value}» no es {choice}.",
    "{value!r} is not one of {choices}.": "«{value}» no es uno de estos: {choices}.",
    "{value!r} is not a valid {number_type}.": "«{value}» no es un número válido.",
    "{value} is not in the range {range}.": "{value} no está en el rango {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "«{value}» no es sí ni no ({states}).",
    "file": "el archivo",
    "directory": "la carpeta",
    "path": "la ruta",
    "{name} {filename!r} does not exist.": "No existe {name} «{filename}».",
    "{name} {filename!r} is a file.": "{name} «{filename}» es un archivo.",
    "{name} {filename!r} is a directory.": "{name} «{filename}» es una carpeta.",
    "{name} {filename!r} is not readable.": "No se puede leer {name} «{filename}».",
    "{name} {filename!r} is not writable.": "No se puede escribir {name} «{filename}».",
    "Got unexpected extra argument ({args})": "Sobra el argumento {args}",
    "Got unexpected extra arguments ({args})": "Sobran los argumentos {args}",
    "Takes {nargs} values but 1 was given.": "Necesita {nargs} valores y se dio 1.",
    "Takes {nargs} values but {len} were given.": "Necesita {nargs} valores y se dieron {len}.",
    "Argument {name!r} takes {nargs} values.": "El argumento «{name}» necesita {nargs} valores.",
    "Option {name!r} does not take a value.": "La opción «{name}» no lleva valor.",
    "Option {name!r} requires an argument.": "La opción «{name}» necesita un valor.",
    "Option {name!r} requires {nargs} arguments.": "La opción «{name}» necesita {nargs} valores.",
    "Show this message and exit.": "Muestra esta ayuda y termina.",
    "Repeat for confirmation": "Repítala para confirmar",
    "Error: The two entered values do not match.": "Error: las dos no son iguales.",
    "Error: invalid input": "Error: lo escrito no sirve",
    "default: {default}": "por omisión: {default}",
    "required": "obligatorio",
}
_METAVARS: Final = {
    "text": "TEXTO",
    "path": "RUTA",
    "file": "ARCHIVO",
    "directory": "CARPETA",
    "integer": "NÚMERO",
}
"""What stands for an option's value, by the name of its type."""
_ARGUMENTS: Final = {
    "name": "NOMBRE",
    "file": "ARCHIVO",
    "files": "ARCHIVO",
    "number": "NÚMERO",
    "numbers": "NÚMERO",
    "query": "BÚSQUEDA",
    "document_id": "DOCUMENTO",
    "person": "PERSONA",
    "package": "PAQUETE",
    "role": "ROL",
    "short": "LLAVE",
}


def _translate(text: str) -> str:
    return _WORDS.get(text, text)


def _translate_count(one: str, many: str, count: int) -> str:
    return _translate(one if count == 1 else many)


def speak_click() -> None:
    """Have click speak Spanish, where people do."""
    if not SPANISH:
        return
    for name in _MODULES:
        module = importlib.import_module(f"click.{name}")
        for word, function in (("_", _translate), ("ngettext", _translate_count)):
            if hasattr(module, word):
                setattr(module, word, function)


def name_places(command: click.Command) -> None:
    """Spanish names for what a command's usage has places for."""
    if not SPANISH:
        return
    command.options_metavar = "[OPCIONES]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "ORDEN [ARGUMENTOS]..."
    for param in command.params:
        if isinstance(param, click.Argument):
            param.metavar = _argument_place(param)
        elif param.metavar is None and not isinstance(param.type, click.Choice):
            param.metavar = _METAVARS.get(param.type.name)


def _argument_place(param: click.Argument) -> str:
    word = _ARGUMENTS[param.name or ""]
    return (word if param.required else f"[{word}]") + ("..." if param.nargs != 1 else "")
