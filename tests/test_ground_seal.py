"""The seal: what goes in comes out, and nothing that was tampered with is ever called valid."""

from __future__ import annotations

import dataclasses
import zlib
from datetime import date
from typing import Final

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from forms.base45 import ALPHABET, decode_base45, encode_base45
from forms.fingerprints import LENGTH, fingerprint
from forms.layout import PRINTABLE
from forms.model import Edition, Values
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.register import all_forms
from forms.seal import (
    DEFLATED_PREFIX,
    RAW_PREFIX,
    SMALL_PREFIX,
    KeyRing,
    SealState,
    SigningKey,
    blank_text,
    key_id_of,
    named_values,
    open_blank,
    open_seal,
    open_small,
    seal_page,
    seal_small,
    values_digest,
)

KEY: Final = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER: Final = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
KEYS: Final = KeyRing.of(KEY)
EDITIONS: Final = tuple(edition for form in all_forms() for edition in form)
EDITION: Final = EDITIONS[0]
DAY: Final = date(2026, 12, 1)
NUMBER: Final = number_from_entropy(b"ventanilla"[:RANDOM_BYTES])
VALUES: Final = {field.name: f"{field.name} ñ" for field in EDITION.value_fields}

editions = st.sampled_from(EDITIONS)
numbers = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(number_from_entropy)
texts = st.text(alphabet=sorted(PRINTABLE), min_size=1, max_size=40)


@st.composite
def filled(draw: st.DrawFn) -> tuple[Edition, Values]:
    edition = draw(editions)
    names = st.sampled_from([field.name for field in edition.value_fields])
    return edition, draw(st.dictionaries(names, texts))


@given(filled(), numbers, st.dates(), st.none() | texts)
def test_what_is_sealed_is_read(
    form: tuple[Edition, Values], number: str, issued: date, case: str | None
) -> None:
    edition, values = form
    text = seal_page(edition, values, document=number, issued=issued, key=KEY, case=case)
    assert set(text) <= set(ALPHABET), "a QR symbol packs these signs tightly"
    state, content = open_seal(text, KEYS)
    assert state is SealState.VALID
    assert content
    assert content.values is not None
    assert named_values(edition, content.values) == values
    assert (content.form, content.edition, content.document) == (edition.form, edition.name, number)
    assert (content.issued, content.case, content.page, content.pages) == (issued, case, 1, edition.pages)
    assert content.fingerprint == fingerprint(edition)[:LENGTH]


@given(filled(), numbers)
def test_digest_stands_for_values_that_do_not_fit(form: tuple[Edition, Values], number: str) -> None:
    edition, values = form
    text = seal_page(edition, values, document=number, issued=DAY, key=KEY, with_values=False)
    state, content = open_seal(text, KEYS)
    assert state is SealState.VALID
    assert content
    assert content.values is None
    assert content.digest == values_digest(edition, values)
    other = values | {edition.value_fields[0].name: "otro valor"}
    assert content.digest != values_digest(edition, other)


def sealed(*, deflated: bool) -> str:
    values = dict.fromkeys(VALUES, "el mismo texto")
    text = seal_page(EDITION, values, document=NUMBER, issued=DAY, key=KEY, with_values=deflated)
    assert text.startswith(DEFLATED_PREFIX if deflated else RAW_PREFIX)
    return text


def packed(text: str) -> tuple[str, bytes]:
    prefix = next(p for p in (DEFLATED_PREFIX, RAW_PREFIX, SMALL_PREFIX) if text.startswith(p))
    return prefix, decode_base45(text[len(prefix) :])


@pytest.mark.parametrize("deflated", [False, True])
def test_no_flipped_bit_passes(deflated: bool) -> None:
    prefix, message = packed(sealed(deflated=deflated))
    original = open_seal(sealed(deflated=deflated), KEYS)
    for place in range(len(message)):
        for bit in range(8):
            broken = bytearray(message)
            broken[place] ^= 1 << bit
            state, content = open_seal(prefix + encode_base45(bytes(broken)), KEYS)
            # A compressed stream has bits that mean nothing: then it still says what was signed.
            assert state is not SealState.VALID or (state, content) == original, (place, bit)
            assert deflated or state is not SealState.VALID, (place, bit)


@given(st.data())
def test_no_cut_joined_or_replaced_text_passes(data: st.DataObject) -> None:
    text = sealed(deflated=False)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    inserted = data.draw(st.text(alphabet=ALPHABET, max_size=12))
    mangled = text[:start] + inserted + text[end:]
    state, content = open_seal(mangled, KEYS)
    assert (state is SealState.VALID) == (mangled == text) or content == open_seal(text, KEYS)[1]


@given(st.text(max_size=60), st.sampled_from(["", RAW_PREFIX, DEFLATED_PREFIX, SMALL_PREFIX, "VB1:"]))
def test_any_text_gets_an_answer(text: str, prefix: str) -> None:
    assert open_seal(prefix + text, KEYS)[0] is not SealState.VALID
    assert open_small(prefix + text, KEYS)[0] is not SealState.VALID
    open_blank(prefix + text)


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.binary(max_size=12) | st.text(max_size=8)
    | st.floats(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(-10, 10), inner, max_size=10),
    max_leaves=20,
))  # fmt: skip
def test_any_payload_that_somebody_signs_gets_an_answer(payload: object) -> None:
    body = cbor2.dumps(payload)
    protected = cbor2.dumps({1: -8, 4: KEY.key_id}, canonical=True)
    signature = KEY.private.sign(cbor2.dumps(["Signature1", protected, b"", body], canonical=True))
    for value in ([protected, {}, body, signature], [protected, body], payload):
        text = RAW_PREFIX + encode_base45(cbor2.dumps(cbor2.CBORTag(18, value)))
        state, content = open_seal(text, KEYS)
        assert (content is None) == (state is SealState.UNREADABLE)


