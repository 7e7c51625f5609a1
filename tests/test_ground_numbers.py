"""Document numbers survive typing, base 45 survives anything, and both tell when something is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.base45 import ALPHABET as BASE45
from forms.base45 import decode_base45, encode_base45
from forms.numbers import (
    ALPHABET,
    RANDOM_BYTES,
    number_from_entropy,
    pack_number,
    parse_number,
    unpack_number,
)

entropies = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
SAMPLES = [
    number_from_entropy(bytes((seed * 37 + place * 91) % 256 for place in range(9))) for seed in range(8)
]


@given(entropies)
def test_number_survives_packing_and_typing(entropy: bytes) -> None:
    number = number_from_entropy(entropy)
    assert unpack_number(pack_number(number)) == number
    for typed in (number, number.lower(), number.replace("-", ""), f" {number.replace('-', ' ')} "):
        assert parse_number(typed) == number
    assert parse_number(number.replace("0", "O").replace("1", "l")) == number


@pytest.mark.parametrize("number", SAMPLES)
def test_every_single_wrong_sign_is_found(number: str) -> None:
    signs = number.replace("-", "")
    for place, right in enumerate(signs):
        for wrong in ALPHABET:
            typed = signs[:place] + wrong + signs[place + 1 :]
            assert (parse_number(typed) is not None) == (wrong == right)


@pytest.mark.parametrize("number", SAMPLES)
def test_every_swap_of_neighbours_is_found(number: str) -> None:
    signs = number.replace("-", "")
    for place in range(len(signs) - 1):
        first, second = signs[place : place + 2]
        typed = signs[:place] + second + first + signs[place + 2 :]
        assert (parse_number(typed) is not None) == (first == second)


@given(st.text(max_size=30))
def test_anything_typed_gets_an_answer(typed: str) -> None:
    found = parse_number(typed)
    assert found is None or parse_number(found) == found


@pytest.mark.parametrize("length", [0, 8, 10])
def test_another_amount_of_entropy_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="9 random bytes"):
        number_from_entropy(bytes(length))


@given(st.binary(max_size=300))
def test_base45_gives_back_every_byte(data: bytes) -> None:
    text = encode_base45(data)
    assert decode_base45(text) == data
    assert len(text) == len(data) // 2 * 3 + len(data) % 2 * 2


@pytest.mark.parametrize(("data", "text"), [
    (b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"),
    (b"", ""),
])  # fmt: skip
def test_base45_agrees_with_its_standard(data: bytes, text: str) -> None:
    assert encode_base45(data) == text
    assert decode_base45(text) == data


@given(st.text(alphabet=BASE45, max_size=30))
def test_base45_text_has_one_spelling(text: str) -> None:
    try:
        data = decode_base45(text)
    except ValueError:
        return
    assert encode_base45(data) == text


@pytest.mark.parametrize("text", ["A", "abc", "ñññ", "GGW", ":::", "::", "AB\n"])
def test_what_is_not_base45_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base 45"):
        decode_base45(text)
