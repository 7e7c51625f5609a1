"""What `check` says of real parts, well and broken: each is used once, and each fault says what to do."""

from __future__ import annotations

import dataclasses
import os
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

from operations.health import Finding, examine
from operations.house import House
from operations.settings import Settings
from operations.verification import verify_archive
from storage.audit import append_audit

DEAD = "postgresql+psycopg://u:secreto@127.0.0.1:9/x"


def faults(settings: Settings) -> dict[str, str]:
    return {each.name: each.trouble.code for each in examine(settings) if each.trouble is not None}


def found(settings: Settings, name: str) -> Finding:
    return next(each for each in examine(settings) if each.name == name)


def test_all_is_well_and_the_trial_leaves_nothing_behind(house: House) -> None:
    names = [each.name for each in examine(house.settings)]
    assert faults(house.settings) == {}
    assert {"database", "blobs", "keys", "fonts", "ocr", "clock", "mail", "audit"} <= set(names)
    assert verify_archive(house)[1] == []
    assert not [
        path for path in Path(house.settings.blobs.removeprefix("file://")).rglob("*") if path.is_file()
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"database_url": DEAD}, {"database": "DATABASE_OUT_OF_REACH"}),
        ({"database_url": "nada://x"}, {"database": "DATABASE_ADDRESS_UNUSABLE"}),
        ({"blob_url": "ftp://x"}, {"blobs": "BLOB_ADDRESS_UNUSABLE"}),
        ({"copy_url": "s3://b?endpoint=http://127.0.0.1:9"}, {"copy": "BLOBS_OUT_OF_REACH"}),
        ({"core_url": "http://127.0.0.1:9"}, {"register": "REGISTER_DOES_NOT_ANSWER"}),
    ],
)
def test_an_engine_that_is_away_is_named_with_what_to_do(
    house: House, change: dict[str, str], fault: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    settings = dataclasses.replace(house.settings, **change)
    assert faults(settings) == fault
    bad = found(settings, next(iter(fault)))
    assert bad.is_out_of_reach
    assert bad.trouble is not None
    assert "Por favor" in bad.trouble.message
    assert "secreto" not in str(bad)


def test_a_bucket_is_written_read_and_left_as_it_was(
    house: House, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    client = boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="salud")
    there = dataclasses.replace(house.settings, blob_url=f"s3://salud/x?endpoint={s3_endpoint}")
    assert faults(there) == {}
    assert client.list_objects_v2(Bucket="salud")["KeyCount"] == 0
    absent = dataclasses.replace(house.settings, blob_url=f"s3://otro/x?endpoint={s3_endpoint}")
    assert faults(absent) == {"blobs": "BLOBS_OUT_OF_REACH"}


def test_a_store_that_takes_nothing_is_told(house: House) -> None:
    if os.geteuid() == 0:
        # To root every folder is open, but a file is no folder to anybody.
        place = house.settings.data_dir / "archivo"
        place.write_text("x")
    else:
        place = house.settings.data_dir / "cerrada"
        place.mkdir(mode=0o500)
    settings = dataclasses.replace(house.settings, blob_url=f"file://{place}/blobs")
    assert faults(settings) == {"blobs": "STORE_OUT_OF_REACH"}


def test_a_broken_key_and_a_clock_that_goes_back_are_told(house: House) -> None:
    with house.database.transaction() as session:
        append_audit(session, house.now() + timedelta(days=3650), "sistema", "prueba", "reloj")
    assert faults(house.settings) == {"clock": "CLOCK_WRONG"}
    (key,) = (house.settings.data_dir / "keys").glob("*.pem")
    key.write_text("nada")
    assert faults(house.settings) == {"keys": "KEYS_UNUSABLE"}


def test_postgres_is_really_asked(house: House, postgres_url: str) -> None:
    settings = dataclasses.replace(house.settings, database_url=postgres_url)
    assert found(settings, "database").detail.startswith("postgresql 1")
    assert faults(settings) == {}
