"""``verify FILE``: a proof checked alone, with no ledger at hand.

What can be computed is computed from the file's own bytes: the form of the entry's line, the digest of
its body, its leaf hash, the way from there to the signed root. Whether the signature is one to trust
needs a key that the file cannot vouch for.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ledger.errors import (
    FormatError,
    LedgerError,
    NotFoundError,
    StoreError,
    VerificationError,
    Where,
)
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import MAX_BODY, Entry, decode_entry
from ledger.log.note import VerifierKey, decode_note
from ledger.log.policy import Policy
from ledger.log.proof import check_consistency, check_inclusion
from ledger.log.proof_files import CONSISTENCY, INCLUSION, MAX_PROOF, ConsistencyFile, InclusionFile
from ledger.store.pins import read_pin
from ledger.store.places import Places, find_ledger
from ledger.workflow.user_files import read_user_file
from ledger.workflow.verify.report import PIN, WITNESSES, Check, Status
from ledger.workflow.verify.trusted import (
    Nearby,
    Trust,
    choose_trust,
    is_log_key,
    open_head,
    read_nearby,
    signers_of,
)
from ledger.workflow.verify.witnesses import NOTHING_MORE, Demands, check_policy, other_lines, policy_of

LINE = "entry's line"
WORDS = "its words"
TREE = "way to the root"
GROWTH = "nothing but growth"
SIGNATURE = "signature"
NEARBY = "ledger at hand"

MAX_BUNDLE = MAX_BODY + 4096 + MAX_PROOF
"""No proof is larger than this (bytes)."""

_NO_PROOF = "a proof begins with the entry that it proves, or was changed since it was made"
_PROVE = "name a file that ledger prove made; a signed head is compared with: ledger verify --base FILE"
_AGAIN = "get the proof anew from a copy of the log that you trust, and ask who changed this one"
_WHAT = "a proof made by ledger prove (a whole ledger is named with --ledger DIR)"


@dataclass(slots=True)
class FileReport:
    """What a proof file shows.

    ``head`` is its signed head (the later of two). ``entry`` is the entry it proves, or ``old`` the head
    that ``head`` extends. ``key`` is the trusted key whose signature held, None where none is known
    here: ``signers`` are then who is *said* to have signed, and ``is_trusted`` is false. ``checks`` are
    those that held or could not be made; what does not hold is raised.
    """

    path: str
    head: Checkpoint
    entry: Entry | None
    old: Checkpoint | None
    signers: tuple[str, ...]
    key: VerifierKey | None = None
    key_reason: str = ""
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_trusted(self) -> bool:
        """Whether a key that is trusted here signed the head: without it the rest proves little."""
        return self.key is not None

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON value; roots in base64, as heads have them."""
        return {
            "ok": self.is_trusted,
            "file": self.path,
            "origin": self.head.origin,
            "size": self.head.size,
            "root": b64encode(self.head.root).decode(),
            "entry": None if self.entry is None else _entry_json(self.entry),
            "since": None if self.old is None else _head_json(self.old),
            "key": None if self.key is None else self.key.encode(),
            "key_reason": self.key_reason,
            "signers": list(self.signers),
            "checks": [
                {"name": check.name, "status": check.status, "count": check.count, "detail": check.detail}
                for check in self.checks
            ],
            "notes": list(self.notes),
        }

    def note(self, name: str, status: Status, count: int, detail: str) -> None:
        """Add a check."""
        self.checks.append(Check(name, status, count, detail))


class _Asked(NamedTuple):
    """What to check a proof with: ``keys`` by name, the ledger at hand, the ``witnesses`` of a policy."""

    keys: Sequence[str]
    places: Places | None
    witnesses: tuple[VerifierKey, ...]


