"""A whole log: files of entry lines, checked for form, hash chain, body digests and Merkle root.

A file holds 256 lines, the last one fewer; 256 leaves are exactly one full subtree of height 8. So
files are checked apart (:func:`read_block`, in any process) and then joined in order
(:class:`Chain`), which compares only what crosses their borders.

Checking has two paths. The fast one decodes and re-encodes a file in two calls, and says only
"yes" or "look closer"; the exact one (:func:`ledger.log.entry.decode_entry`) then names the first
bad line. Whatever the fast path accepts, the exact path accepts too: a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec

from ledger import canonical
from ledger.errors import FormatError, VerificationError, Where
from ledger.log.entry import (
    MAX_BODY,
    SALT_BYTES,
    ZERO,
    Entry,
    body_digest,
    check_head,
    decode_entry,
    is_time,
)
from ledger.log.merkle import Frontier, tree_root

FILE_LINES = 256
FILE_HEIGHT = 8

_RESTORE = "restore the file from a good copy of the repository, and look who changed it"

ReadBodies = Callable[[Sequence[str], Sequence[bytes | None]], Any]
"""Takes the kinds of all entries of a file and the bytes of their bodies (None: redacted); what it
returns becomes the block's ``bodies``.

Must raise FormatError unless each body is canonical JSON, nested one level less than the limit, and an
object. The bytes may be any object with the buffer protocol.
"""


class Head(msgspec.Struct, gc=False):
    """A decoded head, member by member as in the line; digests as lower-case hex."""

    at: str
    body: str
    id: Annotated[str, msgspec.Meta(min_length=1)] | None
    kind: str
    prev: str
    seq: int
    v: Literal[1]


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    body: msgspec.Raw
    head: Head
    salt: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What does not hold: in which check, where, and what to do.

    ``expected`` and ``found`` are short texts that can be compared by eye.
    """

    check: str
    what: str
    where: Where
    expected: str
    found: str
    fix: str


