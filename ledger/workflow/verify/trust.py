"""Whom to trust: where it starts, how it follows the changes of the log's keys, and who signed the head.

Trust starts at the key that was named, at the pin, or at entry 0. What that key is known to have signed (a
head, or the head with which it handed the log over) vouches for the charters below it, these name the next
keys, and so on to the keys in force at the end: one of those must have signed the head. Each change needs
its handover, a head kept in ``records/log/handover``, or the agreement of the owners (docs/format.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ledger.errors import FormatError, LedgerError, StoreError, VerificationError, Where
from ledger.governance.in_force import CharterVersion
from ledger.governance.succession import Proposal, Succession
from ledger.log.chain import Failure, LogError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import MAX_NOTE, Note, VerifierKey, decode_note, is_signed_by, open_note
from ledger.store.file_bytes import read_file
from ledger.store.pins import Pin
from ledger.store.places import CHECKPOINT, HANDOVERS, Places
from ledger.workflow.verify import report
from ledger.workflow.verify.charters import charter_failure, decode_log_keys, read_keys
from ledger.workflow.verify.judges import Verdict, count_of
from ledger.workflow.verify.sources import SourceFiles

RESTORE = "restore the file from a good copy of the repository, and look who changed it"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(slots=True)
class Trust:
    """The ``keys`` that trust starts at, and the ``reason``; ``named`` where somebody named them, ``pin``
    where that is what it starts at. ``verified`` is the key whose signature on the head held."""

    keys: tuple[VerifierKey, ...] = ()
    reason: str = ""
    named: bool = False
    pin: Pin | None = None
    verified: VerifierKey | None = None


@dataclass(slots=True)
class Handovers:
    """The kept heads by the sequence number of the charter entry that each contains as its last."""

    root: Path
    notes: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path, size: int) -> Handovers:
        """Return those below a log of ``size`` entries; a name that is no number there is passed over.

        Raises StoreError where the directory or a file cannot be read.
        """
        found = cls(root)
        try:
            names = [path.name for path in (root / HANDOVERS).iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return found
        except OSError as error:
            raise StoreError(
                f"cannot read {root / HANDOVERS}: {error.strerror}", fix="make it readable for you"
            ) from error
        for seq in sorted(int(name) for name in names if _NUMBER.fullmatch(name)):
            note = read_file(root, handover_path(seq), MAX_NOTE) if seq < size else None
            if note is not None:
                found.notes[seq] = note
        return found

    @property
    def sizes(self) -> list[int]:
        """The sizes of the log at which they were signed."""
        return [seq + 1 for seq in self.notes]


@dataclass(slots=True)
class Followed:
    """What following the changes of keys gave: ``handed`` are the charter entries with a good handover and
    the keys that signed it, ``agreed`` those that the owners agreed to without one."""

    handed: dict[int, tuple[VerifierKey, ...]] = field(default_factory=dict)
    agreed: list[int] = field(default_factory=list)


def handover_path(seq: int) -> str:
    """Return where the handover of charter entry ``seq`` lies, relative to the ledger."""
    return f"{HANDOVERS}/{seq}"


def choose_keys(places: Places, key: VerifierKey | None, pin: Pin | None) -> Trust:
    """Return where trust starts: at ``key`` where one was named, else at the ``pin``, else at entry 0."""
    if key is not None:
        return Trust((key,), "named with --key", named=True)
    if pin is not None:
        reason = f"pinned on this computer when {pin.head.size} entries held"
        return Trust(pin.keys, reason, pin=pin)
    first = SourceFiles(places.root).entry(0)
    reason = "named by the log's own entry 0: compare it with the key that you got in another way"
    try:
        return Trust(() if first is None else read_keys(first), reason)
    except LedgerError:
        # What is wrong with entry 0 is told by the check whose promise it breaks.
        return Trust(reason="entry 0 names no key that can be used")


def may_be_trusted(verdict: Verdict, note: bytes, trust: Trust, handovers: Handovers) -> bool:
    """Tell whether it makes sense to go on: a trusted key signed the head, or handed the log over.

    A pin, and entry 0, may lead to other keys in other ways: by the entries themselves.
    """
    if not trust.keys:
        return True
    known = {(key.name, key.key_id) for key in trust.keys}
    try:
        opened = open_note(note, trust.keys)
        trust.verified = opened.verified[0]
        return True
    except FormatError as error:
        verdict.fail(_no_signature(error.what, trust.keys))
        return False
    except VerificationError as error:
        claimed = any((line.name, line.key_id) in known for line in decode_note(note)[1])
        handed = any(is_signed_by(one, trust.keys) for one in handovers.notes.values())
        if not claimed and (handed or not trust.named):
            return True
        verdict.fail(_no_signature(error.what, trust.keys))
        return False


def follow_keys(
    succession: Succession, handovers: Handovers, roots: dict[int, bytes | None], origin: str
) -> Followed:
    """Return how each change of the log's keys was made, after checking every handover.

    ``roots`` are those of the log at the handovers' sizes. Raises LogError for a handover that is missing
    or does not hold.
    """
    followed = Followed()
    for version, before in key_changes(succession):
        seq, keys = version.seq, decode_log_keys(before.charter.keys)
        note = handovers.notes.get(seq)
        if note is not None:
            followed.handed[seq] = _check_handover(note, seq, keys, roots.get(seq + 1), origin).verified
        elif version.since is not None:
            if succession.proposal(seq) is None:
                raise _missing(seq, keys)
            followed.agreed.append(seq)
    return followed


def _missing(seq: int, keys: Sequence[VerifierKey]) -> LogError:
    what = f"the charter #{seq} changes the log's keys, and {handover_path(seq)} is missing"
    fix = "restore the file from a good copy; where nobody has one, the new keys may be a stranger's"
    expected = f"the head of {seq + 1} entries, signed by {_join(keys)}"
    where = Where(handover_path(seq), None, seq)
    return LogError(Failure(report.HANDOVERS, what, where, expected, "no file", fix))


def key_changes(succession: Succession) -> list[tuple[CharterVersion, CharterVersion]]:
    """Return the versions that name other log keys than the one in effect before them, with that one."""
    changes = []
    for version in succession.versions[1:]:
        before = succession.before(version.seq)[-1]
        if set(version.charter.keys) != set(before.charter.keys):
            changes.append((version, before))
    return changes


def judge_keys(
    verdict: Verdict,
    note: bytes,
    head: Checkpoint,
    trust: Trust,
    succession: Succession,
    handovers: Handovers,
    roots: dict[int, bytes | None],
) -> tuple[VerifierKey, ...]:
    """Follow trust to the signature on the head, note what held, and return the keys to remember.

    Empty where it did not come so far.
    """
    if trust.named and not any(trust.keys[0].encode() in one.keys for one in succession.epochs()):
        what = "the trusted key is not one of the keys that the charter names"
        current = succession.current
        seq, keys = (0, ()) if current is None else (current.seq, current.charter.keys)
        error = charter_failure(
            seq, what, " ".join(keys), trust.keys[0].encode(), "name a key of the charter"
        )
        verdict.fail(error.failure, len(succession.versions))
        return ()
    trust.verified = None
    try:
        followed = follow_keys(succession, handovers, roots, head.origin)
    except LogError as error:
        verdict.fail(error.failure, len(key_changes(succession)))
        followed = None
    signers = decode_log_keys(succession.signers(head.size))
    try:
        verified = open_note(note, signers).verified
    except (FormatError, VerificationError) as error:
        proposal = succession.waiting
        named = () if proposal is None else decode_log_keys(proposal.version.charter.keys)
        if proposal is not None and is_signed_by(note, named):
            trust.verified = open_note(note, named).verified[0]
            verdict.waiting = describe_waiting(proposal)
            verdict.fail(_waits(proposal, signers, verdict.waiting))
        else:
            verdict.fail(_no_signature(error.what, signers))
        return ()
    trust.verified = verified[0]
    if not _is_anchored(trust, verified, followed, roots):
        trust.verified = None
        what = "nothing that this log keeps was signed by a trusted key"
        verdict.fail(_no_signature(what, trust.keys))
        return ()
    if followed is not None:
        _hold(verdict, trust, succession, followed)
    return signers


def describe_waiting(proposal: Proposal) -> str:
    """Return what a proposed charter waits for, in words."""
    version = proposal.version
    parts = [
        f"{one.missing} of {', '.join(one.waits_for)} (owners by version {one.version})"
        for one in proposal.consents
        if one.missing
    ]
    return f"version {version.version} of the charter (#{version.seq}) waits for {' and '.join(parts)}"


def _is_anchored(
    trust: Trust,
    verified: Sequence[VerifierKey],
    followed: Followed | None,
    roots: dict[int, bytes | None],
) -> bool:
    """Tell whether what trust starts at vouches for this log, and not only a charter that names it."""
    if trust.pin is not None:
        before = trust.pin.head
        if before.size == 0 or roots.get(before.size) == before.root:
            return True
    elif not trust.named:
        return True
    handed = [] if followed is None else [key for keys in followed.handed.values() for key in keys]
    return bool({*verified, *handed} & set(trust.keys))


def _hold(verdict: Verdict, trust: Trust, succession: Succession, followed: Followed) -> None:
    changes = succession.epochs()[1:]
    if not changes and not followed.handed:
        verdict.skip(report.HANDOVERS, "the keys of the log never changed")
        return
    words = [
        f"#{seq} by the head that {' and '.join(key.key_id.hex() for key in keys)} signed"
        for seq, keys in followed.handed.items()
    ]
    words += [f"#{seq} by its owners' agreement" for seq in followed.agreed]
    verdict.hold(
        report.HANDOVERS, len(changes), f"{count_of(len(changes), 'change')} of keys: {'; '.join(words)}"
    )
    if changes:
        trust.reason += f"; followed through {count_of(len(changes), 'change')} of the log's keys"


def _check_handover(
    note: bytes, seq: int, keys: Sequence[VerifierKey], root: bytes | None, origin: str
) -> Note:
    path = handover_path(seq)

    def failure(what: str, expected: str, found: str) -> LogError:
        return LogError(Failure(report.HANDOVERS, what, Where(path, None, seq), expected, found, RESTORE))

    try:
        opened = open_note(note, keys)
        head = Checkpoint.decode(opened.text)
    except (FormatError, VerificationError) as error:
        what = f"the handover of the charter #{seq} does not hold: {error.what}"
        raise failure(what, f"a signature by {_join(keys)}", error.what) from None
    expected = f"{origin}, {seq + 1} entries, root {'?' if root is None else root.hex()}"
    found = f"{head.origin}, {head.size} entries, root {head.root.hex()}"
    if (head.origin, head.size, head.root) != (origin, seq + 1, root):
        raise failure(f"the handover of the charter #{seq} is another head", expected, found)
    return opened


def _waits(proposal: Proposal, signers: Sequence[VerifierKey], words: str) -> Failure:
    what = f"the head is signed by a key that only a proposed charter names: {words}"
    seq = proposal.version.seq
    fix = "the owners sign it (ledger sign charter), and the recorder places that (ledger sequence);"
    fix += " where they do not know of it, it is a stranger's"
    where = Where(CHECKPOINT, None, seq)
    return Failure(
        report.HANDOVERS, what, where, f"a signature by {_join(signers)}", "a key not in force", fix
    )


def _no_signature(what: str, keys: Sequence[VerifierKey]) -> Failure:
    fix = f"{RESTORE}; or name the key that you trust with --key"
    return Failure(report.TREE, what, Where(CHECKPOINT), f"a signature by {_join(keys)}", "none", fix)


def _join(keys: Sequence[VerifierKey]) -> str:
    return " ".join(key.encode() for key in keys)
