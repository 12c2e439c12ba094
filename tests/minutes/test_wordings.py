"""Wordings that differ from secretary to secretary: each states what it states, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.minutes.decisions import read_decision
from tests.minutes.reading import changes, numbered, read


def only(records: list[tuple[str, str | None, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [body for one, _, body in records if one == kind]


def section(heading: str, *lines: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    return numbered(read(f"### {heading}\n\n" + "\n".join(lines) + "\n"))


@pytest.mark.parametrize(
    ("line", "title", "proposer"),
    [
        ("- Motion by @ann, seconded by @ben: Plant a tree", "Plant a tree", "@ann"),
        ("- Motion to plant a tree by @ann, seconded by @ben", "Plant a tree", "@ann"),
        ("- Proposal: plant a tree — @ann", "Plant a tree", "@ann"),
        ("- @ann – counter-proposal: plant a tree", "Plant a tree", "@ann"),
        ("- @ann – Proposal (informal): plant a tree", "Plant a tree", "@ann"),
        ("- @ann - Proposal: plant a tree; approved by @ben and @carl", "Plant a tree", "@ann"),
        ("- @ann moved that we plant a tree", "We plant a tree", "@ann"),
        ("- [ ] @ann proposes: plant a tree", "Plant a tree", "@ann"),
        ("- @ann - I propose to plant a tree", "Plant a tree", "@ann"),
    ],
)
def test_who_proposes_and_who_only_seconds_or_approves(line: str, title: str, proposer: str) -> None:
    (body,) = only(changes(line), "proposal")
    assert (body["title"], body["proposer"], body["co_proposers"]) == (title, proposer, [])


@pytest.mark.parametrize(
    "line",
    [
        "- @ann - Proposal for a talk in spring submitted",
        "- Proposal: sent",
        "- Motion 19: passed",
        "- @ann proposes to discuss trees in spring",
        "- @ann's proposal from last time came up again",
    ],
)
def test_what_is_told_of_a_proposal_puts_nothing_to_the_group(line: str) -> None:
    assert not only(changes(line), "proposal")


@pytest.mark.parametrize(
    ("words", "outcome", "counts"),
    [
        ("Vote: 3-0", None, (3, 0, None)),
        ("Vote: 4/0/1", None, (4, 0, 1)),
        ("Vote: for 3, against 1", None, (3, 1, None)),
        ("Vote: 4 yea, 0 nay, 1 abs.", None, (4, 0, 1)),
        ("approved 3–1", "adopted", (3, 1, None)),
        ("Vote 4 to 1 in favor", "adopted", (4, 1, None)),
        ("Agreed unanimously", "adopted", None),
        ("(vote: no)", "rejected", None),
        ("Majority in favour", "adopted", None),
        ("Everybody agrees", "adopted", None),
        ("(straw poll: most in favour)", None, None),
        ("Vote: Unanimously against", "rejected", None),
    ],
)
def test_numbers_and_outcomes(
    words: str, outcome: str | None, counts: tuple[int | None, ...] | None
) -> None:
    (body,) = only(changes("- @ann - Proposal: Plant a tree", f"    - {words}"), "vote")
    found = body["stated"]["counts"]
    assert body["stated"]["outcome"] == outcome
    assert (found and (found["yes"], found["no"], found["abstain"])) == counts


@pytest.mark.parametrize(
    "line",
    [
        "- Proposal accepted? Not yet.",
        "- Everyone agreed that the garden needs water",
        "- @ben – The vote of the parish on trees was 2 to 1",
        "- Vote of thanks to @ben",
        "- 2 yes/no questions remain",
    ],
)
def test_no_vote_is_read_into_the_item_below_a_proposal(line: str) -> None:
    records = changes("- @ann - Proposal: Plant a tree", "    - Vote: 3 in favor", line)
    assert len(only(records, "vote")) == 1


@pytest.mark.parametrize(
    ("words", "ballots"),
    [
        ("@ann and @ben voted yes, @carl voted no", {"@ann": "yes", "@ben": "yes", "@carl": "no"}),
        ("+1 @ann, @ben; -1 @carl", {"@ann": "yes", "@ben": "yes", "@carl": "no"}),
    ],
)
def test_people_who_voted_are_ballots(words: str, ballots: dict[str, str]) -> None:
    (body,) = only(changes("- Proposal: Plant a tree", f"    - {words}"), "vote")
    assert {one["voter"]: one["option"] for one in body["ballots"]} == ballots
    assert body["stated"] == {"text": words, "outcome": None, "counts": None}


def test_a_ballot_keeps_its_reason() -> None:
    records = changes("- Proposal: A", "    - Vote: 3 in favor", "    - @ben – abstained since he was late")
    (body,) = only(records, "vote")
    assert [(one["option"], one["stated"]) for one in body["ballots"]] == [
        ("abstain", "abstained since he was late")
    ]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("- @ann - Rename the list – approved 3-1", "adopted"),
        ("- Proposal: a joint talk – unanimous", "adopted"),
        ("- @ann – a second shed [vote: unanimous]", "adopted"),
        ("- @ann – A second shed? Voted: no", "rejected"),
        ("- Vote: Should we meet weekly? 2 yes, 5 no, failed", "rejected"),
    ],
)
def test_a_vote_at_the_end_of_its_line(line: str, outcome: str) -> None:
    records = changes(line)
    (vote,) = only(records, "vote")
    assert (vote["proposal"], vote["stated"]["outcome"]) == ("2024-02-24/1", outcome)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Postponed, @ann needs more time", "deferred"),
        ("Rejected: too much work", "rejected"),
        ("Withdrawn by @ann", "withdrawn"),
        ("No objections.", "adopted"),
        ("We vote on this next time", "deferred"),
        ("Agreed, with small changes", "adopted"),
        ("Not adopted", "rejected"),
    ],
)
def test_a_matter_with_its_outcome_below_is_a_proposal(words: str, outcome: str) -> None:
    records = changes("1. Plant a tree", f"    - {words}")
    (proposal,) = only(records, "proposal")
    (decision,) = only(records, "decision")
    assert proposal["title"] == "Plant a tree"
    assert (decision["on"], decision["outcome"], decision["text"]) == ("2024-02-24/1", outcome, words)


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (("- @ann – Should we plant a tree? No.",), "rejected"),
        (("- Shall we plant a tree? Yes",), "adopted"),
        (("- Should we plant a tree? – no, there is no room",), "rejected"),
        (("- @ann – Should we plant a tree?", "    - @ben: I think so", "    - Yes, agreed"), "adopted"),
    ],
)
def test_answers(lines: tuple[str, ...], outcome: str) -> None:
    records = changes(*lines)
    (decision,) = only(records, "decision")
    assert (decision["on"], decision["outcome"]) == ("2024-02-24/1", outcome)


def test_what_one_person_answers_is_no_answer_of_the_group() -> None:
    records = changes("- @ann – Should we plant a tree?", "    - @ben: no")
    assert not only(records, "proposal")
    assert not only(records, "decision")


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("- Everyone agreed that the garden needs water", "adopted"),
        ("- We voted to sell the shed", "adopted"),
        ("- Voted unanimously to sell the shed", "adopted"),
        ("- We decided against a second shed", "rejected"),
        ("- Unanimously agreed to sell the shed", "adopted"),
        ("- Policy: tools are returned within a week", "adopted"),
        ("- We approved the new gate", "adopted"),
        ("- We will meet every second week", "adopted"),
        ("- Tabled the question of the gate until May", "deferred"),
    ],
)
def test_decisions_with_words_of_their_own(line: str, outcome: str) -> None:
    records = changes("- @ann – Proposal: Plant a tree", "    - Vote: unanimous", line)
    (body,) = only(records, "decision")
    assert (body["outcome"], body["on"]) == (outcome, None)


@pytest.mark.parametrize(
    "line",
    [
        "- @ann – the trees have been counted. The hedges are postponed",
        "- PARISH agreed to help",
        "- PARISH voted to change the rules",
        "- @ann and @ben - decided to wait",
        "- Conclusion: more water needed",
        "- Resolved: CVE-2024-11111",
        "- No decision on the gate",
    ],
)
def test_news_of_others_are_no_decision_of_the_group(line: str) -> None:
    assert not only(section("Garden", line), "decision")


def test_a_deferral_that_names_its_matter_is_not_about_the_item_above() -> None:
    records = changes("- @ann – Proposal: Plant a tree", "- Vote at next meeting: the gate")
    (body,) = only(records, "decision")
    assert (body["outcome"], body["on"], body["until"]) == ("deferred", None, "at next meeting")


def test_a_vote_on_what_was_decided_keeps_the_decision() -> None:
    records = section("Garden", "- Decided: we keep the shed", "- Vote: 3 for, none against")
    (vote,) = only(records, "vote")
    (decision,) = only(records, "decision")
    assert vote["proposal"] == decision["on"] == "2024-02-24/1"
    assert decision["outcome"] == "adopted"


def test_under_decisions_a_name_can_begin_the_sentence() -> None:
    records = section("Decisions", "- @ann keeps the key", "- None of the offers was good")
    assert [body["text"] for body in only(records, "decision")] == ["@ann keeps the key"]


def test_an_opinion_right_after_a_proposal_is_about_it() -> None:
    records = changes("- @ann – Proposal: Plant a tree", "- [ ] @ben – good idea!")
    (comment,) = only(records, "comment")
    assert comment["on"] == "2024-02-24/1"
    records = changes(
        "- @ann – Proposal: Plant a tree", "- @carl – the gate squeaks", "- @ben – good idea!"
    )
    assert only(records, "comment")[0]["on"] != "2024-02-24/1"


def test_in_a_flat_list_what_is_said_before_the_vote_is_about_the_proposal() -> None:
    lines = (
        "1. @ann: Proposal: a new shed",
        "1. @ben: too dear",
        "1. Vote: 1 in favor, 4 against",
        "1. @carl: tea?",
    )
    records = section("Shed", *lines)
    assert [(body["text"], body["on"]) for body in only(records, "comment")] == [
        ("too dear", "2024-02-24/1")
    ]
    assert [body["text"] for body in only(records, "report")] == ["tea?"]


def test_what_stands_beside_a_speaker_is_kept() -> None:
    records = section(
        "Garden", "- @ann (or @ben, if he can) – water the tree", "- @ann/@ben: dig", "- @ann's spade broke"
    )
    bodies = only(records, "report")
    assert [(body["by"], body["text"]) for body in bodies] == [
        (["@ann"], "(or @ben, if he can) water the tree"),
        (["@ann", "@ben"], "dig"),
        ([], "@ann's spade broke"),
    ]


def test_actions_name_helpers_and_days() -> None:
    records = section(
        "Actions", "- [ ] @ann (+@ben) - dig", "- buy seeds (@carl, by 2024-03-01)", "- none from last time"
    )
    assert [(body["assignees"], body["due"]) for body in only(records, "action")] == [
        (["@ann", "@ben"], None),
        (["@carl"], "2024-03-01"),
    ]
    assert not only(section("Garden", "- @ann will not be able to dig"), "action")


def test_short_lines_of_a_paragraph_are_statements_of_their_own() -> None:
    records = section(
        "Operating changes", "Proposal (@ann): Close the gate", "Not decided yet, more talk needed"
    )
    assert [body["title"] for body in only(records, "proposal")] == ["Close the gate"]
    assert [body["text"] for body in only(records, "report")] == ["Not decided yet, more talk needed"]


@pytest.mark.parametrize(
    ("line", "approvers", "where", "of"),
    [
        ("- Approval: @ann, @ben (PR#7)", ["@ann", "@ben"], "PR#7", []),
        ("- Approved in PR #7 and PR #8 by @ann", ["@ann"], "PR#7, PR#8", []),
        ("- Approved with two corrections by @ben", [], None, []),
        ("- Approved unanimously", [], None, []),
    ],
)
def test_approvals(line: str, approvers: list[str], where: str | None, of: list[str]) -> None:
    (body,) = only(section("Approve previous meeting minutes", line), "approval")
    assert (body["approvers"], body["where"], body["of"]) == (approvers, where, of)


def test_approvals_of_several_minutes_and_of_those_the_heading_names() -> None:
    records = section("Approve minutes", "- PR#7 was approved by @ann; PR#8 was approved by @ben")
    assert [(body["approvers"], body["where"]) for body in only(records, "approval")] == [
        (["@ann"], "PR#7"),
        (["@ben"], "PR#8"),
    ]
    (body,) = only(section("Approval of the minutes from 2024-02-10", "- Approved by @ann"), "approval")
    assert body["of"] == ["2024-02-10"]


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("- Chair: @ann, secretary: @ben", [("chair", "@ann"), ("secretary", "@ben")]),
        ("- Chair: @ann (deputy: @ben)", [("chair", "@ann"), ("deputy", "@ben")]),
        ("- Chair: @ann or @ben", [("chair", None)]),
        ("- Secretary: @ann?", [("secretary", None)]),
        ("- Chair: TBD (ask @ann)", [("chair", None)]),
        ("- @ann volunteers as secretary", [("secretary", "@ann")]),
    ],
)
def test_offices_to_come(line: str, held: list[tuple[str, str | None]]) -> None:
    records = section("Elect next meeting chair and secretary", line)
    assert [(body["role"], body["person"]) for body in only(records, "appointment")] == held


def test_the_line_of_the_next_meeting_may_name_offices() -> None:
    records = section("Next meeting", "- 2024-03-09 16:00-17:00 UTC on Matrix, chair @ann, secretary: TBD")
    (event,) = only(records, "event")
    assert (event["start"], event["location"]) == ("2024-03-09T16:00:00Z", "Matrix")
    assert [(body["role"], body["person"]) for body in only(records, "appointment")] == [
        ("chair", "@ann"),
        ("secretary", None),
    ]
    assert not only(section("Next meeting", "- No meeting on March 9th", "- Agenda: the shed"), "event")


@pytest.mark.parametrize(
    ("line", "name", "start", "end", "location", "what"),
    [
        ("1. Fair 2024 - March 2-3, Lyon", "Fair 2024", "2024-03-02", "2024-03-03", "Lyon", "conference"),
        ("1. Fair 2024 - Friday March 2nd", "Fair 2024", None, None, None, "conference"),
        ("1. Fair (2-3 March 2024) in Lyon", "Fair", "2024-03-02", "2024-03-03", "Lyon", "conference"),
        ("1. Fair, 2.–3. March 2024", "Fair", "2024-03-02", "2024-03-03", None, "conference"),
        ("1. 2024-03-02 – 2024-03-03: Fair", "Fair", "2024-03-02", "2024-03-03", None, "conference"),
        ("1. Fair is in Lyon, March 2-3 2024", "Fair is in Lyon", "2024-03-02", "2024-03-03", "Lyon", "conference"),
        ("1. Fair March 2nd, 2024, Lyon - CfP is open until May", "Fair", "2024-03-02", None, "Lyon", "conference"),
        ("1. Deadline: papers, March 2nd 2024", "Deadline: papers", "2024-03-02", None, None, "deadline"),
    ],
)  # fmt: skip
def test_names_days_and_places_of_events(
    line: str, name: str, start: str | None, end: str | None, location: str | None, what: str
) -> None:
    (body,) = only(section("Upcoming events", line), "event")
    assert (body["name"], body["start"], body["end"]) == (name, start, end)
    assert (body["location"], body["what"]) == (location, what)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Decision: put off until April", "deferred"),
        ("Decision: postponed until April", "deferred"),
        ("Decision: we put it off until April", "deferred"),
        ("Decision: put off the purchase of the shelf", "deferred"),
        ("Decision: we will not put off the purchase", "adopted"),
        ("Decision: put the banner up", "adopted"),
    ],
)
def test_a_labelled_decision_may_be_to_put_it_off(words, outcome):
    assert read_decision(words, by=(), in_changes=True, on_proposal=True).outcome == outcome
