"""Roll calls: votes listed below a vote, one person a line, in every layout."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.minutes.roll_call import read_ballot_line, read_columns, read_row
from tests.minutes.reading import changes, numbered, read
from tests.minutes.test_reading_properties import check


def only(records: list[tuple[str, str | None, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [body for one, _, body in records if one == kind]


def ballots_of(vote: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["voter"], one["option"]) for one in vote["ballots"]]


def test_two_proposals_with_a_roll_call_each() -> None:
    records = changes(
        "* @bob - Proposal: New spades",
        "  * Vote (roll call):",
        "    * @ada [+1]",
        "    * @bob [-1]",
        "    * Cyd Doe [ 0]",
        "* @bob - Proposal: New rakes",
        "  * Vote:",
        "    * @ada: yes",
        "    * @dee: why rakes?",
        "    * @bob: no",
        "    * @cyd: abstain",
        "  * Passed",
    )
    first, second = only(records, "vote")
    assert ballots_of(first) == [("@ada", "yes"), ("@bob", "no"), ("Cyd Doe", "abstain")]
    assert (first["method"], first["stated"]["text"]) == ("roll-call", "Vote (roll call):")
    assert [one["lines"][0] for one in first["sources"]] == [10, 11, 12]
    assert ballots_of(second) == [("@ada", "yes"), ("@bob", "no"), ("@cyd", "abstain")]
    assert second["stated"] == {"text": "Vote: … Passed", "outcome": "adopted", "counts": None}
    assert second["proposal"] == "2024-02-24/2"
    assert [body["text"] for body in only(records, "comment")] == ["why rakes?"]


@pytest.mark.parametrize(
    ("line", "ballots"),
    [
        ("@ada: yes", [("@ada", "yes", "yes")]),
        ("@ada +1", [("@ada", "yes", "+1")]),
        ("Ada Roe - aye", [("Ada Roe", "yes", "aye")]),
        ("Ada Roe (@ada): nay", [("@ada", "no", "nay")]),
        ("Ada Roe (ACME): no", [("Ada Roe", "no", "no")]),
        ("Ada [+1]", [("Ada", "yes", "+1")]),
        ("Ada [ 0]", [("Ada", "abstain", "0")]),
        ("Ada [ ]", [("Ada", "not voting", "[ ]")]),
        ("+1 @ada", [("@ada", "yes", "+1")]),
        ("Yes: @ada, @bob", [("@ada", "yes", "Yes"), ("@bob", "yes", "Yes")]),
        ("No: Éva Kis, 王小明", [("Éva Kis", "no", "No"), ("王小明", "no", "No")]),
        ("Abstain: none", []),
        ("Absent: Ada Roe", [("Ada Roe", "absent", "Absent")]),
        ("@ada | yes", [("@ada", "yes", "yes")]),
        ("+1 (binding): ada, bob", [("ada", "yes", "+1 (binding)"), ("bob", "yes", "+1 (binding)")]),
        ("+1 non-binding: ada", [("ada", "yes", "+1 non-binding")]),
        ("+1 Ada Roe (binding)", [("Ada Roe", "yes", "+1 (binding)")]),
        ("-0: ada", [("ada", "abstain", "-0")]),
        ("@ada: no, too early", [("@ada", "no", "no, too early")]),
        ("Jo de la Tour: abstained", [("Jo de la Tour", "abstain", "abstained")]),
        ("@ada: recused", [("@ada", "not voting", "recused")]),
        ("@dee (for @eve): yes", [("@dee", "yes", "yes")]),
        ("@ada yes, @bob no", [("@ada", "yes", "yes"), ("@bob", "no", "no")]),
    ],
)
def test_the_forms_of_a_line(line: str, ballots: list[tuple[str, str, str]]) -> None:
    found = read_ballot_line(line)
    assert found is not None
    assert [(one.voter, one.option, one.stated) for one in found] == ballots


@pytest.mark.parametrize(
    "line",
    [
        "@ada: no idea",
        "@ada: yes?",
        "@ada: +1 to that point",
        "Result: yes",
        "Quorum: yes",
        "Passed: yes",
        "The chair: abstain",
        "We should wait: no",
        "Good idea yes",
        "+1: 3",
        "Ada Roe, ACME: yes",
        "@ada: present",
        "",
    ],
)
def test_lines_that_are_no_ballots(line: str) -> None:
    assert read_ballot_line(line) is None


@pytest.mark.parametrize(
    ("head", "row", "ballots"),
    [
        ("Member | Vote", "@ada | yes", [("@ada", "yes")]),
        ("Name | Guild | Vote | Why", "Ada Roe | ACME | -1 | too dear", [("Ada Roe", "no")]),
        ("Name | Yes | No | Abstain", "Ada Roe | | x | ", [("Ada Roe", "no")]),
        ("Name | Yes | No | Abstain", "Ada Roe | | | ", []),
        ("Vote | Who", "+1 | @ada", [("@ada", "yes")]),
    ],
)
def test_rows_of_a_table(head: str, row: str, ballots: list[tuple[str, str]]) -> None:
    found = read_row(row, read_columns(head))
    assert found is not None
    assert [(one.voter, one.option) for one in found] == ballots


def test_a_table_of_votes_below_a_proposal() -> None:
    body = "### Operating changes\n\n- Proposal: A shed\n\n| Who | Vote |\n|---|---|\n| @ada | yes |\n| Bob Roe | no |\n\n| Tool | Price |\n|---|---|\n| rake | 3 |\n"
    records = numbered(read(body))
    (vote,) = only(records, "vote")
    assert ballots_of(vote) == [("@ada", "yes"), ("Bob Roe", "no")]
    assert vote["proposal"] == "2024-02-24/1"
    assert [one["text"] for one in only(records, "report")] == ["Tool | Price", "rake | 3"]


@pytest.mark.parametrize(
    "lines",
    [
        ("- Proposal: A shed", "- Votes:", "  - In favour:", "    - @ada", "    - Bob Roe", "  - Against:", "    - @cyd", "- Motion carried"),
        ("- Proposal: A shed", "- Passed", "- Votes:", "  - Yes: @ada, Bob Roe", "  - No: @cyd"),
        ("- Proposal: A shed", "- Passed by majority", "- Yes: @ada, Bob Roe", "- No: @cyd"),
        ("- Proposal: A shed. Vote:", "  - @ada: yes", "  - Bob Roe: yes", "  - @cyd: no", "- Passed"),
        ("1. Proposal: A shed", "   Vote:", "   @ada: yes", "   Bob Roe: yes", "   @cyd: no", "   Result: passed"),
        ("Proposal: A shed", "", "### Vote", "", "- @ada: yes", "- Bob Roe: yes", "- @cyd: no", "", "Carried."),
        ("- Proposal: A shed", "- Vote:", "  - @ada yes", "  - Bob Roe – aye", "  - @cyd voted no", "- Passed"),
        ("- Proposal: A shed", "", "Votes:", "```", "@ada     [+1]", "Bob Roe  [+1]", "@cyd     [-1]", "```", "Passed"),
    ],
)  # fmt: skip
def test_one_vote_however_head_list_and_outcome_stand(lines: tuple[str, ...]) -> None:
    (vote,) = only(changes(*lines), "vote")
    assert ballots_of(vote) == [("@ada", "yes"), ("Bob Roe", "yes"), ("@cyd", "no")]
    assert (vote["proposal"], vote["stated"]["outcome"]) == ("2024-02-24/1", "adopted")


def test_boxes_are_votes_only_where_the_head_says_so() -> None:
    records = changes(
        "- Proposal: A", "  - Vote ([x] = yes, [ ] = not voting):", "    - [x] @ada", "    - [ ] @bob",
        "- Proposal: B", "  - Vote:", "    - [x] @ada to mow",
    )  # fmt: skip
    first, second = only(records, "vote")
    assert (ballots_of(first), first["stated"]["outcome"]) == (
        [("@ada", "yes"), ("@bob", "not voting")],
        None,
    )
    assert second["ballots"] == []
    assert [one["text"] for one in only(records, "action")] == ["@ada to mow"]


def test_who_votes_twice_has_two_ballots_and_who_changes_has_one() -> None:
    (vote,) = only(
        changes("- Proposal: A", "  - Vote:", "    - @ada: no", "    - @ada changed from no to yes", "    - @bob: yes", "    - @bob: no"),
        "vote",
    )  # fmt: skip
    assert ballots_of(vote) == [("@ada", "yes"), ("@bob", "yes"), ("@bob", "no")]


def test_numbers_below_a_vote_join_it_unless_they_contradict() -> None:
    (vote,) = only(
        changes("- Proposal: A", "  - Vote:", "    - Yes: 5", "    - No: 2", "    - Total: 7"), "vote"
    )
    assert (vote["stated"]["counts"]["yes"], vote["stated"]["counts"]["cast"]) == (5, 7)
    assert len(only(changes("- Proposal: A", "- Vote: 3-1", "- Yes: 4"), "vote")) == 2


def test_an_answer_elsewhere_is_no_ballot() -> None:
    records = changes(
        "- Proposal: A", "  - Vote: 3-0, carried", "- @bob: tea?", "  - @ada: yes", "- @cyd: no"
    )
    (vote,) = only(records, "vote")
    assert vote["ballots"] == []


def test_a_vote_without_a_proposal_has_its_outcome_below_it() -> None:
    records = numbered(read("### Garden\n\n- Vote: 7 yes, 2 abstain\n\n- APPROVED\n"))
    (vote,) = only(records, "vote")
    assert (vote["proposal"], vote["stated"]["outcome"]) == (None, "adopted")


NAMES = st.lists(
    st.sampled_from(["@ada", "@bob-1", "Cyd Doe", "Éva Kis", "Jo de la Tour", "王小明", "O'Neil"]),
    min_size=1, max_size=7, unique=True,
)  # fmt: skip
WORDS = {"yes": ["yes", "+1", "aye", "Yes"], "no": ["no", "-1", "nay"], "abstain": ["abstain", "abstained", "0"], "absent": ["absent"]}  # fmt: skip
HEADS = st.sampled_from(
    ["Vote:", "Vote (roll call):", "Votes:", "Roll call vote:", "The votes were as follows:"]
)
LINES = st.sampled_from(["{name}: {word}", "{name} - {word}", "{name} – {word}", "{name} [{word}]", "{name} ({word})"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.data(), HEADS, NAMES, st.sampled_from(["nested", "beside", "plain", "indented", "table", "options"])
)
def test_as_many_ballots_as_voters_in_every_layout(
    data: st.DataObject, head: str, names: list[str], layout: str
) -> None:
    votes = [(name, data.draw(st.sampled_from(sorted(WORDS)))) for name in names]
    form = data.draw(LINES)
    lines = [
        form.format(name=name, word=data.draw(st.sampled_from(WORDS[option]))) for name, option in votes
    ]
    if layout == "nested":
        body = ["- Proposal: A shed", f"  - {head}", *(f"    - {line}" for line in lines)]
    elif layout == "beside":
        body = ["- Proposal: A shed", f"- {head}", *(f"- {line}" for line in lines)]
    elif layout == "plain":
        body = ["Proposal: A shed", "", head, "", *lines]
    elif layout == "indented":
        body = ["- Proposal: A shed", f"- {head}", *(f"  {line}" for line in lines)]
    elif layout == "table":
        rows = [f"| {name} | {WORDS[option][0]} |" for name, option in votes]
        body = ["- Proposal: A shed", f"  - {head}", "", "| Name | Vote |", "|---|---|", *rows]
    else:
        votes = sorted(votes, key=lambda one: list(WORDS).index(one[1]))
        body = ["- Proposal: A shed", f"  - {head}"]
        for option in WORDS:
            people = [name for name, one in votes if one == option]
            body += [f"    - {option}: {', '.join(people)}"] if people else []
    minutes = read("### Operating changes\n\n" + "\n".join(body) + "\n")
    check(minutes)
    records = numbered(minutes)
    (vote,) = only(records, "vote")
    assert ballots_of(vote) == votes
    assert not only(records, "comment")
    assert minutes.coverage.unread == ()


PIECES = st.lists(
    st.sampled_from(["- ", "  - ", "    ", "Vote:", "Vote (roll call):", "@ada", "Cyd Doe", ": ", " – ", "yes", "[+1]", "[ ]", "| ", "|---|---|", "\n", "\n\n",
                     "In favour:", "Topic: A", "Proposed by: @ada", "Opened: 2024-02-01", "Closed: 2024-02-24", "Accepted: yes (for: 2)", "Passed", "Kind: release", "15 of 21"]),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_reading_lists_of_votes_never_crashes_or_loses_a_line(body: str) -> None:
    check(read("### Operating changes\n\n- Proposal: A shed\n" + body + "\n"))
