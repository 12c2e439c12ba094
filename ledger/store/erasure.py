"""Erasing the words of a redaction that is on record: files are blanked, bodies and salts removed.

The redaction is signed first; it says what may be erased and nothing else is touched. What its blanked
files are to hold is kept in ``.ledger/erasure`` beforehand, with the number of the redaction, so that a run
that is killed is completed by the next one that writes. Files come before entries: as long as a file is
to be blanked the entries still say which of its lines. Every file is replaced in one step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ledger.errors import Finding, LedgerError, StoreError
from ledger.governance.effective import UNREDACTABLE
from ledger.governance.erased import current_source, replaced_sources
from ledger.log.entry import Entry, decode_entry, redact_entry
from ledger.store.durable import disk_error, make_dirs, sync_dir, write_file
from ledger.store.entry_files import read_entry_file, read_lines
from ledger.store.minutes_files import REMOVED
from ledger.store.places import ENTRIES_PER_FILE, MINUTES, Places, cache_dir, file_name_of

ERASURE = "erasure"
PLAN = "plan.json"
_OWN = re.compile(r"plan\.json|[0-9a-f]{64}|\.(?:plan\.json|[0-9a-f]{64})\.tmp")
_INDEX = "index-[0-9]*"
"""The files of an index, and what a killed run left of one."""


def prepare_erasure(places: Places, redaction: int, files: Sequence[bytes]) -> None:
    """Keep what the erasure of the redaction to be appended as entry ``redaction`` needs; durably.

    ``files`` are the blanked files. Raises StoreError.
    """
    directory = places.cache / ERASURE
    try:
        _drop(directory)
        make_dirs(directory)
        for data in files:
            write_file(directory / sha256(data).hexdigest(), data)
        write_file(directory / PLAN, json.dumps({"redaction": redaction}).encode())
    except OSError as error:
        raise disk_error(error, f"write {directory}") from error


def forget_erasure(places: Places) -> None:
    """Drop what :func:`prepare_erasure` kept: it is done, or was never signed."""
    _drop(places.cache / ERASURE)


def _drop(directory: Path) -> None:
    """Remove what was prepared, and nothing else: a link that came with a repository may lead here."""
    if directory.is_symlink():
        directory.unlink()
    if not directory.is_dir():
        return
    # The plan goes first: without it the rest means nothing.
    for path in sorted(directory.iterdir(), key=lambda one: (one.name != PLAN, one.name)):
        if _OWN.fullmatch(path.name) and not path.is_dir():
            path.unlink(missing_ok=True)
    with suppress(OSError):
        directory.rmdir()


def finish_erasure(places: Places, origin: str, size: int) -> list[Finding]:
    """Complete an erasure that a crash interrupted, in a log of ``size`` verified entries; say so.

    What was prepared for a redaction that is not on record is dropped. Raises StoreError.
    """
    redaction = _planned(places)
    if redaction is None:
        _drop(places.cache / ERASURE)
        return []
    reader = _Log(places, size)
    entry = reader.entry(redaction)
    if entry is None or entry.kind != "redaction":
        forget_erasure(places)
        return []
    done = erase(places, origin, size, redaction)
    if not done:
        return []
    what = f"the last run was interrupted while it erased the words of #{redaction}: it is done now"
    return [Finding("erasure-completed", "warning", None, what, "commit it")]


def erase(
    places: Places, origin: str, size: int, redaction: int, files: Mapping[str, bytes] | None = None
) -> list[Path]:
    """Erase what the redaction in entry ``redaction`` lists, and return the files that were replaced.

    ``files`` are the blanked files by path, where they were not prepared. The log of ``size`` entries is
    verified by the caller, who holds the lock. Does again what is done already without harm. Raises
    StoreError where the disk refuses, or a blanked file is nowhere to be found; no entry is erased then.
    """
    log = _Log(places, size)
    body = log.body(redaction)
    of = [seq for seq in body.get("of", ()) if isinstance(seq, int) and 0 <= seq < redaction]
    try:
        changed = list(_replace_files(places, log, redaction, of, files or {}))
        _clear_caches(places, origin, log, of)
        changed += _erase_lines(places, size, redaction, of)
        _sweep(places)
        forget_erasure(places)
    except OSError as error:
        problem = disk_error(error, f"erase the words of redaction #{redaction}")
        problem.why = "the redaction is signed; the next run that writes completes the erasure"
        raise problem from error
    return changed


def has_words(places: Places, size: int, redaction: int) -> bool:
    """Tell whether something that redaction ``redaction`` lists still has its words."""
    log = _Log(places, size)
    body = log.body(redaction)
    of = [seq for seq in body.get("of", ()) if isinstance(seq, int) and 0 <= seq < redaction]
    if any((entry := log.entry(seq)) is not None and _is_whole(entry) for seq in of):
        return True
    return any(True for _ in _stale_files(places, log, redaction, of))


class _Log:
    """Entries by number, read a file at a time."""

    def __init__(self, places: Places, size: int) -> None:
        self._places = places
        self._size = size

    def entry(self, seq: int) -> Entry | None:
        if not 0 <= seq < self._size:
            return None
        try:
            return decode_entry(next(read_lines(self._places, seq, seq + 1)))
        except LedgerError:
            return None

    def body(self, redaction: int) -> dict[str, list[int]]:
        entry = self.entry(redaction)
        if entry is None or entry.kind != "redaction" or entry.body is None:
            raise StoreError(f"entry {redaction} is not a redaction", fix="see: ledger verify")
        return entry.body


def _planned(places: Places) -> int | None:
    try:
        value = json.loads((places.cache / ERASURE / PLAN).read_bytes())
        redaction = value["redaction"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return -1
    return redaction if isinstance(redaction, int) and not isinstance(redaction, bool) else -1


def _stale_files(
    places: Places, log: _Log, redaction: int, of: Sequence[int]
) -> Iterator[tuple[Path, str, str]]:
    """Yield the files that are not blanked yet: where they lie, their path and the digest to come."""
    for _, newer in replaced_sources(redaction, of, log.entry):
        now = current_source(newer, log.entry)
        entry = log.entry(now) if now is not None else None
        # One that was blanked once more since is the business of the later redaction.
        if entry is None or entry.body is None or now != newer:
            continue
        path, digest = str(entry.body.get("path")), str(entry.body.get("sha256"))
        name = path.removeprefix(f"{MINUTES}/")
        target = places.minutes / name
        if name == path or "/" in name or name.startswith(".") or target.is_symlink():
            continue
        if not target.is_file() or sha256(target.read_bytes()).hexdigest() != digest:
            yield target, path, digest


def _replace_files(
    places: Places, log: _Log, redaction: int, of: Sequence[int], files: Mapping[str, bytes]
) -> Iterator[Path]:
    stale = list(_stale_files(places, log, redaction, of))
    blanked = []
    for target, path, digest in stale:
        data = files.get(path)
        if data is None:
            prepared = places.cache / ERASURE / digest
            data = prepared.read_bytes() if prepared.is_file() else b""
        if sha256(data).hexdigest() != digest:
            raise StoreError(
                f"{path} is to be blanked by redaction #{redaction}, and what it is to hold is not at hand",
                why="an erasure was interrupted, on another computer or before .ledger/ was removed",
                fix=f"name its entries once more (ledger redact ID --reason …), or fetch {path}: git pull",
            )
        blanked.append((target, data))
    for target, data in blanked:
        write_file(target, data)
        yield target


def _erase_lines(places: Places, size: int, redaction: int, of: Sequence[int]) -> Iterator[Path]:
    for number in sorted({seq // ENTRIES_PER_FILE for seq in of if seq < size}):
        first = number * ENTRIES_PER_FILE
        lines = (read_entry_file(places, number) or b"").split(b"\n")
        changed = False
        for seq in of:
            if not first <= seq < first + ENTRIES_PER_FILE:
                continue
            entry = decode_entry(lines[seq - first])
            if entry.seq == seq and _is_whole(entry):
                lines[seq - first] = redact_entry(entry, redaction).line
                changed = True
        if changed:
            path = places.entry_file(number)
            write_file(path, b"\n".join(lines))
            yield path


def _is_whole(entry: Entry) -> bool:
    return entry.body is not None and entry.kind not in UNREDACTABLE


# --- what can be made again, and copies that nothing vouches for ---------------------------------------


def _clear_caches(places: Places, origin: str, log: _Log, of: Sequence[int]) -> None:
    """Remove indices and histories, which are made again when they are needed, and copies of the words."""
    for path in places.cache.glob(_INDEX):
        path.unlink(missing_ok=True)
    try:
        cache = cache_dir()
    except StoreError:
        cache = None
    if cache is not None:
        (cache / "history" / file_name_of(origin)).unlink(missing_ok=True)
        for path in cache.glob(f"*/{_INDEX}"):
            path.unlink(missing_ok=True)
    removed = places.cache / REMOVED
    if removed.is_dir():
        words = {word for seq in of if (entry := log.entry(seq)) is not None for word in _words(entry.body)}
        for path in removed.iterdir():
            if path.is_file() and _holds(path.read_bytes(), words):
                path.unlink()
        sync_dir(removed)


def _words(value: object) -> Iterator[str]:
    """Yield the texts in a body that are more than a word."""
    if isinstance(value, str):
        if " " in value.strip():
            yield "".join(value.split())
    elif isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)


def _holds(data: bytes, words: set[str]) -> bool:
    plain = data.decode("utf-8", "replace")
    texts = ["".join(plain.split())]
    for line in plain.split("\n"):
        try:
            # In an entry the same words are spelled as JSON.
            texts.append("".join("".join(_texts(json.loads(line))).split()))
        except (ValueError, RecursionError):
            continue
    return any(word in text for word in words for text in texts)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _sweep(places: Places) -> None:
    """Remove temporary files that a killed run left where words may be."""
    for directory in (places.minutes, *(path.parent for path in places.entries.rglob("*.jsonl"))):
        for path in directory.glob(".*.tmp") if directory.is_dir() else ():
            path.unlink(missing_ok=True)
