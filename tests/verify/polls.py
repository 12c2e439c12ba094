"""A ledger with a closed poll, written from entries alone, whose every body a test may change."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ledger.governance.counting.ties import normal_draw
from ledger.governance.poll_count import Breaking, count_poll
from ledger.log.merkle import tree_root
from ledger.lookup.polls import PollOnRecord, read_polls, read_subject
from ledger.records import Draw, Vote, from_body, to_body
from ledger.store.pins import pin_path
from ledger.workflow.polls.opening import PollWish, make_poll
from ledger.workflow.verify import VerifyReport
from tests.log.ledgers import ORIGIN, Builder, sample
from tests.verify.asking import verify

PEOPLE = ("@ada", "@ben", "@cyd", "@dot")
RULES = {
    "default": {
        "electorate": "members",
        "base": "yes+no",
        "threshold": "1/2",
        "strict": "true",
        "open_for": "24h, early if all voted",
    },
    "election": {"method": "schulze", "unranked": "last", "strength": "margins", "tie": "lot"},
}
SUBJECT = "2024-04-10/1"
OPENED_AT = "2024-05-01T08:00:00Z"
CLOSED_AT = "2024-05-02T08:00:01Z"


class Lines:
    """The lines of a builder, as a store has them."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def lines(self, start: int = 0, stop: int | None = None) -> list[bytes]:
        return [entry.line for entry in self.builder.entries[start:stop]]


class PollBuilder:
    """Builds the sample ledger with a poll; bodies are kept by name so that they can be changed."""

    def __init__(
        self, root: Any, *, wish: PollWish | None = None, keys: dict[str, list[str]] | None = None
    ) -> None:
        self.builder = sample(root)
        members: list[dict[str, Any]] = [{"handle": person} for person in PEOPLE]
        for member in members:
            if keys and member["handle"] in keys:
                member["keys"] = keys[member["handle"]]
        members[1]["also"] = ["Benny"]
        self.builder.add_charter(members=members, rules=RULES)
        log, subject = read_polls(Lines(self.builder)), read_subject(Lines(self.builder), SUBJECT)
        poll = make_poll(log, subject, wish or PollWish(), OPENED_AT)
        self.seq = self.builder.add("poll", to_body(poll), at=OPENED_AT)
        self.nr: dict[str, int] = {}

    @property
    def found(self) -> PollOnRecord:
        return read_polls(Lines(self.builder)).polls[self.seq]

    def cast(self, by: str | None, at: str = "2024-05-01T09:00:00Z", **members: Any) -> int:
        nr = self.nr[by or ""] = self.nr.get(by or "", 0) + 1 if by else 1
        body = {"poll": f"#{self.seq}", "by": by, "nr": nr, **members}
        return self.builder.add("ballot", to_body(from_body("ballot", body)), at=at)

    def vote(self, breaking: Breaking | None = None) -> dict[str, Any]:
        """The body of the vote that closes the poll as it stands."""
        found = self.found
        charter = found.charter.charter if found.charter is not None else None
        count = count_poll(found.opened, found.box, charter, closed_at=CLOSED_AT, breaking=breaking)
        return to_body(
            Vote(
                proposal=SUBJECT,
                stated=count.stated(found.name),
                method="poll",
                electorate=found.poll.electorate_name,
                poll=found.name,
                tally=count.tally,
                computed=count.computed,
                explanation=count.explanation,
            )
        )

    def close(self, **changes: Any) -> int:
        return self.builder.add("vote", {**self.vote(), **changes}, at="2024-05-02T08:00:05Z")

    def draw(self, result: str = "7 11 13", **changes: Any) -> int:
        closing = self.found.votes[0]
        size = closing.seq + 1
        root = tree_root([entry.leaf for entry in self.builder.entries[:size]]).hex()
        used = normal_draw(result)
        body = self.vote(Breaking(root=root, draw=used))
        draw = Draw(result=result, used=used, vote=f"#{closing.seq}", size=size, root=root)
        return self.builder.add(
            "vote", {**body, "draw": {**to_body(draw), **changes}}, at="2024-05-03T08:00:00Z"
        )


def closed(root: Any) -> PollBuilder:
    """A motion with three ballots, one of them cast twice, and one by a stranger; closed."""
    poll = PollBuilder(root)
    poll.cast("@ada", option="no")
    poll.cast("@ada", option="yes")
    poll.cast("Benny", option="yes")
    poll.cast("@eve", option="no")
    poll.cast("@cyd", option="no")
    poll.close()
    return poll


def later(poll: PollBuilder, kind: str, **members: Any) -> int:
    """Append a record after everything else."""
    return poll.builder.add(kind, to_body(from_body(kind, members)), at="2024-06-01T08:00:00Z")


def verify_anew(poll: PollBuilder) -> VerifyReport:
    """Verify without what was pinned before: tests write one history after another."""
    pin_path(ORIGIN).unlink(missing_ok=True)
    return verify(poll.builder)


def change(poll: PollBuilder, seq: int, *path: Any, to: Any) -> None:
    """Write entry ``seq`` and all that follow it anew, with the member at ``path`` changed: what somebody
    who holds the key could sign."""
    entries = poll.builder.entries[seq:]
    del poll.builder.entries[seq:]
    for entry in entries:
        body = deepcopy(entry.body)
        assert body is not None
        if entry.seq == seq:
            inner = body
            for name in path[:-1]:
                inner = inner[name]
            inner[path[-1]] = to
        poll.builder.add(entry.kind, body, entry.id, at=entry.at)