def verify_file(
    path: Path,
    *,
    keys: Sequence[str] = (),
    directory: Path | None = None,
    demands: Demands = NOTHING_MORE,
) -> FileReport:
    """Check the proof in the file ``path`` and return what it shows.

    ``keys`` are verifier keys to trust (C2SP texts); without one the pin of that log on this computer is
    trusted, and without a pin the ledger at hand (in ``directory``, else around the working directory)
    where it is the same log. A policy among the ``demands`` names the logs to trust where no key is named,
    and the witnesses that must have cosigned. Writes nothing.

    Raises UsageError for a file that is not there, a key that is none or a demand that no proof can meet,
    FormatError or VerificationError for whatever does not hold, StoreError where something cannot be read.
    """
    data = read_user_file(path, MAX_BUNDLE, _WHAT)
    places = _find_nearby(directory)
    policy = policy_of(demands)
    named = keys or ([] if policy is None else [key.encode() for key in policy.logs])
    asked = _Asked(named, places, () if policy is None else tuple(policy.witnesses.values()))
    try:
        if data.startswith(f"{CONSISTENCY}\n".encode()):
            report, note = _verify_growth(ConsistencyFile.decode(data), str(path), asked)
        else:
            report, note = _verify_entry(data, str(path), asked)
        if policy is not None:
            _judge_policy(report, note, policy, by_key=bool(keys))
        return report
    except (FormatError, VerificationError) as error:
        place = error.where or Where()
        raise type(error)(
            error.what,
            why=error.why or "whoever changed it could make it say anything",
            fix=error.fix or _AGAIN,
            where=Where(str(path), place.line, place.entry),
        ) from None


def _verify_entry(data: bytes, path: str, asked: _Asked) -> tuple[FileReport, bytes]:
    """Return what the proof of an entry shows, and the note of its head."""
    line, _, rest = data.partition(b"\n")
    if line == INCLUSION.encode():
        raise FormatError(
            "the proof has no entry before it",
            why="without the entry nobody can tell what is proved",
            fix="put the entry's line, exactly as the log has it, before the proof",
        )
    entry = _decode_line(line)
    proof = InclusionFile.decode(rest)
    text, _ = decode_note(proof.checkpoint)
    head = Checkpoint.decode(text)
    report = FileReport(path, head, entry, None, signers_of(proof.checkpoint))
    report.note(LINE, "held", 1, "in its only form, with every part that it must have")
    if entry.redacted is None:
        report.note(WORDS, "held", 1, "they have the hash that the entry's head states")
    elif entry.redacted < head.size:
        # No hash covers this number: whoever hides the words can name any entry.
        words = f"the file says that entry #{entry.redacted} erased them; whether it did only the log tells"
        report.note(WORDS, "not-checked", 0, words)
    else:
        raise VerificationError(
            f"it says that entry #{entry.redacted} erased its words, and its head has {head.size} entries",
            why="an entry that is not in the log erases nothing: somebody took the words out of the proof",
        )
    if proof.index != entry.seq:
        raise VerificationError(f"the proof is about entry {proof.index}, and this is entry {entry.seq}")
    check_inclusion(entry.leaf, entry.seq, head.size, proof.hashes, head.root)
    way = "1 hash leads" if len(proof.hashes) == 1 else f"{len(proof.hashes)} hashes lead"
    report.note(TREE, "held", len(proof.hashes), f"{way} from the entry to the root of the signed head")
    if proof.extra is not None:
        report.notes.append("the proof carries extra data, which no signature covers: ignored")
    _judge_heads(report, [(head, proof.checkpoint)], asked)
    return report, proof.checkpoint


def _verify_growth(proof: ConsistencyFile, path: str, asked: _Asked) -> tuple[FileReport, bytes]:
    """Return what the proof that a log grew shows, and the note of the later head."""
    old, new = proof.heads()
    if old.origin != new.origin:
        raise VerificationError(f"the heads are of two logs: {old.origin} and {new.origin}")
    check_consistency(old.size, new.size, proof.hashes, old_root=old.root, new_root=new.root)
    report = FileReport(path, new, None, old, signers_of(proof.new))
    words = f"the first {old.size} of the {new.size} entries are those of the earlier head"
    report.note(GROWTH, "held", len(proof.hashes), words)
    _judge_heads(report, [(new, proof.new), (old, proof.old)], asked)
    return report, proof.new


def _judge_heads(report: FileReport, heads: Sequence[tuple[Checkpoint, bytes]], asked: _Asked) -> None:
    """Check who signed each head (with its note), and compare it with what is known here."""
    nearby = _read_nearby(report, asked.places)
    for head, note in heads:
        trust = choose_trust(head, asked.keys, nearby)
        report.key_reason = report.key_reason or trust.reason
        if trust.keys:
            _check_signature(report, note, trust, asked.witnesses)
    if report.key is not None:
        who = "both heads are" if len(heads) > 1 else "the head is"
        report.note(SIGNATURE, "held", len(heads), f"{who} signed by a key of {report.head.origin}")
    else:
        said = ", ".join(report.signers)
        report.note(SIGNATURE, "not-checked", 0, f"said to be by {said}; {report.key_reason}")
    for head in dict.fromkeys(head for head, _ in heads):
        _compare_pin(report, head)
        _compare_nearby(report, head, nearby)


