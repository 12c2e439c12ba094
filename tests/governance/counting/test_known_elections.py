"""Elections whose results are known from elsewhere, round by round."""

import doctest
import importlib
import pkgutil
from fractions import Fraction

import pytest

import ledger.governance.counting as counting
from ledger.errors import FormatError, UsageError
from ledger.governance.counting import Profile, count, count_five_way

from .elections import (
    COMMITTEE,
    FOOD,
    SCHULZE_45,
    TENNESSEE,
    TENNESSEE_APPROVAL,
    TENNESSEE_EVEN,
    WV_AGAINST_MARGINS,
    profile,
    scores,
)

SCHULZE = {"strength": "winning-votes", "unranked": "last"}


@pytest.mark.parametrize(
    "name",
    [module.name for module in pkgutil.walk_packages(counting.__path__, "ledger.governance.counting.")],
)
def test_examples_in_the_modules(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_tennessee_by_every_method():
    ballots = profile(TENNESSEE)
    assert count(ballots, "plurality").elected == ("Memphis",)
    assert count(ballots, "borda").elected == ("Nashville",)
    assert dict(count(ballots, "borda").tallies) == {
        "Memphis": 126,
        "Nashville": 194,
        "Chattanooga": 173,
        "Knoxville": 107,
    }
    schulze = count(ballots, "schulze")
    assert schulze.ranking == (("Nashville",), ("Chattanooga",), ("Knoxville",), ("Memphis",))
    assert schulze.condorcet_winner == "Nashville"
    assert schulze.pairwise.over("Chattanooga", "Knoxville") == 83
    assert schulze.pairwise.over("Nashville", "Chattanooga") == 68
    runoff = count(ballots, "irv")
    assert runoff.elected == ("Knoxville",)
    assert [dict(each.tallies) for each in runoff.rounds] == [
        {"Memphis": 42, "Nashville": 26, "Chattanooga": 15, "Knoxville": 17},
        {"Memphis": 42, "Nashville": 26, "Knoxville": 32},
        {"Memphis": 42, "Knoxville": 58},
    ]
    assert [each.eliminated for each in runoff.rounds] == [("Chattanooga",), ("Nashville",), ()]


def test_a_run_off_that_ends_even_has_two_winners_and_no_chance():
    result = count(profile(TENNESSEE_EVEN), "irv")
    assert result.status == "tied"
    assert result.elected == ()
    assert set(result.winners) == {"Memphis", "Knoxville"}
    assert dict(result.rounds[-1].tallies) == {"Memphis": 42, "Knoxville": 42}
    assert (result.ties[-1].kind, result.ties[-1].round) == ("election", 3)
    assert "nobody is picked" in result.sentence
    assert set(count(profile(TENNESSEE_EVEN), "schulze", **SCHULZE).winners) == {"Memphis", "Nashville"}


def test_schulze_45_and_the_tie_in_its_run_off():
    ballots = profile(SCHULZE_45)
    assert count(ballots, "schulze", **SCHULZE).ranking == (("E",), ("A",), ("C",), ("B",), ("D",))
    result = count(ballots, "irv")
    assert (result.elected, result.tied) == ((), ("B", "E"))
    assert set(result.undecided) == {"A", "B", "C", "E"}
    assert result.winners == ()
    tie = result.ties[-1]
    assert (tie.kind, tie.round, tie.options, tie.broken) == ("elimination", 2, ("B", "E"), False)
    assert dict(result.rounds[1].tallies) == {"A": 10, "B": 8, "C": 19, "E": 8}


def test_strength_that_the_rules_do_not_name_is_not_chosen():
    ballots = profile(WV_AGAINST_MARGINS, ["A", "B", "C", "D"])
    assert count(ballots, "schulze", strength="winning-votes").ranking == (("D",), ("C",), ("A",), ("B",))
    assert count(ballots, "schulze", strength="margins").ranking == (("C",), ("A",), ("D",), ("B",))
    result = count(ballots, "schulze")
    assert (result.status, result.elected, result.undecided) == ("depends", (), ("C", "D"))
    assert [reading.elected for reading in result.readings] == [("D",), ("C",)]
    assert "strength" in result.sentence
    assert "unranked" not in result.sentence


def test_readings_that_agree_are_one_result():
    result = count(profile(TENNESSEE), "schulze")
    assert result.status == "decided"
    assert "every reading gives the same" in result.variant
    assert len(result.readings) == 2


def test_unranked_can_matter_alone():
    ballots = profile("3: A\n2: B > A\n2: C > B", ["A", "B", "C"])
    result = count(ballots, "schulze", strength="winning-votes")
    assert len(result.readings) == 2


def test_food_by_stv():
    result = count(profile(FOOD), "stv", seats=3)
    assert result.elected == ("Chocolate", "Orange", "Strawberry")
    assert result.quota == 6
    assert dict(result.rounds[0].transferred) == {"Chocolate": Fraction(1, 2)}
    assert dict(result.rounds[1].tallies) == {
        "Orange": 4,
        "Pear": 2,
        "Chocolate": 6,
        "Strawberry": 5,
        "Burger": 3,
    }
    assert result.rounds[-1].exhausted == 3
    assert result.status == "decided"


def test_approval():
    result = count(profile(TENNESSEE_APPROVAL), "approval")
    assert dict(result.tallies) == {"Memphis": 42, "Nashville": 50, "Chattanooga": 36, "Knoxville": 21}
    assert result.elected == ("Nashville",)
    with pytest.raises(FormatError, match="no order"):
        count(profile(TENNESSEE), "approval")
    assert dict(count(profile(TENNESSEE), "approval", approved_ranks=2).tallies) == {
        "Memphis": 42,
        "Nashville": 68,
        "Chattanooga": 58,
        "Knoxville": 32,
    }


def test_the_last_seat_is_a_tie_until_the_rule_of_the_group_breaks_it():
    ballots = profile(COMMITTEE)
    asked = {"strength": "winning-votes", "unranked": "no-opinion", "seats": 3}
    open_seat = count(ballots, "schulze", **asked)
    assert set(open_seat.elected) == {"end", "div"}
    assert (set(open_seat.tied), open_seat.open_seats) == ({"swa", "stm"}, 1)
    assert [(tie.kind, tie.broken) for tie in open_seat.ties] == [("ranking", False), ("seat", False)]
    settled = count(ballots, "schulze", tie="fewest-path-defeats", **asked)
    assert set(settled.elected) == {"end", "div", "stm"}
    assert settled.ties[-1].order == (("stm",), ("swa",))
    assert "stm 1, swa 2" in settled.ties[-1].how


def test_debian_drops_what_does_not_beat_the_default():
    ballots = profile("10: A > D > B\n9: B > A > D\n2: D > A > B", ["A", "B", "D"])
    result = count(ballots, "debian", default="D", quorum=5)
    assert result.elected == ("A",)
    assert [(each.option, each.over_default, each.under_default) for each in result.dropped] == [
        ("B", 9, 12)
    ]
    assert "more than" in result.dropped[0].reason
    short = count(ballots, "debian", default="D", quorum=20)
    assert short.elected == ("D",)
    assert "stays open" in short.sentence
    assert "quorum" in short.dropped[0].reason


def test_a_majority_ratio_is_strict():
    ballots = profile("6: A > D\n2: D > A")
    assert count(ballots, "debian", default="D", ratio=3).elected == ("D",)
    assert count(ballots, "debian", default="D", ratio={"A": Fraction(5, 2)}).elected == ("A",)
    assert count(ballots, "debian", default="D").elected == ("A",)


def test_debian_reads_an_unranked_option_as_last_and_compares_opposition():
    ballots = profile("5: A\n4: D > A", ["A", "D"])
    assert count(ballots, "debian-ssd", default="D").elected == ("A",)
    with pytest.raises(UsageError, match="winning votes"):
        count(ballots, "debian", default="D", strength="margins")
    with pytest.raises(UsageError, match="default option"):
        count(ballots, "debian")


def test_several_seats_never_include_the_default():
    ballots = profile("3: A > B > D\n2: B > A > D", ["A", "B", "D"])
    result = count(ballots, "debian", default="D", seats=3)
    assert result.elected == ("A", "B")
    assert result.open_seats == 1
    assert "vacant" in result.sentence


def test_equally_few_votes_leave_together_only_where_it_cannot_matter():
    together = count(profile("9: A\n8: B\n3: C > A\n3: D > B\n", ["A", "B", "C", "D"]), "irv")
    assert together.rounds[0].eliminated == ("C", "D")
    assert together.elected == ("A",)
    apart = count(profile("9: A\n6: B\n3: C > A\n3: D > B\n", ["A", "B", "C", "D"]), "irv")
    assert apart.ties[-1].options == ("C", "D")
    assert not apart.ties[-1].broken


def test_a_tie_for_the_last_seat_leaves_the_others_elected():
    result = count(profile("5: A\n4: B\n4: C", ["A", "B", "C"]), "stv", seats=2)
    assert result.elected == ("A",)
    assert (result.tied, result.undecided, result.open_seats) == (("B", "C"), ("B", "C"), 1)
    assert result.ties[-1].kind == "seat"


def test_equal_ranks_share_a_ballot_exactly():
    result = count(profile("1: A = B = C > D\n1: D > A", ["A", "B", "C", "D"]), "stv", seats=1)
    assert dict(result.rounds[0].tallies) == {
        "A": Fraction(1, 3),
        "B": Fraction(1, 3),
        "C": Fraction(1, 3),
        "D": 1,
    }
    assert result.to_json()["rounds"][0]["tallies"]["A"] == "1/3"


def test_a_shared_ballot_stays_with_its_group_before_it_goes_on():
    result = count(profile("2: A = B > C\n6: C\n4: B\n", ["A", "B", "C"]), "irv")
    assert dict(result.rounds[0].tallies) == {"A": 1, "B": 5, "C": 6}
    assert dict(result.rounds[1].tallies) == {"B": 6, "C": 6}


def test_more_seats_than_options():
    result = count(profile("2: A\n1: B"), "stv", seats=5)
    assert result.elected == ("A", "B")
    assert "3 seats stay vacant" in result.sentence


def test_star():
    tennessee = scores(
        "Memphis Nashville Chattanooga Knoxville",
        (42, 5, 2, 1, 0),
        (26, 0, 5, 2, 1),
        (15, 0, 3, 5, 4),
        (17, 0, 2, 4, 5),
    )
    result = count(tennessee, "star")
    assert dict(result.tallies) == {"Memphis": 210, "Nashville": 293, "Chattanooga": 237, "Knoxville": 171}
    assert result.elected == ("Nashville",)
    assert "68 ballots prefer Nashville" in result.sentence
    assert count(tennessee, "bloc-star", seats=2).elected == ("Nashville", "Chattanooga")


def test_star_breaks_what_its_own_rules_break_and_reports_the_rest():
    runoff = count(scores("A B", (1, 5, 0), (1, 3, 4)), "star")
    assert runoff.elected == ("A",)
    assert (runoff.ties[0].kind, runoff.ties[0].broken, runoff.ties[0].how) == (
        "election",
        True,
        "by the higher sum",
    )
    even = count(scores("A B", (1, 5, 0), (1, 0, 5)), "star")
    assert (even.status, even.tied) == ("tied", ("A", "B"))
    places = count(scores("A B C", (2, 5, 2, 2), (1, 5, 0, 3), (1, 5, 3, 0), (1, 5, 1, 1)), "star")
    assert (places.ties[0].kind, places.ties[0].options) == ("runoff", ("B", "C"))
    assert places.status == "tied"


def test_five_way_polls_have_numbers_and_a_verdict_only_by_a_rule():
    poll = count_five_way({"SF": 5, "F": 3, "N": 4, "A": 2, "SA": 1})
    assert (poll.in_favour, poll.neutral, poll.against, poll.reached) == (8, 4, 3, None)
    assert "no verdict" in poll.sentence
    assert count_five_way({"SF": 3, "A": 1}, threshold=Fraction(3, 4)).reached is True
    assert count_five_way({"SF": 3, "A": 1}, threshold=Fraction(3, 4), strict=True).reached is False
    assert count_five_way({"N": 3}, threshold=Fraction(1, 2)).reached is False
    with pytest.raises(FormatError):
        count_five_way({"yes": 3})


def test_a_ballot_with_two_first_choices_is_invalid_in_plurality():
    result = count(profile("2: A\n3: A = B\n1: \n1: B"), "plurality")
    assert (result.ballots, result.blank, result.invalid) == (7, 1, 3)
    assert dict(result.tallies) == {"A": 2, "B": 1}


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("majority", {}),
        ("irv", {"seats": 2}),
        ("stv", {"seats": 0}),
        ("irv", {"tie": "coin"}),
        ("irv", {"tie": "fewest-path-defeats"}),
        ("irv", {"quorum": 3}),
        ("irv", {"casting": ["nobody"]}),
        ("schulze", {"strength": "ratio"}),
        ("schulze", {"unranked": "first"}),
        ("schulze", {"default": "nobody"}),
        ("borda", {"unranked": "no-opinion"}),
        ("star", {}),
        ("plurality", {"approved_ranks": 1}),
        ("plurality", {"tie": "lot", "root": "AB", "draw": "1"}),
        ("plurality", {"tie": "lot", "root": "0" * 64, "draw": " "}),
    ],
)
def test_what_cannot_be_meant_is_refused(method, options):
    with pytest.raises(UsageError):
        count(profile(TENNESSEE), method, **options)


@pytest.mark.parametrize(
    ("options", "ballots"),
    [
        ([], []),
        (["A", "A"], []),
        (["A", " "], []),
        (["A"], [(0, [["A"]])]),
        (["A"], [(1, [["B"]])]),
        (["A"], [(1, [["A"], ["A"]])]),
        (["A"], [(1, [["A", "A"]])]),
        (["A"], [(2**53, [["A"]])]),
    ],
)
def test_ballots_out_of_form_are_refused(options, ballots):
    with pytest.raises(FormatError):
        Profile.of(options, ballots)
