"""Commits of the repository around a ledger, and the logs in them. Nothing is fetched, nothing written.

A name that a user gives reaches git on its standard input only, where it cannot be an option.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from ledger.errors import FormatError, LedgerError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import decode_entry
from ledger.log.merkle import tree_root
from ledger.log.note import decode_note
from ledger.store.file_bytes import read_file
from ledger.store.git import read_blobs, run_git
from ledger.store.places import (
    CHECKPOINT,
    ENTRIES,
    ENTRIES_PER_FILE,
    MAX_ENTRY_FILE,
    RECORDS,
    entry_file_name,
)

_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_REMOTE = re.compile(r"[A-Za-z0-9_][\w.-]*")
_MOST_COMMITS = 1000  # that changed the signed head; older ones are not searched
LOG = f"{RECORDS}/log"


def is_full_id(name: str) -> bool:
    """Tell whether ``name`` is the whole hexadecimal name of an object."""
    return _ID.fullmatch(name) is not None


def find_commit(root: Path, name: str) -> str | None:
    """Return the id of the commit that ``name`` names in the repository around ``root``, None for none."""
    if not name or any(ord(char) < 32 for char in name):
        return None
    request = f"{name}^{{commit}}\n".encode(errors="surrogateescape")
    output = run_git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", request=request)
    words = (output or b"").decode(errors="replace").split()
    return words[0] if len(words) == 2 and words[1] == "commit" and is_full_id(words[0]) else None


def list_log(root: Path, commit: str) -> list[str] | None:
    """Return the names in ``records/log`` of ``commit``; None where its directories are not at hand."""
    output = run_git(root, "ls-tree", "-z", "--name-only", commit, "--", f"{LOG}/")
    return (
        None if output is None else [name for name in output.decode(errors="replace").split("\0") if name]
    )


def read_head(root: Path, commit: str) -> bytes | None:
    """Return the signed note of ``commit``; None where it has none, or git has not its bytes."""
    return read_blobs(root, (commit,), CHECKPOINT).get(commit)


def find_head(root: Path, head: Checkpoint) -> str | None:
    """Return the newest commit, of all branches and reflogs, that has ``head``; None where none has."""
    arguments = ("--all", "--reflog", "--full-history", f"--max-count={_MOST_COMMITS}")
    output = run_git(root, "rev-list", *arguments, "--", CHECKPOINT)
    commits = tuple((output or b"").decode().split())
    for commit, note in read_blobs(root, commits, CHECKPOINT).items():
        try:
            if Checkpoint.decode(decode_note(note)[0]) == head:
                return commit
        except FormatError:
            continue
    return None


def first_difference(root: Path, commit: str, head: Checkpoint, size: int) -> int | None:
    """Return the first entry that is another in ``commit`` than in the first ``size`` entries here.

    ``head`` is that of the commit. The smaller of both sizes where all that both have is alike; None where
    nothing can be shown, because the entries of the commit are not at hand or do not give its root.
    """
    leaves: list[bytes] = []
    different: int | None = None
    for first in range(0, head.size, ENTRIES_PER_FILE):
        path = f"{ENTRIES}/{entry_file_name(first // ENTRIES_PER_FILE)}"
        theirs = _leaves_of(read_blobs(root, (commit,), path).get(commit), head.size - first)
        ours = _leaves_of(read_file(root, path, MAX_ENTRY_FILE), size - first)
        if different is None:
            pairs = zip(theirs, ours, strict=False)
            unlike = next((place for place, (one, other) in enumerate(pairs) if one != other), None)
            if unlike is not None:
                different = first + unlike
        leaves += theirs
    if len(leaves) != head.size or tree_root(leaves) != head.root:
        return None
    return min(head.size, size) if different is None else different


def read_commit_lines(root: Path, commit: str, start: int, stop: int) -> Iterator[bytes]:
    """Yield the lines of entries ``start`` to ``stop`` (not included) of ``commit``, where git has them."""
    for number in range(start // ENTRIES_PER_FILE, -(-stop // ENTRIES_PER_FILE)):
        path, first = f"{ENTRIES}/{entry_file_name(number)}", number * ENTRIES_PER_FILE
        lines = (read_blobs(root, (commit,), path).get(commit) or b"").split(b"\n")[:-1]
        yield from lines[max(start - first, 0) : stop - first]


def line_to_show(root: Path, commit: str, path: str) -> str:
    """Return the command that prints the file ``path`` (relative to the ledger) of ``commit``."""
    prefix = "".join(_words(root, "rev-parse", "--show-prefix"))
    return git_line(root, "show", f"{commit[:12]}:{prefix}{path}")


def _leaves_of(data: bytes | None, most: int) -> list[bytes]:
    """Return the leaf hashes of the first entries of a file, up to the first that cannot be read."""
    leaves: list[bytes] = []
    for line in (data or b"").split(b"\n")[: max(0, min(most, ENTRIES_PER_FILE))]:
        try:
            leaves.append(decode_entry(line).leaf)
        except LedgerError:
            break
    return leaves


# --- command lines for people -------------------------------------------------------------------------


def lines_to_fetch(root: Path, name: str) -> tuple[str, ...]:
    """Return the command that would make ``name`` known here; empty where none can be told."""
    remotes = [name for name in _words(root, "remote") if _REMOTE.fullmatch(name)]
    shallow = _words(root, "rev-parse", "--is-shallow-repository") == ["true"]
    depth = ("--depth=1",) if shallow else ()
    if remotes and is_full_id(name):
        return (git_line(root, "fetch", *depth, remotes[0], name),)
    remote, _, branch = name.partition("/")
    if remote in remotes and re.fullmatch(r"[^\s^~:?*\[\\]+", branch) and ".." not in branch:
        refs = f"refs/heads/{branch}:refs/remotes/{remote}/{branch}"
        return (git_line(root, "fetch", *depth, remote, refs),)
    return (git_line(root, "fetch", "--unshallow"),) if shallow and remotes else ()


def lines_to_restore(root: Path, commit: str) -> tuple[str, ...]:
    """Return the commands that bring the records of ``commit`` back into the work tree."""
    clean = run_git(root, "status", "--porcelain", "--", RECORDS) == b""
    behind = run_git(root, "merge-base", "--is-ancestor", "HEAD", commit) is not None
    if clean and behind and find_commit(root, "HEAD") != commit:
        return (git_line(root, "merge", "--ff-only", commit[:12]),)
    return (*lines_to_settle(root), git_line(root, "checkout", commit[:12], "--", RECORDS))


def lines_to_settle(root: Path) -> tuple[str, ...]:
    """Return the command that ends a merge or rebase which waits for somebody; empty where none does."""
    for name, command in (("MERGE_HEAD", "merge"), ("rebase-merge", "rebase"), ("rebase-apply", "rebase")):
        path = _words(root, "rev-parse", "--git-path", name)
        if path and (root / path[0]).exists():
            return (git_line(root, command, "--abort"),)
    return ()


def lines_to_set_aside(root: Path, branch: str, *, local: bool) -> tuple[str, ...]:
    """Return the commands that keep what is here on a branch of its own and go on from ``branch``, which is
    ``local`` or one of a remote."""
    lines = [*lines_to_settle(root)]
    changed = run_git(root, "status", "--porcelain", "--untracked-files=no")
    if not lines and (changed or run_git(root, "status", "--porcelain", "--", RECORDS)):
        lines.append(git_line(root, "add", RECORDS))
        lines.append(git_line(root, "commit", "--all", "--message", "Keep what was here"))
    if local:
        return (*lines, git_line(root, "checkout", branch))
    commit = find_commit(root, "HEAD") or "here"
    lines.append(git_line(root, "branch", f"set-aside-{commit[:8]}"))
    return (*lines, git_line(root, "reset", "--hard", branch))


def git_line(root: Path, *arguments: str) -> str:
    """Return a git command as a user may type it, from whatever directory they are in."""
    place = () if root == Path.cwd() else ("-C", str(root))
    return shlex.join(["git", *place, *arguments])


def _words(root: Path, *arguments: str) -> list[str]:
    return (run_git(root, *arguments) or b"").decode(errors="replace").splitlines()