def _judge_policy(report: FileReport, note: bytes, policy: Policy, *, by_key: bool) -> None:
    """Check that the head has what ``policy`` asks for; ``by_key`` where the log's key was named apart."""
    if policy.logs and not by_key:
        report.key_reason = "named by the policy"
    report.note(WITNESSES, "held", len(policy.witnesses), check_policy(note, policy, now=int(time.time())))


def _check_signature(
    report: FileReport, note: bytes, trust: Trust, witnesses: Sequence[VerifierKey]
) -> None:
    opened = open_head(note, trust)
    signer = next((key for key in opened.verified if is_log_key(key, report.head.origin)), None)
    if signer is None:
        raise VerificationError(f"no key of {report.head.origin} that is trusted here signed the head")
    report.key = report.key or signer
    others = other_lines(note, [*opened.verified, *witnesses])
    if others is not None:
        report.notes.append(f"{others[0]} not checked ({others[1]})")


def _compare_pin(report: FileReport, head: Checkpoint) -> None:
    pin = read_pin(head.origin)
    if pin is None:
        return
    if pin.head.size == head.size:
        if pin.head.root != head.root:
            raise _fork(head, pin.head, "the head that held on this computer (the pin)")
        report.note(PIN, "held", 1, f"the head of {head.size} entries that held on this computer before")
        return
    words = "an older head" if head.size < pin.head.size else "a later head"
    report.note(
        PIN,
        "not-checked",
        0,
        f"{words}, of {head.size} entries; {pin.head.size} held here last. Whether one extends the other"
        " can be told from the log, or from: ledger prove --since",
    )


def _compare_nearby(report: FileReport, head: Checkpoint, nearby: Nearby | None) -> None:
    if nearby is None or nearby.head.origin != head.origin:
        return
    if head.size > nearby.tree.size:
        words = f"it has {nearby.tree.size} entries, fewer than the proof's head, and cannot be compared"
        report.note(NEARBY, "not-checked", 0, words)
        return
    here = Checkpoint(head.origin, head.size, nearby.tree.root(head.size))
    if here.root != head.root:
        raise _fork(head, here, "the ledger at hand")
    report.note(NEARBY, "held", head.size, f"it begins with the same {head.size} entries")


def _fork(head: Checkpoint, other: Checkpoint, source: str) -> VerificationError:
    return VerificationError(
        f"FORK: the proof's head of {head.size} entries is not that of {source}: its root is"
        f" {b64encode(head.root).decode()}, there it is {b64encode(other.root).decode()}",
        why="a log has one history; somebody was shown another one",
        fix="keep this file: it is the evidence; compare it with the group",
    )


def _find_nearby(directory: Path | None) -> Places | None:
    try:
        return find_ledger(ledger=directory)
    except NotFoundError as error:
        if directory is not None:
            raise StoreError(error.what, why=error.why, fix=error.fix, where=error.where) from error
        return None


def _read_nearby(report: FileReport, places: Places | None) -> Nearby | None:
    if places is None:
        return None
    try:
        return read_nearby(places)
    except LedgerError as error:
        report.notes.append(f"the ledger at hand was not used: {error.what}")
        return None


def _decode_line(line: bytes) -> Entry:
    try:
        return decode_entry(line)
    except (FormatError, VerificationError) as error:
        seq = error.where.entry if error.where is not None else None
        if seq is None:
            what = f"this is not a proof of a record: its first line is not an entry ({error.what})"
            raise type(error)(what, why=_NO_PROOF, fix=_PROVE, where=Where(None, 1)) from None
        raise type(error)(error.what, why=error.why, fix=_AGAIN, where=Where(None, 1, seq)) from None


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "id": entry.id,
        "at": entry.at,
        "leaf": entry.leaf.hex(),
        "body": entry.body,
        "redacted": None if entry.redacted is None else f"#{entry.redacted}",
    }


def _head_json(head: Checkpoint) -> dict[str, Any]:
    return {"size": head.size, "root": b64encode(head.root).decode()}
