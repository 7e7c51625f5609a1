"""Base 45 (RFC 9285): bytes as the 45 signs that a QR symbol stores most tightly."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {sign: value for value, sign in enumerate(ALPHABET)}


def encode_base45(data: bytes) -> str:
    """Two bytes become three signs, a last single byte becomes two.

    >>> encode_base45(b"Hello!!")
    '%69 VD92EX0'
    """
    signs: list[str] = []
    for start in range(0, len(data) - 1, 2):
        rest, low = divmod(data[start] * 256 + data[start + 1], 45)
        high, middle = divmod(rest, 45)
        signs += (ALPHABET[low], ALPHABET[middle], ALPHABET[high])
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        signs += (ALPHABET[low], ALPHABET[high])
    return "".join(signs)


def decode_base45(text: str) -> bytes:
    """The bytes behind ``text``; ``ValueError`` when it is not base 45.

    >>> decode_base45("QED8WEX0")
    b'ietf!'
    """
    try:
        values = [_VALUES[sign] for sign in text]
    except KeyError as strange:
        raise ValueError(f"{strange} is no base 45 sign") from None
    decoded = bytearray()
    for start in range(0, len(values), 3):
        group = values[start : start + 3]
        if len(group) == 1:
            raise ValueError("base 45 text ends in a single sign")
        number = sum(value * 45**place for place, value in enumerate(group))
        width = len(group) - 1
        if number >= 256**width:
            raise ValueError("a base 45 group is larger than its bytes")
        decoded += number.to_bytes(width, "big")
    return bytes(decoded)