class LogError(VerificationError):
    """A log that does not hold; ``failure`` says which promise is broken."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what, fix=failure.fix, where=failure.where)
        self.failure = failure

    def __reduce__(self) -> tuple[type[LogError], tuple[Failure]]:
        return LogError, (self.failure,)


@dataclass(slots=True)
class Block:
    """The entries of one file, each checked by itself and against the one before it in the file.

    ``first`` is the sequence number of its first entry. ``heads`` and ``leaves`` (leaf hashes, 32
    bytes) run in parallel; ``bodies`` is what ``read_bodies`` returned. ``redacted`` maps redacted
    entries to the redaction that each names.
    """

    first: int
    heads: list[Head] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    bodies: Any = None
    redacted: dict[int, int] = field(default_factory=dict)


def canonical_bodies(kinds: Sequence[str], bodies: Sequence[bytes | None]) -> list[dict[str, Any] | None]:
    """Return the values of the bodies: the plainest :data:`ReadBodies`."""
    assert len(kinds) == len(bodies)  # noqa: S101
    return [None if body is None else canonical_body(bytes(body)) for body in bodies]


def canonical_body(body: bytes) -> dict[str, Any]:
    """Return the value of one body. Raises FormatError unless it is canonical and an object."""
    value = canonical.decode(body)
    # The body stands one level deep in its line, so that one level less is left for it.
    if body.count(b"{") + body.count(b"[") >= canonical.MAX_DEPTH:
        canonical.check_value(value, 1)
    if not isinstance(value, dict):
        raise FormatError("body is not an object")
    return value


def read_block(
    data: bytes, *, first: int, count: int, path: str, read_bodies: ReadBodies = canonical_bodies
) -> Block:
    """Return the entries ``first`` to ``first + count - 1`` that the file ``data`` holds, and no more.

    ``path`` names the file in messages. Raises LogError for the first line that breaks a rule of
    DESIGN 4 (Entry), does not chain to the line before it in the same file, or states another
    digest than its body has.
    """
    block = _read_fast(data, first, count, read_bodies)
    return _read_exactly(data, first, count, path, read_bodies) if block is None else block


def _read_fast(data: bytes, first: int, count: int, read_bodies: ReadBodies) -> Block | None:
    """Return the block, or None where anything at all is unusual."""
    try:
        lines = _decode_lines(data)
        # Equal bytes rule out other spellings, unknown or repeated members, empty lines and a
        # missing LF at the end; the bodies are copied as they stand, and checked by read_bodies.
        if not lines or len(lines) != count or _encode_lines(lines) != data:
            return None
        heads = [line.head for line in lines]
        bodies = [line.body for line in lines]
        if not _are_in_order(heads, first) or not _has_digests(
            heads, bodies, [line.salt for line in lines]
        ):
            return None
        leaves = _hash_heads(data, bodies)
        if [head.prev for head in heads[1:]] != [leaf.hex() for leaf in leaves[:-1]]:
            return None
        values = read_bodies([head.kind for head in heads], bodies)
    except (msgspec.MsgspecError, FormatError, ValueError, RecursionError):
        return None
    return Block(first, heads, leaves, values)


_decode_lines = msgspec.json.Decoder(_Line).decode_lines
_encode_lines = msgspec.json.Encoder(order="sorted").encode_lines
_good_kinds: set[str] = set()


def _are_in_order(heads: list[Head], first: int) -> bool:
    """Tell whether all heads have a proper form, consecutive numbers, and times that never decrease."""
    times = [head.at for head in heads]
    distinct = set(times)
    if (
        [head.seq for head in heads] != list(range(first, first + len(heads)))
        or (len(distinct) > 1 and times != sorted(times))
        or not all(map(is_time, distinct))
    ):
        return False
    # The first, whose prev has nothing to be compared with here, and one head of each kind. The
    # digests of all others are compared with computed ones.
    for head in (heads[0], *{head.kind: head for head in heads if head.kind not in _good_kinds}.values()):
        check_head(msgspec.to_builtins(head))
        # A bounded memory of kinds in good form: a hostile log may have many.
        if len(_good_kinds) < 100:
            _good_kinds.add(head.kind)
    return True


def _hash_heads(data: bytes, bodies: list[msgspec.Raw]) -> list[bytes]:
    """Return the leaf hashes of lines that are in canonical form, each with a salt of proper length."""
    # A line is {"body":BODY,"head":HEAD,"salt":"SALT"}: the head has a fixed distance to both ends.
    start, end = len(b'{"body":,"head":'), -len(b',"salt":""}') - 2 * SALT_BYTES
    lines = data.split(b"\n")
    lines.pop()
    return [
        sha256(b"\x00" + line[start + len(body) : end]).digest()
        for line, body in zip(lines, bodies, strict=True)
    ]


def _has_digests(heads: list[Head], bodies: list[msgspec.Raw], salts: list[str]) -> bool:
    """Tell whether each head states the digest of its salt and body, and these have a proper form."""
    joined = "".join(salts)
    salt = bytes.fromhex(joined)
    width = SALT_BYTES
    if set(map(len, salts)) != {2 * width} or salt.hex() != joined or max(map(len, bodies)) > MAX_BODY:
        return False
    starts = range(0, len(salt), width)
    digests = [
        sha256(salt[start : start + width] + body).hexdigest()
        for start, body in zip(starts, bodies, strict=True)
    ]
    return digests == [head.body for head in heads]


def _read_exactly(data: bytes, first: int, count: int, path: str, read_bodies: ReadBodies) -> Block:
    block = Block(first)
    bodies: list[bytes | None] = []
    lines = data.split(b"\n")
    rest = lines.pop()
    for number, line in enumerate(lines[:count], 1):
        where = Where(path, number, first + number - 1)
        entry = _read_line(line, where)
        head = msgspec.convert(canonical.decode(line)["head"], Head)
        _check_neighbours(block, head, where)
        block.heads.append(head)
        block.leaves.append(entry.leaf)
        bodies.append(None if entry.body is None else canonical.encode(entry.body))
        if entry.redacted is not None:
            block.redacted[entry.seq] = entry.redacted
    if len(lines) < count:
        what = "the last line has no LF at its end" if rest else f"the file has {len(lines)} lines"
        where = Where(path, len(lines) + 1, first + len(lines))
        raise LogError(Failure("format", what, where, f"{count} lines, each ending in LF", what, _RESTORE))
    if len(lines) > count or rest:
        where = Where(path, count + 1, first + count)
        what = f"the file goes on after its {count} lines"
        raise LogError(Failure("format", what, where, f"{count} lines", excerpt(data), _RESTORE))
    block.bodies = read_bodies([head.kind for head in block.heads], bodies)
    return block


def _read_line(line: bytes, where: Where) -> Entry:
    try:
        return decode_entry(line)
    except FormatError as error:
        failure = Failure(
            "format", error.what, where, "an entry in its only form", excerpt(line), error.fix
        )
        raise LogError(failure) from None
    except VerificationError as error:
        raise LogError(_digest_failure(line, error, where)) from None


def _digest_failure(line: bytes, error: VerificationError, where: Where) -> Failure:
    value = canonical.decode(line)
    found = body_digest(bytes.fromhex(value["salt"]), canonical.encode(value["body"])).hex()
    what = "the body has another digest than its head states"
    return Failure("chain", what, where, value["head"]["body"], found, error.fix)


def _check_neighbours(block: Block, head: Head, where: Where) -> None:
    expected = block.first + len(block.heads)
    if head.seq != expected:
        what = f"head.seq is {head.seq}, where entry {expected} must stand"
        raise LogError(Failure("format", what, where, str(expected), str(head.seq), _RESTORE))
    if block.heads:
        _check_link(head, where, prev=block.leaves[-1].hex(), at=block.heads[-1].at)


def _check_link(head: Head, where: Where, *, prev: str, at: str) -> None:
    if head.prev != prev:
        before = f"the leaf hash of entry {head.seq - 1}" if head.seq else "64 zeros"
        what = f"head.prev is not {before}" + (": one of the two entries was changed" if head.seq else "")
        raise LogError(Failure("chain", what, where, prev, head.prev, _RESTORE))
    if head.at < at:
        what = f"head.at {head.at} is before that of the entry before it, {at}"
        raise LogError(Failure("format", what, where, f"{at} or later", head.at, _RESTORE))


def excerpt(data: bytes) -> str:
    """Return the first 100 bytes as text, for a message."""
    text = data[:100].decode("utf-8", "backslashreplace")
    return text if len(data) <= 100 else text + "…"


@dataclass(slots=True)
class Chain:
    """Blocks joined in order: the links across their borders, and the Merkle tree over all leaves.

    ``roots`` may name earlier sizes; the root that the tree had at each is filled in on the way. A
    file with such a size inside must come with its single leaves (:meth:`Ends.of`). ``subtrees`` are the
    roots over the full files, from the first on.
    """

    roots: dict[int, bytes | None] = field(default_factory=dict)
    subtrees: list[bytes] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    leaf: bytes = ZERO
    at: str = ""

    @property
    def size(self) -> int:
        """The number of entries so far."""
        return self.frontier.size

    def add(self, ends: Ends, path: str) -> None:
        """Join the next block by its ``ends``. Raises LogError where it does not continue the chain."""
        where = Where(path, 1, ends.first)
        _check_link(ends.head, where, prev=self.leaf.hex(), at=self.at)
        if ends.subtree is not None:
            self.frontier.append_subtree(ends.subtree, FILE_HEIGHT)
            self._note_root()
        for leaf in ends.leaves:
            self.frontier.append(leaf)
            self._note_root()
        if ends.subtree is not None or len(ends.leaves) == FILE_LINES:
            self.subtrees.append(ends.subtree or tree_root(ends.leaves))
        self.leaf = ends.leaf
        self.at = ends.at

    def _note_root(self) -> None:
        if self.frontier.size in self.roots:
            self.roots[self.frontier.size] = self.frontier.root()


@dataclass(frozen=True, slots=True)
class Ends:
    """All that the chain needs of a block: its first head, its last leaf hash and time, and its
    subtree root (``subtree``, of a full block) or else its leaf hashes (``leaves``)."""

    first: int
    head: Head
    leaf: bytes
    at: str
    subtree: bytes | None
    leaves: tuple[bytes, ...]

    @classmethod
    def of(cls, block: Block, *, leaves: bool = False) -> Ends:
        """Return the ends of ``block``, which must not be empty; ``leaves`` keeps the single leaf
        hashes even of a full block."""
        single = leaves or len(block.leaves) < FILE_LINES
        return cls(
            block.first,
            block.heads[0],
            block.leaves[-1],
            block.heads[-1].at,
            None if single else tree_root(block.leaves),
            tuple(block.leaves) if single else (),
        )


def check_lines(files: Iterable[tuple[str, bytes]]) -> Chain:
    """Return the chain of whole ``files`` (path for messages, bytes), in order, all of them checked.

    Every file but the last must have 256 lines. Raises LogError for the first entry that does not
    hold.
    """
    chain = Chain()
    short = ""
    for path, data in files:
        if short:
            where = Where(path, 1, chain.size)
            what = f"a file follows {short}, which is not full"
            raise LogError(
                Failure("format", what, where, f"{FILE_LINES} lines in {short}", "fewer", _RESTORE)
            )
        count = min(max(data.count(b"\n"), 1), FILE_LINES)
        chain.add(Ends.of(read_block(data, first=chain.size, count=count, path=path)), path)
        if count < FILE_LINES:
            short = path
    return chain
