"""The base of a comparison: the signed head in a commit or a file, which the present log must extend."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import FormatError, StoreError, UsageError, Where
from ledger.log.chain import Failure
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import MAX_NOTE, VerifierKey, decode_note, is_signed_by
from ledger.store.durable import disk_error
from ledger.store.git import read_branches
from ledger.store.git_commits import (
    LOG,
    find_commit,
    first_difference,
    line_to_show,
    lines_to_fetch,
    list_log,
    read_head,
)
from ledger.store.places import CHECKPOINT, Places
from ledger.workflow.verify import report
from ledger.workflow.verify.additions import list_additions
from ledger.workflow.verify.heads import SignedHead, contradiction, fail_heads
from ledger.workflow.verify.judges import Verdict, count_of

_NO_COMMIT = re.compile("0{40}|0{64}")


@dataclass(frozen=True, slots=True)
class Base:
    """What the log is compared with: its ``name`` for people, and the ``note`` that was found there.

    ``commit`` is the commit's id, None for a file. Where there is no log, ``note`` is None and ``absent``
    says why.
    """

    name: str
    note: bytes | None
    commit: str | None = None
    absent: str = ""

    @property
    def head(self) -> Checkpoint | None:
        """The head that the note states; None where it states none."""
        try:
            return None if self.note is None else Checkpoint.decode(decode_note(self.note)[0])
        except FormatError:
            return None


def read_base(places: Places, name: str) -> Base:
    """Return the base that ``name`` names: a commit of the repository, a checkpoint file, ``-`` for input.

    Forty (or 64) zeros name no commit, as in git's own hooks. Raises StoreError where the commit or
    its log cannot be found out, with the command that fetches it where there is one, and UsageError
    where a file and a commit have that name.
    """
    if _NO_COMMIT.fullmatch(name):
        return Base(name, None, absent="there is no commit before this one: the branch is new")
    path = Path(name)
    explicit = name == "-" or path.is_absolute() or name.startswith(("./", "../"))
    commit = None if explicit else find_commit(places.root, name)
    is_file = name == "-" or (path.exists() and not path.is_dir())
    if commit is not None and is_file:
        raise UsageError(
            f"{name!r} is a commit and a file",
            why="only one of the two can be the base",
            fix=f"say ./{name} for the file, or a longer name of the commit (refs/heads/{name})",
        )
    if commit is not None:
        return _read_commit(places, name, commit)
    if is_file or explicit:
        return Base("standard input" if name == "-" else name, _read_note(name))
    raise _unknown(places.root, name)


def judge_base(
    verdict: Verdict,
    places: Places,
    base: Base | None,
    present: SignedHead,
    roots: Mapping[int, bytes | None],
    keys: Sequence[VerifierKey],
) -> None:
    """Note whether the log extends the ``base``, and which entries are new since.

    ``roots`` are those of the walk; without them (the log is broken) only what the heads alone show is
    noted. ``keys`` may have signed the head at the base.
    """
    if base is None:
        verdict.skip(report.GIT, "not asked for: --base names a commit or a checkpoint to compare with")
        return
    head = base.head
    if base.note is None:
        verdict.skip(report.GIT, base.absent)
        if roots:
            verdict.additions = list_additions(places, 0, present.head.size)
        return
    problem = _problem(base, head, present.head, keys)
    if problem is not None or head is None:
        verdict.fail(problem or _failure(base, "it is no signed head", "a signed head", "none"))
        return
    told = contradiction(head, present.head, roots)
    if told == "" and roots:
        new = present.head.size - head.size
        detail = (
            f"the log extends the {count_of(head.size, 'entry', 'entries')} of {base.name}; {new:,} new"
        )
        verdict.hold(report.GIT, head.size, detail)
        verdict.additions = list_additions(places, head.size, present.head.size)
    elif told:
        _fail_base(verdict, places, base, SignedHead(f"the head of {base.name}", base.note, head), present)


def _problem(
    base: Base, head: Checkpoint | None, present: Checkpoint, keys: Sequence[VerifierKey]
) -> Failure | None:
    """Return what is wrong with the head at the base itself."""
    if head is None or base.note is None:
        return _failure(base, f"what {base.name} has for a signed head is none", "a signed head", "none")
    if head.origin != present.origin:
        what = f"{base.name} has another log, {head.origin}"
        return _failure(base, what, present.origin, head.origin)
    if not is_signed_by(base.note, keys):
        known = " ".join(key.encode() for key in dict.fromkeys(keys))
        what = f"the head of {base.name} is not signed by a key of this log"
        return _failure(base, what, f"a signature by {known}", "none")
    return None


def _failure(base: Base, what: str, expected: str, found: str) -> Failure:
    fix = f"look who changed {CHECKPOINT} in {base.name}; compare with a commit in which it is good"
    return Failure(report.GIT, what, Where(CHECKPOINT), expected, found, fix)


def _fail_base(
    verdict: Verdict, places: Places, base: Base, before: SignedHead, present: SignedHead
) -> None:
    size, split = before.head.size, None
    if base.commit is not None:
        split = first_difference(places.root, base.commit, before.head, present.head.size)
    now = count_of(present.head.size, "entry", "entries")
    differs = "" if split is None else f"; they differ from entry {split} on"
    if size > present.head.size and split in (None, present.head.size):
        what = f"ROLLBACK: the log has {now}, and {base.name} has {size}"
        fix = (
            f"bring the missing entries back: merge or rebase onto {base.name}, or restore records/ from it"
        )
    elif size > present.head.size:
        what = f"ROLLBACK and FORK: the log has {now}, {base.name} has {size}{differs}"
        fix = "compare both histories with the group; docs/recovery.md says how to go on with one of them"
    else:
        what = f"FORK: the first {size} entries are not those of {base.name}{differs}"
        fix = "compare both histories with the group; docs/recovery.md says how to go on with one of them"
    fail_heads(verdict, report.GIT, what, before=before, present=present, fix=fix)
    if split is not None:
        verdict.additions = list_additions(places, split, present.head.size)


def _read_commit(places: Places, name: str, commit: str) -> Base:
    known = f"commit {commit[:12]}" if commit.startswith(name) else f"{name} (commit {commit[:12]})"
    note = read_head(places.root, commit)
    if note is not None:
        return Base(known, note, commit)
    names = list_log(places.root, commit)
    if names is None or CHECKPOINT in names:
        raise StoreError(
            f"the signed head of {known} is not in this clone",
            why="it is a partial clone, and verify fetches nothing by itself",
            fix="load it, then verify again",
            run=(line_to_show(places.root, commit, CHECKPOINT),),
        )
    if names:
        raise StoreError(
            f"{known} has entries and no signed head",
            why="without it nothing says which entries belonged to the log there",
            fix="compare with an earlier commit, and look who removed it: git log -- " + CHECKPOINT,
        )
    return Base(known, None, commit, absent=f"{known} has no ledger here (no {LOG}): every entry is new")


def _read_note(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_NOTE + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_NOTE + 1)
    except OSError as error:
        raise disk_error(error, f"read the base {name}") from error


def _unknown(root: Path, name: str) -> StoreError:
    if read_branches(root) is None:
        return StoreError(
            f"there is no commit {name!r}: {root} is in no git repository (or git is missing)",
            why="a base is a commit of the repository, or a file with a signed head",
            fix="name a file: --base FILE",
        )
    run = lines_to_fetch(root, name)
    return StoreError(
        f"git knows no commit {name!r} here",
        why="what is not in this clone cannot be compared with",
        fix="fetch it, then verify again" if run else "see which there are: git branch --all; git log",
        run=run,
    )
