"""A poll laid out for people and as JSON: what was put, every ballot with its label, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledger.governance.poll_count import PollCount
from ledger.governance.polls import InLog, describe_choice
from ledger.governance.rule_words import describe_rule
from ledger.lookup.layout import WIDTH, Line, field, join, paragraph, table
from ledger.lookup.polls import PollOnRecord
from ledger.lookup.signed import Signature, disputes_of, read_signature
from ledger.lookup.wordings import Reworded
from ledger.records import Tally, to_body

if TYPE_CHECKING:
    from ledger.governance.in_force import CharterVersion
    from ledger.governance.members import KeysInForce


@dataclass(frozen=True)
class PollShown:
    """A poll at ``now`` (UTC); ``count`` is what its ballots give by the rules as they stand, ``reworded``
    what became of the words of its proposal while it was open (None: they stood). ``charters`` are all of
    the log, for the keys in force when a ballot was recorded; ``in_inbox`` says how many signed ballots
    wait for their place in it."""

    found: PollOnRecord
    count: PollCount
    now: str
    reworded: Reworded | None = None
    charters: Sequence[CharterVersion] = ()
    in_inbox: int = 0

    @property
    def state(self) -> str:
        """``open``, ``over`` (its time is past and no vote has closed it) or ``closed``."""
        if self.found.closing is not None:
            return "closed"
        end = self.found.poll.closes_at
        return "over" if end is not None and end <= self.now else "open"

    @property
    def rules(self) -> str:
        """The frozen rules in words, empty where there are none."""
        charter, rule = self.found.charter, self.count.rule
        if charter is None or rule is None or self.found.poll.rules is None:
            return ""
        said = describe_rule(rule, charter.charter)
        return "; ".join(one.text for one in said if one.settings != ("electorate",))

    def to_json(self) -> dict[str, Any]:
        """Return the poll as a JSON value."""
        found, closing = self.found, self.found.closing
        last = found.votes[-1] if found.votes else None
        return {
            "id": found.name,
            "seq": found.opened.seq,
            "state": self.state,
            "recorded": found.opened.at,
            **to_body(found.poll),
            "reworded_by": f"#{self.reworded.by}" if self.reworded is not None else None,
            "rules_in_words": self.rules or None,
            "ballots": [self._ballot_json(one) for one in found.ballots],
            "counted": self.count.box.cast,
            "in_inbox": self.in_inbox,
            "waiting": list(self.count.box.waiting),
            "closed_by": f"#{closing.seq}" if closing is not None else None,
            "vote": {"id": f"#{last.seq}", **to_body(last.vote)} if last is not None else None,
            "text": join(self.lines()),
        }

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the poll laid out for people."""
        poll, found = self.found.poll, self.found
        lines = [*paragraph(poll.question, width, style="bold"), ("",)]
        lines += field("state", self._state_words(), width)
        lines += field("proposal", poll.subject, width)
        if self.reworded is not None:
            lines += field("look at this", self.reworded.text, width, style="yellow")
        lines += field("options", ", ".join(poll.options), width)
        lines += field("method", self._method_words(), width)
        lines += field("rules", f"{poll.kind}: {self.rules}" if self.rules else "none on record", width)
        if poll.charter is not None:
            lines += field("charter", f"version {poll.charter.version} (#{poll.charter.seq})", width)
        lines += field("may vote", self._electorate_words(), width)
        if poll.draw is not None:
            lines += field("draw", poll.draw, width)
        if poll.reopens is not None:
            lines += field("reopens", poll.reopens, width)
        if self.in_inbox:
            waiting = f"{self.in_inbox} signed, not on record before the recorder runs: ledger sequence"
            lines += field("in inbox", waiting, width, style="yellow")
        lines += self._ballot_lines(width)
        if self.count.box.waiting and found.closing is None:
            lines += field("not yet", ", ".join(self.count.box.waiting), width)
        lines += self._result_lines(width)
        while lines[-1] == ("",):  # the table of ballots ends with one, for what follows
            lines.pop()
        return lines

    def _state_words(self) -> str:
        found, poll = self.found, self.found.poll
        opened = f"opened {poll.opened_at}"
        if found.closing is not None:
            return f"closed by #{found.closing.seq}, {found.closing.at}; {opened}"
        if poll.closes_at is None:
            return f"open; {opened}, and no end is stated"
        if self.state == "over":
            close = f"ledger poll close {found.opened.seq}"
            return f"its time was over {poll.closes_at}; to be closed: {close}"
        return f"open until {poll.closes_at}; {opened}"

    def _method_words(self) -> str:
        poll = self.found.poll
        seats = f", {poll.seats} seats" if poll.seats > 1 else ""
        default = f"; default option {poll.default_option}" if poll.default_option is not None else ""
        return f"{poll.method}{seats}{default}"

    def _electorate_words(self) -> str:
        poll = self.found.poll
        if poll.electorate is None:
            return "the charter does not say"
        name = f"{poll.electorate_name}: " if poll.electorate_name else ""
        return f"{name}{', '.join(poll.electorate)}"

    def _ballot_lines(self, width: int) -> list[Line]:
        ballots = self.found.ballots
        if not ballots:
            return field("ballots", "none yet" if self.found.closing is None else "none", width)
        aside = {one.seq: one.reason for one in self.count.box.aside}
        labels = {one.seq: self._label(one) for one in ballots}
        several = len(set(labels.values())) > 1 or any(one.ballot.statement for one in ballots)
        rows = [
            (
                f"#{one.seq}",
                one.ballot.by or f"{one.ballot.copies} without name",
                describe_choice(one.ballot),
                aside.get(one.seq, "counts") + (f"; {labels[one.seq]}" if several else ""),
            )
            for one in ballots
        ]
        heading = "Ballots" if several else f"Ballots, {labels[ballots[0].seq]}"
        lines: list[Line] = [("",), ((heading, "bold"),)]
        return [*lines, *table(rows, width, most=8), ("",)]

    def _result_lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for number, closing in enumerate(self.found.votes):
            vote = closing.vote
            lines += field("result" if number == 0 else "by lot", f"#{closing.seq}: {vote.computed}", width)
            lines += field("", str(vote.explanation), width)
            if isinstance(vote.tally, Tally):
                for words in vote.tally.rounds:
                    lines += field("", words, width)
        return lines

    def _label(self, one: InLog) -> str:
        """Return who vouches for a ballot: whoever signed it, or entered it."""
        if one.ballot.statement is None:
            has_key = one.ballot.by is not None and self._keys.at(one.seq).of(one.ballot.by)
            although = f", although {one.ballot.by} has a key" if has_key else ""
            return f"entered by {one.ballot.entered_by}{although}"
        signature = self._signature(one)
        doubt = f"; disputed: {signature.disputed}" if signature.disputed else ""
        return f"{signature.words}{doubt}"

    def _signature(self, one: InLog) -> Signature:
        body = to_body(one.ballot)
        found = read_signature(one.seq, one.at, "ballot", body, disputes_of(self.charters))
        assert found is not None  # noqa: S101 - asked for only where there is one
        return found

    @cached_property
    def _keys(self) -> KeysInForce:
        from ledger.governance.members import KeysInForce

        return KeysInForce(self.charters)

    def _ballot_json(self, one: InLog) -> dict[str, Any]:
        aside = {aside.seq: aside for aside in self.count.box.aside}.get(one.seq)
        return {
            "id": f"#{one.seq}",
            "recorded": one.at,
            **to_body(one.ballot),
            "choice": describe_choice(one.ballot),
            "label": self._label(one),
            "signed": one.ballot.statement is not None,
            "key": self._signature(one).key if one.ballot.statement is not None else None,
            "disputed": self._signature(one).disputed if one.ballot.statement is not None else None,
            "counts": aside is None,
            "set_aside": aside.code if aside is not None else None,
            "reason": aside.reason if aside is not None else None,
        }


