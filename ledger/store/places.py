"""Where a ledger lies, and where its user's own files lie.

A ledger is a directory with a ``GOVERNANCE.md`` whose front matter has the key ``ledger``. It is
found as git finds ``.git``: by walking up. The scan reads lines only, no YAML, so that every command
starts fast. Keys, guards and pins are the user's, not the repository's: they follow the XDG base
directory specification.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import NotFoundError, StoreError

GOVERNANCE = "GOVERNANCE.md"
RECORDS = "records"
MINUTES = f"{RECORDS}/minutes"
ENTRIES = f"{RECORDS}/log/entries"
CHECKPOINT = f"{RECORDS}/log/checkpoint"
HANDOVERS = f"{RECORDS}/log/handover"

ENTRIES_PER_FILE = 256
MAX_ENTRY_FILE = ENTRIES_PER_FILE * ((1 << 20) + 4096)
"""No entry file is larger than this (bytes): a body has at most 1 MiB, and a head is short."""

_SCAN_BYTES = 512 * 1024
_LEDGER_KEY = re.compile(rb"(?:ledger|\"ledger\"|'ledger')[ \t]*:(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one ledger, from its ``root`` directory (absolute)."""

    root: Path

    @property
    def governance(self) -> Path:
        """The charter: prose with YAML front matter."""
        return self.root / GOVERNANCE

    @property
    def records(self) -> Path:
        """Everything that is recorded."""
        return self.root / RECORDS

    @property
    def minutes(self) -> Path:
        """Recorded minutes, byte for byte."""
        return self.root / MINUTES

    @property
    def entries(self) -> Path:
        """The entry files, 256 lines each."""
        return self.root / ENTRIES

    @property
    def checkpoint(self) -> Path:
        """The signed head, a C2SP signed note."""
        return self.root / CHECKPOINT

    @property
    def handover(self) -> Path:
        """The heads that hand the log over to new keys."""
        return self.root / HANDOVERS

    @property
    def inbox(self) -> Path:
        """Signed statements that wait to be recorded."""
        return self.root / RECORDS / "inbox"

    @property
    def cache(self) -> Path:
        """The index, the cached tree and the lock: may be deleted at any time, never committed."""
        return self.root / ".ledger"

    def entry_file(self, number: int) -> Path:
        """Return the path of the file that holds entries ``256 * number`` and on."""
        return self.entries / entry_file_name(number)


def entry_file_name(number: int) -> str:
    """Return the name, relative to the entries directory, of entry file ``number``.

    The digits are grouped by three, all groups but the last behind an ``x`` (C2SP tlog-tiles).

    >>> entry_file_name(7), entry_file_name(1234067)
    ('007.jsonl', 'x001/x234/067.jsonl')
    """
    name = f"{number % 1000:03}.jsonl"
    while number >= 1000:
        number //= 1000
        name = f"x{number % 1000:03}/{name}"
    return name


def find_ledger(start: Path | None = None, *, ledger: Path | str | None = None) -> Places:
    """Return the places of the ledger that is meant.

    ``ledger`` is a directory named outright (``--ledger DIR``); without it ``LEDGER_DIR`` counts, and
    without that the nearest ledger at or above ``start`` (default: the working directory). Raises
    NotFoundError where there is none.
    """
    named = ledger if ledger is not None else os.environ.get("LEDGER_DIR") or None
    if named is not None:
        root = Path(named).absolute()
        if is_ledger(root) or (root / CHECKPOINT).is_file():
            return Places(root)
        raise NotFoundError(
            f"no ledger in {root}",
            why=f"it has no {GOVERNANCE} whose front matter has the key 'ledger'",
            fix="name the directory that holds GOVERNANCE.md, or start a ledger there with: ledger init",
        )
    first = (start if start is not None else Path.cwd()).absolute()
    for directory in (first, *first.parents):
        if is_ledger(directory):
            return Places(directory)
    raise NotFoundError(
        f"no ledger at or above {first}",
        why=f"no {GOVERNANCE} on the way up has the key 'ledger' in its front matter",
        fix="change into the group's repository, name it with --ledger DIR, or start one with: ledger init",
    )


def is_ledger(directory: Path) -> bool:
    """Tell whether ``directory`` has a GOVERNANCE.md whose front matter has the key ``ledger``."""
    try:
        with (directory / GOVERNANCE).open("rb") as file:
            data = file.read(_SCAN_BYTES)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    except OSError as error:
        raise StoreError(
            f"cannot read {directory / GOVERNANCE}: {error.strerror}", fix="make the file readable for you"
        ) from error
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if lines[0].rstrip() != b"---":
        return False
    for line in lines[1:]:
        if line.rstrip() in (b"---", b"..."):
            return False
        if _LEDGER_KEY.match(line.rstrip(b"\r")):
            return True
    return False


def config_dir() -> Path:
    """Return the user's directory for keys: ``$XDG_CONFIG_HOME/ledger``, default ``~/.config/ledger``."""
    return _base_dir("XDG_CONFIG_HOME", ".config")


def state_dir() -> Path:
    """Return the user's directory for guards and pins: ``$XDG_STATE_HOME/ledger``, default
    ``~/.local/state/ledger``."""
    return _base_dir("XDG_STATE_HOME", ".local/state")


def cache_dir() -> Path:
    """Return the user's directory for what can be made again: ``$XDG_CACHE_HOME/ledger``, default
    ``~/.cache/ledger``."""
    return _base_dir("XDG_CACHE_HOME", ".cache")


def _base_dir(variable: str, default: str) -> Path:
    value = os.environ.get(variable, "")
    # The specification has relative paths ignored.
    if value and Path(value).is_absolute():
        return Path(value) / "ledger"
    try:
        return Path.home() / default / "ledger"
    except RuntimeError:
        raise StoreError(
            "your home directory is not known", fix=f"set HOME or {variable} to an absolute path"
        ) from None


def file_name_of(origin: str) -> str:
    """Return ``origin`` as a file name: one origin, one name, on every system.

    >>> file_name_of("example.org:8080/ledger")
    'example.org%3A8080%2Fledger'
    """
    return "".join(
        char
        if char.isascii() and (char.isalnum() or char in "._-")
        else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in origin
    )
