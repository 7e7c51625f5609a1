"""Document numbers: the short code under the symbol, fit to be typed by hand and not to be guessed."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U, so that nobody confuses a letter with a digit."""
RANDOM_BYTES: Final = 9
"""Random bytes that a number is made from; 70 of their 72 bits are used."""

_DATA: Final = 14
CHECK_MODULUS: Final = 1021
"""The largest prime below 32²: every single wrong sign and every swap of two neighbours is found."""
_TYPED: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def number_from_entropy(entropy: bytes) -> str:
    """A document number in four groups of four signs, from nine random bytes; the last two signs check.

    The check is the value modulo 1021, the largest prime below 32², so every single wrong sign and
    every swap of two neighbours is found. Raises ``ValueError`` for another amount of entropy.

    >>> number_from_entropy(bytes(9))
    '0000-0000-0000-0000'
    """
    if len(entropy) != RANDOM_BYTES:
        raise ValueError(f"a document number is made from {RANDOM_BYTES} random bytes")
    value = int.from_bytes(entropy, "big") >> 2
    return _grouped(_signs(value, _DATA) + _signs(value % CHECK_MODULUS, 2))


def _signs(value: int, length: int) -> str:
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in reversed(range(length)))


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def _value(signs: str) -> int:
    value = 0
    for sign in signs:
        value = value * 32 + ALPHABET.index(sign)
    return value


def parse_number(typed: str) -> str | None:
    """The document number that was typed, in its normal form, or nothing when it is not one.

    Case, blanks and dashes do not matter, and O, I, L are taken for 0, 1, 1.

    >>> parse_number("0000 0000 0000 oooo")
    '0000-0000-0000-0000'
    >>> parse_number("0000-0000-0000-0001") is None
    True
    """
    signs = typed.upper().translate(_TYPED)
    if len(signs) != _DATA + 2 or any(sign not in ALPHABET for sign in signs):
        return None
    data, check = _value(signs[:_DATA]), _value(signs[_DATA:])
    return _grouped(signs) if data % CHECK_MODULUS == check else None


def pack_number(number: str) -> bytes:
    """The nine bytes of a number, for the symbol. The number must be in its normal form."""
    return (_value(number.replace("-", "")[:_DATA]) << 2).to_bytes(RANDOM_BYTES, "big")


def unpack_number(packed: bytes) -> str:
    """The number that :func:`pack_number` packed; ``ValueError`` for another length."""
    return number_from_entropy(packed)
