"""Lines into entries, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ledger.errors import FormatError, VerificationError, Where
from ledger.log.chain import LogError, canonical_bodies, read_block
from ledger.log.entry import Entry, decode_entry
from ledger.store.places import ENTRIES_PER_FILE

# A line that holds a body ends in its salt: "salt":"<32 hex digits>"}
_SALT = slice(-34, -2)


def decode_lines(lines: Iterable[bytes], first: int) -> Iterator[Entry]:
    """Yield the entries of consecutive ``lines`` (without LF), the first being entry ``first``.

    Raises FormatError or VerificationError, naming the entry, for a line that is not in the form of an
    entry, states another digest than its body has, or has another number.
    """
    rest = iter(lines)
    while some := list(islice(rest, ENTRIES_PER_FILE)):
        yield from _decode_some(some, first)
        first += len(some)


def _decode_some(lines: Sequence[bytes], first: int) -> Iterator[Entry]:
    data = b"\n".join(lines) + b"\n"
    try:
        block = read_block(data, first=first, count=len(lines), path="", read_bodies=canonical_bodies)
    except LogError:
        # One by one, so that all before the first bad one are still given.
        for seq, line in enumerate(lines, first):
            yield _decode_one(line, seq)
        return
    for head, leaf, body, line in zip(block.heads, block.leaves, block.bodies, lines, strict=True):
        yield Entry(
            head.seq,
            head.kind,
            head.id,
            head.at,
            bytes.fromhex(head.prev),
            leaf,
            body,
            None if body is None else bytes.fromhex(line[_SALT].decode()),
            block.redacted.get(head.seq),
            line,
        )


def _decode_one(line: bytes, seq: int) -> Entry:
    try:
        entry = decode_entry(line)
    except (FormatError, VerificationError) as error:
        raise type(error)(error.what, why=error.why, fix=error.fix, where=Where(entry=seq)) from None
    if entry.seq != seq:
        raise VerificationError(
            f"entry {entry.seq} stands where entry {seq} must stand",
            fix="see what is wrong with: ledger verify",
            where=Where(entry=seq),
        )
    return entry
