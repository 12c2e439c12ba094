"""Reading many lines is reading one after the other."""

from __future__ import annotations

import pytest

from ledger.errors import LedgerError
from ledger.log.batch import encode_entries
from ledger.log.entry import ZERO, decode_entry, redact_entry
from ledger.store.decoding import decode_lines

AT = "2024-04-12T09:30:00Z"
BATCH = encode_entries(
    [("report", None if number % 2 else f"é{number}", {"n": number, "text": "”"}) for number in range(600)],
    first=0,
    at=AT,
    prev=ZERO,
)
LINES = [line[:-1] for line in BATCH.lines]


@pytest.mark.parametrize(("start", "stop"), [(0, 600), (0, 1), (255, 257), (300, 301), (599, 600), (5, 5)])
def test_the_same_entries(start: int, stop: int):
    assert list(decode_lines(LINES[start:stop], start)) == [
        decode_entry(line) for line in LINES[start:stop]
    ]


def test_redacted_entries():
    lines = list(LINES)
    for seq in (0, 7, 300):
        lines[seq] = redact_entry(decode_entry(lines[seq]), 599).line
    entries = list(decode_lines(lines, 0))
    assert entries == [decode_entry(line) for line in lines]
    assert [entry.seq for entry in entries if entry.redacted is not None] == [0, 7, 300]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.replace(b'"n":', b'"m":'),
        lambda line: line.replace(b'"v":1', b'"v":2'),
        lambda line: line + b" ",
        lambda line: line[:-1],
        lambda line: b"",
        lambda line: LINES[5],
        lambda line: b"\xff",
    ],
)
def test_all_before_the_first_bad_line_are_read(spoil):
    lines = [*LINES[:300], spoil(LINES[300]), *LINES[301:]]
    entries = decode_lines(lines, 0)
    assert [next(entries).line for _ in range(300)] == LINES[:300]
    with pytest.raises(LedgerError) as caught:
        next(entries)
    assert caught.value.where.entry == 300
