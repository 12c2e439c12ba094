"""The verdict: whom to trust, what held, and what the next run should remember."""

from __future__ import annotations

from ledger.errors import FormatError, StoreError, UsageError, Where
from ledger.governance.succession import Succession
from ledger.log.chain import Failure, LogError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import HASH_BYTES
from ledger.log.note import MAX_NOTE, VerifierKey, decode_note
from ledger.store.file_bytes import read_file
from ledger.store.git import read_branches
from ledger.store.pins import Pin, pin_path, read_pin, write_pin
from ledger.store.places import CHECKPOINT, Places
from ledger.workflow.verify import report
from ledger.workflow.verify.charters import check_charters
from ledger.workflow.verify.judges import (
    Verdict,
    count_of,
    judge_bodies,
    judge_members,
    judge_rules,
    judge_sources,
    list_words,
    recount_polls,
)
from ledger.workflow.verify.report import Status, VerifyReport
from ledger.workflow.verify.surroundings import describe_surroundings, list_strays
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

_STOPPED = "not looked at, because the log is broken before"
_LATER = {
    report.GIT: "this version does not compare the log with other commits",
}
"""Promises of the design that this version does not check, and says so."""


def verify_ledger(
    places: Places, *, key: str | None = None, jobs: int | None = None, progress: Progress | None = None
) -> VerifyReport:
    """Check every promise of the ledger at ``places`` that this version knows (DESIGN 5).

    ``key`` is the verifier key to trust (C2SP text); without it the pinned keys are trusted, and
    without a pin those of entry 0. ``jobs`` is the number of processes (None: one for each
    processor where the log is long). ``progress`` is called with entries done and entries in all.

    Reads the files only: no index, no private key, no network. Writes nothing but the pin, and that
    only when every check held and the work tree is on its default branch or outside git. What is
    wrong with the ledger is in the report. Raises UsageError for a ``key`` that is none, and
    StoreError where a file cannot be read, or there is no signed head.
    """
    trusted = None if key is None else _decode_key(key)
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
            report.TREE, error.what, Where(CHECKPOINT), "a signed head", _excerpt(note), RESTORE
        )
        verdict.fail(failure)
        return _report(verdict, None, Trust(reason="no key was used"), ())
    pin = read_pin(head.origin)
    trust = choose_keys(places, trusted, pin)
    handovers = Handovers.read(places.root, head.size)
    if not may_be_trusted(verdict, note, trust, handovers):
        return _report(verdict, head, trust, ())
    sizes = [*handovers.sizes]
    sizes += [pin.head.size] if pin is not None and 0 < pin.head.size <= head.size else []
    walk = walk_log(places.root, head.size, sizes=tuple(sizes), jobs=jobs, progress=progress)
    _judge_walk(verdict, walk, head)
    if walk.failure is not None:
        return _report(verdict, head, trust, ())
    succession = _judge_charters(verdict, walk, head)
    keys: tuple[VerifierKey, ...] = ()
    if succession is not None:
        keys = judge_keys(verdict, note, head, trust, succession, handovers, walk.chain.roots)
    if report.TREE in verdict.failures:
        if pin is not None:
            _judge_pin(verdict, places, pin, head, walk)
        return _report(verdict, head, trust, ())
    _judge_head(verdict, walk, head, note, trust)
    _judge_pin(verdict, places, pin, head, walk)
    judge_bodies(verdict, walk, recount_polls(places, walk))
    judge_sources(verdict, walk)
    judge_rules(verdict, places, walk, succession or Succession())
    judge_members(verdict, places, walk, head.origin)
    strays = _look_around(verdict, places, walk, succession or Succession())
    # A vote that the rules do not support says nothing against the log that holds it.
    if not verdict.failures.keys() - {report.RULES} and keys:
        _remember(verdict, places, note, head, keys)
    return _report(verdict, head, trust, strays)


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
    if strays:
        verdict.notes.append(
            f"not part of the log: {count_of(len(strays), 'file')} under records/: {list_words(strays)}"
        )
    return strays


def _decode_key(key: str) -> VerifierKey:
    try:
        return VerifierKey.decode(key)
    except FormatError as error:
        raise UsageError(
            f"--key: {error.what}", why=error.why, fix="give the whole key: name+id+key"
        ) from None


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
    count = len(walk.charters)
    versions = "version 1" if count == 1 else f"versions 1 to {count}"
    proposed = succession.waiting
    more = "" if proposed is None else f"; {describe_waiting(proposed)}"
    verdict.hold(report.CHARTERS, count, f"{versions}, of the log {head.origin}{more}")
    return succession


def _judge_head(verdict: Verdict, walk: Walk, head: Checkpoint, note: bytes, trust: Trust) -> None:
    """Note whether the root is the signed one, and which signatures on the head were not looked at."""
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
    lines = decode_note(note)[1]
    others = [line for line in lines if trust.verified is None or line.key_id != trust.verified.key_id]
    if others and trust.verified is not None:
        names = list_words(sorted({line.name for line in others}))
        further = count_of(len(others), "further signature line")
        verdict.notes.append(f"{CHECKPOINT}: not checked: {further} ({names})")


def _judge_pin(verdict: Verdict, places: Places, pin: Pin | None, head: Checkpoint, walk: Walk) -> None:
    if pin is None:
        verdict.skip(report.PIN, "no earlier head of this log is known on this computer")
        return
    before, where = pin.head, Where(CHECKPOINT)
    forget = f"if the group itself says so, remove {pin_path(head.origin)} and verify again"
    if head.size < before.size:
        branches = read_branches(places.root)
        if branches is not None and branches.on_other:
            verdict.skip(report.PIN, f"this branch ends before the pinned head of {before.size} entries")
            return
        what = f"ROLLBACK: the log has {head.size} entries, and {before.size} held here before"
        fix = f"fetch the missing entries (git pull); {forget}"
        failure = Failure(report.PIN, what, where, f"{before.size} entries or more", str(head.size), fix)
        verdict.fail(failure, before.size)
        return
    root = walk.chain.roots.get(before.size) if before.size else before.root
    if root != before.root:
        what = f"FORK: the first {before.size} entries are not those that held here before"
        fix = f"compare both histories with the group: one of them was shown to you only; {forget}"
        found = (root or bytes(HASH_BYTES)).hex()
        verdict.fail(Failure(report.PIN, what, where, before.root.hex(), found, fix), before.size)
        return
    verdict.hold(
        report.PIN, before.size, f"the log extends the {before.size} entries that held here before"
    )


def _remember(
    verdict: Verdict, places: Places, note: bytes, head: Checkpoint, keys: tuple[VerifierKey, ...]
) -> None:
    """Pin the head, where it is one that the group publishes."""
    branches = read_branches(places.root)
    if branches is not None and branches.on_other:
        verdict.notes.append(f"not pinned: {branches.current or 'this commit'} is not the default branch")
        return
    try:
        write_pin(note, head.origin, keys)
    except OSError as error:
        verdict.notes.append(f"this head could not be remembered: {error.strerror}")


def _report(
    verdict: Verdict, head: Checkpoint | None, trust: Trust, strays: tuple[str, ...]
) -> VerifyReport:
    for name in report.ORDER:
        if name != report.UNKNOWN:
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
        waiting=verdict.waiting,
    )


def _excerpt(data: bytes) -> str:
    text = data[:100].decode("utf-8", "backslashreplace")
    return text if len(data) <= 100 else text + "…"


__all__ = ["Status", "verify_ledger"]
