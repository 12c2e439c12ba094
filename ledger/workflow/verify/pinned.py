"""The pin: the last head that held on this computer, which the present one must extend."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.log.note import VerifierKey
from ledger.store.abandoned import find_abandoned
from ledger.store.git import read_branches
from ledger.store.git_commits import find_head, lines_to_restore
from ledger.store.pins import Pin, pin_path, write_pin
from ledger.store.places import Places
from ledger.store.reading import FileReader
from ledger.workflow.verify import report
from ledger.workflow.verify.heads import SignedHead, contradiction, fail_heads
from ledger.workflow.verify.judges import Verdict, count_of


def judge_pin(
    verdict: Verdict,
    places: Places,
    pin: Pin | None,
    present: SignedHead,
    roots: Mapping[int, bytes | None],
) -> None:
    """Note whether the ``present`` head extends the pin; ``roots`` are those of the walk.

    Without roots (the log is broken) only what the two heads alone can show is noted.
    """
    if pin is None:
        verdict.skip(report.PIN, "no earlier head of this log is known on this computer")
        return
    before = SignedHead("the head that held on this computer before (the pin)", pin.note, pin.head)
    size, told = pin.head.size, contradiction(pin.head, present.head, roots)
    forget = f"if the group itself says so, remove {pin_path(pin.head.origin)} and verify again"
    if told == "ROLLBACK":
        branches = read_branches(places.root)
        if branches is not None and branches.on_other:
            verdict.skip(report.PIN, f"this branch ends before the pinned head of {size} entries")
            return
        now = count_of(present.head.size, "entry", "entries")
        what = f"ROLLBACK: the log has {now}, and {size} held here before"
        fix = f"{_way_back(places, pin)}; {forget}"
    elif told == "FORK":
        what = f"FORK: the first {size} entries are not those that held here before"
        fix = f"compare both histories with the group: one of them was shown to you only; {forget}"
    elif told is not None and roots:
        verdict.hold(report.PIN, size, f"the log extends the {size} entries that held here before")
        return
    else:
        return
    if roots:
        what += _declared(places, pin)
    fail_heads(verdict, report.PIN, what, before=before, present=present, fix=fix)


def _way_back(places: Places, pin: Pin) -> str:
    commit = find_head(places.root, pin.head)
    if commit is None:
        return "fetch the missing entries (git pull)"
    lines = " && ".join(lines_to_restore(places.root, commit))
    return f"commit {commit[:12]} of this repository has the missing entries ({lines})"


def _declared(places: Places, pin: Pin) -> str:
    """Return the words for an entry that declares the pinned head abandoned."""
    seq = find_abandoned(FileReader.open(places).lines(), pin.head)
    return "" if seq is None else f"; entry {seq} declares that head abandoned: see ledger show '#{seq}'"


def remember_head(
    verdict: Verdict, places: Places, present: SignedHead, keys: tuple[VerifierKey, ...]
) -> None:
    """Pin the head, where it is one that the group publishes."""
    branches = read_branches(places.root)
    if branches is not None and branches.on_other:
        verdict.notes.append(f"not pinned: {branches.current or 'this commit'} is not the default branch")
        return
    try:
        write_pin(present.note, present.head.origin, keys)
    except OSError as error:
        verdict.notes.append(f"this head could not be remembered: {error.strerror}")
