"""The heads with which old keys hand a log over to new ones: kept for ever, one file for each charter.

``records/log/handover/41`` is the checkpoint of 42 entries, charter entry 41 the last of them, signed by a
key in force before it. It is on the disk before that head is acknowledged.
"""

from __future__ import annotations

from pathlib import Path

from ledger.errors import FormatError, VerificationError
from ledger.governance.succession import Succession
from ledger.log.note import open_note
from ledger.store.charters import decode_keys
from ledger.store.durable import make_dirs, remove_made, sync_dir, write_file
from ledger.store.places import Places


def changes_keys(succession: Succession, seq: int) -> bool:
    """Tell whether entry ``seq`` is a charter, proposed or not, that names other log keys than were in
    force before it."""
    version = next((one for one in succession.versions if one.seq == seq), None)
    before = succession.before(seq)
    return (
        version is not None and bool(before) and set(version.charter.keys) != set(before[-1].charter.keys)
    )


class NewHandover:
    """A handover on its way to the disk; can be undone until its head is acknowledged.

    ``seq`` is the charter's entry, None where nothing is handed over.
    """

    def __init__(self, places: Places, seq: int | None) -> None:
        self._path = None if seq is None else places.handover / str(seq)
        self._made: list[Path] = []

    def write(self, note: bytes) -> None:
        """Keep the signed head ``note``, durably, where there is anything to hand over. Raises OSError."""
        if self._path is not None:
            self._made = make_dirs(self._path.parent)
            write_file(self._path, note)

    def undo(self) -> None:
        """Remove what :meth:`write` wrote."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            remove_made(self._made)


def settle_handovers(places: Places, size: int, succession: Succession, note: bytes | None) -> None:
    """Remove handovers beyond ``size`` entries, which were never acknowledged; complete that of the head
    ``note``. Raises OSError."""
    last = size - 1
    for path in list(places.handover.iterdir()) if places.handover.is_dir() else ():
        name = path.name.removeprefix(".").removesuffix(".tmp")
        if name.isascii() and name.isdigit() and (int(name) > last or name != path.name):
            path.unlink()
            sync_dir(path.parent)
    remove_made([places.handover])  # where none is left
    path = places.handover / str(last)
    if note is None or path.exists() or not changes_keys(succession, last):
        return
    try:
        open_note(note, decode_keys(succession.before(last)[-1].charter.keys))
    except (FormatError, VerificationError):
        return  # the old key is lost: the owners have to agree
    make_dirs(path.parent)
    write_file(path, note)
