"""What people write on a ballot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import UsageError
from ledger.governance.choices import read_choice
from ledger.governance.polls import choice_problem, describe_choice
from ledger.records import CastBallot, Score

from .test_polls import a_poll

CANDIDATES = ["Ann", "Bob Carr", "Zoë"]


def read(method, *words, options=CANDIDATES):
    return read_choice(a_poll(method=method, options=options).poll, words)


def test_known_choices():
    assert read("yes-no", "Yes", options=["yes", "no", "abstain"]) == {"option": "yes"}
    assert read("plurality", "bob", "carr") == {"option": "Bob Carr"}
    assert read("schulze", "Zoë > ann = bob carr") == {"ranking": [["Zoë"], ["Ann", "Bob Carr"]]}
    assert read("stv", "ann") == {"ranking": [["Ann"]]}
    assert read("stv", "blank") == {"ranking": []}
    assert read("approval", "Ann", "Bob Carr") == {"approved": ["Ann", "Bob Carr"]}
    assert read("approval", "Ann, Bob Carr") == {"approved": ["Ann", "Bob Carr"]}
    assert read("star", "Ann=5", "bob carr: 3") == {
        "scores": [Score(option="Ann", score=5), Score(option="Bob Carr", score=3)]
    }


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("yes-no", ["maybe"]),
        ("yes-no", [" "]),
        ("yes-no", ["blank"]),
        ("schulze", ["Ann > Eve"]),
        ("schulze", ["Ann > > Zoë"]),
        ("schulze", ["Ann > ann"]),
        ("approval", ["Ann,Ann"]),
        ("star", ["Ann"]),
        ("star", ["Ann=5", "Ann=4"]),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_options(method, words):
    options = ["yes", "no", "abstain"] if method == "yes-no" else CANDIDATES
    with pytest.raises(UsageError) as refused:
        read(method, *words, options=options)
    assert refused.value.why == f"the options are: {', '.join(options)}"


NAMES = st.text("ABCäöß 日本-’", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(
    st.lists(NAMES, min_size=2, max_size=5, unique_by=str.casefold).flatmap(
        lambda names: st.tuples(
            st.just(names), st.permutations(names), st.lists(st.booleans(), min_size=5, max_size=5)
        )
    )
)
def test_a_ranking_in_words_reads_as_itself(case):
    options, order, tied = case
    groups = [[order[0]]]
    for name, same in zip(order[1:], tied, strict=False):
        if same:
            groups[-1].append(name)
        else:
            groups.append([name])
    ballot = CastBallot(poll="#10", by="@ann", nr=1, ranking=groups)
    poll = a_poll(method="schulze", options=options).poll
    assert choice_problem(poll, ballot) is None
    assert read_choice(poll, [describe_choice(ballot)]) == {"ranking": groups}
