"""The servers that tests start for themselves are real ones, and reachable on loopback only."""

from __future__ import annotations

from urllib.parse import urlsplit

import boto3
import obstore
import pytest
import sqlalchemy
from obstore.store import S3Store
from playwright.sync_api import Browser


def test_postgres_keeps_what_is_written(postgres_url: str) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table ground (word text)"))
        connection.execute(sqlalchemy.text("insert into ground values ('ñandú')"))
    with engine.begin() as connection:
        assert connection.scalar(sqlalchemy.text("select word from ground")) == "ñandú"
        assert connection.scalar(sqlalchemy.text("show listen_addresses")) == "127.0.0.1"
        connection.execute(sqlalchemy.text("drop table ground"))
    engine.dispose()


def test_s3_refuses_to_overwrite(s3_endpoint: str) -> None:
    assert urlsplit(s3_endpoint).hostname == "127.0.0.1"
    store = S3Store(
        "ground",
        endpoint=s3_endpoint,
        access_key_id="tests",
        secret_access_key="tests",
        region="us-east-1",
        client_options={"allow_http": True},
        virtual_hosted_style_request=False,
    )
    _make_bucket(s3_endpoint, "ground")
    obstore.put(store, "one", b"first", mode="create")
    with pytest.raises(obstore.exceptions.AlreadyExistsError):
        obstore.put(store, "one", b"second", mode="create")
    assert bytes(obstore.get(store, "one").bytes()) == b"first"


def _make_bucket(endpoint: str, name: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="tests",
        aws_secret_access_key="tests",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=name)


def test_browser_runs_scripts(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<p id=a></p><script>document.getElementById('a').textContent = 6 * 7</script>")
    assert page.inner_text("#a") == "42"
    page.close()
