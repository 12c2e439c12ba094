"""``show``: everything about one record, by any form of its name."""

from __future__ import annotations

import pytest

from ledger.errors import NotFoundError
from ledger.lookup.index import open_index
from ledger.lookup.show import show
from ledger.records import Redaction
from tests.lookup.garden import correction, garden, third_meeting


@pytest.mark.parametrize(
    ("name", "seq"),
    [
        ("2024-03-01/1", 3),
        ("2024-03-01/1.1", 4),
        ("2024-03-01", 2),
        ("#5", 5),
        ("5", 5),
        (" #0 ", 0),
        ("1", 1),
    ],
)
def test_every_form_of_a_name(index, name, seq):
    shown = show(index, name)
    assert shown.row.seq == seq
    assert shown.raw == garden().all[seq].line


def test_record_history_and_proof(index):
    log = garden()
    value = show(index, "2024-03-01/1").to_json()
    assert value["record"] == log.all[3].body
    assert [(item["seq"], item["kind"]) for item in value["history"]] == [
        (3, "proposal"),
        (4, "comment"),
        (5, "vote"),
    ]
    assert value["proof"] == {
        "seq": 3,
        "leaf": log.all[3].leaf.hex(),
        "size": 19,
        "root": log.head().root.hex(),
        "file": "records/log/entries/000.jsonl",
        "line": 4,
        "recorded": "2024-03-02T10:00:00Z",
    }
    assert (value["retracted"], value["redacted"], value["original"]) == (False, None, None)
    for words in ("Unanimously **in favor**", log.all[3].leaf.hex(), "records/log/entries/000.jsonl:4"):
        assert words in value["text"]


def test_the_status_is_the_one_of_find_with_its_sentence(index):
    value = show(index, "2024-03-01/2").to_json()
    assert value["status"] == "undetermined"
    assert "do not say what this means" in value["explanation"]


def test_mentions_votes_and_decisions_are_in_the_history(places):
    with open_index(places, third_meeting(garden())) as index:
        history = show(index, "2024-03-01/2").history
    assert [(moment.kind, moment.date) for moment in history] == [
        ("proposal", "2024-03-01"),
        ("vote", "2024-03-01"),
        ("mention", "2024-05-01"),
        ("vote", "2024-07-01"),
    ]


def test_a_comment_names_what_it_is_about(index):
    shown = show(index, "2024-03-01/1.1")
    assert shown.to_json()["about"] == "2024-03-01/1"
    assert "2024-03-01/1: Agree on a Code of Conduct" in shown.text()


def test_an_action_names_what_it_came_from(index):
    assert show(index, "#9").to_json()["about"] == "#8"


def test_a_meeting_lists_its_records(index):
    value = show(index, "2024-05-01").to_json()
    assert [item["id"] for item in value["records"]] == ["#13", "2024-05-01/1", "#16", "#17", "#18"]
    assert "Ada L., @bob" in value["text"]


def test_corrections_are_shown_with_the_words_before(places):
    log = garden()
    body = {**log.all[6].body, "title": "Build two compost heaps", "text": "Build two compost heaps"}
    log.add(correction(6, body, "a number was missing"), at="2024-06-01T08:00:00Z")
    with open_index(places, log) as index:
        value = show(index, "2024-03-01/2").to_json()
    assert value["title"] == "Build two compost heaps"
    assert value["original"]["title"] == "Build a compost heap"
    assert value["corrected"] == [
        {"by": "#19", "at": "2024-06-01T08:00:00Z", "reason": "a number was missing", "retracts": False}
    ]
    assert value["history"][-1] == {
        "seq": 19,
        "id": "#19",
        "kind": "correction",
        "date": "2024-06-01",
        "what": "a number was missing",
    }


def test_what_was_taken_back_is_shown_as_such(places):
    log = garden().add(correction(14, None, "never proposed"), at="2024-06-01T08:00:00Z")
    with open_index(places, log) as index:
        shown = show(index, "2024-05-01/1")
    assert shown.retracted
    assert shown.to_json()["record"] is None
    assert shown.to_json()["original"]["title"] == "Sell honey at the fair"
    assert "no longer counts by entry #19 on 2024-06-01: never proposed" in " ".join(shown.text().split())


@pytest.mark.parametrize("blanked", [True, False])
def test_redacted_words_are_not_shown(places, blanked):
    log = garden().add(("redaction", None, Redaction(of=[14], reason="asked", by="@ada")))
    if blanked:
        log.redact(19, 14)
    with open_index(places, log) as index:
        shown = show(index, "2024-05-01/1")
        text = str(shown.to_json())
    assert shown.to_json()["redacted"] == "#19"
    assert "honey" not in text


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("2024-03-01/7", "2024-03-01/1"),
        ("2024-04-28", "nearest: 2024-05-01, 2024-03-01"),
        ("#999", "19 entries, #0 to #18"),
        ("honey", "ledger find"),
        ("2024-99-99", "ledger find"),
        ("", "ledger find"),
    ],
)
def test_not_found_says_what_comes_near(index, name, hint):
    with pytest.raises(NotFoundError) as caught:
        show(index, name)
    assert hint in caught.value.fix


def test_text_fits_its_width_but_for_hashes(index):
    for name in ("2024-03-01/1", "2024-05-01", "#0", "#13"):
        for line in show(index, name).text(80).splitlines():
            assert len(line) <= 80
