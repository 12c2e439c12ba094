"""What the index takes from one entry, by itself: a pure function of the entry and its corrections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.governance.effective import Changes
from ledger.governance.fields import Body, mapping_of, number_of, text_of, texts_of
from ledger.governance.people import fold_person
from ledger.governance.standing import Fact, has_status, outcome_of, own_outcome
from ledger.lookup.document import (
    SILENT,
    first_sentence,
    is_motion,
    names_around,
    people_of,
    references_of,
    ties_of,
    title_of,
    words_of,
)
from ledger.lookup.reader import Raw, begins_recording

_SAYING = frozenset(("vote", "decision", "mention"))
_MEMBERS = frozenset(("comment", "vote", "mention", "ballot", "attestation"))


class Item(NamedTuple):
    """One entry.

    ``body`` is the entry that holds its latest body, None where it has none; ``leaf`` its leaf hash (32
    bytes). ``meeting`` is the meeting that a source tells of, ``source`` the entry of the source it was
    read in, ``of`` the entry that a correction corrects, ``charter`` a charter's body. ``links`` are the
    names of what it is about; ``step`` is what it says about the status of that, ``own`` about its own;
    ``counted`` tells whether it has a status. ``title`` is None where it is the first sentence of
    ``words``. ``around`` are its sections and people, ``names`` the people as spelled, ``people`` as
    (folded name, role). ``begins`` tells that a recording begins here; ``day`` (ISO) is its own date, where
    it states one; ``ties`` are a decision's links and its last day, as (relation, target).
    """

    seq: int
    kind: str
    id: str | None
    at: str
    leaf: bytes
    body: int | None
    meeting: str | None = None
    source: int | None = None
    of: int | None = None
    charter: dict[str, Any] | None = None
    corrected: bool = False
    alive: bool = False
    links: Sequence[str] = ()
    step: str | None = None
    own: str | None = None
    counted: bool = False
    motion: bool = False
    title: str | None = None
    words: str = ""
    around: str = ""
    names: str = ""
    people: Sequence[tuple[str, str]] = ()
    begins: bool = False
    day: str | None = None
    ties: Sequence[tuple[str, str]] = ()

    def title_and_text(self) -> tuple[str, str]:
        """Return the title, and the words where these say more."""
        title = self.title if self.title is not None else first_sentence(self.words)
        return title, "" if self.words == title else self.words


def read_item(raw: Raw, changes: Changes) -> Item:
    """Return what the index takes from an entry, after ``changes`` (those of the whole log)."""
    seq, kind = raw.seq, raw.kind
    body: Body | None = raw.body
    known, body_seq = body, None if body is None else seq
    if raw.redacted is not None or seq in changes.corrections or seq in changes.redactions:
        now = changes.apply(raw)
        body, body_seq = now.body, now.body_seq
        known = body if body is not None else now.original
    # A later reading is of the same meeting, and its source may stand behind this entry.
    first = raw.body if raw.body is not None else known
    source = number_of(mapping_of(first, "source"), "seq") if first is not None else None
    if body is None or kind in SILENT:
        begins = begins_recording(raw)
        silent = _silent(raw, body, changes)
        return Item(seq, kind, raw.id, raw.at, raw.leaf, body_seq, source=source, begins=begins, **silent)
    people = people_of(kind, body)
    names = " ".join([name for name, _ in people])
    fact = Fact(seq, kind, raw.id, (raw.id or "")[:10], body)
    return Item(
        seq,
        kind,
        raw.id,
        raw.at,
        raw.leaf,
        body_seq,
        None,
        source,
        None,
        None,
        body_seq != seq,
        True,
        references_of(kind, body),
        outcome_of(fact) if kind in _SAYING else None,
        own_outcome(fact),
        has_status(kind, body),
        is_motion(kind, body),
        None if kind in _MEMBERS else title_of(kind, body, fact.date),
        words_of(kind, body),
        names_around(body, people) if kind == "meeting" else " ".join([*texts_of(body, "section"), names]),
        names,
        [(fold_person(name), role) for name, role in people],
        begins_recording(raw),
        text_of(body, "date") or None if kind == "decision" else None,
        ties_of(body) if kind == "decision" else (),
    )


def _silent(raw: Raw, body: Body | None, changes: Changes) -> dict[str, Any]:
    """Return the fields that an entry has whose words are not looked for."""
    if body is None:
        # What was read in an erased source is still of its meeting.
        return {"meeting": changes.meetings.get(raw.seq)} if raw.kind == "source" else {}
    return {
        "meeting": text_of(body, "meeting") or None if raw.kind == "source" else None,
        "of": number_of(body, "of") if raw.kind == "correction" else None,
        "charter": raw.body if raw.kind == "charter" else None,
    }
