"""Many entries at once: the same bytes as one by one, and refused for the same reasons."""

from __future__ import annotations

import datetime as dt
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.errors import FormatError
from ledger.log.batch import encode_entries
from ledger.log.entry import ZERO, decode_entry, encode_entry

AT = "2024-04-12T09:30:00Z"
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    max_leaves=8,
)
BODIES = st.dictionaries(st.text(st.characters(codec="ascii"), max_size=8), VALUES, max_size=5)
RECORDS = st.tuples(st.sampled_from(["report", "a-b2"]), st.none() | TEXT.filter(bool), BODIES)


@given(st.lists(RECORDS, max_size=6), st.integers(0, 2**40))
def test_the_same_bytes_as_one_by_one(records: list, first: int):
    prev = ZERO if first == 0 else bytes(range(32))
    batch = encode_entries(records, first=first, at=AT, prev=prev)
    for index, (kind, name, body) in enumerate(records):
        line = batch.lines[index]
        entry = decode_entry(line[:-1])
        again = encode_entry(
            seq=first + index, kind=kind, id=name, at=AT, prev=prev, body=body, salt=entry.salt
        )
        assert (entry.line + b"\n", entry.leaf, entry.body) == (line, batch.leaves[index], body)
        assert again == entry
        prev = entry.leaf


def test_many_chunks():
    records = [("report", f"{number}" if number % 3 else None, {"n": number}) for number in range(1000)]
    batch = encode_entries(iter(records), first=7, at=AT, prev=ZERO)
    entries = [decode_entry(line[:-1]) for line in batch.lines]
    assert [(entry.kind, entry.id, entry.body) for entry in entries] == records
    assert [entry.seq for entry in entries] == list(range(7, 1007))
    assert [entry.prev for entry in entries] == [ZERO, *batch.leaves[:-1]]
    assert len({entry.salt for entry in entries}) == 1000


def deep(levels: int) -> dict:
    value: dict = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "body",
    [
        [1],
        "text",
        None,
        {"a": (1,)},
        {"a": 1.0},
        {"a": 1e300},
        {"a": float("nan")},
        {"a": 2**53},
        {"a": -(2**53)},
        {"a": 2**70},
        {1: "a"},
        {"é": 1},
        {"a": "\ud800"},
        {"\ud800": 1},
        {"a": b"x"},
        {"a": {1}},
        {"a": dt.date(2024, 1, 1)},
        {"a": decimal.Decimal(1)},
        {"a": object()},
        deep(32),
        {"a": [deep(31)]},
        {"a": "x" * (1 << 20)},
    ],
)
def test_a_body_that_has_no_place_is_named(body):
    with pytest.raises(FormatError) as caught:
        encode_entries([("report", None, {}), ("report", None, body)], first=5, at=AT, prev=ZERO)
    assert caught.value.where.entry == 6


@pytest.mark.parametrize(
    "body", [deep(31), {"a": 2**53 - 1}, {"a": "9" * 40}, {"a": "x" * ((1 << 20) - 8)}, {}]
)
def test_the_largest_that_has(body):
    line = encode_entries([("report", None, body)], first=0, at=AT, prev=ZERO).lines[0]
    assert decode_entry(line[:-1]).body == body


@pytest.mark.parametrize(
    ("kind", "name", "at"),
    [
        ("Report", None, AT),
        ("", None, AT),
        ("report", "", AT),
        ("report", "\ud800", AT),
        ("report", 5, AT),
        ("report", None, ""),
        ("report", None, "2024-04-12T09:30:60Z"),
        ("report", None, "２024-04-12T09:30:00Z"),
    ],
)
def test_a_head_that_has_no_place(kind, name, at):
    with pytest.raises(FormatError):
        encode_entries([(kind, name, {})], first=0, at=at, prev=ZERO)


@given(st.lists(VALUES, max_size=4))
def test_encoding_all_is_encoding_each(values: list):
    assert canonical.encode_all(values) == [canonical.encode(value) for value in values]


ANYTHING = st.recursive(
    st.none() | st.floats() | st.text() | st.integers() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.lists(ANYTHING, max_size=3))
def test_encoding_all_refuses_what_encoding_each_refuses(values: list):
    try:
        expected = [canonical.encode(value) for value in values]
    except FormatError:
        with pytest.raises(FormatError):
            canonical.encode_all(values)
    else:
        assert canonical.encode_all(values) == expected