@dataclass(frozen=True, slots=True)
class PollListing:
    """Polls, newest first; ``only_open`` where the closed ones were left out."""

    polls: tuple[PollShown, ...]
    only_open: bool

    def to_json(self) -> list[dict[str, Any]]:
        """Return the list as a JSON value."""
        return [_item(one) for one in self.polls]

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the list laid out for people: one line each, how many there are last."""
        rows = [
            (
                item["state"],
                item["id"],
                item["subject"],
                f"{item['counted']} voted",
                item["computed"] or "",
                item["question"],
            )
            for item in map(_item, self.polls)
        ]
        count = len(self.polls)
        what = ("open poll" if self.only_open else "poll") + ("" if count == 1 else "s")
        footer = paragraph(f"{count or 'no'} {what} on record", width, style="dim")
        return [*table(rows, width, most=2), *([("",)] if rows else []), *footer]


def _item(one: PollShown) -> dict[str, Any]:
    poll, votes = one.found.poll, one.found.votes
    return {
        "id": one.found.name,
        "seq": one.found.opened.seq,
        "state": one.state,
        "subject": poll.subject,
        "question": poll.question,
        "method": poll.method,
        "opened_at": poll.opened_at,
        "closes_at": poll.closes_at,
        "counted": one.count.box.cast,
        "waiting": list(one.count.box.waiting),
        "closed_by": f"#{votes[0].seq}" if votes else None,
        "computed": str(votes[-1].vote.computed) if votes else None,
    }
