"""The status of a record and the sentence that explains it."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.standing import (
    DECIDED,
    STATUSES,
    Fact,
    Step,
    describe_counts,
    standing_of,
    status_after,
)
from ledger.records import Action, Counts, Decision, Mention, Proposal, Report, Stated, Vote, to_body

PROPOSAL = Fact(3, "proposal", "2024-03-01/1", "2024-03-01", to_body(Proposal(title="T", text="T")))


def vote(seq, date, text, outcome=None, counts=None, method=None):
    stated = Stated(text=text, outcome=outcome, counts=counts)
    body = to_body(Vote(proposal="2024-03-01/1", stated=stated, method=method))
    return Fact(seq, "vote", None, date, body)


def decision(seq, date, outcome, until=None):
    return Fact(seq, "decision", None, date, to_body(Decision(text="words", outcome=outcome, until=until)))


def test_nobody_voted_is_open():
    standing = standing_of(PROPOSAL, [])
    assert (standing.status, standing.decided_by, standing.date) == ("open", None, None)
    assert standing.sentence == "Open: no vote or decision on record."


def test_a_ticked_box_is_no_outcome():
    ticked = PROPOSAL._replace(body={**PROPOSAL.body, "done": True})
    standing = standing_of(ticked, [])
    assert standing.status == "open"
    assert "states no outcome" in standing.sentence


def test_unanimous_states_no_count():
    standing = standing_of(
        PROPOSAL, [vote(5, "2024-03-01", "Unanimously **in favor**.", "adopted", None, "unanimous")]
    )
    assert (standing.status, standing.decided_by, standing.date) == ("adopted", 5, "2024-03-01")
    assert (
        standing.sentence == "Adopted by a vote on 2024-03-01: “Unanimously in favor”; no count is stated."
    )


def test_stated_counts_are_told_and_absent_ones_are_not():
    standing = standing_of(
        PROPOSAL, [vote(5, "2024-03-01", "4 Aye, 0 Nay", "adopted", Counts(yes=4, no=0))]
    )
    assert standing.sentence.endswith("“4 Aye, 0 Nay”; 4 in favour, 0 against as stated.")


def test_counts_without_an_outcome_are_undetermined():
    counts = Counts(yes=2, abstain=4)
    standing = standing_of(PROPOSAL, [vote(5, "2024-03-01", "2 voted in favor, 4 abstained", None, counts)])
    assert standing.status == "undetermined"
    assert standing.sentence == (
        "Undetermined: “2 voted in favor, 4 abstained” on 2024-03-01; "
        "the minutes do not say what this means."
    )


@pytest.mark.parametrize(
    ("outcome", "method", "words"), [(None, "straw poll", "straw poll"), ("tied", "counted", "tied")]
)
def test_straw_polls_and_ties_are_undetermined(outcome, method, words):
    standing = standing_of(PROPOSAL, [vote(5, "2024-03-01", "we decide on IRC", outcome, None, method)])
    assert standing.status == "undetermined"
    assert words in standing.sentence


def test_decision_without_a_vote():
    standing = standing_of(PROPOSAL, [decision(5, "2024-05-01", "adopted")])
    assert (standing.status, standing.date) == ("adopted", "2024-05-01")
    assert standing.sentence == "Adopted on 2024-05-01, without a vote on record."


def test_deferral_says_until_when():
    standing = standing_of(PROPOSAL, [decision(5, "2024-05-01", "deferred", "the next meeting")])
    assert standing.sentence == "Deferred on 2024-05-01 until the next meeting, without a vote on record."


def test_a_decision_that_stands_alone():
    standing = standing_of(decision(5, "2024-05-01", "adopted"), [])
    assert (standing.status, standing.decided_by) == ("adopted", 5)


def test_a_repeal_follows_a_decision():
    standing = standing_of(decision(5, "2024-05-01", "adopted"), [decision(9, "2025-01-01", "repealed")])
    assert (standing.status, standing.decided_by, standing.date) == ("repealed", 9, "2025-01-01")


def test_the_latest_meeting_counts_not_the_latest_recording():
    chain = [vote(5, "2024-06-01", "yes", "adopted"), vote(9, "2024-03-01", "no", "rejected")]
    for order in permutations(chain):
        assert standing_of(PROPOSAL, order).status == "adopted"


def test_a_vote_without_outcome_does_not_undo_an_adoption_but_does_end_a_deferral():
    adopted = [vote(5, "2024-03-01", "yes", "adopted"), vote(9, "2024-06-01", "2 for, 2 abstained")]
    assert standing_of(PROPOSAL, adopted).status == "adopted"
    deferred = [decision(5, "2024-03-01", "deferred"), vote(9, "2024-06-01", "2 for, 2 abstained")]
    assert standing_of(PROPOSAL, deferred).status == "undetermined"


def test_a_mention_leaves_a_proposal_as_it_is():
    mention = Fact(
        9, "mention", None, "2024-06-01", to_body(Mention(of="x", text="t", reason="r", done=True))
    )
    assert standing_of(PROPOSAL, [mention]).status == "open"


def test_a_raised_matter_is_open_and_a_plain_report_has_no_status():
    raised = Fact(8, "report", None, "2024-03-01", to_body(Report(text="CNA?", raised=True)))
    assert standing_of(raised, []) == ("open", "Open: raised, no vote or decision on record.", None, None)
    plain = Fact(8, "report", None, "2024-03-01", to_body(Report(text="stalled")))
    assert standing_of(plain, []).status is None


@pytest.mark.parametrize(("done", "status"), [(None, "unstated"), (False, "open"), (True, "done")])
def test_actions(done, status):
    action = Fact(8, "action", None, "2024-03-01", to_body(Action(text="mend it", done=done)))
    assert standing_of(action, []).status == status


def test_an_action_is_done_when_a_later_box_is_ticked():
    action = Fact(8, "action", None, "2024-03-01", to_body(Action(text="mend it", done=False)))
    again = Fact(
        9, "mention", None, "2024-06-01", to_body(Mention(of="#8", text="t", reason="r", done=True))
    )
    standing = standing_of(action, [again])
    assert (standing.status, standing.date) == ("done", "2024-06-01")


def test_rules_may_compute_what_is_not_stated_and_only_that():
    class Majority:
        def outcome(self, vote):
            return "adopted"

    silent, stated = vote(5, "2024-03-01", "5 of 6 for"), vote(5, "2024-03-01", "no", "rejected")
    assert standing_of(PROPOSAL, [silent], Majority()).status == "adopted"
    assert "by the rules in force on 2024-03-01" in standing_of(PROPOSAL, [silent], Majority()).sentence
    assert standing_of(PROPOSAL, [stated], Majority()).status == "rejected"


def test_unknown_numbers_are_never_nought():
    assert describe_counts({"stated": {"counts": {"yes": None, "no": None}}}) == "no count is stated"


STEPS = st.builds(
    Step,
    st.sampled_from(("2024-01-01", "2024-02-01", "2024-03-01")),
    st.integers(0, 9),
    st.sampled_from(("vote", "decision", "mention")),
    st.sampled_from((*DECIDED, "undetermined")),
)


@given(st.lists(STEPS, unique_by=lambda step: step.seq), st.randoms())
def test_status_does_not_depend_on_the_order_of_reading(steps, random):
    shuffled = list(steps)
    random.shuffle(shuffled)
    status = status_after("proposal", None, steps)
    assert status == status_after("proposal", None, shuffled)
    assert status in STATUSES
    outcomes = {step.outcome for step in steps if step.kind != "mention"}
    assert status in outcomes or (status == "open" and not outcomes)


@given(
    st.recursive(
        st.none() | st.text(max_size=3) | st.integers(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(("stated", "outcome", "text", "counts", "done", "yes")), x)
        ),
    )
)
def test_odd_bodies_never_crash(value):
    body = value if isinstance(value, dict) else {"stated": value, "done": value}
    for kind in ("vote", "decision", "mention", "report"):
        assert standing_of(PROPOSAL, [Fact(5, kind, None, "2024-03-01", body)]).status in STATUSES
