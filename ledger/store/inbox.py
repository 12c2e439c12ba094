"""The inbox: signed statements that wait for their place in the log, one file each.

Each file has the name that its own statement gives it, so that two people's files never conflict in git,
and a second copy changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.errors import StoreError
from ledger.log.entry import MAX_BODY
from ledger.log.statement import Signed, encode_signed, inbox_name
from ledger.store.durable import disk_error, make_dirs, sync_dir, write_file
from ledger.store.file_bytes import read_file
from ledger.store.places import RECORDS, Places

INBOX = f"{RECORDS}/inbox"
_KEPT = frozenset((".gitattributes", ".gitignore", ".gitkeep", "README", "README.md"))


class InboxFile(NamedTuple):
    """A file of the inbox: its name, and its bytes; None where it is no file or too large for one."""

    name: str
    data: bytes | None


def read_inbox(places: Places) -> list[InboxFile]:
    """Return the files that wait, in the order of their names. Raises StoreError."""
    try:
        names = sorted(path.name for path in places.inbox.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(
            f"cannot read {INBOX}: {error.strerror}", fix="make it readable for you"
        ) from error
    # A file with a point before its name was not finished by whoever wrote it.
    waiting = [name for name in names if not name.startswith(".") and name not in _KEPT]
    return [InboxFile(name, read_file(places.root, f"{INBOX}/{name}", MAX_BODY)) for name in waiting]


def put_statement(places: Places, signed: Signed) -> str:
    """Write ``signed`` into the inbox, whole or not at all, and return its path relative to the ledger.

    Raises StoreError.
    """
    name = inbox_name(signed.statement)
    try:
        make_dirs(places.inbox)
        write_file(places.inbox / name, encode_signed(signed))
    except OSError as error:
        raise disk_error(error, f"write {INBOX}/{name}") from error
    return f"{INBOX}/{name}"


def remove_statements(places: Places, names: list[str]) -> None:
    """Remove files from the inbox, durably; it is no matter if one is gone. Raises StoreError."""
    try:
        for name in names:
            (places.inbox / name).unlink(missing_ok=True)
        if names:
            sync_dir(places.inbox)
    except OSError as error:
        raise disk_error(error, f"remove files from {INBOX}") from error
