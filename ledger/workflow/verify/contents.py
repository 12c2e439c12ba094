"""What entries state: do identifiers, references and quotes hold?

Everything here works on one piece of the log, in any process. A reference that the piece itself
cannot settle is handed on as a :class:`~ledger.workflow.verify.identifiers.Link`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from msgspec import UNSET

from ledger import canonical
from ledger.errors import LedgerError, Where
from ledger.governance.effective import is_correctable
from ledger.governance.links import RELATIONS
from ledger.log.chain import Block, Failure, Head
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import decode_note
from ledger.records import (
    CORRECTABLE,
    HELD,
    KINDS,
    Abandoned,
    Approval,
    Attestation,
    CastBallot,
    Charter,
    Correction,
    Decision,
    FromMinutes,
    Meeting,
    Poll,
    Redaction,
    Source,
    SourceFile,
    Vote,
    to_body,
)
from ledger.workflow.verify.bodies import (
    CODES,
    FROM_MINUTES,
    UNKNOWN_CODE,
    Groups,
    Misfit,
    fit_body,
    numbers_of,
)
from ledger.workflow.verify.charters import AgreementEntry, CharterEntry
from ledger.workflow.verify.identifiers import LINKS, NAMED, Link, are_ids, is_day, is_reference, kind_of_id
from ledger.workflow.verify.piece import Edges, Piece
from ledger.workflow.verify.report import BODIES, CHARTERS, SOURCES
from ledger.workflow.verify.sources import MAX_MINUTES, SourceFiles

_RESTORE = "restore the file from a good copy of the repository, and look who changed it"
_COMPARE = "compare the entry with a good copy; if it was signed like this, ask whoever recorded it"

_DIGEST = re.compile("[0-9a-f]{64}")

_SEALED = {"vote": "a vote that closes a poll", "approval": "an approval that a member signed"}
"""Kinds of which some records cannot be corrected, and what these are."""

_getters = {member: attrgetter(member) for members in LINKS.values() for member in members}


class ContentCheck:
    """Checks what the entries of a piece state, block by block in order, and notes what it finds."""

    def __init__(self, piece: Piece, sources: SourceFiles) -> None:
        self.piece = piece
        self.sources = sources
        self._path = ""
        self._first = 0

    def check(self, block: Block, path: str) -> None:
        """Check all bodies of ``block``, which stands in the file ``path``."""
        self._path, self._first = path, block.first
        self.piece.redacted.update(block.redacted)
        self.piece.codes.extend([CODES.get(head.kind, UNKNOWN_CODE) for head in block.heads])
        groups: Groups = block.bodies
        for kind, (places, _) in groups.items():
            self._check_ids(kind, [block.heads[place] for place in places])
        # What the others refer to comes first: recorded files, and identifiers just above.
        for kind in sorted(groups, key=FROM_MINUTES.__contains__):
            places, values = groups[kind]
            if kind in FROM_MINUTES and set(map(type, values)) == {KINDS[kind]}:
                self._check_records(kind, [block.first + place for place in places], values)
                continue
            for place, value in zip(places, values, strict=True):
                self._check_value(block.heads[place], block.leaves[place], value)

    # --- identifiers ------------------------------------------------------------------------------

    def _check_ids(self, kind: str, heads: Sequence[Head]) -> None:
        ids = self.piece.ids
        given = {head.id: head.seq for head in heads}
        texts = [text for text in given if text is not None]
        # All at once, where all are in order; else one by one.
        if kind in NAMED:
            if len(texts) == len(heads) and ids.keys().isdisjoint(texts) and are_ids(kind, texts):
                ids.update(zip(texts, given.values(), strict=True))
                return
        elif not texts:
            return
        for head in heads:
            text, seq = head.id, head.seq
            if text is None:
                if kind in NAMED and kind != "comment":
                    self._fault(seq, f"the {kind} has no identifier", f"such as {NAMED[kind]}", "null")
            elif kind not in NAMED:
                # A kind of a later version may well have identifiers of its own.
                if kind in KINDS:
                    self._fault(seq, f"a {kind} has no identifier, yet this is {text!r}", "null", text)
            elif kind_of_id(text) != kind:
                self._fault(
                    seq, f"{text!r} is not an identifier of a {kind}", f"such as {NAMED[kind]}", text
                )
            elif ids.setdefault(text, seq) != seq:
                what = f"the identifier {text} was already given to entry {ids[text]}"
                self._fault(seq, what, "an identifier of its own", text)

    # --- records from minutes -----------------------------------------------------------------------

    def _check_records(self, kind: str, seqs: Sequence[int], records: Sequence[FromMinutes]) -> None:
        self.piece.counts["bodies"] += len(records)
        self._check_sources(seqs, records)
        for member, fitting in LINKS.get(kind, {}).items():
            targets: Iterable[tuple[int, Any]] = zip(seqs, map(_getters[member], records), strict=True)
            if member in RELATIONS:
                targets = [(seq, target) for seq, several in targets for target in several]
            self._check_links(kind, member, targets, narrow="comment" not in fitting)
        if kind == "decision":
            for seq, record in zip(seqs, records, strict=True):
                self._check_decision(seq, record)
        if kind == "vote":
            for seq, record in zip(seqs, records, strict=True):
                self._check_counts(seq, record)
        elif kind == "meeting":
            self._note_rooms(records)
        elif kind == "approval":
            self.piece.counts["statements"] += sum(
                isinstance(record, Approval) and record.statement is not UNSET for record in records
            )

    def _check_sources(self, seqs: Sequence[int], records: Sequence[FromMinutes]) -> None:
        lines: list[str] = []
        current = unsourced = quotes = 0
        for seq, record in zip(seqs, records, strict=True):
            source = record.source
            if record.sources:
                for further in record.sources:
                    self._check_quote(seq, further)
                quotes += len(record.sources)
            if source is None:
                unsourced += 1
                continue
            quotes += 1
            if source.seq != current and source.seq < seq:
                current, lines = source.seq, self.sources.lines(source.seq) or []
            first, last = source.lines
            quote = source.quote
            # The common case, in few steps; any other is looked at again.
            if (
                source.seq != current
                or not 0 < first == last <= len(lines)
                or quote not in lines[first - 1]
                or not quote.strip()
            ):
                self._check_quote(seq, source)
        self.piece.counts["quotes"] += quotes
        self.piece.counts["unsourced"] += unsourced

    def _check_quote(self, seq: int, source: Source) -> None:
        first, last = source.lines
        quote = source.quote
        # A source entry comes before what was read in it, and nothing is longer than its file.
        if not 0 <= source.seq < seq or not 1 <= first <= last <= MAX_MINUTES:
            what = f"source {source.seq}, lines {first} to {last}: there is no such place before this entry"
            self._fault(seq, what, "an earlier source entry and its lines", f"#{source.seq}")
            return
        lines = self.sources.lines(source.seq)
        if lines is None:
            self._explain_source(seq, source.seq)
            return
        text = "".join(lines[first - 1 : last])
        # White space stands everywhere: it would show nothing.
        if last > len(lines) or not quote.strip() or quote not in text:
            what = f"the quote does not stand in lines {first} to {last} of source entry {source.seq}"
            self._fault(seq, what, quote, text, check=SOURCES)

    def _explain_source(self, seq: int, source: int) -> None:
        entry = self.sources.entry(self.sources.current(source))
        if entry is not None and entry.kind == "source" and entry.redacted is not None:
            self.piece.counts["unchecked quotes"] += 1
        elif entry is None or entry.kind != "source":
            kind = "nothing readable" if entry is None else f"a {entry.kind}"
            what = f"entry {source} is not a source, and this record quotes it"
            self._fault(seq, what, "a source entry", kind)
        else:
            what = f"the file of source entry {source} is missing or not text, so the quote cannot stand"
            self._fault(seq, what, "the recorded file", "none", check=SOURCES, fix=_RESTORE)

    def _check_links(self, kind: str, member: str, targets: Any, *, narrow: bool) -> None:
        ids, references = self.piece.ids, 0
        for seq, target in targets:
            # A vote that was read in minutes has no poll at all.
            if target is None or target is UNSET:
                continue
            references += 1
            # ``ids`` holds proper identifiers only; those of proposals have a slash and no point.
            if ids.get(target, seq) >= seq or (narrow and ("/" not in target or "." in target)):
                self._check_link(seq, kind, member, target)
        self.piece.counts["references"] += references

    def _check_link(self, seq: int, kind: str, member: str, target: str) -> None:
        if is_reference(target):
            if self.piece.ids.get(target, seq) < seq and kind_of_id(target) in LINKS[kind][member]:
                return
            self.piece.links.append(Link(seq, self._where(seq), kind, member, target))
        elif member != "motion":
            # (The words of a motion stand where no proposal is on record.)
            what = f"{member} {target!r} is not an identifier"
            self._fault(seq, what, "such as 2024-04-10/3 or #41", target)

    def _check_counts(self, seq: int, record: FromMinutes) -> None:
        if not isinstance(record, Vote):
            return
        counts = record.stated.counts
        given = [name for name in HELD if getattr(record, name) is not UNSET]
        if given and (record.poll is UNSET or record.source is not None):
            what = f"only a vote that closes a poll, and is not read in minutes, has {given[0]}"
            self._fault(seq, what, "a vote without it", ", ".join(given))
        if record.poll is UNSET and (record.ballots or (counts is not None and counts.cast is not None)):
            self.piece.counts["votes to compare"] += 1
        if counts is not None and record.source is not None:
            least = (counts.yes or 0) + (counts.no or 0) + (counts.abstain or 0)
            self.piece.tallies.append((record.source.seq, least))
        for number in numbers_of(record):
            if number is not None and not 0 <= number <= canonical.MAX_INTEGER:
                self._fault(seq, f"{number} is not a count of votes", "a number from 0 on", str(number))

    def _note_rooms(self, records: Sequence[FromMinutes]) -> None:
        """Note how many were at most in the room: no more can have voted there."""
        for record in records:
            if isinstance(record, Meeting) and record.source is not None and record.attendance:
                there = sum(one.status in ("present", "partial") for one in record.attendance)
                self.piece.rooms[record.source.seq] = there

    def _check_decision(self, seq: int, record: FromMinutes) -> None:
        """Check what a decision states beside its outcome: days, digests, a reason, and its links."""
        if not isinstance(record, Decision):
            return
        days = [(name, getattr(record, name)) for name in ("date", "review_on", "expires_on")]
        days += [("as_of", reference.as_of) for reference in record.refers_to]
        for name, day in days:
            if day is not None and not is_day(day):
                self._fault(seq, f"{name} {day!r} is not a day", "such as 2024-04-10", day)
        for reference in record.refers_to:
            if reference.sha256 is not None and _DIGEST.fullmatch(reference.sha256) is None:
                self._fault(seq, "sha256 is not a digest", "64 hexadecimal digits", reference.sha256)
        if record.date is not None and record.source is None and not (record.reason or "").strip():
            what = "a decision recorded by hand has neither a source nor a reason"
            self._fault(seq, what, "one of the two", "none")
        newer = record.on or f"#{seq}"
        pairs = [(newer, older) for name in RELATIONS for older in getattr(record, name)]
        if pairs:
            # (A correction of it may have been seen already.)
            self.piece.edges.setdefault(seq, Edges(self._where(seq), pairs))

    # --- everything else ----------------------------------------------------------------------------

    def _check_value(self, head: Head, leaf: bytes, value: Any) -> None:
        seq, counts = head.seq, self.piece.counts
        if head.kind == "charter":
            # Charters are checked in order, once all are known.
            body = value if isinstance(value, Charter) else None
            self.piece.charters.append(CharterEntry(seq, leaf.hex(), head.at, body))
        elif head.kind == "attestation" and (value is None or _agrees(value)):
            said = None if value is None else to_body(value)
            self.piece.agreements.append(AgreementEntry(seq, head.kind, head.at, leaf, said))
        if value is None:
            counts["redacted"] += 1
        elif isinstance(value, dict):
            self.piece.unknown[head.kind] += 1
        elif isinstance(value, FromMinutes):
            self._check_records(head.kind, [seq], [value])
        else:
            counts["bodies"] += 1
            self._check_own(head, value)

    def _check_own(self, head: Head, value: Any) -> None:
        seq = head.seq
        if isinstance(value, Misfit):
            check = CHARTERS if head.kind == "charter" else BODIES
            what = f"the body does not fit its kind {head.kind}: {value.reason}"
            self._fault(seq, what, f"a {head.kind}", value.reason, check=check)
        elif isinstance(value, SourceFile):
            self._check_source(seq, value)
        elif isinstance(value, Correction):
            self._check_correction(seq, value)
        elif isinstance(value, Redaction):
            self.piece.redactions.append((seq, self._where(seq), value.of))
        elif isinstance(value, Abandoned):
            self._check_abandoned(seq, value)
        elif isinstance(value, Attestation):
            self.piece.counts["statements"] += 1
        elif isinstance(value, Poll | CastBallot):
            if isinstance(value, CastBallot) and value.statement is not None:
                self.piece.counts["statements"] += 1
            for member in LINKS[head.kind]:
                self._check_links(head.kind, member, [(seq, _getters[member](value))], narrow=True)

    def _check_source(self, seq: int, record: SourceFile) -> None:
        self.piece.counts["files"] += 1
        self.piece.files.append(record.path)
        problem = self.sources.check(seq, record.path, record.sha256)
        if problem is not None:
            self._fault(seq, *problem, check=SOURCES, fix=_RESTORE)
        if record.meeting is not None and kind_of_id(record.meeting) != "meeting":
            what = f"meeting {record.meeting!r} is not an identifier of a meeting"
            self._fault(seq, what, f"such as {NAMED['meeting']}", record.meeting)
        if record.replaces is not None and self._kind_of(seq, record.replaces) != "source":
            what = f"replaces names entry {record.replaces}, which is not an earlier source"
            self._fault(seq, what, "an earlier source entry", f"#{record.replaces}")

    def _check_correction(self, seq: int, record: Correction) -> None:
        kind, target = self._kind_of(seq, record.of), f"#{record.of}"
        self.piece.counts["references"] += 1
        if kind in ("vote", "meeting"):
            self.piece.counts["votes to compare"] += 1
        if kind is None:
            self._fault(
                seq, f"it corrects entry {record.of}, which is not before it", "an earlier entry", target
            )
        elif kind not in KINDS:
            self.piece.unknown[f"correction of {kind}"] += 1
        elif kind not in CORRECTABLE:
            what = f"it corrects entry {record.of}, and a {kind} cannot be corrected"
            self._fault(seq, what, "a record from minutes", f"a {kind}")
        elif kind in _SEALED and self._is_sealed(record.of):
            what = f"it corrects entry {record.of}, {_SEALED[kind]}, which cannot be corrected"
            self._fault(seq, what, "a record from minutes", target)
        elif record.body is not None:
            body = fit_body(kind, record.body)
            if isinstance(body, Approval) and body.statement is not UNSET:
                self._fault(seq, "a correction cannot sign for anybody", "no statement", "a statement")
            elif isinstance(body, FromMinutes):
                self._check_records(kind, [seq], [body])
                self.piece.counts["bodies"] -= 1  # it is part of one that was counted
                self._correct_edges(seq, record.of)
            elif isinstance(body, Misfit):
                what = f"the corrected body does not fit its kind {kind}: {body.reason}"
                self._fault(seq, what, f"a {kind}", body.reason)
        elif kind == "decision":
            self._correct_edges(seq, record.of)

    def _correct_edges(self, seq: int, of: int) -> None:
        """Let the links that correction ``seq`` states stand in place of those of entry ``of``."""
        where, pairs = self.piece.edges.pop(seq, Edges(self._where(seq), []))
        own = f"#{seq}"  # where it names no other record, the newer end is what it corrects
        pairs = [(f"#{of}" if newer == own else newer, older) for newer, older in pairs]
        self.piece.edges[of] = Edges(where, pairs)

    def _is_sealed(self, seq: int) -> bool:
        entry = self.sources.entry(seq)
        return entry is not None and not is_correctable(entry.kind, entry.body)

    def _check_abandoned(self, seq: int, record: Abandoned) -> None:
        try:
            Checkpoint.decode(decode_note(record.note.encode())[0])
        except LedgerError as error:
            self._fault(
                seq, f"the abandoned head is no checkpoint: {error.what}", "a checkpoint", record.note
            )
        else:
            self.piece.abandoned.append((self._where(seq), record.note))

    def _kind_of(self, seq: int, target: int) -> str | None:
        """The kind of the earlier entry ``target``; None where there is none before ``seq``."""
        entry = self.sources.entry(target) if 0 <= target < seq else None
        return None if entry is None else entry.kind

    def _where(self, seq: int) -> Where:
        return Where(self._path, seq - self._first + 1, seq)

    def _fault(
        self, seq: int, what: str, expected: str, found: str, *, check: str = BODIES, fix: str = _COMPARE
    ) -> None:
        failure = Failure(check, what, self._where(seq), _short(expected), _short(found), fix)
        self.piece.faults.add(failure)


def _agrees(value: Any) -> bool:
    """Tell whether an attestation is an agreement to a charter."""
    return isinstance(value, Attestation) and value.statement.kind == "charter"


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"
