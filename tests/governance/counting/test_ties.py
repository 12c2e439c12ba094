"""Ties and the rules that break them; the lot can be drawn again by anybody."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.counting import TIE_RULES, count
from ledger.governance.counting.ties import TieBreaker, lot_bytes, lot_digest

from .elections import SCHULZE_45, TENNESSEE_EVEN, profile

ROOT = "5f" * 32
LOT = {"tie": "lot", "root": ROOT, "draw": "6 aus 49: 3 9 14 22 31 40"}
EVEN = profile("2: A\n2: B\n2: C\n1: D")


def test_the_bytes_of_a_lot_are_those_of_the_documentation():
    netstrings = [b"ledger-lot-v1", ROOT.encode(), "drü".encode(), b"seat 3", "Zoë".encode()]
    expected = b"".join(str(len(part)).encode() + b":" + part + b"," for part in netstrings)
    assert lot_bytes(ROOT, "drü", "seat 3", "Zoë") == expected
    assert lot_digest(ROOT, "drü", "seat 3", "Zoë") == hashlib.sha256(expected).hexdigest()


def test_a_lot_needs_root_and_draw():
    for lacking in ("root", "draw"):
        result = count(EVEN, "plurality", **{**LOT, lacking: None})
        assert result.status == "tied"
        assert lacking in result.ties[0].how
    result = count(EVEN, "plurality", **LOT)
    first = min("ABC", key=lambda name: lot_digest(ROOT, LOT["draw"], "election", name))
    assert result.elected == (first,)
    assert result.ties[0].broken
    assert LOT["draw"] in result.ties[0].how


def test_the_last_of_a_lot_is_eliminated():
    result = count(profile(SCHULZE_45), "irv", **LOT)
    order = sorted("BE", key=lambda name: lot_digest(ROOT, LOT["draw"], "elimination 2", name))
    assert result.rounds[1].eliminated == (order[-1],)
    assert result.status == "decided"


@given(st.permutations(["A", "B", "C", "D", "E"]), st.text(min_size=1).filter(str.strip))
def test_a_lot_is_a_permutation_that_the_input_order_does_not_change(options, draw):
    breaker = TieBreaker("lot", root=ROOT, draw=draw)
    order = breaker.settle("seat", None, tuple(options), 2).order
    assert order == breaker.settle("seat", None, tuple(sorted(options)), 2).order
    assert sorted(name for group in order for name in group) == ["A", "B", "C", "D", "E"]


@given(st.text(), st.text(), st.text(), st.text(), st.text(), st.text())
def test_no_two_lots_hash_the_same_bytes(draw, label, option, draw2, label2, option2):
    same = (draw, label, option) == (draw2, label2, option2)
    assert (lot_bytes(ROOT, draw, label, option) == lot_bytes(ROOT, draw2, label2, option2)) == same


def test_a_casting_vote_decides_only_what_it_names():
    assert count(EVEN, "plurality", tie="chair", casting=["B"]).elected == ("B",)
    assert count(EVEN, "plurality", tie="casting-vote", casting=["D"]).status == "tied"
    assert "none is on record" in count(EVEN, "plurality", tie="chair").ties[0].how
    two = count(EVEN, "plurality", tie="chair", casting=["B"], seats=2)
    assert (two.elected, two.tied) == (("B",), ("A", "C"))
    runoff = count(profile(TENNESSEE_EVEN), "irv", tie="chair", casting=["Knoxville"])
    assert runoff.elected == ("Knoxville",)


def test_the_status_quo_stands_where_it_is_among_the_tied():
    assert count(EVEN, "plurality", tie="status-quo", default="C").elected == ("C",)
    assert count(EVEN, "plurality", tie="status-quo", default="D").status == "tied"
    assert count(EVEN, "plurality", tie="status-quo").status == "tied"


def test_an_agreement_comes_before_the_lot():
    asked = {**LOT, "tie": "agreement-then-lot"}
    assert count(EVEN, "plurality", agreement=["C"], **asked).elected == ("C",)
    assert count(EVEN, "plurality", **asked).elected == count(EVEN, "plurality", **LOT).elected


def test_fewest_path_defeats_can_leave_a_tie():
    ballots = profile("1: A > B > C\n1: B > A > C")
    result = count(ballots, "schulze", tie="fewest-path-defeats", strength="margins", unranked="last")
    assert result.status == "tied"
    assert "equal" in result.ties[0].how


@pytest.mark.parametrize("rule", TIE_RULES)
def test_every_rule_reports_a_tie_that_it_does_not_break(rule):
    result = count(profile("1: A > B\n1: B > A"), "schulze", tie=rule, strength="margins", unranked="last")
    assert result.status == "tied"
    assert result.ties[0].how
