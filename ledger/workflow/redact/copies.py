"""What still has erased words after the ledger is clean, and how it is cleared: git, clones, copies.

Nothing here changes anything. A git commit is no part of a proof: the log holds by its own hashes, so that
the history of the repository may begin anew without harm to it. What breaks is what names old commits.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.store.git import read_branches, read_names

BRANCH = "after-redaction"

NOTES = (
    "every clone, fork and open pull request: each has the old commits; delete it and clone anew",
    "a hosting service keeps old commits reachable by their number: ask its support to remove them",
    "published copies (ledger publish DIR): publish anew, and have caches and web archives removed",
    "backups, mail and chat: for people to find",
)
"""What nobody can clear from here."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Where words may still be. ``commands`` make the git history begin anew, in order (none: no git);
    ``refs`` are further branches, tags and stashes that hold old commits; ``notes`` is what nobody can
    reach from here."""

    commands: tuple[str, ...]
    refs: tuple[str, ...]
    notes: tuple[str, ...] = NOTES


def find_copies(root: Path, message: str, paths: Sequence[str]) -> Copies:
    """Return what may still have the words of a redaction in the ledger at ``root``.

    ``message`` and ``paths`` make the commit that records the redaction itself.
    """
    branches = read_branches(root)
    if branches is None:
        return Copies((), ())
    branch = branches.current or branches.default or "main"
    remotes = read_names(root, "remote")
    refs = read_names(root, "for-each-ref", "--format=%(refname:short)")
    own = {
        branch,
        *(f"{remote}/{branch}" for remote in remotes),
        *(f"{one}/HEAD" for one in remotes),
        *remotes,
    }
    commands = [
        f"git add {shlex.join(paths)}",
        f"git commit -q -m {shlex.quote(message)}",
        f"git checkout -q --orphan {BRANCH}",
        "git commit -q -m 'Begin the history anew after a redaction'",
        f"git branch -q -D {shlex.quote(branch)}",
        f"git branch -m {shlex.quote(branch)}",
        *(f"git push --force {shlex.quote(remote)} {shlex.quote(branch)}" for remote in remotes),
        "git reflog expire --expire=now --all",
        "git gc --quiet --prune=now",
    ]
    return Copies(tuple(commands), tuple(sorted({*refs} - own)))
