"""Votes held against the rules in force at their time, for everybody who asks: record, verify, look-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import ConfigurationError
from ledger.governance.doubts import Doubt
from ledger.governance.facts import read_vote
from ledger.governance.fields import Body, text_of
from ledger.governance.in_force import CharterVersion, charter_for_rules
from ledger.governance.outcome import STATUS_OF, Outcome, compute_outcome
from ledger.governance.people import Spellings
from ledger.governance.rules import DEFAULT, MINUTES, Bodies, Rule, Rules, parse_rules


@dataclass(frozen=True, slots=True)
class Ruled:
    """A vote with the ``outcome`` that the rules give it.

    ``version`` is the charter in force on the day of the vote, ``rule`` its rule for ``kind`` of decision;
    both are None where there was none. ``problem`` says why a charter's rules could not be used.
    """

    outcome: Outcome
    kind: str
    version: CharterVersion | None = None
    rule: Rule | None = None
    problem: str | None = None

    @property
    def status(self) -> str | None:
        """The status that the computed outcome gives a proposal, None where it gives none."""
        return STATUS_OF.get(self.outcome.computed)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """All that does not fit together."""
        return self.outcome.doubts


class Rulebook:
    """The rules of all charters of a log; ``versions`` are these in the order of the log."""

    def __init__(self, versions: Sequence[CharterVersion] = ()) -> None:
        self._versions = list(versions)
        self._rules: dict[int, Rules | ConfigurationError | None] = {}
        self._bodies_of: dict[int, Bodies] = {}
        self._spellings: dict[int, Spellings] = {}

    @property
    def has_rules(self) -> bool:
        """Whether any charter states rules at all."""
        return any(version.charter.rules is not None for version in self._versions)

    def rule_on(self, date: str, kind: str | None = None) -> tuple[CharterVersion | None, Rule | None]:
        """Return the charter in force on ``date`` (ISO) and its rule for ``kind``, None for none."""
        version = charter_for_rules(self._versions, date)
        rules = self._read(version)
        return version, rules.rule(kind) if isinstance(rules, Rules) else None

    def rule_vote(
        self, vote: Body, meeting: Body | None = None, *, date: str, kind: str | None = None
    ) -> Ruled:
        """Return what the rules in force on ``date`` (ISO) give a vote that was read in minutes.

        ``vote`` and ``meeting`` are bodies, ``kind`` the kind of decision (None: the default one).
        """
        version, rule = self.rule_on(date, kind)
        problem = self._read(version)
        bodies = self._bodies(version) if version is not None else Bodies(None)
        facts = read_vote(
            vote,
            meeting,
            spellings=self._names(version, meeting) if vote.get("ballots") else None,
            electorate=bodies.of(rule.electorate) if rule is not None and rule.electorate else None,
            recast=rule.recast if rule is not None else None,
        )
        outcome = compute_outcome(facts, rule, bodies)
        told = problem.what if isinstance(problem, ConfigurationError) else None
        return Ruled(outcome, kind or DEFAULT, version, rule, told)

    def _read(self, version: CharterVersion | None) -> Rules | ConfigurationError | None:
        if version is None:
            return None
        if version.seq not in self._rules:
            try:
                self._rules[version.seq] = parse_rules(version.charter, path=f"entry {version.seq}")
            except ConfigurationError as error:
                self._rules[version.seq] = error
        return self._rules[version.seq]

    def _bodies(self, version: CharterVersion) -> Bodies:
        if version.seq not in self._bodies_of:
            self._bodies_of[version.seq] = Bodies(version.charter)
        return self._bodies_of[version.seq]

    def _names(self, version: CharterVersion | None, meeting: Body | None) -> Spellings:
        if version is None:
            return Spellings.of(None, meeting)
        if version.seq not in self._spellings:
            self._spellings[version.seq] = Spellings.of(version.charter)
        return self._spellings[version.seq].at(meeting)


def kind_of_decision(about_kind: str | None, about: Body | None) -> str | None:
    """Return the kind of decision that a vote on a record is: as a proposal states it, ``minutes`` for an
    approval of minutes, None where nothing says so."""
    if about_kind == "approval":
        return MINUTES
    return text_of(about, "classification") or None if about is not None else None
