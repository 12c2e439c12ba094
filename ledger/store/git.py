"""What git says about the directory of a ledger. Everything here only reads.

No git, no repository, a repository without a commit: all are fine, and nothing is raised. Commands run
without optional locks, lazy fetching, prompts and the variables that a hook sets, which would
point at another repository.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT = 20
_HOOK_VARIABLES = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
}


@dataclass(frozen=True, slots=True)
class Branches:
    """The branches of a work tree.

    ``current`` is the branch checked out, None where the head is detached; ``default`` the branch that
    is published, None where it cannot be told; ``refs`` are the full names of the local and
    remote-tracking branches with the default's name.
    """

    current: str | None
    default: str | None
    refs: tuple[str, ...]

    @property
    def on_default(self) -> bool:
        """Whether the default branch is known and checked out: signing is meant to happen there."""
        return self.default is not None and self.current == self.default

    @property
    def on_other(self) -> bool:
        """Whether the default branch is known and not the one checked out."""
        return self.default is not None and self.current != self.default


def read_branches(root: Path) -> Branches | None:
    """Return the branches of the work tree that ``root`` lies in; None where it lies in none.

    The default branch is what ``origin/HEAD`` points at; else ``init.defaultBranch``, ``main`` or
    ``master`` if it exists; else the only branch there is.
    """
    if not any((directory / ".git").exists() for directory in (root, *root.parents)):
        return None
    output = run_git(
        root, "for-each-ref", "--format=%(HEAD)%(refname) %(symref)", "refs/heads", "refs/remotes"
    )
    if output is None:
        return None
    current: str | None = None
    names: dict[str, list[str]] = {}
    default: str | None = None
    for line in output.decode(errors="replace").splitlines():
        ref, _, target = line[1:].partition(" ")
        kind, _, name = ref.removeprefix("refs/").partition("/")
        if kind == "remotes":
            remote, _, name = name.partition("/")
            if name == "HEAD":
                if remote == "origin":
                    default = target.removeprefix("refs/remotes/origin/")
                continue
        elif line.startswith("*"):
            current = name
        names.setdefault(name, []).append(ref)
    if current is None:
        current = _read_unborn(root)
    if default is None:
        default = _guess_default(root, names, current)
    return Branches(current, default, tuple(names.get(default or "", ())))


def read_blobs(root: Path, refs: tuple[str, ...], path: str) -> dict[str, bytes]:
    """Return the contents of ``path`` (relative to ``root``) in each of ``refs`` that has it."""
    blobs: dict[str, bytes] = {}
    if not refs:
        return blobs
    request = "".join(f"{ref}:./{path}\n" for ref in refs)
    output = run_git(root, "cat-file", "--batch", request=request.encode())
    position = 0
    for ref in refs:
        line, _, rest = (output or b"")[position:].partition(b"\n")
        words = line.split(b" ")
        if len(words) != 3 or not words[2].isdigit():
            position += len(line) + 1  # "… missing"
            continue
        size = int(words[2])
        if words[1] == b"blob":
            blobs[ref] = rest[:size]
        position += len(line) + 1 + size + 1
    return blobs


def read_names(root: Path, *arguments: str) -> list[str]:
    """Return the lines that a git command which lists names prints; none where it fails."""
    output = run_git(root, *arguments)
    return output.decode(errors="replace").splitlines() if output is not None else []


def read_setting(root: Path, name: str, *, path: bool = False) -> str | None:
    """Return what git's configuration says for ``name`` in ``root``, None where it says nothing.

    With ``path`` a leading ``~/`` is the user's home directory.
    """
    kind = ("--type=path",) if path else ()
    output = run_git(root, "config", *kind, "--get", name)
    return output.decode(errors="replace").strip() or None if output is not None else None


def _guess_default(root: Path, names: dict[str, list[str]], current: str | None) -> str | None:
    if not names:
        return current  # no commit yet: the branch that the first one will be on
    if len(names) == 1:
        return next(iter(names))
    configured = run_git(root, "config", "--get", "init.defaultBranch")
    wanted = [configured.decode(errors="replace").strip()] if configured else []
    for name in (*wanted, "main", "master"):
        if name in names:
            return name
    return None


def _read_unborn(root: Path) -> str | None:
    output = run_git(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return output.decode(errors="replace").strip() or None if output is not None else None


def run_git(root: Path, *arguments: str, request: bytes = b"") -> bytes | None:
    """Return what git prints in ``root``, None where it fails or there is no git.

    ``arguments`` are for this program to choose: names that users give go into ``request``, where none is
    an option.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _HOOK_VARIABLES}
    environment |= {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, no shell
            ["git", "-C", str(root), *arguments],  # noqa: S607 - git as the user has it
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
