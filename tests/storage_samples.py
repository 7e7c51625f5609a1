"""Databases and blob stores of both kinds, new and empty, for the tests of storage and operations."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import sqlalchemy
from sqlalchemy import Engine

from storage.database import Database, open_engine, prepare_schema

ENGINES = ("sqlite", "postgresql")


@contextmanager
def new_postgres(server: str) -> Iterator[str]:
    """The address of a database of its own on a running server."""
    name = f"ventanilla_{secrets.token_hex(6)}"
    admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    try:
        yield server.rsplit("/", 1)[0] + "/" + name
    finally:
        with admin.connect() as connection:
            connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@contextmanager
def new_engine(kind: str, folder: Path, server: str | None) -> Iterator[Engine]:
    """An engine on an empty database without tables."""
    if kind == "sqlite":
        engine = open_engine(f"sqlite:///{folder / 'test.sqlite3'}")
        yield engine
        engine.dispose()
        return
    assert server is not None
    with new_postgres(server) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def prepared(engine: Engine) -> Database:
    prepare_schema(engine)
    return Database(engine)


def new_bucket(endpoint: str) -> str:
    """The blob address of an empty bucket."""
    name = f"blobs-{secrets.token_hex(6)}"
    bucket_client(endpoint).create_bucket(Bucket=name)
    return f"s3://{name}/archivo?endpoint={endpoint}"


def bucket_client(endpoint: str):  # type: ignore[no-untyped-def]
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="tests",
        aws_secret_access_key="tests",
        region_name="us-east-1",
    )
