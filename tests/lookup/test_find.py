"""``find``: the right answer first, and where nothing is on record no near miss in its place."""

from __future__ import annotations

import pytest

from ledger.lookup.index import open_index
from ledger.lookup.search import find
from ledger.records import Comment, Proposal, Redaction, Report, Source, SourceFile, Stated, Vote, to_body
from tests.lookup.garden import GOVERNANCE, correction, garden, third_meeting
from tests.lookup.small_ledger import Log, places_at

QUESTIONS = [
    "Have we adopted a Code of Conduct?",
    "code of conduct",
    "CODE OF CONDUCT",
    "codes of conduct",
    "coc",
    "CoC?",
    "standards of behaviour",
    "is there a code of conduct",
    "What is our code of conduct",
    "conduct code",
    "allotment union conduct",
    "who proposed the code of conduct?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_code_of_conduct_is_found_in_many_words(index, question):
    result = find(index, question)
    assert result.verdict == "found"
    assert result.answers[0].name == "2024-03-01/1"


def test_the_answer_has_all_facts_and_no_count_that_nobody_stated(index):
    answer = find(index, "code of conduct").to_json()["answers"][0]
    assert answer | {"text": ""} == answer | {
        "kind": "proposal",
        "id": "2024-03-01/1",
        "title": "Agree on a Code of Conduct",
        "status": "adopted",
        "date": "2024-03-01",
        "proposer": "@ada",
        "stated": "Unanimously in favor.",
        "counts": None,
        "quote": "@ada – Proposal: Agree on a Code of Conduct. We take the one of the allotment union",
        "source": "records/minutes/2024-03-01.md:20",
        "explanation": "Adopted by a vote on 2024-03-01: “Unanimously in favor”; no count is stated.",
        "text": "",
    }
    assert answer["votes"][0]["quote"] == "Vote: Unanimously **in favor**."
    assert answer["comments"][0]["by"] == ["@bob"]
    for words in (
        "adopted on 2024-03-01",
        "@ada",
        "“Unanimously in favor”",
        "no count is stated",
        "allotment union",
        "records/minutes/2024-03-01.md:20",
        "ledger verify",
        "ledger show 2024-03-01/1",
    ):
        assert words in answer["text"]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("tomatoes", "#13"),
        ("water the tomatoes on Fridays", "#13"),
        ("toma", "#13"),
        ("sell honey", "2024-05-01/1"),
        ("sold honey @cid", None),
        ("honey @cid", "2024-05-01/1"),
        ("member of the union", "#8"),
        ("fence", "#16"),
        ("greenhouse", "2024-03-01"),
        ("Who chaired the March 2024 meeting?", "2024-03-01"),
        ("PR#7", "#18"),
        ("summer meeting", "#17"),
        ("nothing against it", "2024-03-01/1"),
        ("2024-05-01", "2024-05-01"),
        ("#13", "#13"),
        ("2024-03-01/2", "2024-03-01/2"),
        ("licence of the website", None),
        ("conduct website", None),
        ("honey compost", None),
    ],
)
def test_answers_and_silences(index, question, first):
    result = find(index, question)
    assert (result.answers[0].name if result.found else None) == first


def test_undetermined_is_said_with_the_words_that_were_stated(index):
    answer = find(index, "compost heap").answers[0]
    assert answer.status == "undetermined"
    assert answer.to_json()["counts"] == {"yes": 2, "no": None, "abstain": 4}
    assert "the minutes do not say what this means" in " ".join(answer.to_json()["text"].split())
    assert "raised again 2024-05-01" in answer.to_json()["text"]


def test_a_raised_matter_has_no_vote_and_is_not_called_adopted(index):
    text = find(index, "union member").answers[0].to_json()["text"]
    assert "no vote or decision on record" in text
    assert "@bob: to find out what membership costs" in text
    assert "adopted" not in text


def test_a_decision_without_vote_says_so(index):
    text = find(index, "tomatoes").answers[0].to_json()["text"]
    assert "adopted on 2024-05-01, without a vote on record" in text


def test_nothing_on_record_names_what_was_searched_and_the_closest_apart(index):
    result = find(index, "conduct on our website")
    value = result.to_json()
    assert (value["verdict"], value["answers"]) == ("nothing-on-record", [])
    assert value["searched"] == [["conduct"], ["website"]]
    assert [item["id"] for item in value["closest"]] == ["2024-03-01/1"]
    text = result.text()
    assert text.startswith("Nothing on record about “conduct on our website”.")
    assert "2 meetings from 2024-03-01 to 2024-05-01" in " ".join(text.split())
    assert "Closest, with only some of the words" in text


@pytest.mark.parametrize("name", ["@ada", "ada", "Ada L.", "@Ada"])
def test_people_are_found_by_every_spelling(index, name):
    person = find(index, name).to_json()["answers"][0]
    assert (person["kind"], person["id"]) == ("person", "@ada")
    assert (person["meetings"], person["proposals"], person["offices"]) == (2, 1, {"chair": 1})
    assert (person["first_seen"], person["last_seen"]) == ("2024-03-01", "2024-05-01")
    assert "Ada L." in person["names"]


def test_a_full_name_beside_a_handle_is_told(index):
    assert "Robert Hill" in find(index, "@bob").to_json()["answers"][0]["names"]


def test_words_may_be_arguments(index):
    assert find(index, ["code", "of", "conduct"]).answers[0].name == "2024-03-01/1"


def test_a_query_of_stop_words_only_falls_back_to_them(index):
    assert find(index, "on a").found
    assert not find(index, "yours whom").found


