"""How a mail leaves the house: over SMTP, or as a file in the outbox folder where no server is set."""

from __future__ import annotations

import html
import os
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from operations.settings import Settings

_PATIENCE: Final = 20.0
"""Seconds that the server may take for each answer."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The server took it, or the file is in the outbox."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will not take it, now or later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """It surely did not go out; trying again may help."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """The text was handed over and no answer came: it may have gone out, or not."""

    reason: str


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another worker is handing over the same mail, so this one stopped before its text."""


Outcome = Delivered | Refused | Unreachable | Unsure | Overtaken


class Carrier(Protocol):
    def carry(self, message: EmailMessage, number: str, handing_over: Callable[[], bool]) -> Outcome:
        """Send a message. ``handing_over`` is called just before the point from which nobody can be sure;
        where it says no, the message is not sent.
        """
        ...


def compose_message(
    *,
    sender: str,
    domain: str,
    number: str,
    recipient: str,
    subject: str,
    paragraphs: Sequence[str],
    written_at: datetime,
    attachments: Sequence[tuple[str, str, bytes]],
) -> EmailMessage:
    """The mail as text and HTML with its attachments; the same however often it is composed."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, recipient, subject
    message["Date"], message["Message-ID"] = written_at, f"<{number}@{domain}>"
    message["Content-Language"] = "es"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(paragraphs) + "\n")
    told = "".join(f"<p>{html.escape(each).replace(chr(10), '<br>')}</p>" for each in paragraphs)
    page = f'<!doctype html><html lang="es"><head><meta charset="utf-8"></head><body>{told}</body></html>'
    message.add_alternative(page, subtype="html")
    for name, kind, data in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    for place, part in enumerate(message.walk()):
        if part.is_multipart():  # a boundary of our own, so that a repeat is the same bytes
            part.set_boundary(f"={number}-{place}=")
    return message


@dataclass(frozen=True, slots=True)
class OutboxFolder:
    """Mails as files that any mail program opens; the same mail is the same file."""

    folder: Path

    def carry(self, message: EmailMessage, number: str, handing_over: Callable[[], bool]) -> Outcome:
        """See :class:`Carrier`; writing a file again under its name is no second mail: all of it is sure."""
        del handing_over
        target, draft = self.folder / f"{number}.eml", self.folder / f".{number}.tmp"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            return Unreachable(f"la carpeta de salida no se puede escribir: {error.strerror}")
        return Delivered()


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server of outgoing mail: ``smtp://`` (encrypted where it offers that) or ``smtps://``."""

    url: str

    def carry(self, message: EmailMessage, number: str, handing_over: Callable[[], bool]) -> Outcome:
        """See :class:`Carrier`. The Message-ID tells the receiver which mail it is."""
        del number
        try:
            server = self._connect()
        except smtplib.SMTPAuthenticationError:
            return Unreachable("el servidor de correo no admite la clave configurada")
        except (smtplib.SMTPException, OSError) as error:
            return Unreachable(f"el servidor de correo no responde: {_told(error)}")
        try:
            return _hand_over(server, message, handing_over)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=_PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=_PATIENCE)
        try:
            server.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _hand_over(server: smtplib.SMTP, message: EmailMessage, handing_over: Callable[[], bool]) -> Outcome:
    """The envelope, which may still fail for sure, and then the text, after which only an answer is sure."""
    try:
        sender = message["From"].addresses[0].addr_spec
        for code, answer in (
            server.mail(sender),
            server.rcpt(message["To"].addresses[0].addr_spec),
        ):
            if code >= 400:
                return _refusal(code, answer)
    except (smtplib.SMTPException, OSError) as error:
        return Unreachable(f"el servidor de correo cortó: {_told(error)}")
    if not handing_over():
        return Overtaken()
    try:
        code, answer = server.data(message.as_bytes())
    except smtplib.SMTPDataError as error:  # the server did not even want to hear the text
        return _refusal(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Unsure(f"se cortó después de entregar el texto: {_told(error)}")
    return Delivered() if code < 400 else _refusal(code, answer)


def _refusal(code: int, answer: bytes | str) -> Outcome:
    """A 4xx is of now, a 5xx for good (RFC 5321 §4.2.1)."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    reason = f"el servidor contestó {code} {words}"[:300]
    return Unreachable(reason) if code < 500 else Refused(reason)


def _told(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__


def choose_carrier(settings: Settings) -> Carrier:
    """The mail server of the settings, or the outbox folder."""
    return MailServer(settings.smtp_url) if settings.smtp_url else OutboxFolder(settings.data_dir / "outbox")
