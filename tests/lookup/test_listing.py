"""``list``: each kind, its filters, and what a filter may not be."""

from __future__ import annotations

import pytest

from ledger.errors import UsageError
from ledger.lookup.index import open_index
from ledger.lookup.listing import KINDS, list_records
from ledger.records import Decision
from tests.lookup.garden import garden, third_meeting


def ids(index, kind, **filters):
    return [item["id"] for item in list_records(index, kind, **filters).to_json()]


def test_decisions_list_what_is_in_force(index):
    assert ids(index, "decisions") == ["#13", "2024-03-01/1"]


def test_all_decisions_are_every_outcome_and_no_open_matter(index):
    assert ids(index, "decisions", status="all") == ["2024-05-01/1", "#13", "2024-03-01/2", "2024-03-01/1"]
    assert ids(index, "decisions", status="rejected") == ["2024-05-01/1"]


def test_what_was_repealed_is_not_in_force(places):
    log = garden().add(
        ("decision", None, Decision(text="The code no longer holds", outcome="repealed", on="2024-03-01/1"))
    )
    with open_index(places, log) as index:
        assert ids(index, "decisions") == ["#13"]
        assert ids(index, "decisions", status="repealed") == ["2024-03-01/1"]


def test_an_item_has_its_facts(index):
    item = next(item for item in list_records(index, "decisions").to_json() if item["id"] == "2024-03-01/1")
    assert {
        name: item[name] for name in ("title", "status", "date", "proposer", "stated", "counts", "source")
    } == {
        "title": "Agree on a Code of Conduct",
        "status": "adopted",
        "date": "2024-03-01",
        "proposer": "@ada",
        "stated": "Unanimously in favor.",
        "counts": None,
        "source": "records/minutes/2024-03-01.md:20",
    }


def test_the_date_of_a_decision_is_when_it_was_decided(places):
    with open_index(places, third_meeting(garden())) as index:
        item = next(
            item for item in list_records(index, "decisions").to_json() if item["id"] == "2024-03-01/2"
        )
        assert (item["date"], item["raised"]) == ("2024-07-01", "2024-03-01")
        assert ids(index, "decisions", since="2024-06") == ["2024-03-01/2"]


def test_proposals_include_matters_raised(index):
    assert ids(index, "proposals") == ["2024-05-01/1", "#8", "2024-03-01/2", "2024-03-01/1"]
    assert ids(index, "proposals", status="open") == ["#8"]
    assert ids(index, "proposals", person="Ada L.") == ["2024-03-01/1"]
    assert ids(index, "proposals", topic="coc") == ["2024-03-01/1"]
    assert ids(index, "proposals", topic="nothing against") == ["2024-03-01/1"]
    assert ids(index, "proposals", topic="zebra") == ids(index, "proposals", topic="?") == []


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2024-03-02", None, ["2024-05-01"]),
        (None, "2024-03", ["2024-03-01"]),
        ("2024", "2024", ["2024-05-01", "2024-03-01"]),
        ("2024-03-01", "2024-03-01", ["2024-03-01"]),
        ("2025", None, []),
    ],
)
def test_days_months_and_years_are_included(index, since, until, expected):
    assert ids(index, "meetings", since=since, until=until) == expected


def test_meetings_have_their_attendance(index):
    item = list_records(index, "meetings").to_json()[1]
    assert (item["chair"], item["secretary"], item["present"], item["regrets"]) == (
        ["@ada"], ["@bob"], ["@ada", "@bob"], ["@cid"])  # fmt: skip
    assert item["location"] == "In the greenhouse"


def test_people_are_joined_by_the_charter(index):
    people = {item["id"]: item for item in list_records(index, "people").to_json()}
    assert list(people) == ["@ada", "@bob", "@cid"]
    assert (people["@ada"]["meetings"], people["@bob"]["meetings"], people["@cid"]["meetings"]) == (2, 2, 0)
    assert people["@bob"]["offices"] == {"chair": 1, "secretary": 1}
    assert ids(index, "people", person="ada") == ["@ada"]
    assert ids(index, "people", since="2024-06") == []


def test_actions_and_events(index):
    assert ids(index, "actions") == ["#16", "#9"]
    assert ids(index, "actions", status="done") == ["#16"]
    assert ids(index, "actions", person="@bob") == ["#9"]
    event = list_records(index, "events").to_json()[0]
    assert (event["id"], event["date"], event["when"], event["stated_on"]) == (
        "#17",
        "2024-07-01",
        "1 July",
        "2024-05-01",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_item_has_what_the_contract_asks_for(index, kind):
    items = list_records(
        index, kind, status="all" if kind in ("decisions", "proposals", "actions") else None
    ).to_json()
    assert items
    for item in items:
        assert {"id", "title", "status", "date"} <= set(item)
    text = list_records(index, kind).text(80)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("kind", "filters"),
    [
        ("dogs", {}),
        ("decisions", {"status": "maybe"}),
        ("actions", {"status": "adopted"}),
        ("meetings", {"status": "open"}),
        ("people", {"topic": "honey"}),
        ("meetings", {"since": "yesterday"}),
        ("meetings", {"until": "2024-02-30"}),
        ("meetings", {"since": "2024-13"}),
    ],
)
def test_what_cannot_be_meant_is_refused(index, kind, filters):
    with pytest.raises(UsageError):
        list_records(index, kind, **filters)


def test_an_empty_list_says_so(index):
    assert list_records(index, "meetings", since="2030").text() == "no meetings with --since 2030\n"
    assert "ledger list decisions --status all" in list_records(index, "decisions").text()
