"""Which entries a redaction erases: the records named, their corrections, and what must go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.errors import NotFoundError, UsageError
from ledger.governance.agreements import follow_log
from ledger.governance.effective import UNREDACTABLE
from ledger.governance.fields import mapping_of, mappings_of, number_of, text_of

if TYPE_CHECKING:
    from ledger.log.entry import Entry

_LONGEST_NUMBER = 16


@dataclass(slots=True)
class Log:
    """All entries of a log, with the corrections of each."""

    entries: list[Entry]
    corrections: dict[int, list[int]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Log:
        """Return the log of ``entries``, from 0 on."""
        log = cls(list(entries))
        for entry in log.entries:
            if entry.id is not None:
                log.names.setdefault(entry.id, entry.seq)
            of = number_of(entry.body, "of") if entry.kind == "correction" and entry.body else None
            if of is not None:
                log.corrections.setdefault(of, []).append(entry.seq)
        return log

    def at(self, seq: int) -> Entry | None:
        """Return entry ``seq``, None where there is none."""
        return self.entries[seq] if 0 <= seq < len(self.entries) else None

    def called(self, name: str) -> Entry:
        """Return the entry called ``name`` (``2024-04-10/3``, ``#41``, ``41``). Raises NotFoundError."""
        text = name.strip()
        seq = self.names.get(text)
        number = text.removeprefix("#")
        if seq is None and number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER:
            seq = int(number)
        found = self.at(seq) if seq is not None else None
        if found is None:
            raise NotFoundError(
                f"no record is called {text[:60]!r}",
                why="only what is on record can be erased",
                fix="look for it: ledger find WORDS, or ledger list KIND",
            )
        return found

    def name_of(self, seq: int) -> str:
        """Return how people call the record of entry ``seq``; of a correction, the record it corrects."""
        entry = self.entries[seq]
        if entry.kind == "correction" and entry.body is not None:
            return self.name_of(number_of(entry.body, "of") or 0)
        return entry.id if entry.id is not None else f"#{seq}"


@dataclass(frozen=True, slots=True)
class Targets:
    """What is to be erased: ``records`` as named, ``of`` these and their corrections, in order.

    ``pending`` are redactions on record that list what was named: their erasure may not be finished.
    """

    records: tuple[Entry, ...]
    of: tuple[int, ...]
    pending: tuple[int, ...] = ()


def find_targets(log: Log, names: Sequence[str]) -> Targets:
    """Return what the records called ``names`` comprise.

    Raises NotFoundError for what is not on record, UsageError for what cannot be erased, or not alone.
    """
    if not names:
        raise UsageError("no record was named", fix="name it: ledger redact 2024-04-10/3.2 --reason …")
    listed = _listed(log)
    found, pending = {}, set()
    for name in names:
        entry = log.called(name)
        _check_kind(log, entry)
        if entry.seq in listed:
            pending.add(listed[entry.seq])
        else:
            found[entry.seq] = entry
    records = tuple(found[seq] for seq in sorted(found))
    _check_polls(log, found)
    of = {seq for one in found for seq in (one, *log.corrections.get(one, ()))}
    return Targets(records, tuple(sorted(of)), tuple(sorted(pending)))


def _listed(log: Log) -> dict[int, int]:
    """Return the entries that redactions on record list, each with the redaction."""
    listed: dict[int, int] = {}
    for entry in log.entries:
        if entry.kind == "redaction" and entry.body is not None:
            for of in entry.body.get("of", ()):
                if isinstance(of, int):
                    listed.setdefault(of, entry.seq)
    return listed


def _check_kind(log: Log, entry: Entry) -> None:
    """Raise UsageError for a kind that cannot be erased by itself."""
    name, kind = log.name_of(entry.seq), entry.kind
    if kind in UNREDACTABLE:
        raise UsageError(
            f"#{entry.seq} is a {kind}, which cannot be redacted",
            why="without its words nobody could check who may sign, or what was erased and why",
            fix="state what changed in a new charter: ledger charter adopt"
            if kind == "charter"
            else "the reason of a redaction stays; choose its words with care",
        )
    if kind == "attestation" and text_of(_statement(entry), "kind") == "charter":
        raise UsageError(
            f"#{entry.seq} is an owner's statement on a charter, which cannot be redacted",
            why="without it nobody could check that the charter took effect",
            fix="state what changed in a new charter: ledger charter adopt",
        )
    awaited = follow_log(log.entries).awaited(entry.seq) if kind == "attestation" else None
    if awaited is not None:
        raise UsageError(
            f"#{entry.seq} was signed while the charter #{awaited.version.seq} waited for its owners",
            why="once it is erased nobody can tell that it was no agreement to the charter",
            fix="it stays, as the agreements themselves do",
        )
    if kind == "source":
        raise UsageError(
            f"#{entry.seq} is the entry of a recorded file, which is not redacted by itself",
            why="its digest goes together with the words of the records that quote it",
            fix="name these records: ledger show MEETING lists them",
        )
    if kind == "correction" and entry.body is not None:
        raise UsageError(
            f"#{entry.seq} is a correction of {name}",
            why="without it, what was corrected would count again",
            fix=f"name the record, its corrections go with it: ledger redact {name} …",
        )


def _statement(entry: Entry) -> Mapping[str, Any]:
    return mapping_of(entry.body or {}, "statement")


def _check_polls(log: Log, found: Mapping[int, Entry]) -> None:
    """Raise UsageError where a poll would be open again, or its ballots would hang in the air."""
    closed: dict[int, list[int]] = {}
    ballots: dict[int, list[int]] = {}
    for entry in log.entries:
        number = _poll_number(text_of(entry.body or {}, "poll"))
        if entry.kind in ("vote", "ballot") and number is not None:
            (closed if entry.kind == "vote" else ballots).setdefault(number, []).append(entry.seq)
    for entry in log.entries:
        subject = text_of(entry.body or {}, "subject") if entry.kind == "poll" else ""
        is_open = entry.seq not in closed and entry.seq not in found
        if subject and is_open and any(subject in (f"#{seq}", one.id) for seq, one in found.items()):
            raise UsageError(
                f"the poll #{entry.seq} on {subject} is open",
                why="nobody could vote on words that are gone",
                fix=f"close it first (ledger poll close #{entry.seq}), or name it and its ballots too",
            )
    for seq, entry in found.items():
        poll = _poll_number(text_of(entry.body or {}, "poll"))
        if entry.kind == "vote" and poll is not None and poll not in found:
            whole = _names([poll, *closed[poll], *ballots.get(poll, ())])
            raise UsageError(
                f"#{seq} closed the poll #{poll}, which would be open again without it",
                why="a tally is what remains of a poll when its ballots are redacted",
                fix=f"redact its ballots alone, or all of it: {whole}",
            )
        if entry.kind == "ballot" and poll is not None and poll not in found and poll not in closed:
            raise UsageError(
                f"#{seq} is a ballot of the poll #{poll}, which is open",
                why="it would drop out of the count unnoticed",
                fix=f"close the poll first (ledger poll close #{poll}): its tally keeps the ballot counted",
            )
        if entry.kind == "poll":
            missing = [one for one in (*closed.get(seq, ()), *ballots.get(seq, ())) if one not in found]
            if missing:
                raise UsageError(
                    f"the poll #{seq} has ballots or a tally, which say nothing without it",
                    why="a poll is redacted as a whole, or its ballots alone",
                    fix=f"name these with it: {_names(missing)}",
                )


def _poll_number(reference: str) -> int | None:
    """Return the number in ``#41``, None in anything else."""
    number = reference.removeprefix("#")
    is_number = number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER
    return int(number) if is_number and reference != number else None


def _names(seqs: Sequence[int]) -> str:
    return " ".join(f"#{seq}" for seq in sorted(seqs))


def quotes_of(entry: Entry) -> Iterator[tuple[int, int, int, str]]:
    """Yield what an entry quotes: the source entry, the first and last line, and the words."""
    body = entry.body or {}
    stated = mapping_of(body, "body") if entry.kind == "correction" else body
    for source in (mapping_of(stated, "source"), *mappings_of(stated, "sources")):
        seq, lines = number_of(source, "seq"), source.get("lines")
        if seq is None or not isinstance(lines, list) or len(lines) != 2:
            continue
        first, last = lines
        if isinstance(first, int) and isinstance(last, int):
            yield seq, first, last, text_of(source, "quote")
