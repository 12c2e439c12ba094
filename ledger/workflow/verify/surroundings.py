"""What lies around the log: files that nothing vouches for, and a GOVERNANCE.md edited since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256
from pathlib import Path

from ledger.errors import StoreError
from ledger.log.chain import FILE_LINES
from ledger.store.file_bytes import read_file
from ledger.store.inbox import INBOX
from ledger.store.places import CHECKPOINT, ENTRIES, GOVERNANCE, RECORDS, entry_file_name
from ledger.store.timestamps import list_timestamps, timestamp_path

ATTRIBUTES = f"{RECORDS}/.gitattributes"
ATTRIBUTES_TEXT = b"* -text -merge -ident -filter\n"
"""What keeps git from changing a byte, or merging two tails, under ``records/`` (DESIGN 3)."""

_SHOWN = 10  # stray files
_MAX_GOVERNANCE = 16 * 1024 * 1024


def describe_strays(strays: Sequence[str]) -> list[str]:
    """Return sentences on the files of ``list_strays``: those waiting in the inbox, and each other one."""
    waiting = sum(_waits(name) for name in strays)
    others = [name for name in strays if not _waits(name)]
    notes = [f"not part of the log: {name}" for name in others[:_SHOWN]]
    if len(others) > _SHOWN:
        notes.append(f"not part of the log: {len(others) - _SHOWN} more files; --json names them all")
    if waiting:
        what = f"{waiting} files wait" if waiting > 1 else "1 file waits"
        notes.append(f"{what} in {INBOX}, not part of the log until the recorder runs: ledger sequence")
    return notes


def _waits(name: str) -> bool:
    return name.startswith(f"{INBOX}/") and name.endswith(".json")


def list_strays(
    root: Path, size: int, files: Collection[str], handovers: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the files under ``records/`` that a log of ``size`` entries does not vouch for, sorted.

    ``files`` are the paths that its ``source`` entries name, ``handovers`` those of the heads that hand it
    over to new keys. Raises StoreError where a directory
    cannot be read.
    """
    known = {CHECKPOINT, ATTRIBUTES, *files, *handovers}
    known.update(timestamp_path(one) for one in list_timestamps(root) if one <= size)
    known.update(f"{ENTRIES}/{entry_file_name(number)}" for number in range(-(-size // FILE_LINES)))
    strays = []
    directories = [root / RECORDS]
    while directories:
        directory = directories.pop()
        try:
            children = list(directory.iterdir())
        except OSError as error:
            raise StoreError(
                f"cannot read {directory}: {error.strerror}", fix="make it readable for you"
            ) from error
        for child in children:
            name = child.relative_to(root).as_posix()
            if child.is_dir() and not child.is_symlink():
                directories.append(child)
            elif name not in known:
                # A name need not be UTF-8; what is shown is.
                strays.append(name.encode(errors="backslashreplace").decode())
    return tuple(sorted(strays))


def describe_surroundings(
    root: Path, charter_digest: str | None, proposed_digest: str | None = None
) -> list[str]:
    """Return a sentence for each thing beside the log that differs from what the log expects.

    ``charter_digest`` is the SHA-256 (hex) of GOVERNANCE.md as the charter in effect has it,
    ``proposed_digest`` as one has it that waits for its owners.
    """
    notes = []
    governance = read_file(root, GOVERNANCE, _MAX_GOVERNANCE)
    if governance is None:
        notes.append(f"{GOVERNANCE} is missing; the charter in force is the one in the log")
    elif sha256(governance).hexdigest() == proposed_digest:
        notes.append(f"{GOVERNANCE} is the version that is proposed: in force is the one before it")
    elif charter_digest is not None and sha256(governance).hexdigest() != charter_digest:
        notes.append(f"{GOVERNANCE} is edited but not adopted: the charter in force is the one in the log")
    attributes = read_file(root, ATTRIBUTES, _MAX_GOVERNANCE)
    if attributes is None:
        notes.append(f"{ATTRIBUTES} is missing: git may change bytes under {RECORDS}/; restore it")
    elif attributes != ATTRIBUTES_TEXT:
        expected = ATTRIBUTES_TEXT.decode().strip()
        notes.append(
            f"{ATTRIBUTES} was edited: it should be '{expected}', or git may change bytes; restore it"
        )
    return notes
