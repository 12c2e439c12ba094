"""The verdict: whom to trust, what held, and what the next run should remember."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import FormatError, LedgerError, StoreError, UsageError, VerificationError, Where
from ledger.log.chain import Failure, LogError
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import MAX_NOTE, VerifierKey, decode_note, open_note
from ledger.store.file_bytes import read_file
from ledger.store.pins import Pin, read_pin
from ledger.store.places import CHECKPOINT, Places
from ledger.workflow.signing import utc_now
from ledger.workflow.verify import report
from ledger.workflow.verify.abandoned import all_keys, check_abandoned
from ledger.workflow.verify.base import judge_base, read_base
from ledger.workflow.verify.charters import CharterEntry, check_charters, read_keys
from ledger.workflow.verify.freshness import judge_age, read_age
from ledger.workflow.verify.heads import SignedHead
from ledger.workflow.verify.judges import (
    Verdict,
    count_of,
    judge_bodies,
    judge_members,
    judge_rules,
    judge_sources,
    recount_polls,
)
from ledger.workflow.verify.pinned import judge_pin, remember_head
from ledger.workflow.verify.report import Status, VerifyReport
from ledger.workflow.verify.sources import SourceFiles
from ledger.workflow.verify.surroundings import describe_strays, describe_surroundings, list_strays
from ledger.workflow.verify.timestamps import judge_timestamps, stamped_sizes
from ledger.workflow.verify.walk import Progress, Walk, walk_log
from ledger.workflow.verify.witnesses import NOTHING_MORE, Demands, judge_witnesses, witnesses_of

_RESTORE = "restore the file from a good copy of the repository, and look who changed it"
_STOPPED = "not looked at, because the log is broken before"
_LATER = {
    report.HANDOVERS: "this version cannot check a change of keys; a charter that makes one is refused",
}
"""Promises of the design that this version does not check, and says so."""


@dataclass(slots=True)
class _Trust:
    """The keys that may sign the head, and why; ``verified`` is the one that did."""

    keys: tuple[VerifierKey, ...] = ()
    reason: str = ""
    verified: VerifierKey | None = None


def verify_ledger(
    places: Places,
    *,
    key: str | None = None,
    base: str | None = None,
    max_age: str | None = None,
    demands: Demands = NOTHING_MORE,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> VerifyReport:
    """Check every promise of the ledger at ``places`` that this version knows (DESIGN 5).

    ``key`` is the verifier key to trust (C2SP text); without it the pinned keys are trusted, and
    without a pin those of entry 0. ``base`` names a commit or a checkpoint file that the log must extend,
    ``max_age`` how old its last entry may be (``30d``). ``demands`` are cosignatures and time stamps that
    must be there. ``jobs`` is the number of processes (None: one for each processor where the log is long).
    ``progress`` is called with entries done and entries in all.

    Reads the files only: no index, no private key, no network. Writes nothing but the pin, and that
    only when every check held and the work tree is on its default branch or outside git. What is
    wrong with the ledger is in the report. Raises UsageError for a ``key`` or an age that is none, and
    StoreError where a file cannot be read, there is no signed head, or the base cannot be found out.
    """
    trusted = None if key is None else _decode_key(key)
    if max_age is not None:
        read_age(max_age)
    compared = None if base is None else read_base(places, base)
    note = read_file(places.root, CHECKPOINT, MAX_NOTE)
    if note is None:
        raise StoreError(
            f"there is no signed head: {CHECKPOINT} is missing",
            why="without it nothing says which entries belong to the log",
            fix="fetch it (git pull), or restore it from a good copy of the repository",
        )
    verdict = Verdict()
    for name, detail in _LATER.items():
        verdict.skip(name, detail)
    try:
        head = Checkpoint.decode(decode_note(note)[0])
    except FormatError as error:
        failure = Failure(
            report.TREE, error.what, Where(CHECKPOINT), "a signed head", _excerpt(note), _RESTORE
        )
        verdict.fail(failure)
        return _report(verdict, None, _Trust(reason="no key was used"), ())
    pin = read_pin(head.origin)
    trust = _choose_keys(places, trusted, pin)
    if not _check_signature(verdict, note, trust):
        return _report(verdict, head, trust, ())
    present = SignedHead(f"the head now ({CHECKPOINT})", note, head)
    earlier = [one.head.size for one in (pin, compared) if one is not None and one.head is not None]
    if demands.certificates is not None:
        earlier += stamped_sizes(places.root, head.size)
    sizes = sorted({size for size in earlier if 0 < size <= head.size} | {head.size})
    walk = walk_log(places.root, head.size, sizes=sizes, jobs=jobs, progress=progress)
    _judge_walk(verdict, walk, head, trust)
    if walk.failure is not None:
        judge_pin(verdict, places, pin, present, {})
        judge_base(verdict, places, compared, present, {}, trust.keys)
        return _report(verdict, head, trust, ())
    keys = _judge_charters(verdict, walk.charters, head, trust)
    judge_pin(verdict, places, pin, present, walk.chain.roots)
    judge_base(
        verdict, places, compared, present, walk.chain.roots, (*trust.keys, *all_keys(walk.charters))
    )
    if max_age is not None and head.size:
        judge_age(verdict, max_age, walk.chain.at, utc_now())
    check_abandoned(walk, places.root, head)
    judge_bodies(verdict, walk, recount_polls(places, walk))
    judge_sources(verdict, walk)
    judge_rules(verdict, places, walk)
    judge_members(verdict, places, walk, head.origin)
    # Last: what others have not said is no reason to leave anything else unchecked.
    judge_witnesses(
        verdict,
        note,
        (*trust.keys, *keys),
        witnesses_of(walk.charters),
        demands,
        last_at=walk.chain.at,
        now=int(time.time()),
    )
    judge_timestamps(
        verdict,
        SourceFiles(places.root),
        places.root,
        head,
        walk.chain.roots,
        demands.certificates,
    )
    strays = list_strays(places.root, head.size, walk.files)
    newest = walk.charters[-1].body if walk.charters else None
    verdict.notes += describe_surroundings(places.root, None if newest is None else newest.file_sha256)
    verdict.notes += describe_strays(strays)
    # A vote that the rules do not support, or a log that is old, says nothing against what it holds.
    if not verdict.failures.keys() - {report.RULES, report.FRESHNESS} and trust.verified is not None:
        remember_head(verdict, places, present, keys)
    return _report(verdict, head, trust, strays)


def _decode_key(key: str) -> VerifierKey:
    try:
        return VerifierKey.decode(key)
    except FormatError as error:
        raise UsageError(
            f"--key: {error.what}", why=error.why, fix="give the whole key: name+id+key"
        ) from None


def _choose_keys(places: Places, key: VerifierKey | None, pin: Pin | None) -> _Trust:
    if key is not None:
        return _Trust((key,), "named with --key")
    if pin is not None:
        return _Trust(pin.keys, f"pinned on this computer when {pin.head.size} entries held")
    first = SourceFiles(places.root).entry(0)
    reason = "named by the log's own entry 0: compare it with the key that you got in another way"
    try:
        return _Trust(() if first is None else read_keys(first), reason)
    except LedgerError:
        # What is wrong with entry 0 is told by the check whose promise it breaks.
        return _Trust(reason="entry 0 names no key that can be used")


def _check_signature(verdict: Verdict, note: bytes, trust: _Trust) -> bool:
    """Note which trusted key signed the head; tell whether it makes sense to go on."""
    if not trust.keys:
        return True
    try:
        opened = open_note(note, trust.keys)
    except (FormatError, VerificationError) as error:
        keys = " ".join(key.encode() for key in trust.keys)
        fix = f"{_RESTORE}; or name the key that you trust with --key"
        failure = Failure(report.TREE, error.what, Where(CHECKPOINT), f"a signature by {keys}", "none", fix)
        verdict.fail(failure)
        return False
    trust.verified = opened.verified[0]
    return True


def _judge_walk(verdict: Verdict, walk: Walk, head: Checkpoint, trust: _Trust) -> None:
    size, failure = head.size, walk.failure
    if failure is not None:
        first = failure.where.entry or 0
        verdict.fail(failure, first)
        so_far = f"held before entry {first}; the rest was not looked at"
        verdict.skip(report.FORMAT, so_far, first)
        verdict.skip(report.CHAIN, so_far, first)
        return
    verdict.hold(report.FORMAT, size, f"{count_of(size, 'entry', 'entries')}, each in its only form")
    verdict.hold(report.CHAIN, size, "each entry names the one before it and has its own body")
    root = walk.chain.frontier.root()
    if root != head.root:
        what = "the entries have another Merkle root than the signed head states"
        expected, found = head.root.hex(), root.hex()
        verdict.fail(Failure(report.TREE, what, Where(CHECKPOINT), expected, found, _RESTORE), size)
    elif trust.verified is None:
        what = "nobody's signature can be checked: " + trust.reason
        verdict.fail(
            Failure(report.TREE, what, Where(CHECKPOINT), "a charter with a key", "none", _RESTORE)
        )
    else:
        verdict.hold(
            report.TREE, size, f"the root over {count_of(size, 'entry', 'entries')} is the signed one"
        )
    if walk.trailing:
        verdict.notes.append(
            f"{walk.trailing} bytes after entry {size - 1} are not part of the log: no signed head covers"
            " them; an interrupted record leaves such lines, and the next one removes them"
        )


def _judge_charters(
    verdict: Verdict, charters: Sequence[CharterEntry], head: Checkpoint, trust: _Trust
) -> tuple[VerifierKey, ...]:
    try:
        keys = check_charters(charters, head.origin, trust.verified)
    except LogError as error:
        verdict.fail(error.failure, len(charters))
        return ()
    versions = "version 1" if len(charters) == 1 else f"versions 1 to {len(charters)}"
    verdict.hold(report.CHARTERS, len(charters), f"{versions}, of the log {head.origin}")
    return keys


def _report(
    verdict: Verdict, head: Checkpoint | None, trust: _Trust, strays: tuple[str, ...]
) -> VerifyReport:
    for name in report.ORDER:
        if name not in report.IF_ASKED:
            verdict.skip(name, _STOPPED)
    checks = tuple(verdict.checks[name] for name in report.ORDER if name in verdict.checks)
    failure = next(
        (verdict.failures[check.name] for check in checks if check.name in verdict.failures), None
    )
    return VerifyReport(
        ok=verdict.ok,
        size=None if head is None else head.size,
        root=None if head is None else head.root,
        origin=None if head is None else head.origin,
        key=None if trust.verified is None else trust.verified.encode(),
        key_reason=trust.reason,
        checks=checks,
        failure=failure,
        notes=tuple(verdict.notes),
        not_in_log=strays,
        evidence=tuple(verdict.evidence),
        additions=verdict.additions,
    )


def _excerpt(data: bytes) -> str:
    text = data[:100].decode("utf-8", "backslashreplace")
    return text if len(data) <= 100 else text + "…"


__all__ = ["Status", "verify_ledger"]
