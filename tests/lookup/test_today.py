"""What stands today, through the index: links, days, lists, offices, minutes, and what needs attention."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.governance.approvals import Needed
from ledger.lookup.explain import explain
from ledger.lookup.index import Disagreement, open_index
from ledger.lookup.listing import list_needs, list_records
from ledger.lookup.offices import find_office
from ledger.lookup.search import find
from ledger.lookup.show import show
from ledger.records import Appointment, Decision, Meeting, SourceFile, Stated, Vote, to_body
from tests.lookup.garden import FRONT_MATTER, GOVERNANCE, correction, garden, source, third_meeting
from tests.lookup.small_ledger import places_at

CODE, HEAP, HONEY, TREES = "2024-03-01/1", "2024-03-01/2", "2024-05-01/1", "2024-07-01/1"
TOMATOES = "#13"


def by_hand(on, outcome=None, date="2024-08-01", **members):
    body = Decision(text="by hand", outcome=outcome, on=on, date=date, reason="r", **members)
    return ("decision", None, body)


def opened(places, log, today="2024-09-01", as_of=None):
    return open_index(places, log, today=today, as_of=as_of)


def listed(index, status="all", kind="proposals"):
    return {item["id"]: item["status"] for item in list_records(index, kind, status=status).to_json()}


def test_a_chain_of_links(places):
    log = third_meeting(garden()).add(
        by_hand(TREES, supersedes=[HEAP]),
        by_hand(HEAP, supersedes=[CODE]),
        by_hand(HONEY, supersedes=[TOMATOES]),
    )
    with opened(places, log) as index:
        assert show(index, CODE).answer.status == "superseded"
        assert show(index, HEAP).answer.status == "adopted"  # the trees were never voted on
        assert "Would be replaced by 2024-07-01/1" in show(index, HEAP).to_json()["explanation"]
        assert show(index, TOMATOES).answer.status == "adopted"  # the honey was rejected
        assert listed(index, "superseded") == {CODE: "superseded"}
        assert CODE not in listed(index, "adopted", "decisions")
        found = find(index, "code of conduct").answers[0]
        assert found.to_json()["replaced_by"][0]["id"] == HEAP
        assert found.to_json()["text"].index("replaced by") < found.to_json()["text"].index("status")
        since = list_records(index, "proposals", since="2024-07", status="superseded").to_json()
        assert [item["id"] for item in since] == [CODE]


def test_what_is_adopted_later_lets_the_link_count(places):
    log = third_meeting(garden()).add(by_hand(TREES, supersedes=[CODE]))
    log.add(by_hand(TREES, "adopted", date="2024-08-15"))
    with opened(places, log) as index:
        answer = show(index, CODE).answer
        assert (answer.status, answer.thread.date) == ("superseded", "2024-08-15")


def test_a_correction_of_a_vote_that_closes_a_poll_has_no_effect(places, tmp_path):
    log = third_meeting(garden())
    vote = Vote(proposal=TREES, stated=Stated(text="passed", outcome="adopted"))
    held = to_body(vote) | {"poll": "#1", "computed": "passed"}
    log.add(("vote", None, held))
    seq = log.size() - 1
    lost = to_body(vote) | {"stated": {"text": "lost", "outcome": "rejected", "counts": None}}
    with opened(places, log) as index:
        before = show(index, TREES).answer.to_json()
        explained = explain(index, TREES).to_json()
        assert before["status"] == "adopted"
    log.add(correction(seq, lost), correction(seq, None))
    other = places_at(tmp_path / "other", GOVERNANCE)
    with opened(places, log) as extended, opened(other, log) as anew:
        for index in (extended, anew):
            assert show(index, TREES).answer.to_json() == before
            assert listed(index)[TREES] == "adopted"
            assert find(index, "trees").answers[0].to_json()["status"] == "adopted"
            assert explain(index, TREES).to_json() == explained


@pytest.mark.parametrize("outcome", ["adopted", "repealed"])
def test_what_is_said_later_the_same_day_counts_more(places, tmp_path, outcome):
    log = third_meeting(garden()).add(by_hand(HEAP, supersedes=[CODE]))
    with opened(places, log) as index:
        assert show(index, CODE).answer.status == "superseded"
    log.add(by_hand(CODE, outcome))
    other = places_at(tmp_path / "other", GOVERNANCE)
    with opened(places, log) as extended, opened(other, log) as anew:
        for index in (extended, anew):
            assert show(index, CODE).answer.status == outcome
            assert listed(index)[CODE] == outcome
            assert listed(index, outcome, "decisions")[CODE] == outcome
    log.add(by_hand(TREES, supersedes=[CODE]), by_hand(TREES, "adopted"))
    with opened(places, log) as index:
        assert show(index, CODE).answer.status == listed(index)[CODE] == "superseded"


def test_a_link_that_was_taken_back_does_not_count(places):
    log = third_meeting(garden()).add(by_hand(HEAP, supersedes=[CODE]))
    log.add(correction(log.size() - 1, None))
    with opened(places, log) as index:
        assert show(index, CODE).answer.status == "adopted"


@pytest.mark.parametrize(
    ("today", "status"), [(None, "adopted"), ("2024-12-31", "adopted"), ("2025-01-01", "expired")]
)
def test_the_index_does_not_depend_on_the_day(places, today, status):
    log = garden().add(by_hand(CODE, expires_on="2024-12-31"))
    with opened(places, log, "2030-01-01"):
        pass
    before = (places.cache / "index-5.sqlite").stat().st_mtime_ns
    with opened(places, log, today) as index:
        assert show(index, CODE).answer.status == status
        assert listed(index, status)[CODE] == status
        assert (CODE in listed(index, "expired")) == (status == "expired")
    assert (places.cache / "index-5.sqlite").stat().st_mtime_ns == before


def test_the_index_is_the_same_extended_and_built_anew(places, tmp_path):
    log = third_meeting(garden())
    with opened(places, log):
        pass
    size = log.size()
    log.add(by_hand(HEAP, supersedes=[CODE]), by_hand(CODE, review_on="2024-08-02"))
    other = places_at(tmp_path / "other", GOVERNANCE)
    with opened(places, log) as extended, opened(other, log) as anew:
        for table in ("record", "role", "link"):
            query = f"SELECT * FROM {table} ORDER BY 1, 2, 3"
            assert extended.rows(query) == anew.rows(query)
        for words in ("compost", "code of conduct", "by hand"):
            assert find(extended, words).to_json() == find(anew, words).to_json()
        assert extended.rows("SELECT date, root FROM record WHERE seq = ?", size) == [("2024-08-01", 6)]


def test_on_a_day_of_the_past_nothing_later_counts(places, tmp_path):
    log = third_meeting(garden()).add(
        by_hand(HEAP, supersedes=[CODE], date="2024-08-01"),
        by_hand(TOMATOES, "repealed", date="2024-08-10"),
        by_hand(TREES, "adopted", date="2024-08-20", supersedes=[HEAP]),
        by_hand(CODE, "repealed", date="2024-08-25", expires_on="2024-08-02"),
    )
    other = places_at(tmp_path / "other", GOVERNANCE)
    with opened(other, log.up_to(log.size() - 4)):
        pass
    on = {}
    for day in (
        "2024-02-01",
        "2024-03-01",
        "2024-07-31",
        "2024-08-01",
        "2024-08-10",
        "2024-08-20",
        "2024-08-25",
    ):
        with opened(places, log, day, day) as index, opened(other, log, day, day) as extended:
            on[day] = listed(index) | listed(index, "all", "decisions")
            assert on[day] == listed(extended) | listed(extended, "all", "decisions")
            for name, status in on[day].items():
                assert show(index, name).answer.status == status
                assert listed(index, status)[name] == status if name != TOMATOES else True
            json.dumps([list_needs(index, "decisions").to_json(), list_records(index, "people").to_json()])
    assert on["2024-02-01"] == {}
    assert on["2024-03-01"][CODE] == "adopted"
    assert {TREES, HONEY}.isdisjoint(on["2024-03-01"])
    assert (on["2024-07-31"][CODE], on["2024-07-31"][TREES]) == ("adopted", "open")
    assert (on["2024-08-01"][CODE], on["2024-08-01"][TOMATOES]) == ("superseded", "adopted")
    assert (on["2024-08-10"][TOMATOES], on["2024-08-10"][HEAP]) == ("repealed", "adopted")
    assert (on["2024-08-20"][TREES], on["2024-08-20"][HEAP]) == ("adopted", "superseded")
    assert on["2024-08-25"][CODE] == "repealed"


def test_of_a_day_of_the_past_decisions_are_those_decided_by_then(places):
    log = third_meeting(garden()).add(by_hand(TREES, "adopted", date="2024-08-20"))
    with opened(places, log, "2024-08-19", "2024-08-19") as index:
        assert TREES not in listed(index, "all", "decisions")
        assert listed(index, "open")[TREES] == "open"
    with opened(places, log, "2024-08-20", "2024-08-20") as index:
        assert listed(index, "all", "decisions")[TREES] == "adopted"


NAMES = st.sampled_from((CODE, HEAP, HONEY, TREES, TOMATOES))
HANDS = st.lists(
    st.builds(
        by_hand,
        NAMES,
        st.sampled_from((None, None, "adopted", "repealed", "deferred")),
        st.sampled_from(("2024-07-15", "2024-08-01", "2024-08-20")),
        supersedes=st.lists(NAMES, max_size=2),
        amends=st.lists(NAMES, max_size=1),
        repeals=st.lists(NAMES, max_size=1),
        expires_on=st.sampled_from((None, None, "2024-08-10")),
        condition=st.sampled_from((None, None, "if")),
        condition_met=st.sampled_from((None, None, True, False)),
    ),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(HANDS)
def test_any_graph_is_read_and_list_and_show_agree(places, hands):
    log = third_meeting(garden()).add(*hands)
    with opened(places, log) as index:
        statuses = listed(index)
        for name in (CODE, HEAP, HONEY, TREES):
            shown = show(index, name)
            assert statuses[name] == shown.answer.status == shown.row.status
            assert name in listed(index, shown.answer.status)
        json.dumps(list_needs(index, "decisions").to_json())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(HANDS, st.integers(0, 6), st.sampled_from((None, "2024-07-31", "2024-08-01", "2024-08-15")))
def test_an_extended_index_answers_as_one_built_anew(tmp_path_factory, hands, known, as_of):
    log = third_meeting(garden()).add(*hands)
    first, other = (places_at(tmp_path_factory.mktemp("club"), GOVERNANCE) for _ in range(2))
    with opened(first, log.up_to(log.size() - max(len(hands) - known, 0))):
        pass
    with opened(first, log, as_of=as_of) as extended, opened(other, log, as_of=as_of) as anew:
        for table in ("main.record", "main.role", "main.link", "record"):
            query = f"SELECT * FROM {table} ORDER BY 1, 2, 3"
            assert extended.rows(query) == anew.rows(query)
        statuses = listed(extended)
        for index in (extended, anew):
            assert (
                list_records(index, "proposals").to_json() == list_records(extended, "proposals").to_json()
            )
            assert list_needs(index, "decisions").to_json() == list_needs(extended, "decisions").to_json()
            assert {name: show(index, name).answer.status for name in statuses} == statuses


# --- offices --------------------------------------------------------------------------------------------


def with_offices():
    log = third_meeting(garden())
    first = log.size()
    path = "records/minutes/2024-08-01.md"

    def appointed(line, role, person, term):
        stated = person or "TBD"
        quoted = source(first, line)
        return (
            "appointment",
            None,
            Appointment(source=quoted, role=role, person=person, stated=stated, term=term),
        )

    log.add(
        ("source", None, SourceFile(path=path, sha256="33" * 32, meeting="2024-08-01")),
        ("meeting", "2024-08-01", Meeting(source=source(first, 1), date="2024-08-01", chair=["@bob"])),
        appointed(2, "chair", "@cid", "next meeting"),
        appointed(3, "secretary", None, "next meeting"),
        appointed(4, "treasurer", "@dan", "2024"),
    )
    front = FRONT_MATTER | {
        "members": [{"handle": "@ada", "roles": ["recorder"]}],
        "in_force_from": "2024-06-01",
    }
    charter = {
        "version": 2,
        "previous": {"seq": 0, "leaf": "0" * 64},
        "file_sha256": "0" * 64,
        "front_matter": front,
    }
    return log.add(("charter", None, charter), at="2024-08-02T10:00:00Z")


@pytest.mark.parametrize(
    ("role", "on", "verdict", "people"),
    [
        ("chair", "2024-03-01", "held", ["@ada"]),
        ("Chairperson", "2024-03-01", "held", ["@ada"]),
        ("meeting secretary", "2024-03-01", "held", ["@bob"]),
        ("chair", "2024-03-02", "nothing-on-record", []),
        ("chair", "2024-07-01", "not-named", []),
        ("chair", "2024-08-01", "held", ["@bob"]),
        ("chair", "2024-08-15", "named", ["@cid"]),
        ("secretary", "2024-08-15", "not-named", [None]),
        ("treasurer", "2024-12-01", "held", ["@dan"]),
        ("treasurer", "2025-01-01", "nothing-on-record", []),
        ("recorder", "2024-05-31", "nothing-on-record", []),
        ("recorder", "2024-06-01", "held", ["@ada"]),
        ("gardener", "2024-06-01", "nothing-on-record", []),
    ],
)
def test_who_holds_an_office(places, role, on, verdict, people):
    with opened(places, with_offices()) as index:
        answer = find_office(index, role, on)
        assert (answer.verdict, [holder.person for holder in answer.holders]) == (verdict, people)
        assert all(len(line) <= 80 for line in answer.to_json()["text"].splitlines())


def test_the_last_chair_is_not_still_chair(places):
    with opened(places, third_meeting(garden())) as index:
        answer = find_office(index, "chair", "2024-06-15")
        assert answer.sentence == (
            "Nothing on record says who is chair on 2024-06-15."
            " The last one on record is @bob, for the meeting of 2024-05-01 only."
        )
        assert answer.to_json()["before"][0]["source"] == "records/minutes/2024-05-01.md:1"


# --- minutes --------------------------------------------------------------------------------------------


def test_minutes_are_draft_or_approved(places):
    with opened(places, third_meeting(garden())) as index:
        spring, summer = show(index, "2024-03-01").to_json(), show(index, "2024-05-01").to_json()
        assert spring["approval"]["state"] == "approved"
        assert spring["approval"]["approvers"] == ["@ada"]
        assert spring["approval"]["records"][0]["source"] == "records/minutes/2024-05-01.md:3"
        assert (summer["approval"]["state"], "minutes" in summer["text"]) == ("draft", True)
        meetings = {item["id"]: item["approval"] for item in list_records(index, "meetings").to_json()}
        assert [meetings[name]["state"] for name in sorted(meetings)] == ["approved", "draft", "draft"]
        assert "draft · Meeting of 2024-05-01" in list_records(index, "meetings").text()


def test_the_rule_about_approvals_is_a_parameter(places):
    with opened(places, garden()) as index:
        index.approval_rule = lambda date: Needed(2)
        approval = show(index, "2024-03-01").to_json()["approval"]
        assert (approval["state"], approval["needed"], approval["enough"]) == ("draft", 2, False)


# --- attention --------------------------------------------------------------------------------------------


def needs(index, kind="decisions", **filters):
    found = list_needs(index, kind, **filters).to_json()
    return {item["id"]: [reason["code"] for reason in item["reasons"]] for item in found}


def test_what_hangs_is_listed_with_its_reasons(places):
    log = third_meeting(garden()).add(
        by_hand(CODE, review_on="2024-08-15", condition="the union agrees"),
        by_hand(TOMATOES, expires_on="2024-08-10"),
        by_hand(TREES, "deferred", date="2024-07-01", supersedes=[HEAP]),
    )
    with opened(places, log, "2024-12-01") as index:
        found = needs(index)
        assert found == {
            CODE: ["review-due", "condition"],
            TOMATOES: ["expired"],
            TREES: ["deferred", "replaces-nothing-yet"],
            HEAP: ["replacement-not-adopted"],
            "#8": ["open-long"],
            "2024-05-01": ["minutes-unapproved"],
            "2024-07-01": ["minutes-unapproved"],
        }
        assert needs(index, "meetings") == {
            name: codes for name, codes in found.items() if codes == ["minutes-unapproved"]
        }
        assert needs(index, "proposals", status="deferred") == {TREES: found[TREES]}
        text = list_needs(index, "decisions").text()
        assert all(len(line) <= 80 for line in text.splitlines())
        assert "7 things need attention on 2024-12-01" in text
        assert "records/minutes/2024-07-01.md:9" in text


def test_a_condition_that_is_not_met_cannot_be_overlooked(places):
    log = garden().add(by_hand(CODE, condition="the union agrees"), by_hand(CODE, condition_met=False))
    said = "dopted on a condition that was not met: “the union agrees”, as stated on 2024-08-01"
    with opened(places, log) as index:
        answer = show(index, CODE).answer.to_json()
        assert (answer["status"], answer["condition_met"]) == ("adopted", False)
        assert answer["explanation"].startswith(f"A{said}.")
        assert f"status a{said}; adopted on 2024-03-01" in " ".join(answer["text"].split())
        assert "condition not met · Agree on" in list_records(index, "decisions").text()
        (item,) = (item for item in list_needs(index, "decisions").to_json() if item["id"] == CODE)
        assert {"code": "condition", "text": f"a{said}"} in item["reasons"]


def test_nothing_needs_attention_too_early(places):
    with opened(places, garden(), "2024-05-02") as index:
        assert needs(index) == {HEAP: ["undetermined"]}


def test_disagreements_come_from_whoever_knows_the_rules(places):
    with opened(places, garden(), "2024-05-02") as index:
        index.find_disagreements = lambda fresh: [
            Disagreement(5, "stated-not-computed", "the rule says failed")
        ]
        assert needs(index)[CODE] == ["stated-not-computed"]
