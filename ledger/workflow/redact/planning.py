"""The plan of a redaction: what will be erased, blanked, appended and told, before anything is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Finding, StoreError, UsageError
from ledger.governance.erased import current_source
from ledger.governance.fields import text_of
from ledger.records import Redaction, SourceFile, Unsettled, to_body
from ledger.store.base import NewEntry
from ledger.store.places import MINUTES
from ledger.workflow.redact.blanking import Passage, blank_passages, same_passages
from ledger.workflow.redact.leftovers import Leftover, Phrases, find_in_files, find_in_records, words_of
from ledger.workflow.redact.targets import Log, Targets, quotes_of
from ledger.workflow.redact.unsettled import Change, find_unsettled

if TYPE_CHECKING:
    from ledger.log.entry import Entry
    from ledger.store.files import FileStore

_NAMED = 12


class BlankedFile(NamedTuple):
    """A recorded file as it will be: ``source`` is the entry that it is recorded by now."""

    source: int
    path: str
    meeting: str | None
    data: bytes
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a redaction does: ``records`` are those named, ``of`` all entries that are erased.

    ``entries`` are appended, the redaction first. ``changes`` are statuses that nobody can compute any
    more; ``leftovers`` are places that still have the same words afterwards; ``people`` are named in what
    is erased.
    """

    records: tuple[Entry, ...]
    of: tuple[int, ...]
    files: tuple[BlankedFile, ...]
    entries: tuple[NewEntry, ...]
    changes: tuple[Change, ...]
    leftovers: tuple[Leftover, ...]
    findings: tuple[Finding, ...]

    @property
    def data(self) -> dict[str, bytes]:
        """The blanked files by path."""
        return {one.path: one.data for one in self.files}


def plan_redaction(store: FileStore, log: Log, targets: Targets, *, reason: str, by: str) -> Plan:
    """Return what erasing ``targets`` means.

    Raises UsageError where living records quote the same words, StoreError where a recorded file is missing
    or is not the one that was recorded.
    """
    records = set(targets.of)
    files = tuple(_blank_files(store, log, records))
    of = tuple(sorted({*records, *(one.source for one in files)}))
    phrases = Phrases(words_of(log.entries[seq]) for seq in targets.of)
    changes = tuple(find_unsettled(store.places, log.entries, of))
    redaction = Redaction(of=list(of), reason=reason, by=by)
    if changes:
        unsettled = [Unsettled(on=one.on, date=one.date) for one in changes]
        redaction = Redaction(of=list(of), reason=reason, by=by, unsettled=unsettled)
    entries = [NewEntry("redaction", None, to_body(redaction))]
    entries += [NewEntry("source", None, to_body(_source(one))) for one in files]
    living = [entry for entry in log.entries if entry.seq not in of]
    names = {entry.seq: log.name_of(entry.seq) for entry in living}
    leftovers = [
        *dict.fromkeys(find_in_records(phrases, living, names)),
        *find_in_files(phrases, store.places.root, {one.path: one.data for one in files}),
    ]
    return Plan(
        targets.records,
        of,
        files,
        tuple(entries),
        changes,
        tuple(leftovers),
        tuple(_findings(phrases, reason, by, changes, leftovers)),
    )


def blanked_again(store: FileStore, log: Log, redaction: int) -> dict[str, bytes]:
    """Return the blanked files of a redaction on record whose erasure was not finished, made anew.

    Only what has the digest that the log states for it will be used.
    """
    of = {seq for seq in (log.entries[redaction].body or {}).get("of", ()) if isinstance(seq, int)}
    records = {seq for seq in of if log.entries[seq].kind != "source" and log.entries[seq].body is not None}
    before = Log.of(log.entries[:redaction])
    try:
        return {one.path: one.data for one in _blank_files(store, before, records)} if records else {}
    except (StoreError, UsageError):
        return {}


def _source(file: BlankedFile) -> SourceFile:
    digest = sha256(file.data).hexdigest()
    return SourceFile(path=file.path, sha256=digest, meeting=file.meeting, replaces=file.source)


