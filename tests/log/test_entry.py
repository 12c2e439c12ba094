"""One line of the log: every rule of its form has a line that breaks it."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import MAX_DEPTH, encode
from ledger.errors import FormatError, VerificationError
from ledger.log.entry import MAX_BODY, ZERO, decode_entry, encode_entry, is_time, redact_entry

SALT = bytes(range(16))
BODY = {"text": "a “quote”", "by": ["@ada"]}
ENTRY = encode_entry(
    seq=41,
    kind="proposal",
    id="2024-04-10/3",
    at="2024-04-12T09:30:00Z",
    prev=bytes(32),
    body=BODY,
    salt=SALT,
)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
bodies = st.dictionaries(st.text("abcdef_", max_size=4), values, max_size=4)


def line_with(**changes):
    """The line of ENTRY with other members of its head, its digest computed anew."""
    head = json.loads(ENTRY.line)["head"] | changes
    return encode({"body": BODY, "head": head, "salt": SALT.hex()})


def test_the_line_by_hand():
    body = '{"by":["@ada"],"text":"a “quote”"}'.encode()
    digest = sha256(SALT + body).hexdigest()
    head = (
        f'{{"at":"2024-04-12T09:30:00Z","body":"{digest}","id":"2024-04-10/3","kind":"proposal",'
        f'"prev":"{"0" * 64}","seq":41,"v":1}}'
    ).encode()
    line = b'{"body":' + body + b',"head":' + head + b',"salt":"000102030405060708090a0b0c0d0e0f"}'
    assert line == ENTRY.line
    assert ENTRY.leaf == sha256(b"\x00" + head).digest()
    assert decode_entry(line) == ENTRY


@given(
    st.integers(0, 2**53 - 1),
    st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.datetimes(),
    st.binary(min_size=32, max_size=32),
    bodies,
    st.binary(min_size=16, max_size=16),
)
def test_round_trip(seq, kind, name, when, prev, body, salt):
    at = when.strftime("%Y").zfill(4) + when.strftime("-%m-%dT%H:%M:%SZ")
    entry = encode_entry(seq=seq, kind=kind, id=name, at=at, prev=prev, body=body, salt=salt)
    assert decode_entry(entry.line) == entry
    assert b"\n" not in entry.line
    redacted = redact_entry(entry, min(seq + 1, 2**53 - 1)) if seq < 2**53 - 1 else None
    if redacted is not None:
        assert decode_entry(redacted.line) == redacted
        assert (redacted.leaf, redacted.body, redacted.salt) == (entry.leaf, None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": -1},
        {"seq": "41"},
        {"seq": True},
        {"seq": None},
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"v": None},
        {"kind": ""},
        {"kind": "Vote"},
        {"kind": "a b"},
        {"kind": "é"},
        {"kind": None},
        {"kind": "x" * 65},
        {"id": ""},
        {"id": 3},
        {"id": False},
        {"id": ["x"]},
        {"at": "2024-02-30T00:00:00Z"},
        {"at": "2024-04-12T24:00:00Z"},
        {"at": "2024-04-12T09:30:60Z"},
        {"at": "2024-04-12 09:30:00Z"},
        {"at": "2024-04-12T09:30:00+00:00"},
        {"at": "2024-04-12T09:30:00.5Z"},
        {"at": "2024-04-12T09:30Z"},
        {"at": "２024-04-12T09:30:00Z"},
        {"at": 5},
        {"at": "0000-01-01T00:00:00Z"},
        {"prev": "00"},
        {"prev": "A" * 64},
        {"prev": "g" * 64},
        {"prev": None},
        {"prev": "0" * 65},
        {"prev": " " * 64},
        {"body": "f" * 63},
        {"body": "F" * 64},
        {"extra": 1},
    ],
    ids=str,
)
def test_heads_that_break_a_rule(change):
    with pytest.raises(FormatError):
        decode_entry(line_with(**change))


@pytest.mark.parametrize("member", ["at", "body", "id", "kind", "prev", "seq", "v"])
def test_heads_without_a_member(member):
    value = json.loads(ENTRY.line)
    del value["head"][member]
    with pytest.raises(FormatError, match="exactly"):
        decode_entry(encode(value))


@pytest.mark.parametrize(
    "change",
    [
        {"salt": None},
        {"salt": "00"},
        {"salt": "A" * 32},
        {"salt": "zz" * 16},
        {"salt": "00 " * 11},
        {"body": []},
        {"body": None},
        {"body": "x"},
        {"head": None},
        {"head": []},
        {"extra": 1},
        {"redacted": 50},
    ],
    ids=str,
)
def test_lines_that_break_a_rule(change):
    with pytest.raises(FormatError):
        decode_entry(encode(json.loads(ENTRY.line) | change))


@pytest.mark.parametrize("value", [41, 40, 0, -1, "42", True, None, 1.5])
def test_redactions_come_later(value):
    head = json.loads(ENTRY.line)["head"]
    assert decode_entry(encode({"head": head, "redacted": 42})).redacted == 42
    with pytest.raises(FormatError):
        decode_entry(json.dumps({"head": head, "redacted": value}, separators=(",", ":")).encode())
    with pytest.raises(FormatError):
        redact_entry(ENTRY, 41)


def test_other_spellings_are_refused():
    line = ENTRY.line
    for other in (
        line + b"\n",
        line + b" ",
        b" " + line,
        line.replace(b'":', b'": ', 1),
        line.replace("“".encode(), b"\\u201c"),
        line.replace(b'"seq":41', b'"seq":41.0'),
        line.replace(b'"seq":41', b'"seq":041'),
        line.replace(b'"v":1}', b'"v":1,"v":1}'),
        b"\xef\xbb\xbf" + line,
    ):
        assert other != line
        with pytest.raises(FormatError):
            decode_entry(other)


def test_another_body_or_salt_is_not_the_one_in_the_head():
    for line in (ENTRY.line.replace(b"@ada", b"@bob"), ENTRY.line.replace(b"000102", b"000103")):
        with pytest.raises(VerificationError, match="digest"):
            decode_entry(line)


def test_what_cannot_be_encoded():
    good = {
        "seq": 0,
        "kind": "vote",
        "id": None,
        "at": "2024-04-12T09:30:00Z",
        "prev": ZERO,
        "body": {},
        "salt": SALT,
    }
    encode_entry(**good)
    nested: dict = {}
    for _ in range(MAX_DEPTH - 1):
        nested = {"a": nested}
    for bad in (
        {"salt": b""},
        {"prev": b""},
        {"at": "now"},
        {"kind": "A"},
        {"seq": -1},
        {"id": ""},
        {"body": {"a": 1.5}},
        {"body": {"é": 1}},
        {"body": {"a": "\ud800"}},
        {"body": []},
        {"body": {"a": "x" * MAX_BODY}},
        {"body": nested},
    ):
        with pytest.raises(FormatError):
            encode_entry(**(good | bad))
    # One level less leaves room for the line around it.
    entry = encode_entry(**(good | {"body": nested["a"]}))
    assert decode_entry(entry.line) == entry


def test_the_largest_body():
    body = {"a": "x" * (MAX_BODY - 8)}
    entry = encode_entry(
        seq=0, kind="a", id=None, at="2024-04-12T09:30:00Z", prev=ZERO, body=body, salt=SALT
    )
    assert decode_entry(entry.line) == entry


@given(st.binary(max_size=300))
def test_any_bytes(data):
    with pytest.raises(FormatError):
        decode_entry(data)


@given(st.integers(0, len(ENTRY.line) - 1), st.integers(0, 255), st.booleans())
def test_any_changed_byte(place, byte, insert):
    changed = ENTRY.line[:place] + bytes([byte]) + ENTRY.line[place + (not insert) :]
    if changed == ENTRY.line:
        return
    try:
        entry = decode_entry(changed)
    except (FormatError, VerificationError):
        return
    # A changed head is still a head; but never the same leaf.
    assert entry.leaf != ENTRY.leaf
    assert entry.line == changed


@given(values)
def test_any_json(value):
    with pytest.raises(FormatError):
        decode_entry(encode(value))


@given(st.text(max_size=25))
def test_any_text_as_a_time(text):
    if is_time(text):
        assert len(text) == 20
        assert text.isascii()
