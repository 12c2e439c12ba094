"""Examples of every form that a statement can take, and of words that only look like one."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.minutes.tally import read_tally
from ledger.minutes.vote_words import split_vote
from tests.minutes.reading import changes, numbered, read


def only(records: list[tuple[str, str | None, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [body for one, _, body in records if one == kind]


@pytest.mark.parametrize(
    ("line", "title", "proposer", "form"),
    [
        ("* @ann – Proposal: Plant a tree", "Plant a tree", "@ann", "proposal"),
        ("- @ann - Proposal to rename the list", "Rename the list", "@ann", "proposal"),
        ("- [x] @ann - Proposal for a new project: **Trees**", "New project: Trees", "@ann", "proposal"),
        ("- Motion to close the channel from @ann", "Close the channel", "@ann", "motion"),
        ("- Proposal (@ben): Rotate the chair", "Rotate the chair", "@ben", "proposal"),
        ("- Proposed resolution: Keep the name", "Keep the name", None, "proposal"),
        ("- @ann – Proposing that we join", "We join", "@ann", "proposal"),
        ("- [Proposal](https://example.org/1): Create a group", "Create a group", None, "proposal"),
        ("- Move to adopt the budget", "Adopt the budget", None, "motion"),
    ],
)
def test_proposals(line: str, title: str, proposer: str | None, form: str) -> None:
    (body,) = only(changes(line), "proposal")
    assert (body["title"], body["proposer"], body["form"]) == (title, proposer, form)


@pytest.mark.parametrize(
    "line",
    [
        "- @ann proposes a discussion on this in spring",
        "- @ann – Propose the module's default to be https",
        "- @ben puts together a proposal for the rules",
        "- Move to Stage 2",
        "- ~~@ann – Proposal: Plant a tree~~",
        "- @ann – Should we plant a tree? – not discussed",
    ],
)
def test_words_that_only_look_like_a_proposal(line: str) -> None:
    assert not only(changes(line), "proposal")


@pytest.mark.parametrize(
    ("words", "outcome", "counts", "method"),
    [
        ("Vote: Unanimously **in favor**.", "adopted", None, "unanimous"),
        ("Voted no", "rejected", None, None),
        ("Voted unanimously in favour", "adopted", None, "unanimous"),
        ("Vote: unanimous", "adopted", None, "unanimous"),
        ("2 voted in favor, 4 abstained", None, (2, None, 4), "counted"),
        ("4 votes Aye, 0 votes Nay. We'll proceed.", "adopted", (4, 0, None), "counted"),
        ("Vote: 3 in favour, 2 against, 1 abstention", None, (3, 2, 1), "counted"),
        ("Vote; 4 for, none against", None, (4, 0, None), "counted"),
        ("Votes: Aye: 4, Nay: 0", None, (4, 0, None), "counted"),
        ("Vote 5-0, consensus to adopt", "adopted", (5, 0, None), "consensus"),
        ("voted 5-1", None, (5, 1, None), "counted"),
        ("Vote results: +1: 4, 0: 1, -1: 2", None, (4, 2, None), "counted"),
        ("Rejected (1 for, 4 against)", "rejected", (1, 4, None), "counted"),
        ("Passed with three votes in favour and one abstention", "adopted", (3, None, 1), "counted"),
        (
            "The motion was approved by a roll-call vote. Eight aye votes, no abstain or nay votes.",
            "adopted",
            (8, 0, 0),
            "roll-call",
        ),
        ("Motion carried", "adopted", None, None),
        ("All in favor", "adopted", None, None),
    ],
)
def test_votes_state_only_what_is_stated(
    words: str, outcome: str | None, counts: tuple[int | None, ...] | None, method: str | None
) -> None:
    records = changes("- @ann - Proposal: Plant a tree", f"    - {words}")
    (body,) = only(records, "vote")
    assert body["proposal"] == "2024-02-24/1"
    assert body["method"] == method
    assert body["stated"]["outcome"] == outcome
    found = body["stated"]["counts"]
    assert (found and (found["yes"], found["no"], found["abstain"])) == counts
    assert body["electorate"] is None


def test_a_vote_keeps_its_words_as_written() -> None:
    (body,) = only(changes("- Proposal: A", "    - Vote: Unanimously **in favor**."), "vote")
    assert body["stated"]["text"] == "Unanimously **in favor**."


@pytest.mark.parametrize(
    "words",
    [
        "after the vote: I still like it",
        "Rejected by the registry",
        "2 for 1 offer",
        "Voting on IRC next week",
        "no, thanks",
    ],
)
def test_words_that_only_look_like_a_vote(words: str) -> None:
    records = numbered(read(f"### Garden\n\n- @ann - the tree\n    - @ben - {words}\n"))
    assert not only(records, "vote")


def test_ballots_are_the_names_that_stand_there() -> None:
    tally = read_tally("In favor: @ann, @ben; against: @carl; abstained: @dora")
    votes = {one.voter: one.option for one in tally.ballots}
    assert votes == {"@ann": "yes", "@ben": "yes", "@carl": "no", "@dora": "abstain"}
    assert tally.counts is None
    assert tally.outcome is None


def test_a_ballot_below_the_vote_joins_it() -> None:
    records = changes("- @ann - Proposal: A", "    - Vote: 3 in favor", "    - @ben abstained")
    (body,) = only(records, "vote")
    assert [(one["voter"], one["option"]) for one in body["ballots"]] == [("@ben", "abstain")]
    assert [one["lines"] for one in body["sources"]] == [[10, 10]]


@pytest.mark.parametrize(
    ("line", "title", "outcome"),
    [
        ("- @ann – new project for trees (vote: unanimous in favor)", "New project for trees", "adopted"),
        ("- @ann; Plant trees in spring; Voted unanimously in favor.", "Plant trees in spring", "adopted"),
        ("- @ann; Use CC-BY-SA-4.0 for texts; Voted no", "Use CC-BY-SA-4.0 for texts", "rejected"),
        ("- Vote on new member @zed: unanimous yes", "New member @zed", "adopted"),
        ("- @ann - Proposal: Sell the shed. For: 4, Against: 1, Abstain: 2", "Sell the shed", None),
        ("- We voted 3 to 2 to buy a hat.", "Buy a hat.", None),
        ("- New time is 18:00 UTC (decided unanimously)", "New time is 18:00 UTC", "adopted"),
        ("- Name the tree – 2 voted in favor, 4 abstained", "Name the tree", None),
    ],
)
def test_a_change_stated_with_its_vote(line: str, title: str, outcome: str | None) -> None:
    records = changes(line)
    (proposal,) = only(records, "proposal")
    (vote,) = only(records, "vote")
    assert (proposal["title"], vote["stated"]["outcome"]) == (title, outcome)


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("- @ann - Is 17:00 a better time? – no", "rejected"),
        ("- Should we meet weekly? – yes", "adopted"),
        ("- @ann – New logo - postponed", "deferred"),
        ("- @ann – Proposal: Merge A and B; Vote at next meeting", "deferred"),
        ("- @ann – Change the policy (tabled)", "deferred"),
        ("- @ann - Proposal: use Matrix. No objections.", "adopted"),
        ("- Proposal: Freeze. Withdrawn by @ben.", "withdrawn"),
    ],
)
def test_a_proposal_stated_with_its_outcome(line: str, outcome: str) -> None:
    records = changes(line)
    assert len(only(records, "proposal")) == 1
    (decision,) = only(records, "decision")
    assert (decision["outcome"], decision["on"]) == (outcome, "2024-02-24/1")


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("- We decided to close this project", "adopted"),
        ('- @ann and group - Agreed on policy - "No blobs"', "adopted"),
        ("- It was decided that @ann speaks for us", "adopted"),
        ("- Official commitment of the group is confirmed.", "adopted"),
        ("- Minutes are approved by pull request in the future.", "adopted"),
        ("- Approved: new logo", "adopted"),
        ("- RESOLVED: Keep the name", "adopted"),
        ("- Deferred to the summit", "deferred"),
        ("- Postponed to next meeting: deputy", "deferred"),
        ("- TUF issues are postponed", "deferred"),
    ],
)
def test_decisions_without_a_vote(line: str, outcome: str) -> None:
    (body,) = only(changes(line), "decision")
    assert body["outcome"] == outcome


@pytest.mark.parametrize(
    "line",
    [
        "- @ann and @ben discussed in spring, decided to",
        "- Agreed with @ben on this",
        "- @ann is confirmed to go",
        "- mitre declined",
        "- We skip this work for now",
        "- @ann – was the request rejected?",
    ],
)
def test_words_that_only_look_like_a_decision(line: str) -> None:
    assert not only(changes(line), "decision")


def test_a_straw_poll_elsewhere_states_no_result() -> None:
    records = changes("1. Set up a channel", "    - @ann – We decide with a straw poll on IRC")
    (proposal,), (vote,) = only(records, "proposal"), only(records, "vote")
    assert proposal["proposer"] is None
    assert (vote["method"], vote["stated"]["outcome"], vote["stated"]["counts"]) == (
        "straw poll",
        None,
        None,
    )


def test_comments_keep_speakers_marks_and_parents() -> None:
    records = changes(
        "- @ann – Proposal: A",
        "    - @ben: why?",
        "        - @ann - because",
        "            * @ben; I see",
        "    - @carl, @dora - we agree",
        "    - @emil I like it",
        "    - Vote: yes",
        "    - @ben – after all",
    )
    found = {identifier: body for kind, identifier, body in records if kind == "comment"}
    assert [body["by"] for body in found.values()] == [
        ["@ben"],
        ["@ann"],
        ["@ben"],
        ["@carl", "@dora"],
        ["@emil"],
        ["@ben"],
    ]
    assert found["2024-02-24/1.2"]["parent"] == "2024-02-24/1.1"
    assert found["2024-02-24/1.3"]["parent"] == "2024-02-24/1.2"
    assert found["2024-02-24/1.4"]["parent"] is None
    assert all(body["on"] == "2024-02-24/1" for body in found.values())
    assert found["2024-02-24/1.1"]["text"] == "why?"


@pytest.mark.parametrize(
    ("line", "approvers", "where", "merged_by", "of"),
    [
        (
            "Previous meeting minutes were approved in PR#56 by @a1, @b1 and @c1",
            ["@a1", "@b1", "@c1"],
            "PR#56",
            None,
            [],
        ),
        ("Previous meeting minutes was approved by @a1 and merged by @b1", ["@a1"], None, "@b1", []),
        (
            "Minutes from 2024-02-10 approved (PR #47) by @a1 & @b1, merged by @c1",
            ["@a1", "@b1"],
            "PR#47",
            "@c1",
            ["2024-02-10"],
        ),
        (
            "Minutes of January 6th 2024 have been approved via PR #13 (@a1, @b1)",
            ["@a1", "@b1"],
            "PR#13",
            None,
            ["2024-01-06"],
        ),
        ("@a1 and @b1 approved the minutes of 2024-01-20", ["@a1", "@b1"], None, None, ["2024-01-20"]),
        (
            "Previous minutes, up to 2024-02-10 was approved in PR#55 by @a1",
            ["@a1"],
            "PR#55",
            None,
            ["2024-02-10"],
        ),
    ],
)
def test_approvals(
    line: str, approvers: list[str], where: str | None, merged_by: str | None, of: list[str]
) -> None:
    (body,) = only(numbered(read(f"### Approve previous meeting minutes\n\n* {line}\n")), "approval")
    assert (body["approvers"], body["where"], body["merged_by"], body["of"]) == (
        approvers,
        where,
        merged_by,
        of,
    )


@pytest.mark.parametrize(
    "line", ["These minutes to be approved in PR#57", "The minutes were not approved yet"]
)
def test_what_is_still_to_be_approved_is_no_approval(line: str) -> None:
    assert not only(numbered(read(f"### Approve previous meeting minutes\n\n* {line}\n")), "approval")


def test_minutes_listed_for_a_motion_that_carried_are_approved() -> None:
    body = (
        "### Approve previous meeting minutes\n\n- [2024-01-06](2024-02-06.md)\n- [2024-01-20](2024-01-20.md)\n\n"
        "Motion to approve both from @ann\n\n*Minutes Approved*\n"
    )
    minutes = read(body)
    records = numbered(minutes)
    assert [one["of"] for one in only(records, "approval")] == [["2024-01-06"], ["2024-01-20"]]
    assert {one["motion"] for one in only(records, "approval")} == {"2024-02-24/1"}
    assert only(records, "vote")[0]["stated"]["outcome"] == "adopted"
    assert any(one.code == "link" and one.line == 8 for one in minutes.findings)


@pytest.mark.parametrize(
    ("line", "assignees", "done"),
    [
        ("- [ ] @ann – write a blog", ["@ann"], False),
        ("- [X] @ann and @ben - call them", ["@ann", "@ben"], True),
        ("- [\u00a0] @ann - call", ["@ann"], False),
        ("- @ann to find out", ["@ann"], None),
        ("- @ann - to find out", ["@ann"], None),
        ("- @ann & @ben will ask", ["@ann", "@ben"], None),
        ("- Action: @ann to ask", ["@ann"], None),
        ("- TODO: mend it", [], None),
    ],
)
def test_actions(line: str, assignees: list[str], done: bool | None) -> None:
    (body,) = only(numbered(read(f"### Garden\n\n{line}\n")), "action")
    assert (body["assignees"], body["done"]) == (assignees, done)


def test_a_later_clause_may_give_an_action() -> None:
    records = numbered(read("### Garden\n\n- @ann - the gate is open; @ben will close it\n"))
    assert [body["text"] for body in only(records, "action")] == ["@ben will close it"]
    assert len(only(records, "report")) == 1


def test_appointments_keep_what_is_left_open() -> None:
    body = "### Elect next meeting chair and secretary\n\n* Chair: TBD at the summit\n* Secretary: @ann\n"
    records = numbered(read(body))
    found = [
        (one["role"], one["person"], one["stated"], one["term"]) for one in only(records, "appointment")
    ]
    assert found == [
        ("chair", None, "TBD at the summit", "next meeting"),
        ("secretary", "@ann", "@ann", "next meeting"),
    ]


def test_offices_take_their_role_from_the_heading() -> None:
    records = numbered(read("### Next meeting organizer & deputy\n\n- @ann; deputy is @ben\n"))
    found = [(one["role"], one["person"]) for one in only(records, "appointment")]
    assert found == [("organizer", "@ann"), ("deputy", "@ben")]


@pytest.mark.parametrize(
    ("line", "start", "location"),
    [
        ("Next meeting is March 27 @ 17:00UTC on TPRF Slack.", "2024-03-27T17:00:00Z", "TPRF Slack"),
        (
            "Next meeting is 29-08-2024 (29th Aug) @ 16:00UTC in #x on Matrix",
            "2024-08-29T16:00:00Z",
            "#x on Matrix",
        ),
        ("July 03, 2024 1700 UTC", "2024-07-03T17:00:00Z", None),
        (
            "Next meeting is in-person at the summit. The date will be decided then.",
            None,
            "in-person at the summit",
        ),
        ("January 5th, 18:00 CET", "2025-01-05T17:00:00Z", None),
    ],
)
def test_the_next_meeting(line: str, start: str | None, location: str | None) -> None:
    (body,) = only(numbered(read(f"### Next meeting date, time and location\n\n* {line}\n")), "event")
    assert (body["what"], body["start"], body["location"]) == ("next-meeting", start, location)


@pytest.mark.parametrize(
    ("line", "name", "start", "end"),
    [
        (
            "[Fair](https://example.org) - Monday 2025-05-12 … Wednesday 2025-05-14 in Bonn",
            "Fair",
            "2025-05-12",
            "2025-05-14",
        ),
        ("Fair – September 16-20, 2024", "Fair", "2024-09-16", "2024-09-20"),
        (
            "[ ] (Belgium) [Fair](https://example.org) - 2025-02-(01-02), Brussels",
            "Fair",
            "2025-02-01",
            "2025-02-02",
        ),
        ("Fair - Thursday May 1st to Sunday May 4th 2025 in Leipzig", "Fair", "2025-05-01", "2025-05-04"),
        ("Fair - Friday January 31st, Brussels", "Fair", None, None),
    ],
)
def test_events(line: str, name: str, start: str | None, end: str | None) -> None:
    body = only(numbered(read(f"### Upcoming events and deadlines\n\n1. {line}\n")), "event")[0]
    assert (body["name"], body["start"], body["end"]) == (name, start, end)


def test_a_deadline_beside_an_event_is_a_record_too() -> None:
    line = "- Fair - 2025-06-27 in Bonn ([CfP is open](https://example.org/cfp); Deadline: 2025-03-15)"
    records = numbered(read(f"### Upcoming events and deadlines\n\n{line}\n"))
    assert [(one["what"], one["start"]) for one in only(records, "event")] == [
        ("conference", "2025-06-27"),
        ("deadline", "2025-03-15"),
    ]


def test_addresses_are_not_people() -> None:
    records = numbered(
        read(
            "### News\n\n- feed at https://example.org/@group.rss, a@example.org, @x@social.example told @ann\n"
        )
    )
    (body,) = only(records, "report")
    assert body["by"] == []


def test_reports_name_cves_and_links_and_speakers_alone() -> None:
    body = "## Minutes\n\n- @ann\n  - fixed CVE-2024-1234, see [here](https://example.org/(a))\n  - wrote\n"
    first, second = only(numbered(read(body)), "report")
    assert first["by"] == second["by"] == ["@ann"]
    assert (first["cve"], first["links"]) == (["CVE-2024-1234"], ["https://example.org/(a)"])
    assert [one["lines"] for one in second["sources"]] == [[8, 8]]


def test_bare_outcomes_are_votes_only_on_a_proposal() -> None:
    assert split_vote("Approved") == "Approved"
    assert split_vote("Approved", on_proposal=False) is None
