"""What does not fit together in a vote: found and told, never mended."""

from __future__ import annotations

from typing import NamedTuple


class Doubt(NamedTuple):
    """One thing to look at: a stable ``code`` for machines, and a sentence without a full stop.

    Codes: ``voted-twice``, ``outside-electorate``, ``absent-voted``, ``ballots-differ``, ``not-all-named``,
    ``more-than-present``, ``more-than-eligible``, ``eligible-differs``, ``counts-differ``,
    ``not-unanimous``, ``outcome-differs``, and ``ballot-…`` for each ballot of a poll that is set aside.
    """

    code: str
    what: str


MILD = frozenset(("not-all-named",))
"""Codes of what is worth knowing and contradicts nothing."""
