"""Every election of the shared examination, round by round where rounds are given.

The data lie beside the repository (``../shared``) or where LEDGER_SHARED points; a clone that has neither
skips this script. Own copies of the textbook elections are in ``test_known_elections``.
"""

import json
import os
from math import isqrt
from pathlib import Path

import pytest

from ledger.governance.counting import Profile, count

SHARED = Path(os.environ.get("LEDGER_SHARED", Path(__file__).resolve().parents[4] / "shared"))
FILE = SHARED / "elections/elections.json"
ELECTIONS = json.loads(FILE.read_text("utf-8"))["elections"] if FILE.exists() else []

pytestmark = pytest.mark.skipif(not ELECTIONS, reason=f"no shared elections at {FILE}")


def profile_of(election):
    ballots = []
    for line in election["ballots"]:
        weight, _, ranking = line.partition(":")
        groups = [
            [name.strip() for name in group.split("=") if name.strip()] for group in ranking.split(">")
        ]
        ballots.append((int(weight), groups))
    return Profile.of(election["candidates"], ballots)


def groups(result):
    return [sorted(group) for group in result.ranking]


def check_irv(ballots, expected):
    result = count(ballots, "irv")
    if isinstance(expected.get("irv"), list):
        assert set(result.winners) == set(expected["irv"])
        assert (result.status == "tied") == (len(expected["irv"]) > 1)
    if "irv_rounds" in expected:
        assert [dict(each.tallies) for each in result.rounds] == expected["irv_rounds"]
    if "irv_final_tie" in expected:
        assert dict(result.rounds[-1].tallies) == expected["irv_final_tie"]
    if isinstance(expected.get("irv"), dict):
        tie = result.ties[-1]
        assert (tie.round, sorted(tie.options)) == (
            expected["irv"]["tie_at_round"],
            sorted(expected["irv"]["tied_for_elimination"]),
        )
        assert dict(result.rounds[tie.round - 1].tallies) == expected["irv"]["tallies"]
        assert result.elected == ()


def check_schulze(ballots, expected):
    for key, ranking in expected.items():
        if not key.startswith("schulze_") or key == "schulze_winners":
            continue
        strength = "margins" if "margins" in key else "winning-votes"
        unranked = "no-opinion" if key.endswith("omit") else "last"
        result = count(ballots, "schulze", strength=strength, unranked=unranked)
        assert groups(result) == [sorted(group) for group in ranking], key
    if "schulze_winners" in expected:
        result = count(ballots, "schulze", strength="winning-votes", unranked="last")
        assert set(result.winners) == set(expected["schulze_winners"])
    for pair, votes in expected.get("pairwise", {}).items():
        one, other = pair.split(">")
        assert count(ballots, "schulze").pairwise.over(one, other) == votes


def check_seats(ballots, expected):
    asked = {"strength": "winning-votes", "unranked": "no-opinion", "seats": expected["seats"]}
    ranked = count(ballots, "schulze", tie="fewest-path-defeats", **asked)
    assert set(ranked.elected) == set(expected["official_winners"])
    plain = count(ballots, "schulze", **asked)
    assert set(plain.elected) <= set(expected["official_winners"]) <= set(plain.winners)


def check_debian(ballots, expected):
    default = "None Of The Above"
    result = count(ballots, "debian", default=default)
    assert list(result.elected) == expected["winner"]
    for option, (over, under) in expected["against_default"].items():
        assert result.pairwise.over(option, default) == over
        assert result.pairwise.over(default, option) == under


@pytest.mark.parametrize("election", ELECTIONS, ids=lambda election: election["id"])
def test_election(election):
    expected = election["expected"]
    if election["ballots"] is None:
        # Q is half the square root of the number of developers; three times that, rounded up, is needed.
        needed = isqrt(9 * expected["developers"] // 4) + 1
        assert needed - 1 < expected["quorum_3Q"] <= needed
        assert (expected["option1_votes_over_default"] >= needed) == expected["reached"]
        return
    ballots = profile_of(election)
    for method in ("plurality", "borda"):
        if method in expected:
            assert list(count(ballots, method).elected) == expected[method]
    if "approval" in expected:
        result = count(ballots, "approval")
        assert dict(result.tallies) == expected["approval_counts"]
        assert list(result.elected) == expected["approval"]
        return
    check_irv(ballots, expected)
    check_schulze(ballots, expected)
    if "stv_winners_in_order" in expected:
        result = count(ballots, "stv-droop", seats=expected["seats"])
        assert list(result.elected) == expected["stv_winners_in_order"]
        assert result.quota == expected["quota"]
    if "official_winners" in expected:
        check_seats(ballots, expected)
    if "against_default" in expected:
        check_debian(ballots, expected)
