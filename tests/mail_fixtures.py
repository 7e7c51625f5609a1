"""A real mail server on loopback that can be told to refuse, to hang up and to lose its answer."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

_SLOW = 1.0
"""Seconds that a slow server takes for an answer."""


class Postman:
    """Takes mails, or does not, as ``mode`` says; ``taken`` are those that it has."""

    def __init__(self) -> None:
        self.mode = "well"
        self.taken: list[EmailMessage] = []
        self.heard = 0
        self.asked = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.asked += 1
        if self.mode == "two-at-once":
            await self._wait_for_a_second()
        if self.mode == "slow-early":
            await asyncio.sleep(_SLOW)
        if self.mode == "later":
            return "450 mailbox busy"
        if self.mode == "never":
            return "550 no such mailbox"
        if self.mode == "hang-up-early":
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.heard += 1
        if self.mode == "slow-answer":
            await asyncio.sleep(_SLOW)
        if self.mode == "later-after-text":
            return "451 try again"
        self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        if self.mode == "lose-answer":
            server.transport.close()
        return "250 taken"

    async def _wait_for_a_second(self) -> None:
        """Go on when two ask at the same time, or when surely no second comes."""
        for _ in range(100):
            if self.asked > 1:
                return
            await asyncio.sleep(0.02)


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def mail_url(postman: Postman) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


def wait_for_mails(postman: Postman, count: int) -> list[EmailMessage]:
    deadline = time.monotonic() + 30
    while len(postman.taken) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return postman.taken
