"""The sample group of these tests: the Garden Club, its charter and three meetings."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from ledger.records import (
    Action,
    Approval,
    Attendance,
    Comment,
    Correction,
    Counts,
    Decision,
    Event,
    Meeting,
    Mention,
    Proposal,
    Report,
    Source,
    SourceFile,
    Stated,
    Vote,
)
from tests.lookup.small_ledger import Log

GOVERNANCE = """---
group: Garden Club
ledger:
  origin: example.org/ledger
terms:
  - [code of conduct, coc, standards of behaviour]
members:
  - handle: "@ada"
    also: [ada, Ada L.]
---
The club's charter.
"""

FRONT_MATTER: dict[str, Any] = {
    "group": "Garden Club",
    "ledger": {"origin": "example.org/ledger"},
    "terms": [["code of conduct", "coc", "standards of behaviour"]],
    "members": [{"handle": "@ada", "also": ["ada", "Ada L."]}],
}


def source(seq: int, first: int, last: int | None = None, quote: str = "…") -> Source:
    return Source(seq=seq, lines=(first, last or first), quote=quote)


def garden() -> Log:
    """Return the log of three meetings; the numbers of the entries are named in the tests."""
    charter = {
        "version": 1,
        "previous": None,
        "file_sha256": sha256(GOVERNANCE.encode()).hexdigest(),
        "front_matter": FRONT_MATTER,
    }
    log = Log().add(("charter", None, charter), at="2024-01-01T08:00:00Z")
    path = "records/minutes/2024-03-01.md"
    log.add(
        ("source", None, SourceFile(path=path, sha256="00" * 32, meeting="2024-03-01")),
        (
            "meeting",
            "2024-03-01",
            Meeting(
                source=source(1, 1, 9, "Spring meeting"),
                date="2024-03-01",
                title="Spring meeting",
                location="In the greenhouse",
                chair=["@ada"],
                secretary=["@bob"],
                attendance=[
                    Attendance(person="@ada", status="present"),
                    Attendance(person="@bob", status="present", name="Robert Hill"),
                    Attendance(person="@cid", status="regrets"),
                ],
            ),
        ),
        (
            "proposal",
            "2024-03-01/1",
            Proposal(
                source=source(
                    1,
                    20,
                    20,
                    "@ada – Proposal: Agree on a Code of Conduct. We take the one of the allotment union",
                ),
                title="Agree on a Code of Conduct. We take the one of the allotment union",
                text="Agree on a Code of Conduct. We take the one of the allotment union",
                proposer="@ada",
                section=["Operating changes"],
            ),
        ),
        (
            "comment",
            "2024-03-01/1.1",
            Comment(source=source(1, 21), text="nothing against it", by=["@bob"], on="2024-03-01/1"),
        ),
        (
            "vote",
            None,
            Vote(
                source=source(1, 22, 22, "Vote: Unanimously **in favor**."),
                proposal="2024-03-01/1",
                method="unanimous",
                stated=Stated(text="Unanimously **in favor**.", outcome="adopted"),
            ),
        ),
        (
            "proposal",
            "2024-03-01/2",
            Proposal(
                source=source(1, 24),
                title="Build a compost heap",
                text="Build a compost heap",
                proposer="@bob",
            ),
        ),
        (
            "vote",
            None,
            Vote(
                source=source(1, 25),
                proposal="2024-03-01/2",
                stated=Stated(text="2 voted in favor, 4 abstained", counts=Counts(yes=2, abstain=4)),
            ),
        ),
        (
            "report",
            None,
            Report(
                source=source(1, 27),
                text="Thinking again about becoming a member of the union",
                by=["@cid"],
                raised=True,
            ),
        ),
        (
            "action",
            None,
            Action(
                source=source(1, 28), text="to find out what membership costs", assignees=["@bob"], on="#8"
            ),
        ),
        at="2024-03-02T10:00:00Z",
    )
    log.add(
        (
            "source",
            None,
            SourceFile(path="records/minutes/2024-05-01.md", sha256="11" * 32, meeting="2024-05-01"),
        ),
        (
            "meeting",
            "2024-05-01",
            Meeting(
                source=source(10, 1),
                date="2024-05-01",
                start="2024-05-01T17:00:00Z",
                chair=["@bob"],
                attendance=[
                    Attendance(person="Ada L.", status="present"),
                    Attendance(person="@bob", status="present"),
                ],
            ),
        ),
        (
            "mention",
            None,
            Mention(
                source=source(10, 12),
                of="2024-03-01/2",
                text="the compost heap, once more",
                reason="same words",
                by=["@cid"],
            ),
        ),
        (
            "decision",
            None,
            Decision(
                source=source(10, 14),
                text="We water the tomatoes on Fridays. Others may help.",
                outcome="adopted",
                by=["@bob"],
            ),
        ),
        (
            "proposal",
            "2024-05-01/1",
            Proposal(
                source=source(10, 16),
                title="Sell honey at the fair",
                text="Sell honey at the fair",
                proposer="@cid",
            ),
        ),
        (
            "vote",
            None,
            Vote(
                source=source(10, 17),
                proposal="2024-05-01/1",
                method="counted",
                stated=Stated(text="3 no, 1 yes", outcome="rejected", counts=Counts(yes=1, no=3)),
            ),
        ),
        (
            "action",
            None,
            Action(source=source(10, 18), text="mend the fence", assignees=["@ada"], done=True),
        ),
        (
            "event",
            None,
            Event(
                source=source(10, 20),
                what="next-meeting",
                name="Summer meeting",
                when="1 July",
                start="2024-07-01",
            ),
        ),
        (
            "approval",
            None,
            Approval(
                source=source(10, 3),
                text="Previous minutes approved in PR#7 by @ada",
                of=["2024-03-01"],
                approvers=["@ada"],
            ),
        ),
        at="2024-05-02T10:00:00Z",
    )
    return log


def third_meeting(log: Log) -> Log:
    """Add a third meeting: a late vote on the compost heap, and a new proposal."""
    first = log.size()
    return log.add(
        (
            "source",
            None,
            SourceFile(path="records/minutes/2024-07-01.md", sha256="22" * 32, meeting="2024-07-01"),
        ),
        ("meeting", "2024-07-01", Meeting(source=source(first, 1), date="2024-07-01")),
        (
            "vote",
            None,
            Vote(
                source=source(first, 8),
                proposal="2024-03-01/2",
                stated=Stated(text="5 in favour", outcome="adopted", counts=Counts(yes=5)),
            ),
        ),
        (
            "proposal",
            "2024-07-01/1",
            Proposal(
                source=source(first, 9),
                title="Plant apple trees",
                text="Plant apple trees",
                proposer="@ada",
            ),
        ),
        (
            "comment",
            "2024-07-01/1.1",
            Comment(source=source(first, 10), text="the compost will help", by=["@bob"], on="2024-07-01/1"),
        ),
        at="2024-07-02T10:00:00Z",
    )


def correction(of: int, body: Any, reason: str = "misread") -> tuple[str, None, Correction]:
    return ("correction", None, Correction(of=of, body=body, reason=reason))