def _blank_files(store: FileStore, log: Log, records: set[int]) -> Iterator[BlankedFile]:
    """Yield the recorded files that quote what is erased, blanked, in the order of their entries."""
    erased = _passages(log, (log.entries[seq] for seq in sorted(records)))
    living = _passages(log, (entry for entry in log.entries if entry.seq not in records))
    data = {source: _read(store, log, source) for source in erased}
    further: dict[int, list[Passage]] = {}
    for source, passages in erased.items():
        for other in _other_readings(log, source):
            there = data[other] if other in data else _read(store, log, other)
            found = same_passages(data[source], passages, there)
            if found:
                further.setdefault(other, []).extend(found)
    overlapping: set[int] = set()
    blanked: list[BlankedFile] = []
    for source in sorted({*erased, *further}):
        text = data[source] if source in data else _read(store, log, source)
        passages = [*erased.get(source, ()), *further.get(source, ())]
        after = blank_passages(text, passages, living.get(source, ()))
        overlapping |= {one.by for one in after.overlapping}
        if after.lines:
            body = log.entries[source].body or {}
            meeting = text_of(body, "meeting") or None
            blanked.append(BlankedFile(source, text_of(body, "path"), meeting, after.data, after.lines))
    if overlapping:
        names = list(dict.fromkeys(log.name_of(seq) for seq in sorted(overlapping)))
        raise UsageError(
            f"other records quote the same words: {', '.join(names[:_NAMED])}"
            + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""),
            why="their quotes would give the words back",
            fix=f"redact these with it: ledger redact … {' '.join(names)}",
        )
    yield from blanked


def _passages(log: Log, entries: Iterator[Entry]) -> dict[int, list[Passage]]:
    """Return what ``entries`` quote, by the source entry that stands for the file now."""
    found: dict[int, list[Passage]] = {}
    now: dict[int, int | None] = {}
    for entry in entries:
        for source, first, last, quote in quotes_of(entry):
            if source not in now:
                now[source] = current_source(source, log.at)
            current = now[source]
            if current is not None:
                found.setdefault(current, []).append(Passage(entry.seq, first, last, quote))
    return found


def _other_readings(log: Log, source: int) -> list[int]:
    """Return the other recorded files of the same meeting, by their source entries."""
    meeting = text_of(log.entries[source].body or {}, "meeting")
    return [
        entry.seq
        for entry in log.entries
        if entry.kind == "source"
        and entry.body is not None
        and entry.seq != source
        and meeting
        and text_of(entry.body, "meeting") == meeting
    ]


def _read(store: FileStore, log: Log, source: int) -> bytes:
    """Return the bytes of a recorded file, which must be those that were recorded."""
    from ledger.workflow.append import read_stored

    body: Mapping[str, object] = log.entries[source].body or {}
    path = text_of(body, "path")
    if (store.places.root / path).is_symlink():
        raise StoreError(
            f"{path} is a link",
            why="the words would stay in the file that it leads to",
            fix=f"put the recorded file itself there: git log -- {path} shows who changed it",
        )
    data = read_stored(store, path)
    if sha256(data).hexdigest() != body.get("sha256"):
        raise StoreError(
            f"{path} is not the file that was recorded",
            why="lines of another file would be blanked",
            fix=f"restore it: git checkout HEAD -- {path}; then see: ledger verify",
        )
    return data


def _findings(
    phrases: Phrases, reason: str, by: str, changes: Sequence[Change], leftovers: Sequence[Leftover]
) -> Iterator[Finding]:
    if any(phrases.stand_in(text) for text in (reason, by)):
        what = "the reason repeats words that are erased, and it stays on record for ever"
        yield Finding("reason-repeats", "warning", None, what, "say why, not what")
    for one in changes:
        what = f"{one.on} is {one.status} by words that go: it will be {one.left}"
        yield Finding("unsettled", "warning", None, what, "record what the group decides: ledger decide")
    for left in leftovers[:_NAMED]:
        what = f"the same words stand in {left}"
        fix = "redact it too" if left.line is None else "edit it by hand"
        if left.name.startswith(f"{MINUTES}/"):
            fix = "another line of recorded minutes: redact the record that quotes it"
        yield Finding("words-remain", "warning", None, what, fix)
    if len(leftovers) > _NAMED:
        what = f"the same words stand in {len(leftovers) - _NAMED} more places"
        yield Finding("words-remain", "warning", None, what, "all of them: --dry-run --json")
