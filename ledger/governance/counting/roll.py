"""A roll-call: who voted what, and what its header says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ledger.errors import Finding

Vote = Literal["yes", "no", "abstain", "not voted"]

VOTES: tuple[Vote, ...] = ("yes", "no", "abstain", "not voted")


@dataclass(frozen=True, slots=True)
class Call:
    """One line of a roll-call: ``mark`` as written, ``line`` 1-based."""

    name: str
    vote: Vote
    mark: str
    line: int


@dataclass(frozen=True, slots=True)
class RollCall:
    """A vote by roll-call; ``stated`` are the counts of its header, by vote, empty where it states none.

    ``header`` are the lines above the ballots, each a (field, text) pair; ``line`` is where it begins.
    """

    line: int
    header: tuple[tuple[str, str], ...]
    calls: tuple[Call, ...]
    stated: Mapping[Vote, int]
    findings: tuple[Finding, ...] = ()

    @property
    def counts(self) -> dict[Vote, int]:
        """Return the votes as counted from the ballots."""
        return {vote: sum(call.vote == vote for call in self.calls) for vote in VOTES}

    @property
    def topic(self) -> str | None:
        """Return what the vote is about, None where the header does not say."""
        return next((text for name, text in self.header if name.lower() == "topic"), None)

    @property
    def sentence(self) -> str:
        """Return the counts in words."""
        counts = self.counts
        return ", ".join(f"{counts[vote]} {vote}" for vote in VOTES) + "."

    def to_json(self) -> dict[str, Any]:
        """Return the roll-call as JSON."""
        return {
            "line": self.line,
            "header": [{"field": name, "text": text} for name, text in self.header],
            "counts": dict(self.counts),
            "stated": dict(self.stated),
            "ballots": [
                {"name": call.name, "vote": call.vote, "mark": call.mark, "line": call.line}
                for call in self.calls
            ],
            "findings": [
                {"line": finding.line, "level": finding.level, "message": finding.what}
                for finding in self.findings
            ],
        }
