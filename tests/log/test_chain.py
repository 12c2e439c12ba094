"""A whole log: blocks against the exact path, links across files, and the first line that is wrong."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import encode
from ledger.errors import FormatError
from ledger.log import chain
from ledger.log.chain import Chain, Ends, LogError, canonical_bodies, check_lines, read_block
from ledger.log.entry import ZERO, Entry, encode_entry, redact_entry
from ledger.log.merkle import tree_root

AT = "2024-04-12T09:{:02}:{:02}Z"


def build(count: int, prev: bytes = ZERO, first: int = 0) -> list[Entry]:
    entries = []
    for seq in range(first, first + count):
        entry = encode_entry(
            seq=seq,
            kind=("proposal", "comment", "vote")[seq % 3],
            id=f"2024-04-10/{seq}" if seq % 3 == 0 else None,
            at=AT.format(min(seq // 60, 59), seq % 60),
            prev=prev,
            body={"text": f"número {seq}", "links": ["x"] * (seq % 3)},
            salt=sha256(b"%d" % seq).digest()[:16],
        )
        prev = entry.leaf
        entries.append(entry)
    return entries


def join(entries: list[Entry]) -> bytes:
    return b"".join(entry.line + b"\n" for entry in entries)


ENTRIES = build(9)
DATA = join(ENTRIES)


def read(data: bytes, count: int = 9, first: int = 0):
    return read_block(data, first=first, count=count, path="000.jsonl")


def is_fast(data: bytes, count: int = 9, first: int = 0) -> bool:
    return chain._read_fast(data, first, count, canonical_bodies) is not None


def test_a_good_block_takes_the_fast_path():
    block = read(DATA)
    assert is_fast(DATA)
    assert block.leaves == [entry.leaf for entry in ENTRIES]
    assert block.bodies == [entry.body for entry in ENTRIES]
    assert block == chain._read_exactly(DATA, 0, 9, "000.jsonl", canonical_bodies)


def test_redacted_lines():
    entries = [*ENTRIES]
    entries[2] = redact_entry(entries[2], 7)
    block = read(join(entries))
    assert block.redacted == {2: 7}
    assert block.leaves == [entry.leaf for entry in ENTRIES]
    assert block.bodies[2] is None


def failure_of(data: bytes, count: int = 9, first: int = 0):
    with pytest.raises(LogError) as caught:
        read(data, count, first)
    return caught.value.failure


@pytest.mark.parametrize(
    ("data", "check", "line"),
    [
        (DATA[:-1], "format", 9),
        (DATA + b"\n", "format", 10),
        (DATA + b"x", "format", 10),
        (DATA.replace(b"\n", b"\n\n", 1), "format", 2),
        (DATA.replace(b"\n", b"\r\n", 1), "format", 1),
        (b"\n" + DATA, "format", 1),
        (join(ENTRIES[:8]), "format", 9),
        (join(ENTRIES[1:]), "format", 1),
        (join([*ENTRIES[:3], ENTRIES[4], ENTRIES[3], *ENTRIES[5:]]), "format", 4),
        (join([*ENTRIES, *build(1, first=9, prev=ENTRIES[8].leaf)]), "format", 10),
        (b"", "format", 1),
        (DATA.replace(b"mero 4", b"mero 5"), "chain", 5),
        (DATA.replace(b'"id":"2024-04-10/3"', b'"id":"2024-04-10/4"'), "chain", 5),
        (join([*ENTRIES[:4], *build(5, prev=ZERO, first=4)]), "chain", 5),
    ],
)
def test_the_first_line_that_is_wrong(data, check, line):
    failure = failure_of(data)
    assert (failure.check, failure.where.line) == (check, line)
    assert failure.where.entry == line - 1
    assert failure.fix


def test_times_never_decrease():
    one = build(1)[0]
    later = encode_entry(
        seq=1, kind="vote", id=None, at="2024-04-12T08:59:59Z", prev=one.leaf, body={}, salt=bytes(16)
    )
    failure = failure_of(join([one, later]), 2)
    assert failure.check == "format"
    assert "before that of the entry before it" in failure.what


def test_links_across_files():
    entries = build(600)
    files = [(f"{number}", join(entries[number * 256 : number * 256 + 256])) for number in range(3)]
    whole = check_lines(files)
    assert whole.size == 600
    assert whole.frontier.root() == tree_root([entry.leaf for entry in entries])
    assert whole.leaf == entries[-1].leaf
    with pytest.raises(LogError, match="not full"):
        check_lines([files[0], ("1", join(entries[256:300])), files[2]])
    with pytest.raises(LogError, match=r"head\.seq"):
        check_lines([files[1]])
    other = build(256, prev=bytes(32), first=256)
    with pytest.raises(LogError, match=r"head\.prev") as caught:
        check_lines([files[0], ("001.jsonl", join(other))])
    assert str(caught.value.failure.where) == "entry 256, 001.jsonl:1"


def test_the_first_entry_follows_nothing():
    entries = build(3, prev=bytes([1]) * 32)
    with pytest.raises(LogError, match="64 zeros"):
        check_lines([("0", join(entries))])


def test_times_across_files():
    entries = build(256)
    early = encode_entry(
        seq=256,
        kind="vote",
        id=None,
        at="2024-04-12T08:00:00Z",
        prev=entries[-1].leaf,
        body={},
        salt=bytes(16),
    )
    with pytest.raises(LogError, match=r"head\.at"):
        check_lines([("0", join(entries)), ("1", join([early]))])


@pytest.mark.parametrize("sizes", [(1,), (255,), (256,), (257,), (300, 512), (600,), (700,)])
def test_roots_on_the_way(sizes):
    entries = build(600)
    whole = Chain(dict.fromkeys(sizes))
    for first in range(0, 600, 256):
        block = read(join(entries[first : first + 256]), min(256, 600 - first), first)
        whole.add(Ends.of(block, leaves=any(first < size < first + 256 for size in sizes)), "x")
    for size in sizes:
        expected = tree_root([entry.leaf for entry in entries[:size]]) if size <= 600 else None
        assert whole.roots[size] == expected


def same_verdict(data: bytes, count: int, first: int = 0) -> bool:
    """Hold the fast path to the exact one: what it accepts must be accepted, with the same result."""
    fast = chain._read_fast(data, first, count, canonical_bodies)
    try:
        exact = chain._read_exactly(data, first, count, "x", canonical_bodies)
    except LogError:
        exact = None
    return fast is None or fast == exact


@given(st.integers(0, len(DATA) - 1), st.integers(0, 255), st.sampled_from(["change", "insert", "delete"]))
def test_any_changed_byte_is_found(place, byte, how):
    head, tail = DATA[:place], DATA[place:] if how == "insert" else DATA[place + 1 :]
    changed = head + (b"" if how == "delete" else bytes([byte])) + tail
    assert same_verdict(changed, 9)
    if changed == DATA:
        return
    try:
        leaves = read(changed).leaves
    except LogError:
        return
    # Only the last head can change without breaking the chain; the root tells.
    assert leaves[:-1] == [entry.leaf for entry in ENTRIES[:-1]]
    assert leaves[-1] != ENTRIES[-1].leaf


ODD = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        1.0,
        1.5,
        2**53,
        10**30,
        "",
        "0",
        "x",
        "é",
        "\n",
        "2024-04-12T09:00:00Z",
        "00" * 32,
        "AB" * 32,
        "ab" * 16,
        " " * 32,
        [],
        {},
        {"a": [1]},
        "charter",
        "a\u0000b",
    ]
)


@given(st.integers(0, 3), st.sampled_from(["at", "body", "id", "kind", "prev", "seq", "v", "more"]), ODD)
def test_odd_heads_have_one_verdict(place, member, value):
    lines = [json.loads(entry.line) for entry in ENTRIES[:4]]
    lines[place]["head"][member] = value
    assert same_verdict(plain(lines), 4)


@given(st.integers(0, 3), st.sampled_from(["body", "head", "salt", "redacted", "more"]), ODD)
def test_odd_lines_have_one_verdict(place, member, value):
    lines = [json.loads(entry.line) for entry in ENTRIES[:4]]
    lines[place][member] = value
    body = json.dumps(lines[place]["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        salt = bytes.fromhex(lines[place]["salt"])
    except (TypeError, ValueError):
        salt = b""
    if isinstance(lines[place]["head"], dict):
        lines[place]["head"]["body"] = sha256(salt + body.encode()).hexdigest()
    assert same_verdict(plain(lines), 4)


def plain(lines: list[object]) -> bytes:
    """The lines in sorted JSON, whether or not it is canonical."""
    return b"".join(
        json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        for line in lines
    )


@pytest.mark.parametrize("depth", [30, 31, 32])
def test_depth_has_one_verdict(depth):
    body: dict = {}
    for _ in range(depth - 1):
        body = {"a": body}
    salt = bytes(16)
    digest = sha256(salt + encode(body)).hexdigest()
    head = {
        "at": AT.format(0, 0),
        "body": digest,
        "id": None,
        "kind": "x",
        "prev": ZERO.hex(),
        "seq": 0,
        "v": 1,
    }
    data = plain([{"body": body, "head": head, "salt": salt.hex()}])
    assert same_verdict(data, 1)
    if depth < 32:
        assert read(data, 1).bodies == [body]
    else:
        failure_of(data, 1)


def test_a_block_of_odd_bodies_is_not_fast():
    def refuse(kinds, bodies):
        raise FormatError("no")

    assert chain._read_fast(DATA, 0, 9, refuse) is None


@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes(data, count):
    try:
        block = read(data, count)
    except LogError:
        return
    assert (data, count, block.heads) == (b"", 0, [])