@pytest.mark.parametrize(("place", "value"), [
    (1, 7), (2, None), (3, "text"), (3, None), (4, b"short"), (4, 5), (5, [1]), (5, ["1", "2"]), (5, 3),
    (5, [0, 1]), (5, [2, 1]), (5, [True, True]), (5, [1, 10**9]),
    (6, "2026-12-01"), (6, 10**9), (6, 1.5), (7, 5), (7, [1, 2]), (8, "digest"), (9, 12),
])  # fmt: skip
def test_payload_of_wrong_types_is_unreadable_even_when_signed(place: int, value: object) -> None:
    payload = {
        1: EDITION.form, 2: EDITION.name, 3: bytes(LENGTH), 4: bytes(9), 5: [1, 1],
        6: DAY.toordinal(), 7: ["Quito"],
    }  # fmt: skip
    assert signed_state(payload) is SealState.VALID
    assert signed_state(payload | {place: value}) is SealState.UNREADABLE


def signed_state(payload: object) -> SealState:
    body = cbor2.dumps(payload)
    protected = cbor2.dumps({1: -8, 4: KEY.key_id}, canonical=True)
    signature = KEY.private.sign(cbor2.dumps(["Signature1", protected, b"", body], canonical=True))
    message = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, body, signature]))
    return open_seal(RAW_PREFIX + encode_base45(message), KEYS)[0]


def test_seal_of_a_stranger_is_unknown_and_still_shown() -> None:
    text = seal_page(EDITION, VALUES, document=NUMBER, issued=DAY, key=OTHER)
    state, content = open_seal(text, KEYS)
    assert state is SealState.UNKNOWN_KEY
    assert content
    assert content.document == NUMBER


def test_seal_under_a_borrowed_key_number_is_invalid() -> None:
    text = seal_page(EDITION, VALUES, document=NUMBER, issued=DAY, key=OTHER)
    borrowed = KeyRing({OTHER.key_id: KEY.private.public_key()})
    assert open_seal(text, borrowed)[0] is SealState.INVALID


def test_retired_key_still_opens_old_paper() -> None:
    text = seal_page(EDITION, VALUES, document=NUMBER, issued=DAY, key=KEY)
    assert open_seal(text, KeyRing.of(OTHER, KEY))[0] is SealState.VALID


def test_seal_by_the_second_algorithm_is_read() -> None:
    private = ec.derive_private_key(20261201, ec.SECP256R1())
    public = private.public_key()
    _, message = packed(sealed(deflated=False))
    body = cbor2.loads(message).value[2]
    protected = cbor2.dumps({1: -7, 4: key_id_of(public)}, canonical=True)
    to_be_signed = cbor2.dumps(["Signature1", protected, b"", body], canonical=True)
    r, s = decode_dss_signature(private.sign(to_be_signed, ec.ECDSA(hashes.SHA256())))
    ring = KeyRing({key_id_of(public): public})
    for signature, expected in (
        (r.to_bytes(32, "big") + s.to_bytes(32, "big"), SealState.VALID),
        (s.to_bytes(32, "big") + r.to_bytes(32, "big"), SealState.INVALID),
        (bytes(64), SealState.INVALID),
        (b"", SealState.INVALID),
    ):
        text = RAW_PREFIX + encode_base45(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, body, signature])))
        assert open_seal(text, ring)[0] is expected


def test_seal_that_inflates_without_end_is_refused() -> None:
    deflater = zlib.compressobj(9, wbits=-15)
    bomb = deflater.compress(bytes(50_000_000)) + deflater.flush()
    assert open_seal(DEFLATED_PREFIX + encode_base45(bomb), KEYS) == (SealState.UNREADABLE, None)


def test_deeply_nested_seal_is_refused() -> None:
    for nested in (b"\x81" * 50_000 + b"\x00", b"\xd2" * 50_000 + b"\x00"):
        assert open_seal(RAW_PREFIX + encode_base45(nested), KEYS) == (SealState.UNREADABLE, None)


@given(editions, numbers)
def test_small_symbol_names_document_and_page(edition: Edition, number: str) -> None:
    state, content = open_small(seal_small(edition, document=number, key=KEY), KEYS)
    assert state is SealState.VALID
    assert content
    assert (content.document, content.page, content.pages) == (number, 1, edition.pages)
    assert content.edition_key == fingerprint(edition)[:LENGTH]


def test_small_symbol_with_a_flipped_bit_never_passes() -> None:
    prefix, message = packed(seal_small(EDITION, document=NUMBER, key=KEY))
    for place in range(len(message)):
        for bit in range(8):
            broken = bytearray(message)
            broken[place] ^= 1 << bit
            assert open_small(prefix + encode_base45(bytes(broken)), KEYS)[0] is not SealState.VALID


def test_small_symbol_is_only_checked_by_who_issued_it() -> None:
    text = seal_small(EDITION, document=NUMBER, key=KEY)
    assert open_small(text, KeyRing.of(OTHER))[0] is SealState.INVALID
    public_only = dataclasses.replace(KEYS, small_secrets=())
    assert open_small(text, public_only)[0] is SealState.UNKNOWN_KEY


@given(editions, st.integers(1, 9))
def test_blank_symbol_names_its_edition(edition: Edition, page: int) -> None:
    assert open_blank(blank_text(edition, page)) == (fingerprint(edition)[:LENGTH], page)
    assert open_blank(blank_text(edition, page)[:-1]) is None
