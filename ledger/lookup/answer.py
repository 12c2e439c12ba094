"""An answer: what is on record about one thing, as values for programs and as text for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledger.governance.fields import Body, flag_of, mapping_of, mappings_of, number_of, text_of, texts_of
from ledger.governance.standing import Fact
from ledger.governance.today import failed_condition
from ledger.lookup.document import people_of, title_of, words_of
from ledger.lookup.footing import again_facts, again_words, link_lines, standing_json, term_lines
from ledger.lookup.index import Index
from ledger.lookup.layout import Line, field, join, paragraph, style_of
from ledger.lookup.poll_lines import own_poll_lines, poll_lines, polls_json
from ledger.lookup.signed import Signature, signature_lines, signatures_of
from ledger.lookup.thread import (
    MOST_COMMENTS,
    Change,
    Place,
    Row,
    Thread,
    place_of,
    read_changes,
    read_thread,
    title_for,
)
from ledger.lookup.vote_lines import rule_votes, ruled_json, vote_lines
from ledger.minutes.inline import plain_text

if TYPE_CHECKING:
    from ledger.governance.ruling import Ruled
    from ledger.lookup.approval import MinutesApproval

BRIEF_COMMENTS = 5
_IN_FIELDS = frozenset(("meeting", "event", "appointment"))
_VERBS = {
    "report": "reported by",
    "comment": "said by",
    "decision": "stated by",
    "action": "for",
    "approval": "approved by",
    "event": "announced by",
    "appointment": "person",
    "mention": "mentioned by",
}


@dataclass(frozen=True)
class Answer:
    """What is on record about one record and its thread; the places are where each was read."""

    thread: Thread
    place: Place | None
    changes: tuple[Change, ...]
    votes: tuple[tuple[Fact, Place | None], ...]
    comments: tuple[tuple[Fact, Place | None], ...]
    mentions: tuple[tuple[Fact, Place | None], ...]
    about_title: str | None
    approval: MinutesApproval | None = None
    ruled: Mapping[int, Ruled] = dataclasses.field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()

    @property
    def fact(self) -> Fact:
        """The record itself."""
        return self.thread.fact

    @property
    def name(self) -> str:
        """The identifier for people."""
        return self.thread.row.name

    @cached_property
    def title(self) -> str:
        """A readable title, plain text."""
        return plain_text(title_of(self.fact.kind, self.fact.body, self.fact.date))

    @property
    def status(self) -> str | None:
        """The computed status; None for a kind that has none."""
        return self.thread.standing.status

    @property
    def vote(self) -> Fact | None:
        """The vote that counts: the one that gave the status, else the last one."""
        deciding = self.thread.deciding
        if deciding is not None:
            return deciding if deciding.kind == "vote" else None
        return self.thread.votes[-1] if self.thread.votes else None

    def to_json(self, width: int = 80) -> dict[str, Any]:
        """Return the answer as a JSON value; ``text`` is what a person would read."""
        body = self.fact.body
        vote = self.vote
        standing = self.thread.standing
        return {
            "kind": self.fact.kind,
            "id": self.name,
            "seq": self.fact.seq,
            "title": self.title,
            "status": self.status,
            "explanation": standing.sentence or None,
            "date": self.thread.date,
            "raised": self.fact.date,
            "meeting": self.thread.row.meeting,
            "proposer": text_of(body, "proposer") or None,
            "people": [{"person": name, "role": role} for name, role in people_of(self.fact.kind, body)],
            "stated": stated_words(vote.body) if vote is not None else None,
            "counts": counts_of(vote.body) if vote is not None else None,
            "method": text_of(vote.body, "method") or None if vote is not None else None,
            "words": plain_text(words_of(self.fact.kind, body)),
            "quote": self.place.quote if self.place is not None else None,
            "source": str(self.place) if self.place is not None else None,
            "lines": list(self.place.lines) if self.place is not None and self.place.lines else None,
            "about": self.thread.about.name if self.thread.about is not None else None,
            **standing_json(self.thread),
            "votes": [self._vote_json(fact, place) for fact, place in self.votes],
            "polls": polls_json(self.thread),
            "signatures": [one.to_json() for one in self.signatures],
            "comments": [_said_json(fact, place, self.thread.rows) for fact, place in self.comments],
            "comment_count": self.thread.comment_count,
            "again": [again_words(self.thread, fact) for fact in again_facts(self.thread)],
            "mentions": [_said_json(fact, place, self.thread.rows) for fact, place in self.mentions],
            "corrected": [
                {"by": f"#{change.seq}", "at": change.at, "reason": change.reason}
                for change in self.changes
            ],
            "check": ["ledger verify", show_command(self.name)],
            "approval": self.approval.to_json() if self.approval is not None else None,
            "text": join(self.lines(width)),
        }

    def lines(self, width: int = 80, *, every: bool = False) -> list[Line]:
        """Return the answer laid out for people: the answer first, how to check it last.

        Comments are in brief, unless ``every`` one is wanted.
        """
        body = self.fact.body
        words = "" if self.fact.kind in _IN_FIELDS else plain_text(words_of(self.fact.kind, body))
        lines = paragraph(self.title or self.name, width, style="bold")
        if words.rstrip(".") not in self.title:
            lines += paragraph(f"“{words}”", width, indent=2)
        lines.append(("",))
        lines += link_lines(self.thread, width)
        if self.status is not None:
            failed = failed_condition(self.status, self.thread.terms)
            style = style_of(self.status) if failed is None else "yellow"
            words = self._status_words() if failed is None else f"{failed}; {self._status_words()}"
            lines += field("status", words, width, style=style)
        lines += term_lines(self.thread, width)
        lines += self._people_lines(width)
        lines += own_poll_lines(self.fact, width)
        if self.approval is not None:
            sentence = self.approval.judged.sentence
            lines += field("minutes", sentence[:1].lower() + sentence[1:].removesuffix("."), width)
        if self.fact.kind == "event":
            for label, name in (("when", "when"), ("place", "location")):
                lines += field(label, plain_text(text_of(body, name)), width) if text_of(body, name) else []
        if self.thread.about is not None:
            lines += field("about", f"{self.thread.about.name}: {self.about_title}", width)
        meeting = self.thread.row.meeting
        if meeting is not None and self.fact.kind != "meeting":
            lines += field("meeting", meeting, width)
        lines += self._thread_lines(width, every=every)
        lines += signature_lines(self.signatures, width)
        for change in self.changes:
            lines += field(
                "corrected",
                f"by entry #{change.seq} on {change.at[:10]}: {change.reason}",
                width,
                style="yellow",
            )
        if self.place is not None:
            lines += field("source", str(self.place), width)
        lines += field("id", self.name, width)
        lines += field("check it", f"ledger verify · {show_command(self.name)}", width)
        return lines

    def _status_words(self) -> str:
        deciding, declared = self.thread.deciding, self.thread.declared
        if deciding is not None and deciding.kind == "vote" and self.status not in ("undetermined", None):
            before = f"; {declared.status} on {deciding.date} before that"
            ended = f"{self.status} on {self.thread.date}{before}"
            return f"{self.status} on {deciding.date}" if self.status == declared.status else ended
        sentence = declared.sentence if self.status == declared.status else self.thread.standing.sentence
        return sentence[:1].lower() + sentence[1:].removesuffix(".")

    def _people_lines(self, width: int) -> list[Line]:
        body, kind = self.fact.body, self.fact.kind
        if kind == "proposal":
            names = ", ".join(name for name, _ in people_of(kind, body)) or "nobody named"
            return field("proposed by", names, width)
        if kind == "meeting":
            return meeting_lines(body, width)
        names = ", ".join(dict.fromkeys(name for name, _ in people_of(kind, body)))
        label = "raised by" if kind == "report" and flag_of(body, "raised") else _VERBS.get(kind, "by")
        return field(label, names, width) if names else []

    def _thread_lines(self, width: int, *, every: bool) -> list[Line]:
        """What was voted, decided and said about it, in this order, and when it came up again."""
        lines: list[Line] = []
        for fact, _ in self.votes:
            ruled = self.ruled.get(fact.seq)
            lines += vote_lines(fact, ruled, width, dated=fact.date != self.fact.date)
        lines += poll_lines(self.thread, width, every=every)
        again = again_facts(self.thread)
        for decision in self.thread.decisions:
            if decision not in again:
                lines += field("decision", _said(decision, dated=True), width)
        lines += self._discussion_lines(width, len(self.comments) if every else BRIEF_COMMENTS)
        for fact in again:
            lines += field("again", again_words(self.thread, fact), width)
        return lines

    def _vote_json(self, fact: Fact, place: Place | None) -> dict[str, Any]:
        return {
            "id": self.thread.rows[fact.seq].name,
            "date": fact.date,
            "stated": stated_words(fact.body),
            "outcome": text_of(mapping_of(fact.body, "stated"), "outcome") or None,
            "counts": counts_of(fact.body),
            "method": text_of(fact.body, "method") or None,
            "ballots": [dict(ballot) for ballot in mappings_of(fact.body, "ballots")],
            **ruled_json(self.ruled.get(fact.seq)),
            "quote": place.quote if place is not None else None,
            "source": str(place) if place is not None else None,
        }

    def _discussion_lines(self, width: int, most: int) -> list[Line]:
        lines: list[Line] = []
        for number, (fact, _) in enumerate(self.comments[:most]):
            lines += field("comments" if number == 0 else "", _said(fact), width)
        left = self.thread.comment_count - min(len(self.comments), most)
        if left > 0:
            lines += field("", f"and {left} more: {show_command(self.name)}", width, style="dim")
        for number, action in enumerate(self.thread.actions[:BRIEF_COMMENTS]):
            lines += field("actions" if number == 0 else "", _said(action), width)
        return lines


def answer_of(index: Index, row: Row, *, comments: int = MOST_COMMENTS) -> Answer:
    """Return the answer that the thread of ``row`` gives, with its first ``comments`` comments.

    Raises DisagreementError (see :mod:`ledger.lookup.thread`).
    """
    thread = read_thread(index, row, comments=comments)
    changes = [change for change in read_changes(index, row.seq) if not change.retracts]
    for member in thread.rows.values():
        if member.body != member.seq:
            changes += [change for change in read_changes(index, member.seq) if not change.retracts]
    return Answer(
        thread,
        place_of(index, thread.fact.body),
        tuple(sorted(set(changes))),
        _with_places(index, thread.votes),
        _with_places(index, thread.comments),
        _with_places(index, thread.mentions),
        title_for(index, thread.about) if thread.about is not None else None,
        index.approvals.of(row) if row.kind == "meeting" else None,
        rule_votes(index, thread.votes),
        signatures_of(index, thread),
    )


def _with_places(index: Index, facts: Sequence[Fact]) -> tuple[tuple[Fact, Place | None], ...]:
    return tuple((fact, place_of(index, fact.body)) for fact in facts)


# --- words --------------------------------------------------------------------------------------------


def show_command(name: str) -> str:
    """Return the command that shows a record; a shell would take ``#41`` for the start of a comment."""
    return f"ledger show {name.removeprefix('#')}"


