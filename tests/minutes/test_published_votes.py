"""Votes published whole, as a file or a section, and the kind of decision beside a proposal."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import MinutesError
from ledger.minutes import number_drafts, read_minutes
from tests.minutes.reading import changes, numbered, read
from tests.minutes.test_roll_calls import ballots_of, only

FILE = """\
Topic: Keep bees behind the shed
Comment: The plan lies in the shed.
Proposed by: Ann Roe
Issue link: https://example.org/7
Opened: 2024-02-20
Closed: 2024-02-24
Accepted:  yes  (for: 3, against: 0, abstained: 1, not voted: 1)

  Ann Roe    [+1]
  Ben        [+1]
  Cyd        [ 0]
  Dee        [  ]
  Eve        [-1]
"""


def records_of(text: str, name: str) -> tuple[str, list[tuple[str, str | None, dict[str, Any]]]]:
    minutes = read_minutes(text.encode(), name)
    drafts = number_drafts(minutes, meeting_id=minutes.date, source_seq=1, first_seq=2)
    assert minutes.coverage.unread == ()
    return minutes.date, [(one.kind, one.id, one.body) for one in drafts]


@pytest.mark.parametrize("name", ["vote.txt", "2024-02-20-bees.txt", "2024-02-24.txt"])
@pytest.mark.parametrize("lower", [False, True])
def test_a_file_that_is_one_vote_has_the_day_it_closed(name: str, lower: bool) -> None:
    text = FILE
    if lower:
        for label in ("Opened", "Closed", "Accepted"):
            text = text.replace(label, label.lower())
        text = text.replace("Proposed by:", "Proposed by")
    day, records = records_of(text, name)
    assert day == "2024-02-24"
    (proposal,), (vote,) = only(records, "proposal"), only(records, "vote")
    assert (proposal["title"], proposal["proposer"]) == ("Keep bees behind the shed", "Ann Roe")
    assert proposal["links"] == ["https://example.org/7"]
    assert vote["stated"]["outcome"] == "adopted"
    counts = vote["stated"]["counts"]
    assert (counts["yes"], counts["no"], counts["abstain"], counts["eligible"]) == (3, 0, 1, None)
    # The header and the ballots do not agree: both are kept.
    assert ballots_of(vote) == [
        ("Ann Roe", "yes"), ("Ben", "yes"), ("Cyd", "abstain"), ("Dee", "not voting"), ("Eve", "no"),
    ]  # fmt: skip
    assert [body["text"] for body in only(records, "comment")] == ["The plan lies in the shed."]


def test_a_vote_still_open_has_the_day_it_opened_and_another_day_contradicts() -> None:
    open_vote = FILE.replace("Closed: 2024-02-24\n", "").replace("Accepted:  yes  (", "Votes: (")
    day, records = records_of(open_vote, "vote.txt")
    assert day == "2024-02-20"
    assert only(records, "vote")[0]["stated"]["outcome"] is None
    with pytest.raises(MinutesError, match="contradictory"):
        read_minutes(FILE.encode(), "2023-01-01.txt")


def test_a_section_of_votes_keeps_the_meeting_s_day() -> None:
    body = "## Votes\n\nTopic: Bees\nProposed by: @ann\nFor: 5, against: 0, abstained: 1\nClosed: 2024-02-20\n\n- Ann: yes\n- Ben: no\n\nTopic: Wasps\nClosed: 2024-02-21\nResult: failed\n\n## Other\n\nTopic: weather\n"
    minutes = read(body)
    records = numbered(minutes)
    bees, wasps = only(records, "vote")
    assert minutes.date == "2024-02-24"
    assert (bees["stated"]["outcome"], bees["stated"]["counts"]["yes"]) == (None, 5)
    assert ballots_of(bees) == [("Ann", "yes"), ("Ben", "no")]
    assert (wasps["proposal"], wasps["stated"]["outcome"]) == ("2024-02-24/2", "rejected")
    assert [one["text"] for one in only(records, "report")] == ["Topic: weather"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Kind: release", "release"),
        ("Type of decision: Constitutional Amendment", "constitutional-amendment"),
        ("Type: big", None),
        ("Kind: see the long text that Ann wrote", None),
    ],
)
def test_the_kind_of_decision_is_taken_from_its_label_only(line: str, kind: str | None) -> None:
    (proposal,) = only(changes("- @ann - Proposal: Ship", f"  - {line}", "  - Vote: 3-0"), "proposal")
    assert proposal["classification"] == kind
    (beside,) = only(changes("- Proposal: Ship", f"- {line}"), "proposal")
    assert beside["classification"] == kind


def test_a_kind_elsewhere_is_none_of_the_proposal_s() -> None:
    (proposal,) = only(changes("- Proposal: Ship", "- Vote: 3-0", "- Kind: words"), "proposal")
    assert proposal["classification"] is None
