"""Canonical JSON: RFC 8785 within the bounds of the design, and nothing outside them."""

import json
import struct

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import MAX_DEPTH, MAX_INTEGER, decode, encode
from ledger.errors import FormatError
from tests.log.vectors import read_vectors

VECTORS = read_vectors("jcs")

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | text,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_the_same_as_rfc8785(value):
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert decode(data) == value


def test_numbers_of_rfc8785():
    integers = 0
    for bits, shown in VECTORS["numbers"]:
        number = struct.unpack(">d", bytes.fromhex(bits))[0]
        assert rfc8785.dumps(number).decode() == shown
        if shown.lstrip("-").isdigit() and abs(int(shown)) <= MAX_INTEGER:
            assert encode(int(shown)).decode() == shown
            assert decode(shown.encode()) == int(shown)
            integers += 1
        else:
            with pytest.raises(FormatError):
                decode(shown.encode())
        with pytest.raises(FormatError):
            encode(number)
    assert integers >= 1
    for bits in VECTORS["refuse_numbers"]:
        with pytest.raises(FormatError):
            encode(struct.unpack(">d", bytes.fromhex(bits))[0])


def test_keys_that_sort_in_another_way_are_refused():
    with pytest.raises(FormatError):
        decode(bytes.fromhex(VECTORS["not_ascii_keys"]))
    with pytest.raises(FormatError, match="ASCII"):
        decode('{"é":1}'.encode())
    with pytest.raises(FormatError, match="ASCII"):
        encode({"é": 1})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"-0",
        b"[-0]",
        b"01",
        b"+1",
        b"1.0",
        b"1e2",
        b"[1.5]",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"[1,]",
        b"NaN",
        b"Infinity",
        b"true ",
        b"\xef\xbb\xbf1",
        b'"\\u000A"',
        b'"\\u001F"',
        b"'a'",
        b"[1]\n",
        b"9007199254740992",
        b"-9007199254740992",
        b"[18446744073709551616]",
        b'{"a":[12345678901234567890]}',
        b"1" * 400,
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
    ids=lambda data: repr(data[:25]),
)
def test_other_spellings(data):
    with pytest.raises(FormatError):
        decode(data)


@pytest.mark.parametrize(
    "value",
    [1.5, 2**53, -(2**53), {1: 2}, {"a": object()}, (1,), b"x", "\ud800", {"a": {"\udfff": 1}}],
    ids=repr,
)
def test_values_without_a_form(value):
    with pytest.raises(FormatError):
        encode(value)


@pytest.mark.parametrize("shape", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_depth(shape):
    value = shape(1)
    for _ in range(MAX_DEPTH - 1):
        value = shape(value)
    assert decode(encode(value)) == value
    with pytest.raises(FormatError, match="nesting"):
        encode(shape(value))
    data = json.dumps(shape(value), separators=(",", ":")).encode()
    with pytest.raises(FormatError, match="nesting"):
        decode(data)


@given(st.binary(max_size=60))
def test_any_bytes(data):
    try:
        value = decode(data)
    except FormatError:
        return
    assert rfc8785.dumps(value) == data


@given(values, st.integers(0, 1000), st.integers(0, 255))
def test_one_value_has_one_form(value, place, byte):
    data = encode(value)
    place %= len(data)
    changed = data[:place] + bytes([byte]) + data[place + 1 :]
    try:
        other = decode(changed)
    except FormatError:
        return
    assert (json.dumps(other, sort_keys=True) == json.dumps(value, sort_keys=True)) == (changed == data)