def test_without_terms_the_synonym_is_not_known(tmp_path):
    places = places_at(tmp_path / "bare", "---\nledger: {origin: example.org/ledger}\n---\n")
    with open_index(places, Log(garden().all)) as index:
        assert find(index, "code of conduct").found
        assert not find(index, "coc").found


def test_decisions_come_before_open_proposals_and_these_before_notes(places):
    log = Log().add(
        ("report", None, Report(text="We looked at lanterns", by=["@ada"])),
        ("proposal", "2024-03-01/1", Proposal(title="Buy lanterns", text="Buy lanterns")),
        ("proposal", "2024-03-01/2", Proposal(title="Paint lanterns red", text="Paint lanterns red")),
        ("vote", None, Vote(proposal="2024-03-01/2", stated=Stated(text="yes", outcome="adopted"))),
        ("report", None, Report(text="More lanterns came", by=["@ada"])),
    )
    with open_index(places, log) as index:
        assert [answer.name for answer in find(index, "lanterns").answers] == [
            "2024-03-01/2", "2024-03-01/1", "#4", "#0"]  # fmt: skip


def test_a_phrase_in_a_title_comes_before_scattered_words(places):
    log = Log().add(
        ("proposal", "2024-03-01/1", Proposal(title="Open the gate", text="Open the gate at noon")),
        (
            "proposal",
            "2024-03-01/2",
            Proposal(title="Gate is to be left open", text="Gate is to be left open"),
        ),
        ("proposal", "2024-03-01/3", Proposal(title="Hours", text="When the gate is open, a person stays")),
    )
    with open_index(places, log) as index:
        names = [answer.name for answer in find(index, "open the gate").answers]
        assert names == ["2024-03-01/1", "2024-03-01/2", "2024-03-01/3"]


def test_corrected_facts_are_given_with_a_note(places):
    log = garden()
    body = to_body(
        Proposal(
            source=Source(seq=1, lines=(24, 24), quote="…"),
            title="Build a worm farm",
            text="Build a worm farm",
            proposer="@cid",
        )
    )
    log.add(correction(6, body, "the secretary misheard"), at="2024-06-01T08:00:00Z")
    with open_index(places, log) as index:
        answer = find(index, "worm farm").answers[0]
        assert (answer.name, answer.to_json()["proposer"]) == ("2024-03-01/2", "@cid")
        assert "by entry #19 on 2024-06-01: the secretary misheard" in " ".join(
            answer.to_json()["text"].split()
        )
        assert answer.to_json()["corrected"][0]["by"] == "#19"
        assert [answer.name for answer in find(index, "compost heap").answers] != ["6"]
        assert "Build a compost heap" not in find(index, "compost heap").text()


def test_a_corrected_vote_is_named_with_its_proposal(places):
    log = garden()
    vote = Vote(proposal="2024-05-01/1", stated=Stated(text="3 yes, 1 no", outcome="adopted"))
    log.add(correction(15, to_body(vote), "read the wrong way round"))
    with open_index(places, log) as index:
        answer = find(index, "honey").answers[0]
        assert answer.status == "adopted"
        assert answer.to_json()["corrected"][0]["by"] == "#19"


def test_a_later_reading_changes_no_day(places):
    log = garden()
    path = "records/minutes/2024-05-01.2.md"
    log.add(("source", None, SourceFile(path=path, sha256="22" * 32, meeting="2024-05-01", replaces=10)))
    vote = Vote(
        proposal="2024-05-01/1",
        stated=Stated(text="3 yes, 1 no", outcome="adopted"),
        source=Source(seq=19, lines=(17, 17), quote="3 yes, 1 no"),
    )
    log.add(correction(15, to_body(vote), "a later reading"), at="2024-06-01T08:00:00Z")
    with open_index(places, log) as index:
        answer = find(index, "honey").answers[0].to_json()
        assert (answer["status"], answer["date"]) == ("adopted", "2024-05-01")
        assert "adopted on 2024-05-01" in answer["text"]


def test_retracted_and_redacted_records_do_not_answer(places):
    log = garden().add(correction(14, None, "never proposed"))
    log.add(("redaction", None, Redaction(of=[16], reason="asked", by="@ada"))).redact(20, 16)
    with open_index(places, log) as index:
        assert not any(answer.fact.seq == 14 for answer in find(index, "honey").answers)
        assert not find(index, "fence").found


def test_a_correction_may_move_a_comment_to_a_proposal_recorded_later(places):
    log = third_meeting(garden())
    moved = Comment(text="nothing against it", by=["@bob"], on="2024-07-01/1")
    log.add(correction(4, to_body(moved)))
    with open_index(places, log) as index:
        assert find(index, "nothing against it").answers[0].name == "2024-07-01/1"
        assert find(index, "code of conduct").answers[0].thread.comment_count == 0


def test_a_late_vote_settles_an_earlier_proposal(places):
    with open_index(places, third_meeting(garden())) as index:
        answer = find(index, "compost heap").answers[0]
        assert (answer.status, answer.thread.date) == ("adopted", "2024-07-01")
        assert index.rows("SELECT status FROM record WHERE seq = 6") == [("adopted",)]


def test_text_fits_its_width(index):
    for width in (30, 60, 80):
        for question in ("code of conduct", "compost", "@ada", "the", "no such thing"):
            assert max(map(len, find(index, question).text(width).splitlines())) <= width


def test_governance_edited_since_widens_the_search_at_once(places):
    log = garden()
    with open_index(places, log) as index:
        assert not find(index, "spuds").found
    places.governance.write_text(
        GOVERNANCE.replace("terms:", "terms:\n  - [tomatoes, spuds]"), encoding="utf-8"
    )
    with open_index(places, log) as index:
        assert find(index, "spuds").answers[0].name == "#13"
