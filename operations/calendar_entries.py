"""Appointments as calendar files (iCalendar, RFC 5545), which telephones and mail programs take in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LINE = 73
"""Octets of a line before it is folded; the standard asks for at most 75."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """``uid`` names the entry for ever and ``sequence`` grows with each change of it; instants are aware."""

    uid: str
    sequence: int
    start: datetime
    minutes: int
    title: str
    place: str
    notes: str
    written_at: datetime
    cancelled: bool = False


def write_calendar(entry: CalendarEntry) -> bytes:
    """The file of one entry, with an alarm a day before; the same entry gives the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ventanilla//ES",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_instant(entry.written_at)}",
        f"DTSTART:{_instant(entry.start)}",
        f"DTEND:{_instant(entry.start + timedelta(minutes=entry.minutes))}",
        f"SUMMARY:{_text(entry.title)}",
        f"LOCATION:{_text(entry.place)}",
        f"DESCRIPTION:{_text(entry.notes)}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        *([] if entry.cancelled else _alarm(entry.title)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_fold(line) for line in lines)


def _alarm(title: str) -> list[str]:
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-P1D", "END:VALARM"]


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _fold(line: str) -> bytes:
    """Lines of few octets, none of which ends inside a letter."""
    folded, room = bytearray(), _LINE
    for sign in line:
        octets = sign.encode()
        if len(octets) > room:
            folded += b"\r\n "
            room = _LINE - 1
        folded += octets
        room -= len(octets)
    return bytes(folded + b"\r\n")
