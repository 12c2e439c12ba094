"""Every motion of the shared elections file gives its result; skipped where that file is not beside us."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from ledger.charter import Charter, Member
from ledger.governance.ballots import NamedBallot, count_ballots
from ledger.governance.facts import facts_of_ballots, read_vote
from ledger.governance.outcome import compute_outcome
from ledger.governance.people import Spellings
from ledger.governance.rules import parse_rules

SHARED = Path(os.environ.get("LEDGER_SHARED", Path(__file__).parents[3] / "shared"))
FILE = SHARED / "elections" / "elections.json"

BASES = {
    "non-abstaining": "yes+no",
    "any": None,
    "cast incl. abstain": "cast",
    "members minus abstainers": "members-minus-abstain",
}
RESULTS = {"fail": "failed", "pass": "passed", "blocked": "vetoed", "u1": "failed"}


def read_motions():
    return json.loads(FILE.read_text())["motions"] if FILE.exists() else []


def translate(name, value):
    """Return what one setting of a rule of that file is in a charter."""
    if name == "base":
        base = BASES.get(value, value)
        return {"base": base} if base else {}
    if name == "threshold":
        share = re.search(r"[0-9/%]+", value)
        return {"threshold": share[0] if share else "1/2"} | ({"strict": "true"} if ">" in value else {})
    if name == "ratio":
        return {"threshold": value, "base": "yes+no"}
    if name == "compare":
        return {"strict": "true" if value == ">" else "false"}
    if name == "quorum":
        return {"quorum": f"{value} of members" if value.endswith("%") else value}
    if name == "blank":
        counts = "true" if "counts to quorum" in value else "false"
        return {"quorum_counts_abstain": counts} | ({"base": "yes+no"} if "not to totals" in value else {})
    if name == "min_yes":
        return {"min_yes": str(value)}
    if name == "concerns" or (name == "veto" and value):
        return {"veto": "any-no"}
    return {}


def rule_of(motion, size):
    settings = {"electorate": "members"} if size else {}
    for name, value in motion["rule"].items():
        settings |= translate(name, value)
    return settings if "threshold" in settings else settings | {"threshold": "1/2", "strict": "true"}


def body_of(told):
    """Return a tally of that file as a vote's body: a number it leaves out is nought, for it is whole."""
    if told.get("unanimous"):
        return {"method": "unanimous", "stated": {"outcome": "adopted", "counts": None}}
    names = {"yes": ("yes", "reviewed"), "no": ("no", "concerns"), "abstain": ("abstain", "blank")}
    counts = {option: next((told[key] for key in keys if key in told), 0) for option, keys in names.items()}
    return {"stated": {"counts": counts}}


@pytest.mark.skipif(not FILE.exists(), reason="the shared data is not beside this repository")
@pytest.mark.parametrize("motion", read_motions(), ids=lambda motion: motion["id"])
def test_a_shared_motion_gives_its_result(motion):
    told = motion["tally"]
    size = told.get("eligible") or told.get("members") or (21 if "21" in str(motion["rule"]) else 0)
    members = tuple(Member(f"@u{number}") for number in range(size))
    charter = Charter(
        "Group", "example.org/x", (), members=members, rules={"default": rule_of(motion, size)}
    )
    if "ballots" in told:
        ballots = [NamedBallot(*one) for one in told["ballots"]]
        facts = facts_of_ballots(count_ballots(ballots, spellings=Spellings()))
        assert len(facts.ballots.aside) == len(ballots)
    else:
        present = [{"person": f"@p{one}", "status": "present"} for one in range(told.get("present", 0))]
        facts = read_vote(body_of(told), {"attendance": present})
    found = compute_outcome(facts, parse_rules(charter).rule(), charter)
    assert found.computed == RESULTS[motion["expect"].split()[0]], found.sentence
    if told.get("unanimous"):
        assert found.facts.yes.exact is None
