"""Outcome = facts × rules: real motions with the right result, and what must never be assumed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.charter import Charter, Member
from ledger.governance.ballots import NamedBallot, count_ballots
from ledger.governance.facts import VoteFacts, facts_of_ballots, read_vote
from ledger.governance.numbers import Number
from ledger.governance.outcome import COMPUTED, compute_outcome, describe_facts
from ledger.governance.people import Spellings
from ledger.governance.rule_values import BASES
from ledger.governance.rules import parse_rules


def charter(size=12, **rule):
    members = tuple(Member(f"@u{number}", roles=("council",)) for number in range(size))
    return Charter("Group", "example.org/x", (), members=members, rules={"default": rule})


def vote(*, present=0, method=None, outcome=None, ballots=(), text="words", **counts):
    body = {
        "stated": {"text": text, "outcome": outcome, "counts": counts or None},
        "method": method,
        "ballots": [{"voter": voter, "option": option} for voter, option in ballots],
    }
    return body, {"attendance": [{"person": f"@p{i}", "status": "present"} for i in range(present)]}


def outcome(told, of=None):
    body, meeting = told
    rule = parse_rules(of).rule() if of is not None else None
    facts = read_vote(body, meeting, spellings=Spellings.of(of, meeting), recast=rule and rule.recast)
    return compute_outcome(facts, rule, of)


HALF = {"base": "yes+no", "threshold": "1/2", "strict": "true"}

# (what, computed, rule, size of the group, what was told); the sources are named beside them.
MOTIONS = [
    # github:cncf/gitvote src/results.rs, calculate_votes_are_counted_correctly
    ("a quarter of all is not half of them", "failed",
     {"base": "eligible", "threshold": "50%", "strict": "false", "electorate": "members"}, 4,
     {"yes": 1, "no": 1, "abstain": 1}),
    # PEP 13: two thirds of the votes that are no abstentions
    ("three of five are not two thirds", "failed", {**HALF, "threshold": "2/3", "strict": "false"}, 5,
     {"yes": 3, "no": 2}),
    # github:AxLabs/grantshares issue 38
    ("abstentions make the quorum and the base", "passed",
     {"base": "cast", "threshold": "50%", "strict": "true", "quorum": "5 cast"}, 9,
     {"yes": 3, "no": 0, "abstain": 2}),
    # github:MaxwellBo/Muncoordinated-2 issue 52
    ("seven who abstain do not count", "passed", {**HALF, "threshold": "2/3", "strict": "false"}, 10,
     {"yes": 2, "no": 1, "abstain": 7}),
    # Debian Technical Committee, proposal on its strict supermajority
    ("six to two is not more than three to one", "failed", {**HALF, "threshold": "3:1"}, 8,
     {"yes": 6, "no": 2}),
    # apache.org/foundation/voting.html
    ("more for than against", "passed", HALF, 9, {"yes": 2, "no": 1}),
    ("a no is no veto on a release", "passed", {**HALF, "min_yes": "3"}, 9, {"yes": 3, "no": 1}),
    ("a no is a veto on code", "vetoed", {**HALF, "min_yes": "3", "veto": "any-no"}, 9,
     {"yes": 3, "no": 1}),
    # github:rust-lang/rfcbot-rs src/github/nag.rs: one concern blocks
    ("a concern blocks", "vetoed", {**HALF, "veto": "any-no"}, 7, {"yes": 7, "no": 1}),
    # github:jupyter/governance docs/decision_making.md
    ("blank votes count for the quorum only", "passed",
     {**HALF, "quorum": "1/2 of members", "quorum_counts_abstain": "true"}, 12,
     {"yes": 2, "no": 1, "abstain": 3}),
    # github:nodejs/node GOVERNANCE.md at bbbbb19658: the example there
    ("eight of twenty less five", "passed",
     {"base": "members-minus-abstain", "threshold": "1/2", "strict": "true", "electorate": "members"}, 20,
     {"yes": 8, "abstain": 5}),
    ("seven of twenty less five", "failed",
     {"base": "members-minus-abstain", "threshold": "1/2", "strict": "true", "electorate": "members"}, 20,
     {"yes": 7, "abstain": 5}),
    # github:conda-incubator/ceps pull request 23
    ("sixteen of sixteen", "passed", {**HALF, "quorum": "60% of 21", "threshold": "60%"}, 21,
     {"yes": 16, "no": 0}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "computed", "rule", "size", "counts"), MOTIONS, ids=[m[0] for m in MOTIONS]
)
def test_a_real_motion_gives_its_result(what, computed, rule, size, counts):
    assert outcome(vote(**counts), charter(size, **rule)).computed == computed


def test_a_record_that_contradicts_itself_by_one_vote_is_told():
    found = outcome(vote(yes=16, no=0, cast=15), charter(21, **HALF, quorum="60% of 21"))
    assert found.computed == "passed"
    assert [doubt.code for doubt in found.doubts] == ["counts-differ"]
    assert found.doubts[0].what == "15 votes are said to be cast, and the counts give 16"


# --- two in favour, four abstained, six present -------------------------------------------------------

CHANGE_OF_NAME = vote(present=6, yes=2, abstain=4)


@pytest.mark.parametrize(
    ("rule", "computed"),
    [
        (None, "undetermined"),
        (HALF, "passed"),
        ({**HALF, "base": "present"}, "failed"),
        ({**HALF, "base": "cast"}, "failed"),
        ({"threshold": "1/2", "strict": "true"}, "undetermined"),
        ({"electorate": "members"}, "undetermined"),
    ],
)
def test_whether_abstentions_count_is_never_assumed(rule, computed):
    assert outcome(CHANGE_OF_NAME, charter(**rule) if rule else None).computed == computed


def test_the_sentence_says_what_the_rules_leave_open():
    found = outcome(CHANGE_OF_NAME, charter(threshold="1/2", strict="true"))
    assert found.sentence == (
        "2 yes of 2 votes cast; 4 abstained. The rules on record do not say whether abstentions count:"
        " undetermined."
    )


def test_nobody_against_is_known_only_where_everybody_is_accounted_for():
    body, _ = CHANGE_OF_NAME
    assert read_vote(body, CHANGE_OF_NAME[1]).no == Number.of(0)
    assert read_vote(body).no == Number(0, None)
    # One more person was there: two to one at worst, which is still more than half.
    assert outcome((body, vote(present=7)[1]), charter(**HALF)).computed == "passed"
    assert outcome((body, vote(present=8)[1]), charter(**HALF)).computed == "undetermined"
    assert outcome((body, {}), charter(**HALF)).computed == "undetermined"


# --- unanimous ----------------------------------------------------------------------------------------

UNANIMOUS = vote(present=5, method="unanimous", outcome="adopted", text="Unanimously **in favor**.")


@pytest.mark.parametrize("base", ["yes+no", "cast", "present", None])
@pytest.mark.parametrize("threshold", ["1/2", "2/3", "99%", "1"])
def test_unanimity_passes_any_threshold(base, threshold):
    rule = {"threshold": threshold} | ({"base": base} if base else {})
    assert outcome(UNANIMOUS, charter(**rule)).computed == "passed"


@pytest.mark.parametrize(
    "rule",
    [
        {**HALF, "quorum": "3"},
        {**HALF, "quorum": "2 cast"},
        {**HALF, "quorum": "1/4 of members"},
        {**HALF, "min_yes": "3"},
        {**HALF, "base": "eligible", "electorate": "members"},
    ],
)
def test_unanimity_meets_no_number_by_assumption(rule):
    found = outcome(UNANIMOUS, charter(**rule))
    assert found.computed == "undetermined"
    assert not found.doubts
    assert found.missing


def test_a_quorum_of_those_present_is_met_by_the_attendance():
    assert (
        outcome(UNANIMOUS, charter(8, **HALF, quorum="1/2 of members present, strict")).computed == "passed"
    )
    assert outcome(UNANIMOUS, charter(12, **HALF, quorum="1/2 of members present")).computed == "no-quorum"


def test_unanimously_against_fails_and_is_not_called_in_favour():
    found = outcome(vote(method="unanimous", outcome="rejected", present=4), charter(**HALF))
    assert found.computed == "failed"
    assert "favour; no count" not in found.sentence


def test_a_vote_without_numbers_is_undetermined_whatever_was_declared():
    found = outcome(vote(outcome="adopted", text="Approved"), charter(**HALF))
    assert (found.computed, found.differs) == ("undetermined", False)


# --- what does not fit together -----------------------------------------------------------------------


def codes(found):
    return [doubt.code for doubt in found.doubts]


def test_a_stated_outcome_that_the_rules_do_not_support_is_told():
    found = outcome(vote(yes=3, no=4, outcome="adopted"), charter(**HALF))
    assert (found.computed, codes(found), found.differs) == ("failed", ["outcome-differs"], True)


def test_more_votes_than_people():
    assert codes(outcome(vote(present=4, yes=5, no=1), charter(**HALF))) == ["more-than-present"]


def test_a_header_that_disagrees_with_the_ballots_below_it():
    ballots = [("@u1", "yes"), ("@u2", "yes"), ("@u3", "yes"), ("@u4", "no")]
    found = outcome(vote(yes=4, no=1, abstain=0, ballots=ballots), charter(**HALF))
    assert found.computed == "passed"  # three to one at worst
    assert codes(found) == ["ballots-differ"]
    assert "4 yes" in found.doubts[0].what
    assert "3 are named" in found.doubts[0].what
    close = outcome(
        vote(yes=2, no=1, ballots=[("@u1", "yes"), ("@u2", "no")], text="Roll call"), charter(**HALF)
    )
    assert close.computed == "undetermined"  # passed by the header, tied by the ballots


def test_some_names_of_many_are_no_contradiction():
    found = outcome(vote(yes=9, no=2, ballots=[("@u1", "no")]), charter(**HALF))
    assert (found.computed, codes(found)) == ("passed", ["not-all-named"])


def test_one_named_objector_is_not_the_whole_vote():
    found = outcome(vote(outcome="adopted", ballots=[("@u1", "no")], present=5), charter(**HALF))
    assert (found.computed, codes(found)) == ("undetermined", [])


def test_two_spellings_are_one_person_who_is_counted_once_and_named():
    group = Charter(
        "G", "o", (), members=(Member("@ada", ("Ada L.",)), Member("@bob")), rules={"default": HALF}
    )
    ballots = [("@ada", "yes"), ("Ada L.", "yes"), ("@bob", "no")]
    found = outcome(vote(ballots=ballots), group)
    assert (found.computed, codes(found)) == ("tied", ["voted-twice"])
    assert found.doubts[0].what == "@ada voted twice (yes and yes): counted once"


def test_a_full_name_beside_a_handle_is_the_same_person():
    meeting = {"attendance": [{"person": "@ada", "name": "Ada Lovelace", "status": "present"}]}
    body, _ = vote(ballots=[("@ada", "yes"), ("Ada Lovelace", "no")])
    facts = read_vote(body, meeting, spellings=Spellings.of(None, meeting))
    assert facts.ballots.counted == ()


# github:cncf/gitvote src/results.rs, calculate_do_not_count_votes_from_multiple_options_voters
@pytest.mark.parametrize(("recast", "counted"), [(None, ()), ("none", ()), ("last", (("@u1", "abstain"),))])
def test_who_voted_for_two_options_counts_as_the_rule_says(recast, counted):
    ballots = [NamedBallot("@u1", "no"), NamedBallot("@u1", "abstain")]
    count = count_ballots(ballots, spellings=Spellings(), recast=recast)
    assert count.counted == counted
    assert [doubt.code for doubt in count.doubts] == ["voted-twice"]


def test_gitvote_with_one_voter_for_two_options_fails():
    group = charter(1, base="eligible", threshold="50%", strict="false", electorate="members")
    count = count_ballots([NamedBallot("@u0", "yes"), NamedBallot("@u0", "no")], spellings=Spellings())
    assert compute_outcome(facts_of_ballots(count), parse_rules(group).rule(), group).computed == "failed"


def test_ballots_of_strangers_are_named_and_not_counted():
    group = charter(3, **HALF, electorate="council")
    body, meeting = vote(ballots=[("@u0", "yes"), ("@u1", "no"), ("@who", "yes")])
    facts = read_vote(body, meeting, spellings=Spellings.of(group), electorate=["@u0", "@u1", "@u2"])
    assert (facts.yes, facts.no) == (Number.of(1), Number.of(1))
    assert [doubt.code for doubt in facts.doubts] == ["outside-electorate"]
    assert "@who" in facts.doubts[0].what


def test_somebody_who_sent_regrets_cannot_have_voted_in_the_room():
    meeting = {"attendance": [{"person": "@u0", "status": "regrets"}]}
    body, _ = vote(ballots=[("@u0", "yes")])
    assert [doubt.code for doubt in read_vote(body, meeting).doubts] == ["absent-voted"]


# --- ties, vetoes, lazy consensus, quorum -------------------------------------------------------------


@pytest.mark.parametrize(
    ("tie", "computed", "differs"),
    [(None, "tied", True), ("report", "tied", True), ("status-quo", "failed", True),
     ("chair", "tied", False), ("casting-vote", "tied", False)],
)  # fmt: skip
def test_an_even_vote_is_a_tie_that_only_a_rule_breaks(tie, computed, differs):
    rule = HALF | ({"tie": tie} if tie else {})
    found = outcome(vote(yes=3, no=3, outcome="adopted"), charter(**rule))
    assert (found.computed, found.differs) == (computed, differs)


def test_exactly_the_threshold_needs_a_word_about_it():
    rule = {"base": "yes+no", "threshold": "2/3"}
    assert outcome(vote(yes=4, no=2), charter(**rule)).computed == "undetermined"
    assert outcome(vote(yes=4, no=2), charter(**rule, strict="true")).computed == "failed"
    assert outcome(vote(yes=4, no=2), charter(**rule, strict="false")).computed == "passed"
    assert outcome(vote(yes=5, no=2), charter(**rule)).computed == "passed"
    assert "whether that is enough" in outcome(vote(yes=4, no=2), charter(**rule)).sentence


def test_only_those_who_may_veto_can():
    group = charter(4, **HALF, electorate="council", veto="any-binding-no")
    yes = [("@u0", "yes"), ("@u1", "yes"), ("@u2", "yes")]
    assert outcome(vote(ballots=[*yes, ("@u3", "no")]), group).computed == "vetoed"
    assert outcome(vote(ballots=[*yes, ("@who", "no")]), group).computed == "passed"
    assert outcome(vote(yes=3, no=1), group).computed == "undetermined"
    assert outcome(vote(yes=3, no=0), group).computed == "passed"


def lazy(hours, ballots=(), rule="7d, 2 approvals, 0 objections", **more):
    group = charter(5, lazy=rule, **more)
    count = count_ballots([NamedBallot(*one) for one in ballots], spellings=Spellings())
    return compute_outcome(facts_of_ballots(count, hours=hours), parse_rules(group).rule(), group).computed


def test_silence_is_consent_after_its_time():
    approvals = [("@u0", "yes"), ("@u1", "yes")]
    assert lazy(168, approvals) == "passed"
    assert lazy(167, approvals) == "failed"
    assert lazy(168, approvals[:1]) == "failed"
    assert lazy(168, [*approvals, ("@u2", "no")]) == "failed"
    assert lazy(None, approvals) == "undetermined"
    assert lazy(100, (), "72h") == "passed"


def test_what_lazy_consensus_does_not_carry_a_vote_can():
    ballots = [("@u0", "yes"), ("@u1", "yes"), ("@u2", "no")]
    assert lazy(168, ballots, **HALF) == "passed"
    assert lazy(168, [("@u0", "no")], **HALF) == "failed"


def test_a_quorum_counts_abstentions_only_where_the_rule_says_so():
    rule = {**HALF, "quorum": "5"}
    told = vote(yes=3, no=1, abstain=2)
    assert outcome(told, charter(**rule)).computed == "undetermined"
    assert "abstentions" in outcome(told, charter(**rule)).sentence
    assert outcome(told, charter(**rule, quorum_counts_abstain="true")).computed == "passed"
    assert outcome(told, charter(**rule, quorum_counts_abstain="false")).computed == "no-quorum"


def test_debians_quorum_is_over_the_default_option():
    # Debian vote 2007/002: 1037 developers, 132 over the default, at least 48.3 needed
    rule = {"quorum": "3*sqrt(n)/2", "base": "yes-over-default", "threshold": "1/2", "strict": "true"}
    group = charter(1037, electorate="members", **rule)
    assert outcome(vote(yes=132, no=40), group).computed == "passed"
    assert outcome(vote(yes=49, no=10), group).computed == "passed"
    assert outcome(vote(yes=48, no=10), group).computed == "no-quorum"


def test_demands_on_the_procedure_are_told_and_decide_nothing():
    found = outcome(
        vote(yes=3, no=1), charter(**HALF, second="1", notice="15d", open_for="7d", recusal="must-abstain")
    )
    assert found.computed == "passed"
    assert {step.name: step.held for step in found.steps if step.held is None} == dict.fromkeys(
        ("second", "notice", "open_for", "recusal")
    )


def test_an_election_has_no_outcome_without_its_ballots():
    assert outcome(vote(yes=3, no=1), charter(method="schulze")).computed == "undetermined"


# --- properties ---------------------------------------------------------------------------------------

small = st.integers(0, 12)
thresholds = st.sampled_from(["1/2", "2/3", "3/5", "1/3", "55%", "3:1"])


@st.composite
def rules(draw):
    rule = {"threshold": draw(thresholds)}
    for name, values in {
        "base": st.sampled_from(BASES), "strict": st.sampled_from(["true", "false"]),
        "quorum": st.sampled_from(["3", "1/2", "sqrt(n)", "4 present", "2 yes"]),
        "quorum_counts_abstain": st.sampled_from(["true", "false"]),
        "min_yes": st.sampled_from(["1", "3"]), "veto": st.just("any-no"), "tie": st.just("status-quo"),
        "lazy": st.just("24h, 1 approval"), "electorate": st.just("members"),
    }.items():  # fmt: skip
        if draw(st.booleans()):
            rule[name] = draw(values)
    return rule


@given(rules(), small, small, small, st.integers(0, 6), st.integers(0, 10))
def test_one_more_yes_never_turns_passed_into_failed(rule, yes, no, abstain, more, absent):
    size = yes + no + abstain + more + absent + 4
    group = charter(size, **rule)

    def computed(number):
        there = number + no + abstain + more
        return outcome(vote(present=there, yes=number, no=no, abstain=abstain), group).computed

    if computed(yes) == "passed":
        assert computed(yes + 1) == "passed"


@given(rules(), small, small, small, small)
def test_knowing_more_never_contradicts_knowing_less(rule, yes, no, abstain, more):
    """Leaving numbers out gives the same outcome or none."""
    there = yes + no + abstain + more
    assume(there)
    group = charter(there + 4, **rule)
    full = outcome(vote(present=there, yes=yes, no=no, abstain=abstain), group).computed
    for known in ({"yes": yes}, {"no": no}, {"yes": yes, "no": no}, {"yes": yes, "abstain": abstain}, {}):
        partly = outcome(vote(present=there, **known), group).computed
        assert partly in (full, "undetermined") or {partly, full} <= {
            "failed",
            "vetoed",
            "no-quorum",
            "tied",
        }


@given(
    rules(),
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["yes", "no", "abstain"]))),
    st.randoms(),
)
def test_the_order_of_the_ballots_does_not_matter(rule, ballots, random):
    assume(len({voter for voter, _ in ballots}) == len(ballots))
    shuffled = list(ballots)
    random.shuffle(shuffled)
    group = charter(**rule)
    assert outcome(vote(ballots=ballots), group).computed == outcome(vote(ballots=shuffled), group).computed


@given(st.builds(Number, small, st.one_of(st.none(), st.integers(12, 20))), small, small)
def test_words_never_state_a_number_that_is_not_known(yes, no, abstain):
    facts = VoteFacts(yes=yes, no=Number.of(no), abstain=Number.of(abstain))
    words = describe_facts(facts)
    assert yes.exact is not None or f" of {yes.low + no} " not in words
    assert compute_outcome(facts, None).computed == "undetermined"
    assert compute_outcome(facts, None).computed in COMPUTED


def test_shares_are_exact():
    group = charter(**{**HALF, "threshold": "33%"})
    assert parse_rules(group).rule().threshold == Fraction(33, 100)
