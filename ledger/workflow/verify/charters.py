"""The charters in a log: entry 0's, which names the log and its keys, and those that follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ledger.charter import parse_charter
from ledger.errors import LedgerError, VerificationError, Where
from ledger.governance.agreements import agreements_in
from ledger.governance.succession import CharterEntry as Entered
from ledger.governance.succession import Succession, follow_charters
from ledger.log.chain import FILE_LINES, Failure, LogError
from ledger.log.entry import Entry
from ledger.log.note import ED25519, VerifierKey
from ledger.records import Charter, to_body
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


class AgreementEntry(NamedTuple):
    """An attestation that is an agreement to a charter, or was erased and might have been one (no body)."""

    seq: int
    kind: str
    at: str
    leaf: bytes
    body: Mapping[str, Any] | None


def read_keys(entry: Entry) -> tuple[VerifierKey, ...]:
    """Return the keys of the log that entry 0 names.

    Raises a LedgerError where it is no charter, or names a key that must not be used.
    """
    front = entry.body.get("front_matter") if entry.kind == "charter" and entry.body is not None else None
    if not isinstance(front, dict):
        raise VerificationError("entry 0 is not a charter", why="it names the log and its keys", fix=_FIX)
    return decode_log_keys(parse_charter(front, path="entry 0").keys)


def check_charters(
    charters: Sequence[CharterEntry], agreements: Sequence[AgreementEntry], origin: str
) -> Succession:
    """Return the succession of the ``charters`` of the log ``origin``, after checking them in order.

    Entry 0 is version 1 and follows none; each later version counts by one, names the one before, in
    effect or not, and does not come into force before the one in effect (docs/format.md). What changes
    the log's keys is held against their signatures by :mod:`ledger.workflow.verify.trust`. Raises LogError
    for the first rule that is broken.
    """
    if not charters or charters[0].seq != 0:
        raise charter_failure(0, "entry 0 is not a charter", "a charter", "another kind")
    entered = []
    for index, charter in enumerate(charters):
        seq = charter.seq
        body = _check_place(charter, index + 1, charters[index - 1] if index else None)
        try:
            meaning = parse_charter(body.front_matter, path=f"entry {seq}")
            decode_log_keys(meaning.keys)
        except LedgerError as error:
            what = f"the charter cannot be used: {error.what}"
            raise charter_failure(seq, what, "a charter", error.what) from None
        if meaning.origin != origin:
            what = "the charter is that of another log than the signed head"
            raise charter_failure(seq, what, origin, meaning.origin)
        entered.append(Entered(seq, charter.at, charter.leaf, to_body(body)))
    succession = follow_charters(entered, agreements_in(agreements))
    _check_days(succession)
    _check_erased(succession, agreements)
    return succession


def _check_days(succession: Succession) -> None:
    for version in succession.versions[1:]:
        before = succession.before(version.seq)[-1]
        # Without a date of its own a charter is in force from the day on which it took effect, if ever.
        stated = version.charter.in_force_from is not None or version.since is not None
        if stated and version.in_force_from < before.in_force_from:
            what = f"the charter is in force before the one before it, from {version.in_force_from}"
            raise charter_failure(version.seq, what, before.in_force_from, version.in_force_from)


def _check_erased(succession: Succession, agreements: Sequence[AgreementEntry]) -> None:
    """Refuse an erased attestation where an agreement would have counted: it could undo a charter."""
    for seq in (one.seq for one in agreements if one.body is None):
        proposal = succession.awaited(seq)
        if proposal is not None:
            what = f"entry {seq} was erased, and may have been an agreement to #{proposal.version.seq}"
            raise charter_failure(seq, what, "every agreement to a charter", "an erased attestation")


def _check_place(charter: CharterEntry, version: int, before: CharterEntry | None) -> Charter:
    """Return the charter's body after comparing its version and what it says it follows."""
    seq, body = charter.seq, charter.body
    if body is None:
        raise charter_failure(
            seq, "the charter's body is missing or does not fit its kind", "a charter", "none"
        )
    if body.version != version:
        what = f"the charter is version {body.version}, where version {version} must stand"
        raise charter_failure(seq, what, str(version), str(body.version))
    named = None if body.previous is None else (body.previous.seq, body.previous.leaf)
    expected = None if before is None else (before.seq, before.leaf)
    if named != expected:
        what = "the charter does not name the charter before it"
        raise charter_failure(seq, what, str(expected), str(named))
    return body


def decode_log_keys(texts: Sequence[str]) -> tuple[VerifierKey, ...]:
    """Return the keys that may sign for the log. Raises a LedgerError for one that must not."""
    keys = tuple(VerifierKey.decode(text) for text in texts)
    for key in keys:
        if key.type != ED25519:
            raise VerificationError(
                f"{key.encode()} is a witness's key, and cannot sign for the log", fix=_FIX
            )
    return keys


def charter_failure(seq: int, what: str, expected: str, found: str, fix: str = _FIX) -> LogError:
    """Return the error that a charter breaks a rule."""
    path = f"{ENTRIES}/{entry_file_name(seq // FILE_LINES)}"
    return LogError(Failure(CHARTERS, what, Where(path, seq % FILE_LINES + 1, seq), expected, found, fix))
