"""The verdict: whom to trust, what held, and what the next run should remember."""

from __future__ import annotations

import time

from ledger.errors import FormatError, StoreError, Where
from ledger.governance.succession import Succession
from ledger.log.chain import Failure, LogError, excerpt
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import MAX_NOTE, VerifierKey, decode_note
from ledger.store.file_bytes import read_file
from ledger.store.pins import read_pin
from ledger.store.places import CHECKPOINT, Places
from ledger.workflow.signing import utc_now
from ledger.workflow.verify import report
from ledger.workflow.verify.abandoned import all_keys, check_abandoned
from ledger.workflow.verify.base import judge_base, read_base
from ledger.workflow.verify.charters import check_charters
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
from ledger.workflow.verify.trust import (
    RESTORE,
    Handovers,
    Trust,
    choose_keys,
    describe_waiting,
    handover_path,
    judge_keys,
    key_changes,
    may_be_trusted,
)
from ledger.workflow.verify.walk import Progress, Walk, walk_log
from ledger.workflow.verify.witnesses import NOTHING_MORE, Demands, judge_witnesses

_STOPPED = "not looked at, because the log is broken before"


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
    trusted = None if key is None else _named_key(key)
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
    try:
        head = Checkpoint.decode(decode_note(note)[0])
    except FormatError as error:
        failure = Failure(
            report.TREE, error.what, Where(CHECKPOINT), "a signed head", excerpt(note), RESTORE
        )
        verdict.fail(failure)
        return _report(verdict, None, Trust(reason="no key was used"), ())
    pin = read_pin(head.origin)
    trust = choose_keys(places, trusted, pin)
    handovers = Handovers.read(places.root, head.size)
    if not may_be_trusted(verdict, note, trust, handovers):
        return _report(verdict, head, trust, ())
    present = SignedHead(f"the head now ({CHECKPOINT})", note, head)
    earlier = [one.head.size for one in (pin, compared) if one is not None and one.head is not None]
    if demands.certificates is not None:
        earlier += stamped_sizes(places.root, head.size)
    earlier += handovers.sizes
    sizes = sorted({size for size in earlier if 0 < size <= head.size} | {head.size})
    walk = walk_log(places.root, head.size, sizes=sizes, jobs=jobs, progress=progress)
    _judge_walk(verdict, walk, head)
    if walk.failure is not None:
        judge_pin(verdict, places, pin, present, {})
        judge_base(verdict, places, compared, present, {}, trust.keys)
        return _report(verdict, head, trust, ())
    succession = _judge_charters(verdict, walk, head)
    keys: tuple[VerifierKey, ...] = ()
    if succession is not None:
        keys = judge_keys(verdict, note, head, trust, succession, handovers, walk.chain.roots)
    _judge_tree(verdict, walk, head, trust)
    judge_pin(verdict, places, pin, present, walk.chain.roots)
    if succession is not None and trust.verified is None:
        return _report(verdict, head, trust, ())
    succession = succession or Succession()
    judge_base(
        verdict, places, compared, present, walk.chain.roots, (*trust.keys, *all_keys(walk.charters))
    )
    if max_age is not None and head.size:
        judge_age(verdict, max_age, walk.chain.at, utc_now())
    check_abandoned(walk, places.root, head)
    judge_bodies(verdict, walk, recount_polls(places, walk))
    judge_sources(verdict, walk)
    judge_rules(verdict, places, walk, succession)
    judge_members(verdict, places, walk, head.origin)
    # Last: what others have not said is no reason to leave anything else unchecked.
    judge_witnesses(
        verdict,
        note,
        (*trust.keys, *keys),
        None if succession.current is None else succession.current.charter.witnesses,
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
    strays = _look_around(verdict, places, walk, succession)
    # A vote that the rules do not support, or a log that is old, says nothing against what it holds.
    if not verdict.failures.keys() - {report.RULES, report.FRESHNESS} and keys:
        remember_head(verdict, places, present, keys)
    return _report(verdict, head, trust, strays)


def _named_key(key: str) -> VerifierKey:
    from ledger.workflow.verify.trusted import decode_named

    return decode_named(key)


def _judge_walk(verdict: Verdict, walk: Walk, head: Checkpoint) -> None:
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
    if walk.trailing:
        verdict.notes.append(
            f"{walk.trailing} bytes after entry {size - 1} are not part of the log: no signed head covers"
            " them; an interrupted record leaves such lines, and the next one removes them"
        )


def _judge_charters(verdict: Verdict, walk: Walk, head: Checkpoint) -> Succession | None:
    try:
        succession = check_charters(walk.charters, walk.agreements, head.origin)
    except LogError as error:
        verdict.fail(error.failure, len(walk.charters))
        return None
    count, proposed = len(walk.charters), succession.waiting
    versions = "version 1" if count == 1 else f"versions 1 to {count}"
    more = "" if proposed is None else f"; {describe_waiting(proposed)}"
    verdict.hold(report.CHARTERS, count, f"{versions}, of the log {head.origin}{more}")
    return succession


def _judge_tree(verdict: Verdict, walk: Walk, head: Checkpoint, trust: Trust) -> None:
    """Note whether the root is the one that was signed by a key that may."""
    root = walk.chain.frontier.root()
    if root != head.root:
        what = "the entries have another Merkle root than the signed head states"
        expected, found = head.root.hex(), root.hex()
        failure = Failure(report.TREE, what, Where(CHECKPOINT), expected, found, RESTORE)
        verdict.fail(failure, head.size)
    elif report.TREE in verdict.failures:
        return
    elif trust.verified is None:
        what = "nobody's signature can be checked: " + trust.reason
        verdict.fail(Failure(report.TREE, what, Where(CHECKPOINT), "a charter with a key", "none", RESTORE))
    else:
        what = f"the root over {count_of(head.size, 'entry', 'entries')} is the signed one"
        verdict.hold(report.TREE, head.size, what)


def _look_around(verdict: Verdict, places: Places, walk: Walk, succession: Succession) -> tuple[str, ...]:
    """Note what lies beside the log and differs from it; return the files that nothing vouches for."""
    kept = [handover_path(version.seq) for version, _ in key_changes(succession)]
    strays = list_strays(places.root, walk.size, walk.files, kept)
    digests = {one.seq: one.body.file_sha256 for one in walk.charters if one.body is not None}
    current, waiting = succession.current, succession.waiting
    verdict.notes += describe_surroundings(
        places.root,
        None if current is None else digests.get(current.seq),
        None if waiting is None else digests.get(waiting.version.seq),
    )
    verdict.notes += describe_strays(strays)
    return strays


def _report(
    verdict: Verdict, head: Checkpoint | None, trust: Trust, strays: tuple[str, ...]
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
        waiting=verdict.waiting,
    )


__all__ = ["Status", "verify_ledger"]
