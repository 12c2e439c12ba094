"""The signed statements of a log, read from its lines, with the entries that they speak about.

One pass finds what is signed; a second one, only where there is something, the entries spoken about.
Lines are taken as they are: whether the log holds is for ``verify`` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

from ledger.errors import FormatError
from ledger.governance.agreements import LogEntry, follow_log
from ledger.governance.fields import mapping_of, number_of
from ledger.governance.in_force import CharterVersion
from ledger.governance.members import Disputes, Judge, KeysInForce, Spoken
from ledger.log.merkle import Frontier, tree_root
from ledger.log.statement import Signed, read_signed
from ledger.lookup.polls import Lines
from ledger.lookup.reader import Raw, read_line

SIGNED_KINDS = ("attestation", "ballot", "approval")
"""Kinds of entry that may hold a statement: on its own, or as their member ``statement``."""

_CHARTER = b'"kind":"charter"'
_CORRECTION = b'"kind":"correction"'
_SIGNATURE = b'"signature":'
_ID = b'"id":"'
_NUMBER = re.compile(r"#(0|[1-9]\d{0,15})", re.ASCII)
_SALT_END = len(b',"salt":""}') + 32


class SignedEntry(NamedTuple):
    """An entry with a statement; ``signed`` is None where that is not in its form, for this ``reason``."""

    seq: int
    at: str
    kind: str
    body: dict[str, Any]
    signed: Signed | None
    reason: str


@dataclass(slots=True)
class StatementLog:
    """What members signed in a log: its charters and signed entries in log order; ``subjects`` are the
    entries they speak about, by reference, and ``governing`` the charters and attestations themselves."""

    charters: list[CharterVersion] = field(default_factory=list)
    governing: list[LogEntry] = field(default_factory=list)
    entries: list[SignedEntry] = field(default_factory=list)
    subjects: dict[str, Spoken] = field(default_factory=dict)

    @property
    def disputes(self) -> Disputes:
        """Which of the keys are in doubt."""
        return Disputes(self.charters)

    def judge(self, origin: str, roots: Mapping[int, bytes]) -> Judge:
        """Return a judge who knows every statement of this log; ``roots`` are those it had, by size."""
        judge, keys = Judge(origin, self.subjects, roots.get), KeysInForce(self.charters)
        for one in self.entries:
            if one.signed is not None:
                judge.take(one.signed.statement, keys.judging(one.signed, one.seq))
        return judge


def read_statements(store: Lines, wanted: Iterable[str] = ()) -> StatementLog:
    """Return the statements in the log of ``store``, and the entries called ``wanted`` besides those that
    the statements speak about."""
    found = StatementLog()
    for line in store.lines():
        if _CHARTER in line or _SIGNATURE in line:
            raw = read_line(line)
            if raw.kind in ("charter", "attestation"):
                found.governing.append(raw)
            if (one := signed_entry(raw.seq, raw.at, raw.kind, raw.body)) is not None:
                found.entries.append(one)
    found.charters = list(follow_log(found.governing).versions)
    names = {one.signed.statement.subject for one in found.entries if one.signed is not None}
    found.subjects = find_spoken(store, {*names, *wanted})
    return found


def signed_entry(seq: int, at: str, kind: str, body: dict[str, Any] | None) -> SignedEntry | None:
    """Return what an entry with this body signs, None where it holds no statement."""
    if body is None or kind not in SIGNED_KINDS:
        return None
    value = body if kind == "attestation" else body.get("statement")
    if value is None:
        return None
    try:
        return SignedEntry(seq, at, kind, body, read_signed(value), "")
    except FormatError as error:
        return SignedEntry(seq, at, kind, body, None, error.what)


def find_spoken(store: Lines, names: Iterable[str]) -> dict[str, Spoken]:
    """Return the entries called ``names`` (``2024-04-10/3``, ``#41``), by name, with their corrections."""
    wanted = set(names)
    if not wanted:
        return {}
    numbers = {int(name[1:]) for name in wanted if _NUMBER.fullmatch(name)}
    ids = {name.encode("utf-8", "replace") for name in wanted}
    raws: dict[str, Raw] = {}
    corrections: dict[int, list[tuple[int, bytes]]] = {}
    for seq, line in enumerate(store.lines()):
        # (The last such member is the head's, where that has an identifier.)
        start = line.rfind(_ID) + len(_ID)
        if (
            seq not in numbers
            and line[start : line.find(b'"', start)] not in ids
            and _CORRECTION not in line
        ):
            continue
        raw = read_line(line)
        for name in {raw.id, f"#{raw.seq}"} & wanted:
            if name is not None:
                raws.setdefault(name, raw)
        of = number_of(raw.body or {}, "of") if raw.kind == "correction" else None
        if of is not None and of < raw.seq:
            corrections.setdefault(of, []).append((raw.seq, raw.leaf))
    return {
        name: Spoken(
            raw.id or f"#{raw.seq}", raw.kind, raw.seq, ((raw.seq, raw.leaf), *corrections.get(raw.seq, ()))
        )
        for name, raw in raws.items()
    }


def roots_at(store: Lines, sizes: Iterable[int], subtrees: Sequence[bytes] = ()) -> dict[int, bytes]:
    """Return the root (32 bytes) of the tree of ``store`` at each of ``sizes`` that the log ever had.

    ``subtrees`` are the roots over its full files, from the first on, where these are known: then only
    the files with such a size inside are read.
    """
    from ledger.log.chain import FILE_HEIGHT, FILE_LINES

    wanted = {size for size in sizes if size >= 1}
    roots: dict[int, bytes] = {}
    full = Frontier()  # of whole files only
    for number, group in groupby(sorted(wanted), lambda size: size // FILE_LINES):
        first, last = number * FILE_LINES, max(group)
        while full.size < first:
            place = full.size // FILE_LINES
            if place < len(subtrees):
                full.append_subtree(subtrees[place], FILE_HEIGHT)
                continue
            leaves = [leaf_of(line) for line in store.lines(full.size, full.size + FILE_LINES)]
            if len(leaves) < FILE_LINES:
                return roots  # the log never was so long
            full.append_subtree(tree_root(leaves), FILE_HEIGHT)
        if first in wanted:
            roots[first] = full.root()
        inside = full.copy()
        for line in store.lines(first, last) if last > first else ():
            inside.append(leaf_of(line))
            if inside.size in wanted:
                roots[inside.size] = inside.root()
    return roots


def leaf_of(line: bytes) -> bytes:
    """Return the leaf hash (32 bytes) of the entry in ``line``, which is known to be one."""
    start = line.rfind(b'"head":{') + 7
    end = -_SALT_END if line.endswith(b'"}') else line.rfind(b',"redacted":')
    return sha256(b"\x00" + line[start:end]).digest()


def name_of_person(entry: SignedEntry) -> str:
    """Return who is said to have signed."""
    if entry.signed is not None:
        return entry.signed.statement.by
    value = entry.body if entry.kind == "attestation" else mapping_of(entry.body, "statement")
    return str(mapping_of(value, "statement").get("by"))