def stated_words(vote: Body) -> str | None:
    """Return a vote's stated words as plain text, None where there are none."""
    return plain_text(text_of(mapping_of(vote, "stated"), "text")) or None


def counts_of(vote: Body) -> dict[str, int | None] | None:
    """Return the stated numbers of a vote; None where none is stated, never nought in place of nothing."""
    counts = mapping_of(mapping_of(vote, "stated"), "counts")
    found = {option: number_of(counts, option) for option in ("yes", "no", "abstain")}
    return found if any(number is not None for number in found.values()) else None


def meeting_lines(body: Body, width: int) -> list[Line]:
    """Return the facts of a meeting: when, where, who."""
    lines: list[Line] = []
    start, end = text_of(body, "start"), text_of(body, "end")
    if start:
        when = f"{start[:10]} {start[11:16]} UTC".replace("  ", " ")
        lines += field("time", f"{when} to {end[11:16]}" if end else when, width)
    for label, name in (("place", "location"), ("duration", "duration")):
        if text_of(body, name):
            lines += field(label, plain_text(text_of(body, name)), width)
    for role in ("chair", "secretary", "organizer", "deputy"):
        if texts_of(body, role):
            lines += field(role, ", ".join(texts_of(body, role)), width)
    for status in ("present", "partial", "regrets", "absent"):
        names = [
            text_of(item, "person") + (f" ({text_of(item, 'note')})" if text_of(item, "note") else "")
            for item in mappings_of(body, "attendance")
            if text_of(item, "status") == status
        ]
        if names:
            lines += field(status, ", ".join(names), width)
    return lines


def _said(fact: Fact, *, dated: bool = False) -> str:
    names = ", ".join(name for name, _ in people_of(fact.kind, fact.body))
    when = f"{fact.date}: " if dated else ""
    reason = text_of(fact.body, "reason") if fact.kind == "decision" else ""
    by_hand = f" (recorded by hand: {plain_text(reason)})" if reason else ""
    return f"{when}{names + ': ' if names else ''}{plain_text(words_of(fact.kind, fact.body))}{by_hand}"


def _said_json(fact: Fact, place: Place | None, rows: dict[int, Row]) -> dict[str, Any]:
    return {
        "id": rows[fact.seq].name,
        "date": fact.date,
        "by": [name for name, _ in people_of(fact.kind, fact.body)],
        "text": plain_text(words_of(fact.kind, fact.body)),
        "quote": place.quote if place is not None else None,
        "source": str(place) if place is not None else None,
    }
