"""What must hold for every election, whatever the ballots."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.counting import Profile, Scores, count
from ledger.governance.counting.pairwise import count_pairs, find_condorcet_winner

NAMES = ["A", "B", "C", "D", "E"]
METHODS = ["plurality", "borda", "schulze-wv", "schulze-margins", "debian", "irv", "stv"]


@st.composite
def rankings(draw):
    """Draw a ranking: options in groups, some unranked."""
    order = draw(st.permutations(NAMES))[: draw(st.integers(0, len(NAMES)))]
    groups = []
    for name in order:
        if groups and draw(st.booleans()):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


ballots = st.lists(st.tuples(st.integers(1, 9), rankings()), min_size=1, max_size=9)


def run(profile, method, **options):
    if method.startswith("schulze"):
        strength = "margins" if method.endswith("margins") else "winning-votes"
        return count(profile, "schulze", strength=strength, unranked="last", **options)
    if method == "debian":
        return count(profile, "debian", default="E", quorum=2, **options)
    return count(profile, method, **options)


@given(ballots, st.randoms(use_true_random=False), st.sampled_from(METHODS))
def test_order_and_grouping_of_ballots_change_nothing(given_ballots, random, method):
    single = [(1, groups) for weight, groups in given_ballots for _ in range(weight)]
    random.shuffle(single)
    assert run(Profile.of(NAMES, given_ballots), method).to_json() == (
        run(Profile.of(NAMES, single), method).to_json()
    )


@given(ballots, st.integers(1, 8), st.sampled_from(METHODS))
def test_splitting_one_line_into_two_changes_nothing(given_ballots, part, method):
    weight, groups = given_ballots[0]
    part = min(part, weight - 1)
    halves = [(part, groups), (weight - part, groups)] if part else [(weight, groups)]
    split = Profile.of(NAMES, [*given_ballots[1:], *halves])
    assert run(split, method).to_json() == run(Profile.of(NAMES, given_ballots), method).to_json()


@given(ballots, st.permutations(NAMES), st.sampled_from(METHODS), st.integers(1, 3))
def test_names_and_their_order_decide_nothing(given_ballots, names, method, seats):
    renaming = dict(zip(NAMES, names, strict=True))
    if method == "debian":
        renaming = {name: name for name in NAMES}
    seats = 1 if method == "irv" else seats
    renamed = [
        (weight, [[renaming[n] for n in group] for group in groups]) for weight, groups in given_ballots
    ]
    first = run(Profile.of(NAMES, given_ballots), method, seats=seats)
    second = run(Profile.of(names, renamed), method, seats=seats)
    assert {renaming[name] for name in first.elected} == set(second.elected)
    assert {renaming[name] for name in first.tied} == set(second.tied)
    assert {renaming[name] for name in first.undecided} == set(second.undecided)
    assert [{renaming[n] for n in group} for group in first.ranking] == list(map(set, second.ranking))
    assert len(first.rounds) == len(second.rounds)


@given(ballots, st.sampled_from(["winning-votes", "margins"]), st.sampled_from(["last", "no-opinion"]))
def test_a_condorcet_winner_wins_schulze(given_ballots, strength, unranked):
    profile = Profile.of(NAMES, given_ballots)
    winner = find_condorcet_winner(count_pairs(profile, unranked))
    result = count(profile, "schulze", strength=strength, unranked=unranked)
    if winner is not None:
        assert result.elected == (NAMES[winner],)
    assert sorted(name for group in result.ranking for name in group) == NAMES


@given(ballots, st.sampled_from(["last", "no-opinion"]))
def test_pairs_are_what_a_plain_count_says(given_ballots, unranked):
    profile = Profile.of(NAMES, given_ballots)
    plain = Counter()
    for weight, groups in given_ballots:
        rank = {name: place for place, group in enumerate(groups) for name in group}
        for one, above in rank.items():
            for other in NAMES:
                if above < rank.get(other, len(NAMES) if unranked == "last" else -1):
                    plain[one, other] += weight
    assert count_pairs(profile, unranked) == [[plain[one, other] for other in NAMES] for one in NAMES]


@given(ballots, st.integers(1, 6))
def test_stv_fills_the_seats_or_reports_the_tie(given_ballots, seats):
    profile = Profile.of(NAMES, given_ballots)
    result = count(profile, "stv", seats=seats)
    if result.status == "decided":
        assert len(result.elected) == min(seats, len(NAMES))
    else:
        assert result.ties[-1].options == result.tied
        assert not result.ties[-1].broken
        assert len(result.undecided) > result.open_seats
    for each in result.rounds:  # no vote is lost and none is made
        held = sum((Fraction(votes) for _, votes in each.tallies), Fraction(each.exhausted))
        assert held == profile.total - profile.blank


@given(ballots, st.integers(1, 6), st.text().map("{} 7".format))
def test_with_a_lot_every_seat_is_filled(given_ballots, seats, draw):
    profile = Profile.of(NAMES, given_ballots)
    for method in METHODS:
        asked = {"tie": "lot", "root": "0" * 64, "draw": draw}
        wanted = 1 if method == "irv" else seats
        result = run(profile, method, seats=wanted, **asked)
        assert result.status == "decided"
        if method != "debian":
            assert len(result.elected) == min(wanted, len(NAMES))
        assert all(tie.broken or tie.kind == "ranking" for tie in result.ties)


@given(ballots)
def test_equal_ranks_are_worth_the_average_of_all_orders(given_ballots):
    """A first round divides a ballot as counting each order of its first group would."""
    profile = Profile.of(NAMES, given_ballots)
    expected = dict.fromkeys(NAMES, Fraction(0))
    for weight, groups in given_ballots:
        for name in groups[0] if groups else []:
            expected[name] += Fraction(weight, len(groups[0]))
    assert dict(count(profile, "irv").rounds[0].tallies) == expected


scores = st.lists(
    st.tuples(st.integers(1, 5), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 5))),
    min_size=1,
    max_size=8,
)


@given(scores, st.integers(1, 5), st.permutations(NAMES))
def test_star_does_not_depend_on_names_and_reports_its_ties(given_scores, seats, names):
    renaming = dict(zip(NAMES, names, strict=True))
    renamed = [(weight, {renaming[n]: s for n, s in row.items()}) for weight, row in reversed(given_scores)]
    first = count(Scores.of(NAMES, given_scores), "star", seats=seats)
    second = count(Scores.of(names, renamed), "star", seats=seats)
    assert [renaming[name] for name in first.elected] == list(second.elected)
    assert {renaming[name] for name in first.tied} == set(second.tied)
    assert (first.status == "tied") == any(not tie.broken for tie in first.ties)
    if first.status == "decided":
        assert len(first.elected) == min(seats, len(NAMES))
    drawn = count(Scores.of(NAMES, given_scores), "star", seats=seats, tie="lot", root="0" * 64, draw="x")
    assert len(drawn.elected) == min(seats, len(NAMES))


@pytest.mark.parametrize("method", METHODS)
def test_no_ballots_at_all_is_a_tie_or_the_default(method):
    result = run(Profile.of(NAMES, []), method)
    if method == "debian":
        assert result.elected == ("E",)
    else:
        assert result.status == "tied"
        assert set(result.tied) == set(NAMES)
