"""The charters in a log: entry 0's, which names the log and its keys, and those that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.charter import parse_charter
from ledger.errors import LedgerError, VerificationError, Where
from ledger.log.chain import FILE_LINES, Failure, LogError
from ledger.log.entry import Entry
from ledger.log.note import ED25519, VerifierKey
from ledger.records import Charter
from ledger.store.places import ENTRIES, entry_file_name
from ledger.workflow.verify.report import CHARTERS

_FIX = "compare the log with a good copy, and ask whoever wrote this entry"


@dataclass(frozen=True, slots=True)
class CharterEntry:
    """A charter as it stands in the log: its place, leaf hash (hex), time, and body.

    The body is None where it was redacted or does not fit its kind.
    """

    seq: int
    leaf: str
    at: str
    body: Charter | None


def read_keys(entry: Entry) -> tuple[VerifierKey, ...]:
    """Return the keys of the log that entry 0 names.

    Raises a LedgerError where it is no charter, or names a key that must not be used.
    """
    front = entry.body.get("front_matter") if entry.kind == "charter" and entry.body is not None else None
    if not isinstance(front, dict):
        raise VerificationError("entry 0 is not a charter", why="it names the log and its keys", fix=_FIX)
    return _decode_keys(parse_charter(front, path="entry 0").keys)


def check_charters(
    charters: Sequence[CharterEntry], origin: str, trusted: VerifierKey | None
) -> tuple[VerifierKey, ...]:
    """Return the keys of the log ``origin``, after checking its ``charters`` in order (DESIGN 3).

    Entry 0 is version 1 and follows none; each later version counts by one, names the one before
    and does not come into force before it. A charter that changes the keys is refused, because this
    version cannot check a handover. ``trusted`` is the key whose signature held on the head; it must be
    one of the log's. Raises LogError for the first rule that is broken.
    """
    if not charters or charters[0].seq != 0:
        raise _failure(0, "entry 0 is not a charter", "a charter", "another kind")
    keys: tuple[VerifierKey, ...] = ()
    in_force = ""
    for index, charter in enumerate(charters):
        seq = charter.seq
        body = _check_place(charter, index + 1, charters[index - 1] if index else None)
        try:
            meaning = parse_charter(body.front_matter, path=f"entry {seq}")
            named = _decode_keys(meaning.keys)
        except LedgerError as error:
            raise _failure(
                seq, f"the charter cannot be used: {error.what}", "a charter", error.what
            ) from None
        if meaning.origin != origin:
            what = "the charter is that of another log than the signed head"
            raise _failure(seq, what, origin, meaning.origin)
        if keys and set(named) != set(keys):
            what = "the charter changes the log's keys, and this version cannot check a handover"
            raise _failure(
                seq, what, _join(keys), _join(named), "verify with a later version of this program"
            )
        # Without a date of its own a charter is in force from the day it was recorded.
        start = meaning.in_force_from or charter.at[:10]
        if start < in_force:
            raise _failure(
                seq, f"the charter is in force before the one before it, from {start}", in_force, start
            )
        keys, in_force = named, start
    if trusted is not None and trusted not in keys:
        what = "the trusted key is not one of the keys that the charter names"
        raise _failure(charters[-1].seq, what, _join(keys), trusted.encode(), "name a key of the charter")
    return keys


def _check_place(charter: CharterEntry, version: int, before: CharterEntry | None) -> Charter:
    """Return the charter's body after comparing its version and what it says it follows."""
    seq, body = charter.seq, charter.body
    if body is None:
        raise _failure(seq, "the charter's body is missing or does not fit its kind", "a charter", "none")
    if body.version != version:
        what = f"the charter is version {body.version}, where version {version} must stand"
        raise _failure(seq, what, str(version), str(body.version))
    named = None if body.previous is None else (body.previous.seq, body.previous.leaf)
    expected = None if before is None else (before.seq, before.leaf)
    if named != expected:
        what = "the charter does not name the charter before it"
        raise _failure(seq, what, str(expected), str(named))
    return body


def _decode_keys(texts: Sequence[str]) -> tuple[VerifierKey, ...]:
    keys = tuple(VerifierKey.decode(text) for text in texts)
    for key in keys:
        if key.type != ED25519:
            raise VerificationError(
                f"{key.encode()} is a witness's key, and cannot sign for the log", fix=_FIX
            )
    return keys


def _join(keys: Sequence[VerifierKey]) -> str:
    return " ".join(key.encode() for key in keys)


def _failure(seq: int, what: str, expected: str, found: str, fix: str = _FIX) -> LogError:
    path = f"{ENTRIES}/{entry_file_name(seq // FILE_LINES)}"
    return LogError(Failure(CHARTERS, what, Where(path, seq % FILE_LINES + 1, seq), expected, found, fix))
