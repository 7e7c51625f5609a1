"""Reading JSON strictly: each key once, none left over, and errors that name their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)


class ExchangeError(ValueError):
    """JSON that is not of the agreed shape; the message names the place, such as ``lines[2].wage``."""


class Reader:
    """One JSON object being read: each key once, and none left over."""

    def __init__(self, body: object, where: str) -> None:
        if not isinstance(body, dict):
            raise ExchangeError(f"{where or 'the document'}: expected an object")
        self._left = dict(body)
        self._where = where

    def _place(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key

    def take(self, key: str, parse: Callable[[str], _T]) -> _T:
        """The text under ``key`` through ``parse``; a missing key is an error."""
        value = self.take_optional(key, parse)
        if value is None:
            raise ExchangeError(f"{self._place(key)}: is missing")
        return value

    def take_optional(self, key: str, parse: Callable[[str], _T]) -> _T | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise ExchangeError(f"{self._place(key)}: expected text, got {value!r}")
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
                f"{self._place(key)}: expected a whole number from {least} to {most}, got {value!r}"
            )
        return value

    def take_any(self, key: str) -> object:
        return self._left.pop(key, None)

    def close(self) -> None:
        if self._left:
            raise ExchangeError(f"{self._where or 'the document'}: unknown keys {sorted(self._left)}")


def read_text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def one_of(kind: type[_E]) -> Callable[[str], _E]:
    def parse(text: str) -> _E:
        try:
            return kind(text)
        except ValueError as error:
            raise ValueError(f"«{text}» is not one of {[member.value for member in kind]}") from error

    return parse


def load_json(text: str | bytes) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ExchangeError(f"not JSON: {error}") from error


def _refuse_constant(name: str) -> object:
    raise ExchangeError(f"not JSON: {name} is not a number")
