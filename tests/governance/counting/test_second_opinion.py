"""votelib as a second opinion, where it has one: it fails on ties, or picks one of the equal."""

import pytest
import votelib.component.transfer
import votelib.convert
import votelib.evaluate.condorcet
import votelib.evaluate.sequential
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.counting import Profile, count
from ledger.governance.counting.schulze import count_schulze

from .elections import FOOD, SCHULZE_45, TENNESSEE, profile
from .test_properties import NAMES, ballots


def ranked(given_profile):
    """Return votelib's form of a profile."""
    names = given_profile.options
    return {
        tuple(
            frozenset(names[n] for n in group) if len(group) > 1 else names[group[0]] for group in ranking
        ): weight
        for ranking, weight in given_profile.rankings.items()
    }


@pytest.mark.parametrize("text", [TENNESSEE, SCHULZE_45])
def test_schulze_agrees(text):
    ballots = profile(text)
    votes = votelib.convert.RankedToCondorcetVotes().convert(ranked(ballots))
    winner = votelib.evaluate.condorcet.Schulze().evaluate(votes, 1)
    assert tuple(winner) == count_schulze(ballots, strength="winning-votes", unranked="last").elected


@given(ballots)
def test_the_numbers_of_pairs_agree(given_ballots):
    given_profile = Profile.of(NAMES, given_ballots)
    pairs = votelib.convert.RankedToCondorcetVotes().convert(ranked(given_profile))
    result = count(given_profile, "schulze", strength="winning-votes", unranked="last")
    named = {name for _, groups in given_ballots for group in groups for name in group}
    for one in named:
        for other in named - {one}:
            assert result.pairwise.over(one, other) == pairs.get((one, other), 0)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.permutations(NAMES)), min_size=3, max_size=9),
    st.integers(1, 3),
)
def test_stv_agrees_where_there_is_no_tie(rows, seats):
    given_profile = Profile.of(NAMES, [(weight, [[name] for name in order]) for weight, order in rows])
    result = count(given_profile, "stv", seats=seats)
    several = any(len(each.eliminated) > 1 or len(each.transferred) > 1 for each in result.rounds)
    if result.status != "decided" or several:
        return
    try:
        theirs = votelib.evaluate.sequential.TransferableVoteSelector(quota_function="droop").evaluate(
            ranked(given_profile), seats
        )
    except NotImplementedError:  # its answer to a tie, also to one that decides nothing
        return
    assert set(theirs) == set(result.elected)


def test_food_agrees():
    theirs = votelib.evaluate.sequential.TransferableVoteSelector(quota_function="droop").evaluate(
        ranked(profile(FOOD)), 3
    )
    assert tuple(theirs) == count(profile(FOOD), "stv", seats=3).elected
