"""The same item brought back is one proposal, mentioned again."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.minutes import Known, link_drafts, number_drafts
from tests.minutes.reading import read


def linked(line: str, *known: Known) -> list[tuple[str, dict[str, Any]]]:
    minutes = link_drafts(read(f"### Operating changes\n\n{line}\n"), known)
    drafts = number_drafts(minutes, meeting_id=minutes.date, source_seq=1, first_seq=2)
    return [(one.kind, one.body) for one in drafts if one.kind != "meeting"]


def proposal(title: str, who: str = "@ann", *, settled: bool = False, date: str = "2024-01-06") -> Known:
    return Known(f"{date}/1", "proposal", title, (who,), date, settled)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("- @ann - Proposal: Add feeds to the channel", "Add feeds to the channel"),
        ("- @Ann - Proposal: add the feeds to our channel!", "Add feeds to the channel"),
        (
            "- @ann - Proposal for a new project on GH: Security Audits & Code Reviews",
            "New project on GH: Audits & Reviews",
        ),
    ],
)
def test_nearly_the_same_words_are_a_mention_with_its_reason(line: str, title: str) -> None:
    ((kind, body),) = linked(line, proposal(title))
    assert kind == "mention"
    assert body["of"] == "2024-01-06/1"
    assert "words" in body["reason"]


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("- @ann - Proposal: New project for the garden", proposal("New project for the kitchen")),
        ("- @ann - Proposal: Plant a tree", proposal("Paint the fence")),
        ("- @ann - Proposal: Plant a tree", proposal("Plant a tree", date="2024-02-24")),
    ],
)
def test_other_words_and_later_days_stay_apart(line: str, known: Known) -> None:
    ((kind, body),) = linked(line, known)
    assert (kind, body["possibly_same"]) == ("proposal", None)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (
            "- @ben - Proposal: Plant an apple tree near the pond",
            proposal("Plant an apple tree at the gate"),
        ),
        ("- @ann - Proposal: Plant an apple tree", proposal("Plant an apple tree", settled=True)),
    ],
)
def test_in_doubt_the_two_stay_apart_and_the_later_names_the_earlier(line: str, known: Known) -> None:
    settled = linked(line + "\n    - Vote: unanimous", known)
    assert [kind for kind, _ in settled] == ["proposal", "vote"]
    assert settled[0][1]["possibly_same"] == "2024-01-06/1"


def test_what_is_said_about_a_mention_is_said_about_the_proposal() -> None:
    records = linked(
        "- @ann - Proposal: Plant a tree\n    - @ben - again?\n    - Voted no", proposal("Plant a tree")
    )
    assert [kind for kind, _ in records] == ["mention", "comment", "vote"]
    assert records[1][1]["on"] == records[2][1]["proposal"] == "2024-01-06/1"


def test_an_action_carried_over_is_mentioned() -> None:
    known = Known("#7", "action", "Write the guide for the gate", ("@ann",), "2024-01-06")
    assert [kind for kind, _ in linked("- [x] @ann - Write the guide for the gate", known)] == ["mention"]
    assert [kind for kind, _ in linked("- [ ] @ben - Write the guide for the gate", known)] == ["action"]


def test_numbers_go_on_where_they_stopped() -> None:
    minutes = link_drafts(
        read(
            "### Operating changes\n\n- @ann - Proposal: A tree\n    - @ben - no\n- @ann - Proposal: A pond\n"
        ),
        (),
    )
    drafts = number_drafts(
        minutes, meeting_id="2024-02-24b", source_seq=40, first_seq=41, taken={"2024-02-24b": 2}
    )
    assert [one.id for one in drafts] == [
        "2024-02-24b",
        "2024-02-24b/3",
        "2024-02-24b/3.1",
        "2024-02-24b/4",
    ]
    assert all(one.body["source"]["seq"] == 40 for one in drafts)
