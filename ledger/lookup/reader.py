"""The log's lines on their way into the index and into answers, held against the signed head.

Each line's body must have the digest that its head states, each head must name the leaf hash of the one
before, and all leaves together must give the signed root: else the index would answer what the log
does not hold. Whether the head is signed by the right key, and every other promise, is the business of
``ledger verify``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

from ledger.governance.effective import Changes
from ledger.governance.erased import current_source
from ledger.governance.fields import is_hand_made, mapping_of, text_of
from ledger.log.merkle import Frontier

Lines = Iterable[bytes]
Decode = Callable[[bytes], dict[str, Any]]

BEGINNINGS = frozenset(("source", "charter"))
"""Kinds that begin a recording."""

_ZERO = bytes(32)
_BODY = b'{"body":'
_HEAD = b'"head":{'
_SALT_MEMBER = len(b',"salt":""}') + 32
_SMALL = 5000
_AT_ONCE = 1024
_SOURCE = b'"kind":"source"'
_CHANGING = (_SOURCE, b'"kind":"correction"', b'"kind":"redaction"')


class Raw:
    """An entry as look-up reads it; ``leaf`` is its leaf hash (32 bytes), ``line`` its line without LF.

    The other fields are those of :class:`ledger.log.entry.Entry`.
    """

    __slots__ = ("at", "body", "id", "kind", "leaf", "line", "prev", "redacted", "seq")

    def __init__(self, value: dict[str, Any], leaf: bytes, line: bytes) -> None:
        head = value["head"]
        self.seq: int = head["seq"]
        self.kind: str = head["kind"]
        self.id: str | None = head["id"]
        self.at: str = head["at"]
        self.prev: str = head["prev"]
        self.body: dict[str, Any] | None = value.get("body")
        self.redacted: int | None = value.get("redacted")
        self.leaf = leaf
        self.line = line


def choose_decode(size: int) -> Decode:
    """Return the JSON decoder that is quickest for ``size`` lines, its import included."""
    if size <= _SMALL and "msgspec" not in sys.modules:
        return json.loads
    from msgspec.json import Decoder

    return Decoder(dict[str, Any]).decode


def read_line(line: bytes, decode: Decode = json.loads) -> Raw:
    """Return the entry in ``line``, whose body has the digest that its head states.

    Raises ValueError, KeyError or TypeError where it is not an entry, or not with this digest.
    """
    value = decode(line)
    start = line.rfind(_HEAD) + len(_HEAD) - 1
    if "redacted" in value:
        head = line[start : line.rfind(b',"redacted":')]
    else:
        head = line[start:-_SALT_MEMBER]
        body = line[len(_BODY) : start - len(_HEAD)]
        if sha256(bytes.fromhex(value["salt"]) + body).hexdigest() != value["head"]["body"]:
            raise ValueError(f"entry {value['head']['seq']} has another digest than its head states")
    return Raw(value, sha256(b"\x00" + head).digest(), line)


class Tail:
    """How far the log was read: the leaf hash of the last entry, and the tree so far."""

    def __init__(self, frontier: Frontier | None = None, leaf: bytes = _ZERO) -> None:
        self.frontier = frontier if frontier is not None else Frontier()
        self.leaf = leaf

    def check(self, size: int, root: str) -> None:
        """Raise ValueError unless what was read is the tree of ``size`` entries with this root (hex)."""
        if (self.frontier.size, self.frontier.root().hex()) != (size, root):
            raise ValueError(f"its {self.frontier.size} entries do not give the tree of the signed head")


def scan_changes(lines: Lines) -> Changes:
    """Return the corrections and redactions among ``lines``; other lines are not even decoded."""
    changes = Changes()
    sources: list[bytes] = []
    redactions: list[Raw] = []
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):
        together = b"\n".join(some)
        if any(kind in together for kind in _CHANGING):
            for line in some:
                if _SOURCE in line:
                    sources.append(line)
                if any(kind in line for kind in _CHANGING[1:]):
                    raw = Raw(json.loads(line), b"", line)
                    changes.add(raw.seq, raw.kind, raw.body)
                    if raw.kind == "redaction":
                        redactions.append(raw)
    if redactions:
        changes.meetings.update(_meetings_of_erased(sources, redactions))
    return changes


def _meetings_of_erased(sources: Sequence[bytes], redactions: Sequence[Raw]) -> Iterator[tuple[int, str]]:
    """Yield the sources that were erased, each with the meeting of the one in its place."""
    known = {raw.seq: raw for raw in (Raw(json.loads(line), b"", line) for line in sources)}
    known |= {raw.seq: raw for raw in redactions}
    for raw in known.values():
        if raw.kind == "source" and raw.body is None:
            now = current_source(raw.seq, known.get)
            body = known[now].body if now is not None else None
            if body is not None and text_of(body, "meeting"):
                yield raw.seq, text_of(body, "meeting")


def begins_recording(raw: Raw) -> bool:
    """Tell whether a recording begins with an entry: a source, a charter, or a record made by hand.

    An index may be extended by entries that begin with one.
    """
    if raw.kind in BEGINNINGS:
        return True
    if raw.body is None or raw.kind in ("correction", "redaction"):
        return False
    return is_hand_made(raw.kind, raw.body)


def is_extension(lines: Lines) -> bool:
    """Tell whether entries with these lines may be added to an index: they begin a recording, and none
    changes what is indexed already. No lines at all are an extension too.

    A charter, or what lets one take effect, may change what the rules give votes that are indexed
    already."""
    for position, line in enumerate(lines):
        raw = Raw(json.loads(line), b"", line)
        if position == 0 and not begins_recording(raw):
            return False
        if raw.kind in ("correction", "redaction", "charter") or raw.redacted is not None:
            return False
        if (
            raw.kind == "attestation"
            and text_of(mapping_of(raw.body or {}, "statement"), "kind") == "charter"
        ):
            return False
    return True
