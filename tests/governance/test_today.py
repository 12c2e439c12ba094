"""What stands on a day: terms, conditions, deferrals, and the sentence that says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.links import RELATIONS, End, Link
from ledger.governance.standing import STATUSES, Fact, standing_of
from ledger.governance.today import read_terms, references_in, standing_today
from ledger.records import Decision, Proposal, Reference, Stated, Vote, to_body

PROPOSAL = Fact(3, "proposal", "2024-03-01/1", "2024-03-01", to_body(Proposal(title="T", text="T")))


def vote(seq=5, date="2024-03-01", outcome="adopted"):
    body = to_body(Vote(proposal="2024-03-01/1", stated=Stated(text="yes", outcome=outcome)))
    return Fact(seq, "vote", None, date, body)


def decision(seq, date, outcome=None, **members):
    body = to_body(Decision(text="words", outcome=outcome, on="2024-03-01/1", date=date, **members))
    return Fact(seq, "decision", None, date, body)


def stands(chain, today="2025-01-01", links=(), root=PROPOSAL):
    return standing_today(standing_of(root, chain), root, read_terms(root, chain), links, today)


def test_a_decision_that_states_no_outcome_changes_none():
    standing = stands([vote(), decision(9, "2024-04-01", supersedes=["2023-01-01/1"])])
    assert (standing.status, standing.decided_by) == ("adopted", 5)


@pytest.mark.parametrize(
    ("today", "status"), [("2024-12-30", "adopted"), ("2024-12-31", "adopted"), ("2025-01-01", "expired")]
)
def test_it_stands_through_its_last_day(today, status):
    standing = stands([vote(), decision(9, "2024-04-01", expires_on="2024-12-31")], today)
    assert standing.status == status
    assert "2024-12-31" in standing.sentence


def test_without_a_day_nothing_expires():
    assert stands([vote(), decision(9, "2024-04-01", expires_on="2024-12-31")], None).status == "adopted"


def test_a_later_adoption_gives_it_new_life():
    chain = [vote(), decision(9, "2024-04-01", expires_on="2024-06-30"), vote(12, "2024-07-01")]
    assert stands(chain).status == "adopted"


def test_the_last_day_that_was_stated_counts():
    chain = [vote(), decision(9, "2024-04-01", expires_on="2024-06-30")]
    assert stands([*chain, decision(11, "2024-05-01", expires_on="2026-06-30")]).status == "adopted"


def test_what_is_not_adopted_does_not_expire():
    assert stands([decision(9, "2024-04-01", expires_on="2024-06-30")]).status == "open"


def test_a_review_that_is_overdue_is_said_and_changes_nothing():
    standing = stands([vote(), decision(9, "2024-04-01", review_on="2024-09-01")])
    assert standing.status == "adopted"
    assert standing.sentence.endswith(
        "Its review was due on 2024-09-01; no decision about it is on record since."
    )
    reviewed = stands([vote(), decision(9, "2024-04-01", review_on="2024-09-01"), vote(12, "2024-10-01")])
    assert "review" not in reviewed.sentence
    early = stands([vote(), decision(9, "2024-04-01", review_on="2024-09-01")], "2024-08-01")
    assert early.sentence.endswith("It is to be reviewed on 2024-09-01.")


def test_conditions():
    chain = [vote(), decision(9, "2024-04-01", condition="money comes")]
    assert "“money comes”: nothing on record says that it is met." in stands(chain).sentence
    met = [*chain, decision(11, "2024-05-01", condition_met=True)]
    assert "“money comes”: met, as stated on 2024-05-01." in stands(met).sentence
    failed = [*met, decision(12, "2024-06-01", condition_met=False)]
    assert "“money comes”: not met, as stated on 2024-06-01." in stands(failed).sentence
    assert all(stands(facts).status == "adopted" for facts in (chain, met, failed))


def test_a_deferral_leaves_an_adoption_standing():
    """It comes back with "vote at the next meeting", and no vote follows."""
    chain = [vote(), decision(9, "2024-08-29", "deferred", until="the next meeting")]
    standing = stands(chain)
    assert (standing.status, standing.date) == ("adopted", "2024-03-01")
    assert (
        "Raised again on 2024-08-29 and put off until the next meeting; no vote on record since."
        in standing.sentence
    )
    assert "put off" not in stands([*chain, vote(12, "2024-09-26")]).sentence
    assert stands([decision(4, "2024-02-01", "deferred"), vote()]).status == "adopted"
    assert stands([decision(4, "2024-02-01", "deferred")]).status == "deferred"


def test_a_link_that_ends_it_has_the_first_word():
    newer = Link("supersedes", "2024-09-01", 20, End("2024-09-01/1", "Better", "adopted", "2024-09-01"))
    standing = stands([vote(), decision(9, "2024-04-01", review_on="2024-06-01")], links=[newer])
    assert (standing.status, standing.decided_by, standing.date) == ("superseded", 20, "2024-09-01")
    assert standing.sentence.startswith(
        "Superseded on 2024-09-01 by 2024-09-01/1 (Better). Adopted by a vote"
    )
    assert "review" not in standing.sentence


def test_references_are_told_as_they_were_recorded():
    reference = Reference(what="the code of a foundation", version="2.1", as_of="2024-03-01")
    found = references_in(PROPOSAL, [decision(9, "2024-04-01", refers_to=[reference])])
    assert found == [to_body(reference)]


FACTS = st.lists(
    st.builds(
        decision,
        st.integers(4, 40),
        st.sampled_from(("2024-03-01", "2024-06-01", "2024-09-01")),
        st.sampled_from((None, "adopted", "rejected", "deferred", "repealed")),
        expires_on=st.sampled_from((None, "2024-05-01", "2025-05-01")),
        review_on=st.sampled_from((None, "2024-05-01")),
        condition=st.sampled_from((None, "if")),
        condition_met=st.sampled_from((None, True, False)),
    ),
    max_size=6,
    unique_by=lambda fact: fact.seq,
)
NEWER = st.lists(
    st.builds(
        Link,
        st.sampled_from(RELATIONS),
        st.sampled_from(("2024-02-01", "2024-07-01")),
        st.integers(50, 90),
        st.builds(
            End,
            st.just("n"),
            st.just("N"),
            st.sampled_from(("open", "adopted")),
            st.sampled_from((None, "2024-01-01")),
        ),
    ),
    max_size=4,
    unique_by=lambda link: link.seq,
)


@given(FACTS, NEWER, st.randoms(), st.sampled_from((None, "2024-04-01", "2026-01-01")))
def test_the_order_of_facts_and_links_does_not_matter(facts, links, random, today):
    before = stands(facts, today, links)
    random.shuffle(facts)
    random.shuffle(links)
    assert stands(facts, today, links) == before
    assert before.status in STATUSES
