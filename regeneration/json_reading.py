"""Reading JSON strictly: each key once, none left over, and errors in Spanish that name their place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Final, TypeVar

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)


DOCUMENT = "el documento"
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class ExchangeError(ValueError):
    """JSON that is not of the agreed shape; the message, for whoever made the file, names the place, such
    as ``lines[2].wage``, and what was expected there.
    """


class Reader:
    """One JSON object being read: each key once, and none left over."""

    def __init__(self, body: object, where: str) -> None:
        if not isinstance(body, dict):
            raise ExchangeError(f"{where or DOCUMENT}: se esperaba un objeto {{…}}")
        self._left = dict(body)
        self._where = where

    def _place(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key

    def take(self, key: str, parse: Callable[[str], _T]) -> _T:
        """The text under ``key`` through ``parse``; a missing key is an error."""
        value = self.take_optional(key, parse)
        if value is None:
            raise ExchangeError(f"{self._place(key)}: falta")
        return value

    def take_optional(self, key: str, parse: Callable[[str], _T]) -> _T | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise ExchangeError(f"{self._place(key)}: se esperaba un texto entre comillas y hay {value!r}")
        try:
            return parse(value)
        except ValueError as error:
            raise ExchangeError(f"{self._place(key)}: {error}") from error

    def take_whole(self, key: str, least: int, most: int) -> int | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ExchangeError(
                f"{self._place(key)}: se esperaba un número entero de {least} a {most} y hay {value!r}"
            )
        return value

    def take_any(self, key: str, *, required: bool = False) -> object:
        """Whatever is under ``key``; with ``required`` it must be there, if only as ``null``."""
        if required and key not in self._left:
            raise ExchangeError(f"{self._place(key)}: falta")
        return self._left.pop(key, None)

    def take_list(self, key: str) -> list[object]:
        value = self._left.pop(key, None)
        if not isinstance(value, list):
            raise ExchangeError(f"{self._place(key)}: se esperaba una lista […]")
        return value

    def close(self) -> None:
        if self._left:
            raise ExchangeError(
                f"{self._where or DOCUMENT}: claves desconocidas: {', '.join(sorted(self._left))}"
            )


def read_text(value: str) -> str:
    if not value.strip():
        raise ValueError("está vacío")
    return value


def read_date(value: str) -> date:
    """``YYYY-MM-DD`` and no other of the many forms that ISO 8601 has, which people do not mean."""
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"«{value}» no es una fecha: escríbala AAAA-MM-DD, como 2026-09-15")


def one_of(kind: type[_E]) -> Callable[[str], _E]:
    def parse(text: str) -> _E:
        try:
            return kind(text)
        except ValueError as error:
            known = ", ".join(str(member.value) for member in kind)
            raise ValueError(f"«{text}» no es uno de: {known}") from error

    return parse


def load_json(text: str | bytes) -> object:
    """JSON without what its standard leaves open: no key twice, no ``NaN``; :class:`ExchangeError`."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeats)
    except json.JSONDecodeError as error:
        where = f"línea {error.lineno}, columna {error.colno}"
        raise ExchangeError(f"no es JSON válido: hay un error en la {where}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise ExchangeError("no es JSON válido: no es texto UTF-8, o tiene demasiados niveles") from error


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((repeated, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise ExchangeError(f"no es JSON válido: la clave «{repeated}» está dos veces")
    return found


def _refuse_constant(name: str) -> object:
    raise ExchangeError(f"no es JSON válido: {name} no es un número")
