"""What is asked: whole questions, terms, people, and anything at all that may be typed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ledger.errors import NotFoundError
from ledger.lookup.index import open_index
from ledger.lookup.listing import KINDS, list_records
from ledger.lookup.question import read_question, stem
from ledger.lookup.search import find
from ledger.lookup.show import show
from ledger.lookup.vocabulary import Vocabulary
from tests.lookup.garden import FRONT_MATTER, GOVERNANCE, garden
from tests.lookup.small_ledger import places_at

WORDS = Vocabulary.of(FRONT_MATTER)
SAME = ("code of conduct", "coc", "standards of behaviour")


@pytest.mark.parametrize(
    ("asked", "phrases"),
    [
        ("Have we adopted a Code of Conduct?", [SAME]),
        ("codes of conduct", [("codes of conduct", *SAME)]),
        ("the CoC", [("coc", "code of conduct", "standards of behaviour")]),
        ("code for conduct", [("code",), ("conduct",)]),
        ("CVE-2013-4407", [("cve 2013 4407", "cve20134407")]),
        ("fund-raising", [("fund raising", "fundraising")]),
        ("the group's compost", [("compost",)]),
        ("@ada's honey", [("ada", "ada l"), ("honey",)]),
        ("have we", [("have",), ("we",)]),
        ("vote", [("vote",)]),
        ("", []),
        ("?!*", []),
    ],
)
def test_what_is_looked_for(asked, phrases):
    assert [unit.phrases for unit in read_question(asked, WORDS).units] == phrases


def test_the_phrase_runs_from_the_first_word_to_the_last():
    assert read_question("Have we adopted a Code of Conduct yet?", Vocabulary()).phrase == "code of conduct"


def test_stems_are_those_of_the_index():
    assert stem(["Codes of conducting", "", "Überraschung"]) == [
        ("code", "of", "conduct"),
        (),
        ("uberraschung",),
    ]


def test_a_very_long_question_is_cut_and_says_so():
    question = read_question("tomato " * 5000, WORDS)
    assert question.cut
    assert [unit.phrases for unit in question.units] == [("tomato",)]


@pytest.mark.parametrize(
    "identifier", ["#3", "2024-03-01", "2024-03-01b", "2024-03-01/2", "2024-03-01/2.10"]
)
def test_identifiers_are_recognised(identifier):
    assert read_question(identifier, WORDS).identifier == identifier


@pytest.mark.parametrize("words", ["41", "2024", "#", "2024-03-01/2 and more", "#" + "9" * 30])
def test_what_is_no_identifier(words):
    assert read_question(words, WORDS).identifier is None


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with open_index(places_at(tmp_path_factory.mktemp("club"), GOVERNANCE), garden()) as index:
        yield index


ODD_WORDS = ["honey", "AND", "OR", "NOT", "NEAR(", '"', "*", ":", "^", "-", "(", ")", "title:", "{title}"]
ODD_WORDS += ["+", "code of", "@ada", "#3", "'", ";--", "\x00", "🎉", "ﬁ", "e\u0301", "\ud800", "the"]
ANYTHING = st.text(max_size=60) | st.lists(st.sampled_from(ODD_WORDS), max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=ANYTHING)
@example(asked="x" * 10_000)
@example(asked="honey " * 2_000)
@example(asked='" OR 1=1 --')
@example(asked="²³")
@example(asked="#99999999999999")
def test_find_takes_any_text_and_answers_only_what_the_log_holds(opened, asked):
    result = find(opened, asked)
    held = {entry.seq: entry for entry in garden().all}
    for answer in result.to_json()["answers"]:
        if answer["kind"] != "person":
            entry = held[answer["seq"]]
            assert (answer["kind"], answer["quote"]) == (entry.kind, entry.body["source"]["quote"])
    assert result.text()
    assert (result.verdict == "found") == bool(result.answers)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANYTHING)
def test_show_takes_any_text(opened, name):
    try:
        shown = show(opened, name)
    except NotFoundError:
        return
    assert shown.raw == garden().all[shown.row.seq].line


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([kind for kind in KINDS if kind != "people"]), person=ANYTHING, topic=ANYTHING)
def test_filters_take_any_text(opened, kind, person, topic):
    everything = {item["id"] for item in list_records(opened, kind).to_json()}
    some = list_records(opened, kind, person=person, topic=topic)
    assert {item["id"] for item in some.to_json()} <= everything
    assert some.text()
