"""Votes on record held against the rules on record: what the log itself gives, read through the index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.governance.approvals import Needed
from ledger.governance.doubts import MILD
from ledger.governance.fields import Body, text_of
from ledger.governance.rules import MINUTES
from ledger.governance.ruling import SETTLES, Rulebook, Ruled, kind_of_decision
from ledger.governance.standing import Fact
from ledger.lookup.index import Disagreement, DisagreementError, Index
from ledger.lookup.succession import read_succession
from ledger.lookup.thread import Row, read_fact, read_row, read_rows, row_called
from ledger.lookup.vote_lines import has_numbers

_MOST_MEETINGS = 64
"""Meetings kept in memory while many votes are asked for."""


class Verdict(NamedTuple):
    """A vote with what the rules give it; ``meeting`` is the record of its meeting, None where none is on
    record, and ``about`` what was voted on. ``settled_by`` is a later vote or decision on the same, which
    settles a disagreement of stated and computed."""

    vote: Fact
    row: Row
    ruled: Ruled
    meeting: Fact | None
    about: Row | None
    settled_by: Row | None = None


class Verdicts:
    """The rulebook of an open index, and the votes ruled by it. Implements ``standing.Rules``."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.rulebook = Rulebook(read_succession(index).effective)
        self._meetings: dict[str, Fact | None] = {}

    @classmethod
    def of(cls, index: Index) -> Verdicts:
        """Return the verdicts of ``index``, made once for each state of it."""
        found = index.remembered.get(cls)
        if not isinstance(found, cls):
            found = index.remembered[cls] = cls(index)
        return found

    def outcome(self, vote: Fact) -> str | None:
        """Return the status that the rules in force at the vote give it, None where they give none."""
        return self.of_vote(vote).ruled.status if self.rulebook.has_rules else None

    def of_vote(self, vote: Fact, *, kind: str | None = None) -> Verdict:
        """Return the verdict on ``vote``; ``kind`` asks for the rules of another kind of decision."""
        row = read_row(self._index, vote.seq)
        if row is None:
            raise DisagreementError(f"entry {vote.seq} is not in the index")
        meeting = self._meeting(row.meeting)
        target = text_of(vote.body, "proposal")
        about = row_called(self._index, target) if target else None
        ruled = self._rule_poll(vote) if kind is None else None
        if ruled is None:
            ruled = self.rulebook.rule_vote(
                vote.body,
                meeting.body if meeting is not None else None,
                date=vote.date,
                kind=kind or self._kind(about),
            )
        later = self._later(row) if ruled.outcome.differs else None
        return Verdict(vote, row, ruled, meeting, about, later)

    def _later(self, vote: Row) -> Row | None:
        """Return the last vote or decision after ``vote`` that gave the same an outcome."""
        condition = "root = ? AND root <> seq AND kind IN ('vote', 'decision') AND body IS NOT NULL"
        rows = read_rows(self._index, f"{condition} ORDER BY date DESC, seq DESC", vote.root)
        after = (row for row in rows if (row.date, row.seq) > (vote.date, vote.seq))
        return next((row for row in after if row.status in SETTLES), None)

    def approvals_needed(self, day: str) -> Needed | None:
        """Return what the rules in force on ``day`` (ISO) ask for approvals of minutes, or None."""
        _, rule = self.rulebook.rule_on(day, MINUTES)
        asked = rule.approvals if rule is not None else None
        return Needed(asked.number, asked.where) if asked is not None else None

    def _rule_poll(self, vote: Fact) -> Ruled | None:
        """Return what the rules that a poll froze give the vote that closed it; None for other votes."""
        if "poll" not in vote.body:
            return None
        from ledger.lookup.poll_verdict import rule_poll

        return rule_poll(self._index, vote)

    def _kind(self, about: Row | None) -> str | None:
        if about is None:
            return None
        # Only a proposal's own body says more than its row.
        body: Body | None = None
        if about.kind == "proposal" and about.body is not None:
            body = read_fact(self._index, about).body
        return kind_of_decision(about.kind, body)

    def _meeting(self, name: str | None) -> Fact | None:
        if name is None:
            return None
        if name not in self._meetings:
            if len(self._meetings) >= _MOST_MEETINGS:
                self._meetings.clear()
            rows = read_rows(
                self._index, "id = ? AND kind = 'meeting' AND body IS NOT NULL ORDER BY seq LIMIT 1", name
            )
            self._meetings[name] = read_fact(self._index, rows[0]) if rows else None
        return self._meetings[name]


def find_disagreements(index: Index) -> Iterator[Disagreement]:
    """Yield what does not fit together in the votes on record, or not with the rules in force."""
    verdicts = Verdicts.of(index)
    for row in read_rows(index, "kind = 'vote' AND body IS NOT NULL ORDER BY seq"):
        vote = read_fact(index, row)
        if not verdicts.rulebook.has_rules and not has_numbers(vote.body):
            continue
        verdict = verdicts.of_vote(vote)
        for doubt in verdict.ruled.doubts:
            settled = doubt.code == "outcome-differs" and verdict.settled_by is not None
            # What a poll sets aside is as it should be.
            if not settled and doubt.code not in MILD and not doubt.code.startswith("ballot-"):
                yield Disagreement(row.seq, doubt.code, doubt.what)
