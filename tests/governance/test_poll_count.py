"""What a poll finds: known cases by each method, and what must hold for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.charter import parse_charter
from ledger.errors import LedgerError
from ledger.governance.people import Spellings
from ledger.governance.poll_count import Breaking, count_poll
from ledger.governance.poll_early import could_change, early_problem
from ledger.governance.polls import InLog, sort_ballots
from ledger.governance.rule_values import METHODS
from ledger.records import CastBallot, CharterRef, Score

from .test_polls import OPENED_AT, a_poll

PEOPLE = ["@ann", "@bob", "@cid", "@dee", "@eve"]
AT = "2031-05-03T12:00:00Z"
END = "2031-05-09T12:00:00Z"
HALF = {"electorate": "members", "base": "yes+no", "threshold": "1/2", "strict": "true"}


def charter(**rule):
    front = {
        "group": "Readers",
        "ledger": {"origin": "example.org/readers", "keys": ["example.org/readers+c9a5ee5f+AW+sQ"]},
        "members": [{"handle": person} for person in PEOPLE],
        "rules": {"default": rule},
    }
    return parse_charter({key: value for key, value in front.items() if key != "rules" or rule})


def count(choices, rule=HALF, *, closed_at=END, breaking=None, **poll):
    """Count a poll in which people vote ``choices``, one after the other."""
    law = charter(**rule)
    stated = {"electorate": PEOPLE if rule else None, "rules": dict(rule) or None, **poll}
    opened = a_poll(charter=CharterRef(seq=0, version=1), **stated)
    members = {"ranking": "ranking", "approved": "approved", "scores": "scores"}
    form = next((members[key] for key in members if isinstance(choices, dict) and key in choices), "option")
    given_choices = choices[form] if isinstance(choices, dict) else choices
    ballots = [
        InLog(11 + place, AT, CastBallot(poll="#10", by=by, nr=1, **{form: choice}))
        for place, (by, choice) in enumerate(zip(PEOPLE, given_choices, strict=False))
        if choice is not None
    ]
    box = sort_ballots(opened, ballots, Spellings.of(law))
    return count_poll(opened, box, law, closed_at=closed_at, breaking=breaking)


def counts(found):
    return {one.option: one.votes for one in found.tally.counts}


@pytest.mark.parametrize(
    ("choices", "rule", "computed"),
    [
        (["yes", "yes", "no"], HALF, "passed"),
        (["yes", "no", "no"], HALF, "failed"),
        (["yes", "abstain", "abstain", "abstain", "abstain"], HALF, "passed"),
        (["yes", "abstain", "abstain", "abstain", "abstain"], {**HALF, "base": "cast"}, "failed"),
        (["yes", "yes"], {**HALF, "base": "eligible"}, "failed"),
        (["yes", "yes", "yes"], {**HALF, "base": "eligible"}, "passed"),
        (["yes", "yes"], {**HALF, "quorum": "3 cast"}, "no-quorum"),
        (["yes", "yes", "abstain"], {**HALF, "quorum": "3 cast"}, "passed"),
        (["yes", "yes", "no"], {**HALF, "veto": "any-no"}, "vetoed"),
        (["yes", "yes", "no"], {}, "undetermined"),
        ([], HALF, "failed"),
    ],
)
def test_a_motion_by_its_rules(choices, rule, computed):
    found = count(choices, rule)
    assert found.computed == computed
    assert counts(found) == {option: choices.count(option) for option in ("yes", "no", "abstain")}
    assert found.tally.eligible == (5 if rule else None)
    assert found.stated("#10").outcome == {
        "passed": "adopted", "failed": "rejected", "vetoed": "rejected"
    }.get(computed)  # fmt: skip


def test_the_explanation_says_how_many_voted():
    assert count(["yes", "yes", "no"]).explanation.endswith("3 of 5 who may vote did.")


def test_consensus_and_lazy_consensus():
    consensus = {"electorate": "members", "method": "consensus"}
    assert count(["yes", None, "yes"], consensus, method="consensus").computed == "passed"
    assert count(["yes", "no"], consensus, method="consensus").computed == "failed"
    lazy = {"electorate": "members", "lazy": "72h, 1 approval"}
    assert count(["yes"], lazy).computed == "passed"
    assert count(["yes"], lazy, closed_at="2031-05-02T12:00:00Z").computed != "passed"
    assert count(["yes", "no"], lazy).computed != "passed"


def test_five_answers():
    five = {"method": "five-way", "options": ["SF", "F", "N", "A", "SA"]}
    assert count(["SF", "F", "A"], {}, **five).computed == "undetermined"
    found = count(["SF", "F", "A"], {"threshold": "2/3", "strict": "false"}, **five)
    assert (found.computed, counts(found)) == ("passed", {"SF": 1, "F": 1, "N": 0, "A": 1, "SA": 0})
    assert found.stated("#10").text == "Poll #10: SF 1, F 1, N 0, A 1, SA 0"


ABC = ["A", "B", "C"]


@pytest.mark.parametrize(
    ("method", "choices", "winners"),
    [
        ("plurality", ["A", "A", "B"], ["A"]),
        ("approval", {"approved": [["A", "B"], ["B"], ["C"]]}, ["B"]),
        (
            "borda",
            {"ranking": [[["A"], ["B"], ["C"]], [["B"], ["A"], ["C"]], [["A"], ["C"], ["B"]]]},
            ["A"],
        ),
        ("schulze", {"ranking": [[["A"], ["B"]], [["A"], ["C"]], [["C"]]]}, ["A"]),
        ("irv", {"ranking": [[["A"]], [["A"]], [["B"]]]}, ["A"]),
        ("stv", {"ranking": [[["A"]], [["A"]], [["B"]]]}, ["A"]),
        ("star", {"scores": [[Score(option="A", score=5)], [Score(option="B", score=2)]]}, ["A"]),
    ],
)
def test_elections_by_each_method(method, choices, winners):
    found = count(choices, {}, method=method, options=ABC)
    assert (found.computed, found.tally.winners) == ("passed", winners)
    assert found.stated("#10").text == f"Poll #10: elected: {winners[0]}"
    assert found.stated("#10").counts is None


def test_an_election_without_a_quorum_elects_nobody():
    rule = {"electorate": "members", "method": "irv", "quorum": "4"}
    found = count({"ranking": [[["A"]], [["A"]]]}, rule, method="irv", options=ABC)
    assert (found.computed, found.tally.winners) == ("no-quorum", [])
    assert "A quorum of 4 is needed" in found.explanation


def test_the_default_option_wins_where_nobody_beats_it():
    """The option for none of the others wins: the motion to elect somebody fails."""
    options = {"method": "schulze", "options": ["A", "B", "none"], "default_option": "none"}
    ballots = {"ranking": [[["none"], ["A"], ["B"]], [["none"], ["B"]], [["A"], ["none"]]]}
    found = count(ballots, {}, **options)
    assert found.computed == "failed"


def test_a_result_that_depends_on_an_unstated_rule_is_undetermined():
    """Whether an unranked option is last decides here, and no rule says so."""
    ballots = [[["A"], ["B"], ["C"]]] * 2 + [[["B"], ["C"]]] * 2 + [[["C"], ["A"]]]
    found = count({"ranking": ballots}, {}, method="schulze", options=ABC)
    assert (found.computed, found.tally.winners) == ("undetermined", [])
    assert "depends on strength and unranked" in found.explanation
    stated = {"method": "schulze", "unranked": "no-opinion", "strength": "margins"}
    assert count({"ranking": ballots}, stated, method="schulze", options=ABC).tally.winners == ["A"]


def test_a_tied_motion_is_broken_by_the_rule_and_nothing_else():
    lot, casting = {**HALF, "tie": "lot"}, {**HALF, "tie": "casting-vote"}
    assert [count(["yes", "no"], rule).computed for rule in (HALF, lot, casting)] == ["tied"] * 3
    assert count(["yes", "no"], {**HALF, "tie": "status-quo"}).computed == "failed"
    yes, no = Breaking(("yes",)), Breaking(("no",))
    assert count(["yes", "no"], casting, breaking=yes).computed == "passed"
    assert count(["yes", "no"], casting, breaking=no).computed == "failed"
    assert count(["yes", "no"], lot, breaking=yes).computed == "tied"
    assert count(["yes", "no"], HALF, breaking=Breaking((), "0" * 64, "7")).computed == "tied"
    draws = [Breaking((), "0" * 64, str(number)) for number in range(40)]
    assert {count(["yes", "no"], lot, breaking=draw).computed for draw in draws} == {"passed", "failed"}


def test_early_closing():
    all_voted = {**HALF, "open_for": "7d, early if all voted"}
    decided = {**HALF, "open_for": "7d, early if decided"}
    never = {**HALF, "open_for": "7d"}

    def problem(choices, rule, at=AT):
        found = count(choices, rule)
        return early_problem(
            a_poll(electorate=PEOPLE, rules=rule), found.box, charter(**rule), closed_at=at
        )

    assert "not yet: @dee, @eve" in problem(["yes", "yes", "yes"], all_voted)
    assert problem(["yes"] * 5, all_voted) is None
    assert problem(["yes"] * 3, decided) is None
    assert "one still can" in problem(["yes"] * 2, decided)
    assert "do not let it" in problem(["yes"] * 5, never)
    assert problem([], never, at="2031-05-08T12:00:00Z") is None


# --- properties -----------------------------------------------------------------------------------------

VOTES = st.lists(st.sampled_from(["yes", "no", "abstain", None]), min_size=5, max_size=5)
RULES = st.sampled_from(
    [
        HALF,
        {**HALF, "strict": "false", "threshold": "2/3"},
        {**HALF, "base": "eligible"},
        {**HALF, "base": "cast", "quorum": "3 cast"},
        {**HALF, "min_yes": "2"},
    ]
)


@given(VOTES, RULES, st.permutations(range(5)))
def test_who_voted_what_does_not_matter(votes, rule, order):
    one, other = count(votes, rule), count([votes[place] for place in order], rule)
    assert (one.computed, counts(one)) == (other.computed, counts(other))


@given(VOTES, RULES)
def test_one_more_yes_never_turns_passed_into_failed(votes, rule):
    if count(votes, rule).computed == "passed" and None in votes:
        votes[votes.index(None)] = "yes"
        assert count(votes, rule).computed == "passed"


@given(VOTES, RULES, st.data())
def test_what_cannot_change_does_not_change_however_the_others_vote(votes, rule, data):
    found, law = count(votes, rule), charter(**rule)
    opened = a_poll(electorate=PEOPLE, rules=rule)
    if not could_change(opened, found.box, law, closed_at=END):
        rest = [
            vote if vote is not None else data.draw(st.sampled_from(["yes", "no", "abstain", None]))
            for vote in votes
        ]
        assert count(rest, rule).computed == found.computed


RANKINGS = st.lists(st.permutations(ABC).map(lambda order: [[name] for name in order]), max_size=5)


@given(RANKINGS, st.sampled_from(sorted({"schulze", "irv", "stv", "borda"} & set(METHODS))), st.randoms())
def test_the_order_of_ballots_elects_nobody_else(rankings, method, random):
    one = count({"ranking": rankings}, {}, method=method, options=ABC)
    shuffled = list(rankings)
    random.shuffle(shuffled)
    other = count({"ranking": shuffled}, {}, method=method, options=ABC)
    assert (one.computed, one.tally.winners, counts(one)) == (
        other.computed, other.tally.winners, counts(other),
    )  # fmt: skip


def test_a_poll_that_nobody_can_count_says_so():
    with pytest.raises(LedgerError):
        count({"ranking": [[["A"]]]}, {}, method="irv", options=ABC, seats=2)


def test_hours_are_those_until_the_end():
    found = count(
        ["yes"], {"electorate": "members", "lazy": "168h, 1 approval"}, closed_at="2031-07-01T00:00:00Z"
    )
    assert found.outcome.facts.hours == 168
    assert OPENED_AT < AT
