"""``ledger init``: a new log with its key, its charter as entry 0, and its first signed head."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.charter import (
    GOVERNANCE,
    add_charter,
    charter_body,
    check_group,
    check_origin,
    parse_charter,
    read_governance,
)
from ledger.errors import ConfigurationError, Finding, UsageError
from ledger.governance.rules import parse_rules
from ledger.log.checkpoint import Checkpoint
from ledger.log.keys import is_encrypted
from ledger.log.note import SigningKey
from ledger.store.base import NewEntry
from ledger.store.charters import decode_keys
from ledger.store.durable import FILE_MODE, disk_error, make_dirs, remove_made, write_file
from ledger.store.files import FileStore
from ledger.store.guard import read_guard
from ledger.store.keyring import check_key, key_exists_error, key_path, load_key, make_key, write_key
from ledger.store.places import RECORDS, Places, is_ledger

GIT_IGNORE = ".gitignore"
_CACHE_LINE = ".ledger/"


@dataclass(frozen=True, slots=True)
class InitReport:
    """What ``init`` did.

    ``written`` are the files made or changed, and ``commit`` what to hand to ``git add``, both relative
    to ``root``. ``key_path`` is where the private key lies: it must be backed up, for without it
    nobody can sign. ``verifier_key`` is its public part, ``encrypted`` whether a passphrase protects it.
    """

    root: Path
    group: str
    origin: str
    head: Checkpoint
    verifier_key: str
    key_path: Path
    encrypted: bool
    written: tuple[str, ...]
    commit: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def init_ledger(
    directory: Path,
    *,
    group: str,
    origin: str,
    passphrase: bytes | None,
    existing_key: bool = False,
    other_keys: Sequence[str] = (),
) -> InitReport:
    """Start the ledger of ``group`` in ``directory`` and return what was done.

    ``origin`` names the log for ever (a schema-less URL); ``passphrase`` protects the new key, None
    leaves it in clear. ``existing_key`` says to sign with the key that this computer has for the
    origin. ``other_keys`` are verifier keys of further recorders. Everything is checked before
    anything is written; where writing fails, everything is put back. A run that was killed is taken up
    again by the same call.

    Raises UsageError where there is a ledger already or a name cannot be used, ConfigurationError for a
    key or a GOVERNANCE.md that does not fit (its rules included), StoreError for the disk.
    """
    _check_names(group, origin, passphrase)
    start = _plan(Places(directory.absolute()), group, origin, passphrase, existing_key, other_keys)
    try:
        head, findings = start.write(passphrase)
    except BaseException as error:
        start.undo()
        if isinstance(error, OSError):
            raise disk_error(error, f"start a ledger in {start.places.root}") from error
        raise
    return InitReport(
        root=start.places.root,
        group=group,
        origin=origin,
        head=head,
        verifier_key=start.signer.vkey.encode(),
        key_path=key_path(origin),
        encrypted=is_encrypted(key_path(origin).read_bytes()),
        written=tuple(start.written),
        commit=tuple(
            name for name in (GOVERNANCE, GIT_IGNORE, RECORDS) if (start.places.root / name).exists()
        ),
        findings=(*parse_charter(start.body["front_matter"]).findings, *findings),
    )


@dataclass(slots=True)
class _Start:
    """A planned ledger: everything that will be written, and how to take it back."""

    places: Places
    signer: SigningKey
    has_key: bool  # the key lies in its place already
    governance: bytes
    body: dict[str, Any]  # of entry 0
    written: list[str] = field(default_factory=list)
    _undo: list[Callable[[], object]] = field(default_factory=list)

    def write(self, passphrase: bytes | None) -> tuple[Checkpoint, list[Finding]]:
        """Write everything, the key first and the signed head last. Raises OSError and LedgerError."""
        root = self.places.root
        made = make_dirs(root)
        self._undo.append(lambda: remove_made(made))
        if not self.has_key:
            path = write_key(self.signer, passphrase)
            self._undo.append(lambda: path.unlink(missing_ok=True))
        self._replace(GOVERNANCE, self.governance)
        self._replace(GIT_IGNORE, _with_line(_read(root / GIT_IGNORE) or b"", _CACHE_LINE))
        self._remember_directories()
        store = FileStore.create(self.places, self.signer.name)
        with store.writing() as findings:
            head = store.head()
            if head is None:
                now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                head = store.append([NewEntry("charter", None, self.body)], signer=self.signer, at=now)
        self.written.append(RECORDS)
        return head, findings

    def undo(self) -> None:
        """Put everything back, unless the head is signed: then the same call completes it."""
        if read_guard(self.signer.vkey) is not None:
            return
        for step in reversed(self._undo):
            with suppress(OSError):  # the first error is the one to tell, and the other steps still help
                step()

    def _replace(self, name: str, data: bytes) -> None:
        path = self.places.root / name
        old = _read(path)
        if old == data:
            return
        mode = FILE_MODE if old is None else stat.S_IMODE(path.stat().st_mode)
        self._undo.append(lambda: path.unlink() if old is None else write_file(path, old, mode=mode))
        write_file(path, data, mode=mode)
        if old is not None:
            path.chmod(mode)  # the user's mask may have taken something away
        self.written.append(name)

    def _remember_directories(self) -> None:
        """Have undo remove what the store makes, as far as it is not there yet."""
        places = self.places
        attributes = places.records / ".gitattributes"
        directories = (places.records, places.records / "log", places.entries)
        new = [path for path in directories if not path.exists()]
        self._undo.append(lambda: remove_made(new))
        if not attributes.exists():
            self._undo.append(lambda: attributes.unlink(missing_ok=True))
        if not places.cache.exists():
            self._undo.append(lambda: shutil.rmtree(places.cache, ignore_errors=True))


def _plan(
    places: Places,
    group: str,
    origin: str,
    passphrase: bytes | None,
    existing_key: bool,
    other_keys: Sequence[str],
) -> _Start:
    """Return what is to be written; refuses here, before anything is."""
    for path in (places.governance, places.root / GIT_IGNORE, places.records):
        if path.is_symlink():
            raise UsageError(f"{path} is a symbolic link", fix="put the file itself there")
    if places.records.exists() and not places.records.is_dir():
        raise UsageError(f"{places.records} is not a directory", fix="move it away")
    if places.checkpoint.exists():
        raise _exists_error(places)
    resuming = is_ledger(places.root)
    old = _read(places.governance)
    has_key = key_path(origin).exists()
    if resuming:
        governance = old or b""
        signer = _resume_key(places, governance, group, origin, passphrase)
    elif has_key and not existing_key:
        raise key_exists_error(origin)
    else:
        signer = load_key(origin, passphrase=passphrase) if existing_key else make_key(origin)
        keys = [signer.vkey.encode(), *other_keys]
        governance = add_charter(old, group=group, origin=origin, keys=keys)
        _check_unused(places, signer)
    body = charter_body(governance, version=1, previous=None)
    _check_charter(governance)
    return _Start(places, signer, has_key, governance, body)


def _check_charter(governance: bytes) -> None:
    """Refuse keys that cannot sign and rules that nobody can apply: entry 0 cannot be mended."""
    matter = read_governance(governance)
    assert matter is not None  # noqa: S101 - charter_body has read it
    charter = parse_charter(matter)
    decode_keys(charter.keys)
    parse_rules(charter, matter.lines)


def _resume_key(
    places: Places, governance: bytes, group: str, origin: str, passphrase: bytes | None
) -> SigningKey:
    """Return the key of an interrupted run: GOVERNANCE.md names it, and it has signed nothing else."""
    charter = parse_charter(read_governance(governance) or {})
    if (charter.group, charter.origin) != (group, origin) or not key_path(origin).exists():
        raise _exists_error(places)
    signer = load_key(origin, passphrase=passphrase)
    check_key(signer, decode_keys(charter.keys))
    return signer


def _check_unused(places: Places, signer: SigningKey) -> None:
    guard = read_guard(signer.vkey)
    if guard is not None:
        raise ConfigurationError(
            f"the key for {signer.name} has signed a log of {guard.head.size} entries already",
            why="one key must never sign two histories of one origin",
            fix="use that log, or choose another origin",
        )
    if places.entry_file(0).exists():
        raise _exists_error(places)


def _exists_error(places: Places) -> UsageError:
    return UsageError(
        f"there is a ledger in {places.root} already",
        why="a ledger is never overwritten",
        fix="use it (ledger record, ledger find), or name another directory",
    )


def _check_names(group: str, origin: str, passphrase: bytes | None) -> None:
    try:
        check_group(group)
        check_origin(origin)
    except ConfigurationError as error:
        raise UsageError(error.what, why=error.why, fix=error.fix) from None
    if passphrase == b"":
        raise UsageError("the passphrase is empty", fix="give one, or say that there is to be none")


def _with_line(data: bytes, line: str) -> bytes:
    """Return a .gitignore that ignores the directory ``line``, with every other byte as it was."""
    names = {entry.strip().strip(b"/") for entry in data.split(b"\n")}
    if line.strip("/").encode() in names:
        return data
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    between = b"" if not data or data.endswith(b"\n") else ending
    return data + between + line.encode() + ending


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(error, f"read {path}") from error
