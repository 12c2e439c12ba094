"""The verdict: whom to trust, what held, and what the next run should remember."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.errors import FormatError, LedgerError, StoreError, UsageError, VerificationError, Where
from ledger.log.chain import Failure, LogError
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import HASH_BYTES
from ledger.log.note import MAX_NOTE, VerifierKey, decode_note, open_note
from ledger.store.file_bytes import read_file
from ledger.store.git import read_branches
from ledger.store.pins import Pin, pin_path, read_pin, write_pin
from ledger.store.places import CHECKPOINT, Places
from ledger.workflow.verify import report
from ledger.workflow.verify.charters import CharterEntry, check_charters, read_keys
from ledger.workflow.verify.report import Check, Status, VerifyReport
from ledger.workflow.verify.sources import SourceFiles
from ledger.workflow.verify.surroundings import describe_surroundings, list_strays
from ledger.workflow.verify.walk import Progress, Walk, walk_log

if TYPE_CHECKING:
    from ledger.workflow.verify.polls import PollsFound

_RESTORE = "restore the file from a good copy of the repository, and look who changed it"
_MOST_NOTES = 20
_STOPPED = "not looked at, because the log is broken before"
_LATER = {
    report.HANDOVERS: "this version cannot check a change of keys; a charter that makes one is refused",
    report.GIT: "this version does not compare the log with other commits",
    report.MEMBERS: "this version does not check members' signatures",
}
"""Promises of the design that this version does not check, and says so."""


@dataclass(slots=True)
class _Trust:
    """The keys that may sign the head, and why; ``verified`` is the one that did."""

    keys: tuple[VerifierKey, ...] = ()
    reason: str = ""
    verified: VerifierKey | None = None


@dataclass(slots=True)
class _Verdict:
    """The checks so far, by name."""

    checks: dict[str, Check] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def hold(self, name: str, count: int, detail: str) -> None:
        self.checks[name] = Check(name, "held", count, detail)

    def skip(self, name: str, detail: str, count: int = 0) -> None:
        self.checks.setdefault(name, Check(name, "not-checked", count, detail))

    def fail(self, failure: Failure, count: int = 0, detail: str = "") -> None:
        self.checks[failure.check] = Check(failure.check, "failed", count, detail or failure.what)
        self.failures[failure.check] = failure

    @property
    def ok(self) -> bool:
        return not self.failures


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
    verdict = _Verdict()
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
    sizes = (pin.head.size,) if pin is not None and 0 < pin.head.size <= head.size else ()
    walk = walk_log(places.root, head.size, sizes=sizes, jobs=jobs, progress=progress)
    _judge_walk(verdict, walk, head, trust)
    if walk.failure is not None:
        return _report(verdict, head, trust, ())
    keys = _judge_charters(verdict, walk.charters, head, trust)
    _judge_pin(verdict, places, pin, head, walk)
    _judge_bodies(verdict, walk, _recount_polls(places, walk))
    _judge_sources(verdict, walk)
    _judge_rules(verdict, places, walk)
    strays = list_strays(places.root, head.size, walk.files)
    newest = walk.charters[-1].body if walk.charters else None
    verdict.notes += describe_surroundings(places.root, None if newest is None else newest.file_sha256)
    if strays:
        verdict.notes.append(
            f"not part of the log: {_count(len(strays), 'file')} under records/: {_list(strays)}"
        )
    # A vote that the rules do not support says nothing against the log that holds it.
    if not verdict.failures.keys() - {report.RULES} and trust.verified is not None:
        _remember(verdict, places, note, head, keys)
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


def _check_signature(verdict: _Verdict, note: bytes, trust: _Trust) -> bool:
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
    further = len(decode_note(note)[1]) - len(opened.verified)
    if further:
        names = _list(sorted({line.name for line in opened.others})) or "repeated"
        verdict.notes.append(
            f"{CHECKPOINT}: not checked: {_count(further, 'further signature line')} ({names})"
        )
    return True


def _judge_walk(verdict: _Verdict, walk: Walk, head: Checkpoint, trust: _Trust) -> None:
    size, failure = head.size, walk.failure
    if failure is not None:
        first = failure.where.entry or 0
        verdict.fail(failure, first)
        so_far = f"held before entry {first}; the rest was not looked at"
        verdict.skip(report.FORMAT, so_far, first)
        verdict.skip(report.CHAIN, so_far, first)
        return
    verdict.hold(report.FORMAT, size, f"{_count(size, 'entry', 'entries')}, each in its only form")
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
            report.TREE, size, f"the root over {_count(size, 'entry', 'entries')} is the signed one"
        )
    if walk.trailing:
        verdict.notes.append(
            f"{walk.trailing} bytes after entry {size - 1} are not part of the log: no signed head covers"
            " them; an interrupted record leaves such lines, and the next one removes them"
        )


def _judge_charters(
    verdict: _Verdict, charters: Sequence[CharterEntry], head: Checkpoint, trust: _Trust
) -> tuple[VerifierKey, ...]:
    try:
        keys = check_charters(charters, head.origin, trust.verified)
    except LogError as error:
        verdict.fail(error.failure, len(charters))
        return ()
    versions = "version 1" if len(charters) == 1 else f"versions 1 to {len(charters)}"
    verdict.hold(report.CHARTERS, len(charters), f"{versions}, of the log {head.origin}")
    return keys


def _judge_pin(verdict: _Verdict, places: Places, pin: Pin | None, head: Checkpoint, walk: Walk) -> None:
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


def _recount_polls(places: Places, walk: Walk) -> PollsFound | None:
    """Count every closed poll again, and add what is wrong to the faults of the walk; None without polls.

    Where bodies do not fit their kinds they cannot be counted either.
    """
    if not walk.holds("poll") or report.BODIES in walk.faults.first:
        return None
    from ledger.store.reading import FileReader
    from ledger.workflow.verify.polls import check_polls

    found = check_polls(FileReader.open(places))
    for failure in found.failures:
        walk.faults.add(failure)
    return found


def _judge_bodies(verdict: _Verdict, walk: Walk, polls: PollsFound | None) -> None:
    bodies, references = walk.counts["bodies"], walk.counts["references"]
    unknown, redacted = sum(walk.unknown.values()), walk.counts["redacted"]
    if report.BODIES in walk.faults.first:
        failure = walk.faults.first[report.BODIES]
        count = walk.faults.count[report.BODIES]
        verdict.fail(failure, bodies, _first_of(failure, count))
    else:
        detail = f"{_count(bodies, 'body', 'bodies')} as their kinds demand, "
        detail += f"{_count(references, 'reference')} to earlier records"
        if redacted:
            detail += f"; {_count(redacted, 'body', 'bodies')} redacted"
        if polls is not None:
            detail += f"; {_count(polls.polls, 'poll')}, {_count(polls.recounted, 'tally', 'tallies')} "
            detail += "counted again"
            if polls.erased:
                detail += f"; not counted again: {polls.erased} with redacted ballots"
            if polls.unknown:
                detail += f"; not counted again: {polls.unknown} by a method of a later version"
        verdict.hold(report.BODIES, bodies, detail)
    if unknown:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(walk.unknown.items()))
        verdict.skip(report.UNKNOWN, f"this version does not know the kinds {kinds[:500]}", unknown)
    if report.CHARTERS in walk.faults.first and report.CHARTERS not in verdict.failures:
        failure = walk.faults.first[report.CHARTERS]
        count = walk.faults.count[report.CHARTERS]
        verdict.fail(failure, count, _first_of(failure, count))


def _judge_sources(verdict: _Verdict, walk: Walk) -> None:
    counts = walk.counts
    if report.SOURCES in walk.faults.first:
        failure = walk.faults.first[report.SOURCES]
        count = walk.faults.count[report.SOURCES]
        verdict.fail(failure, counts["files"], _first_of(failure, count))
        return
    quotes = counts["quotes"] - counts["unchecked quotes"]
    detail = f"{_count(counts['files'], 'file')} as recorded, {_count(quotes, 'quote')} at their lines"
    if counts["unchecked quotes"]:
        detail += f"; not checked: {_count(counts['unchecked quotes'], 'quote')} of redacted sources"
    if counts["unsourced"]:
        detail += f"; without a source: {_count(counts['unsourced'], 'record')}"
    verdict.hold(report.SOURCES, counts["files"], detail)


def _judge_rules(verdict: _Verdict, places: Places, walk: Walk) -> None:
    """Hold the votes against the rules; needed only where there are any, or numbers to compare."""
    stating = any(
        charter.body is not None and "rules" in charter.body.front_matter for charter in walk.charters
    )
    if verdict.failures or not (stating or walk.has_votes_to_compare):
        verdict.skip(report.RULES, "no charter states rules, so outcomes are as the minutes state them")
        return
    from ledger.governance.in_force import read_versions
    from ledger.store.reading import FileReader
    from ledger.workflow.verify.rules import check_rules

    charters = [
        (one.seq, one.at, {"version": one.body.version, "front_matter": one.body.front_matter})
        for one in walk.charters
        if one.body is not None
    ]
    found = check_rules(FileReader.open(places).lines(0, walk.size), walk.kind_at, read_versions(charters))
    verdict.notes += found.notes[:_MOST_NOTES]
    if len(found.notes) > _MOST_NOTES:
        verdict.notes.append(f"look at {len(found.notes) - _MOST_NOTES} more votes: ledger explain")
    if found.failures:
        failure = found.failures[0]
        verdict.fail(failure, found.votes, _first_of(failure, len(found.failures)))
    elif not found.has_rules:
        what = f"no charter states rules: {_count(found.votes, 'vote')} as the minutes state them"
        verdict.skip(report.RULES, what, found.votes)
    else:
        detail = f"{_count(found.votes, 'vote')}: no stated outcome contradicts the rules in force;"
        detail += f" {found.told} computed, {found.votes - found.told} undetermined"
        verdict.hold(report.RULES, found.votes, detail)


def _first_of(failure: Failure, count: int) -> str:
    return failure.what if count == 1 else f"{failure.what} (the first of {count})"


def _remember(
    verdict: _Verdict, places: Places, note: bytes, head: Checkpoint, keys: tuple[VerifierKey, ...]
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
    verdict: _Verdict, head: Checkpoint | None, trust: _Trust, strays: tuple[str, ...]
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
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _excerpt(data: bytes) -> str:
    text = data[:100].decode("utf-8", "backslashreplace")
    return text if len(data) <= 100 else text + "…"


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"


__all__ = ["Status", "verify_ledger"]
