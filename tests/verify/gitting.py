"""A ledger in a real git repository, committed state by state."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def git(root: Path, *arguments: str) -> str:
    """Run git in ``root`` and return what it prints."""
    done = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(root: Path, message: str = "more") -> str:
    """Commit everything in ``root`` and return the commit's id."""
    git(root, "add", "-A", ".")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def run_lines(root: Path, lines: list[str] | tuple[str, ...]) -> None:
    """Run command lines that a message names, as they stand, in a real shell in ``root``."""
    for line in lines:
        done = subprocess.run(["bash", "-c", line], cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stderr)
