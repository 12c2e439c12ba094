"""Counting votes: exact numbers, every round, every pair and every tie; nothing by chance.

Read in this order: ``ballots`` (what is counted), ``result`` (what comes out), ``ties`` (what happens when
numbers are equal), then the methods: ``points`` (plurality, approval, Borda), ``pairwise`` and
``schulze``, ``piles`` with ``irv`` and ``stv``, ``star``, and ``five_way``, which only adds up;
``methods`` is the one way in to them all, and ``reading`` reads files of ballots.

>>> from ledger.governance.counting import Profile, count
>>> ballots = Profile.of(["tea", "milk"], [(3, [["tea"], ["milk"]]), (2, [["milk"], ["tea"]])])
>>> count(ballots, "schulze", strength="margins", unranked="last").elected
('tea',)
"""

from ledger.governance.counting.ballots import Profile, Scores
from ledger.governance.counting.five_way import FiveWay, count_five_way
from ledger.governance.counting.methods import ALIASES, METHODS, count, method_named
from ledger.governance.counting.result import Dropped, Pairwise, Result, Round, Tie
from ledger.governance.counting.ties import TIE_RULES

__all__ = [
    "ALIASES",
    "METHODS",
    "TIE_RULES",
    "Dropped",
    "FiveWay",
    "Pairwise",
    "Profile",
    "Result",
    "Round",
    "Scores",
    "Tie",
    "count",
    "count_five_way",
    "method_named",
]
