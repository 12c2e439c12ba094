"""Small ledgers made by the product itself, and ways to look at their files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from ledger.log.note import SigningKey
from ledger.store.base import NewEntry
from ledger.store.files import FileStore
from ledger.store.keyring import load_key
from ledger.store.places import Places
from ledger.workflow.init import init_ledger

ORIGIN = "example.org/ledger"
AT = "2100-04-12T09:30:00Z"  # later than the charter, which gets the time of the test


def make_ledger(root: Path, **options: Any) -> tuple[FileStore, SigningKey]:
    """A new ledger with its charter only, and its key."""
    report = init_ledger(root, group="Example", origin=ORIGIN, passphrase=None, **options)
    return FileStore.open(Places(report.root)), load_key(ORIGIN)


def reports(count: int, text: str = "said") -> list[NewEntry]:
    """New entries."""
    return [NewEntry("report", None, {"text": f"{text} {number}"}) for number in range(count)]


def append(
    store: FileStore, key: SigningKey, count: int = 1, text: str = "said", **options: Any
) -> list[str]:
    """Append, and return the codes of what was found on the way."""
    with store.writing() as findings:
        store.append(reports(count, text), signer=key, at=AT, **options)
    return [finding.code for finding in findings]


def read_files(root: Path, *, cache: bool = False) -> dict[str, bytes]:
    """Every file below ``root`` with its bytes and every empty directory; the cache only if asked for."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if name.split("/", 1)[0] in ({".git"} if cache else {".git", ".ledger"}):
            continue
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[f"{name}/"] = b""
    return found


def git(root: Path, *arguments: str) -> str:
    """Run git in ``root``."""
    done = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-C", str(root), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )
    return done.stdout
