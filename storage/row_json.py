"""Rows as JSON and back, for packages and backups: the same text whatever the engine they lie in."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, LargeBinary, Table

from storage.audit import canonical_instant
from storage.schema import Instant

_SCALARS: Final = (str, int, float, bool)


class RowShapeError(ValueError):
    """A row that does not fit its table; the message says which column."""


def row_as_json(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row by its columns; instants as canonical text, bytes in base 64."""
    return {column.name: _as_json(row[column.name]) for column in table.columns}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return canonical_instant(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def row_from_json(table: Table, given: Any) -> dict[str, Any]:
    """The values to insert; :class:`RowShapeError` for a column too many, too few or of another type."""
    names = {column.name for column in table.columns}
    if not isinstance(given, dict) or set(given) != names:
        raise RowShapeError(f"las columnas de {table.name} son otras")
    return {column.name: _from_json(table, column, given[column.name]) for column in table.columns}


def _from_json(table: Table, column: Column[Any], value: Any) -> Any:
    try:
        return _converted(column, value)
    except (TypeError, ValueError):
        raise RowShapeError(f"el valor de {table.name}.{column.name} no es de su tipo") from None


def _converted(column: Column[Any], value: Any) -> Any:
    if value is None:
        if not column.nullable:
            raise TypeError("missing")
        return None
    if isinstance(column.type, JSON):
        return value
    if isinstance(column.type, Instant):
        moment = datetime.fromisoformat(value)
        if canonical_instant(moment) != value:
            raise ValueError("another spelling")
        return moment
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    wanted = column.type.python_type
    if type(value) is not wanted or wanted not in _SCALARS:
        raise TypeError("another type")
    length = getattr(column.type, "length", None)
    if length is not None and len(value) > length:
        raise ValueError("too long")
    return value
