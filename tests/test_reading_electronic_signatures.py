"""Electronic signatures of digital copies: who signed is shown, what changed since told, ink asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from digital_samples import VALUES, codes, copy, read
from electronic_samples import signed, signed_again
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from intake.readings import ElectronicSignature


def test_an_electronic_signature_is_shown_with_who_signed_and_is_not_ink() -> None:
    document = read(signed(copy(), "MARÍA DE PRUEBA"))
    assert document.electronic_signatures == (ElectronicSignature("MARÍA DE PRUEBA", "2026-11-20", "intact"),)
    assert {"SIGNATURE_NOT_HANDWRITTEN", "SIGNATURE_ELECTRONIC"} <= codes(document)
    (found,) = [each for each in document.problems if each.code == "SIGNATURE_ELECTRONIC"]
    assert "MARÍA DE PRUEBA" in found.message
    assert document.signatures["representative_signature"].state == "absent"
    assert document.outcome == "review"
    assert {name: found.value for name, found in document.fields.items()} == VALUES


def test_a_damaged_signature_object_does_not_stop_the_reading() -> None:
    data = signed(copy(), "MARÍA DE PRUEBA")
    start = data.index(b"/Contents <3") + len(b"/Contents <")
    broken = data[:start] + b"00" * 40 + data[start + 80 :]
    (found,) = read(broken).electronic_signatures
    assert found.date == "2026-11-20"


def with_another_note(data: bytes) -> bytes:
    """The file as a viewer saves it after a note was put on a page: its own bytes, and more behind them."""
    writer = PdfWriter(BytesIO(data), incremental=True)
    writer.add_annotation(0, FreeText(text="Guayaquil", rect=(50, 550, 200, 650)))
    buffer = BytesIO()
    writer.write(buffer)
    assert buffer.getvalue().startswith(data)
    return buffer.getvalue()


def with_another_number(data: bytes) -> bytes:
    """The signed bytes with a sign of the file's own number changed in place."""
    sign = data.rindex(b"/ID [<") + len(b"/ID [<")
    return data[:sign] + (b"1" if data[sign : sign + 1] != b"1" else b"2") + data[sign + 1 :]


def with_a_wider_gap(data: bytes) -> bytes:
    """A signature that says it leaves out more than itself, and a sign changed there."""
    start, end, rest = (int(number) for number in re.findall(rb"ByteRange \[ 0 (\d+) (\d+) (\d+)", data)[0])
    wider = f"0 {start - 2} {end} {rest}".encode()
    return data.replace(f"0 {start} {end} {rest}".encode(), wider.ljust(len(f"0 {start} {end} {rest}")))


@pytest.mark.parametrize(
    ("spoil", "state"),
    [(with_another_note, "added-to"), (with_another_number, "changed"), (with_a_wider_gap, "changed")],
)
def test_a_file_changed_after_its_electronic_signature_is_told(
    spoil: Callable[[bytes], bytes], state: str
) -> None:
    whole = signed(copy(), "MARÍA DE PRUEBA")
    assert "SIGNED_FILE_CHANGED" not in codes(read(whole))
    document = read(spoil(whole))
    (found,) = document.electronic_signatures
    assert (found.signer, found.file) == ("MARÍA DE PRUEBA", state)
    (told,) = [each for each in document.problems if each.code == "SIGNED_FILE_CHANGED"]
    assert "MARÍA DE PRUEBA" in told.message


def test_a_second_signature_changes_nothing_of_the_first() -> None:
    document = read(signed_again(signed(copy(), "MARÍA DE PRUEBA"), "JUAN DE PRUEBA"))
    assert [(found.signer, found.file) for found in document.electronic_signatures] == [
        ("MARÍA DE PRUEBA", "intact"),
        ("JUAN DE PRUEBA", "intact"),
    ]
