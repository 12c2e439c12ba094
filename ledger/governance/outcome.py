"""Outcome = facts × rules, with its reasons.

Each demand of a rule (quorum, threshold, veto, …) is a :class:`Step` that held, did not hold, or cannot be
told; what cannot be told is never assumed. Where a rule leaves a question open (do abstentions count?),
every answer is tried: if all lead to the same, that is the outcome, else it is ``undetermined``.

>>> from fractions import Fraction
>>> from ledger.governance.numbers import Number
>>> from ledger.governance.rules import Rule
>>> facts = VoteFacts(yes=Number.of(2), no=Number.of(0), abstain=Number.of(4), present=Number.of(6))
>>> half = Rule("default", {}, base="yes+no", threshold=Fraction(1, 2), strict=True)
>>> compute_outcome(facts, half).computed, compute_outcome(facts, None).computed
('passed', 'undetermined')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ledger.governance.demands import hold_demands
from ledger.governance.doubts import Doubt
from ledger.governance.facts import VoteFacts
from ledger.governance.numbers import Number
from ledger.governance.rules import Bodies, Rule
from ledger.governance.shares import Step

if TYPE_CHECKING:
    from ledger.charter import Charter

Computed = Literal["passed", "failed", "tied", "no-quorum", "vetoed", "undetermined"]

COMPUTED: tuple[Computed, ...] = ("passed", "failed", "tied", "no-quorum", "vetoed", "undetermined")

STATUS_OF = {"passed": "adopted", "failed": "rejected", "vetoed": "rejected"}
"""The status that a computed outcome gives a proposal; the others give none."""

_AGREES = {
    "adopted": frozenset(("passed", "undetermined")),
    "rejected": frozenset(("failed", "vetoed", "no-quorum", "tied", "undetermined")),
    "tied": frozenset(("tied", "failed", "undetermined")),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A computed outcome with the facts it rests on.

    ``sentence`` explains it to somebody who has never read the rules; ``missing`` lists what is not on
    record and would matter; ``doubts`` are all contradictions found, those of the facts included.
    """

    computed: Computed
    sentence: str
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    facts: VoteFacts

    @property
    def differs(self) -> bool:
        """Whether an outcome was stated that the rules do not support."""
        return any(doubt.code == "outcome-differs" for doubt in self.doubts)


def compute_outcome(
    facts: VoteFacts, rule: Rule | None, charter: Charter | Bodies | None = None
) -> Outcome:
    """Return the outcome that ``rule`` gives ``facts``; ``undetermined`` without a rule.

    ``charter`` is the one in force (or its bodies), for the size of the bodies that the rule names.
    """
    bodies = charter if isinstance(charter, Bodies) else Bodies(charter)
    steps: tuple[Step, ...] = ()
    computed: Computed = "undetermined"
    missing: tuple[str, ...]
    if facts.method == "straw poll":
        reason, missing = "a straw poll decides nothing by itself", ("a vote",)
    elif rule is None or not rule.decides:
        reason = _no_rule(facts, rule)
        missing = ("a rule that says when a motion passes",)
    else:
        steps = hold_demands(facts, rule, bodies)
        computed, reason = _judge(steps)
        missing = tuple(step.text for step in steps if step.held is None)
    sentence = f"{describe_facts(facts)}. {_capital(reason)}: {computed.replace('no-quorum', 'no quorum')}."
    doubts = facts.doubts
    breaks = computed == "tied" and rule is not None and rule.tie not in (None, "report", "status-quo")
    if facts.outcome in _AGREES and computed not in _AGREES[facts.outcome] and not breaks:
        what = f"the minutes state {facts.outcome!r}, and the rules in force give {computed!r}"
        doubts = (*doubts, Doubt("outcome-differs", what))
    return Outcome(computed, sentence, steps, missing, doubts, facts)


def describe_facts(facts: VoteFacts) -> str:
    """Return the numbers of a vote in words, without a full stop; what is not known is said to be so.

    >>> describe_facts(VoteFacts(yes=Number.of(2), no=Number.of(0), abstain=Number.of(4)))
    '2 yes of 2 votes cast; 4 abstained'
    """
    if facts.unanimous:
        return "Unanimously in favour; no count is stated"
    yes, no, abstain = facts.yes, facts.no, facts.abstain
    if yes.exact is not None and no.exact is not None:
        cast = yes.low + no.low
        parts = [f"{yes} yes of {cast} {'vote' if cast == 1 else 'votes'} cast"]
    else:
        parts = [
            _told(number, words, unknown)
            for number, words, unknown in (
                (yes, "yes", "how many were in favour is not stated"),
                (no, "against", "how many were against is not stated"),
            )
        ]
        if not yes.low and not no.low and yes.high is None:
            parts = ["no count is stated"]
    if abstain.low:
        parts.append(_told(abstain, "abstained", ""))
    return _capital("; ".join(parts))


def _told(number: Number, words: str, unknown: str) -> str:
    """Return a number in words: exact, between two bounds, or how far it is known."""
    if number.high is not None and (number.exact is not None or number.low):
        return f"{number} {words}"
    return f"at least {number.low} {words}" if number.low else unknown


def _no_rule(facts: VoteFacts, rule: Rule | None) -> str:
    what = (
        "no rule is on record for it" if rule is None else "the rules on record do not say when it passes"
    )
    if facts.abstain.low and not facts.unanimous:
        return f"{what}, nor whether abstentions count"
    return what


_GUARDS = ("veto", "quorum")
_VOTES = ("threshold", "min_yes", "method", "tie")
"""The other steps but ``lazy`` are demands on how a vote is held: they are told, and decide nothing."""


def _judge(steps: Sequence[Step]) -> tuple[Computed, str]:
    """Return the outcome of the steps, and the text of the one that settled it."""
    guards = [step for step in steps if step.name in _GUARDS]
    for name, computed in (("veto", "vetoed"), ("quorum", "no-quorum")):
        for step in guards:
            if step.name == name and step.held is False:
                return computed, step.text  # type: ignore[return-value] # both are among COMPUTED
    step = _deciding(steps)
    open_guard = next((guard for guard in guards if guard.held is None), None)
    if step.held is False:
        return "failed", step.text
    if open_guard is not None:
        return "undetermined", open_guard.text
    if step.held is None:
        return ("tied" if step.name == "tie" else "undetermined"), step.text
    return "passed", step.text


def _deciding(steps: Sequence[Step]) -> Step:
    """Return the step that decides among the vote's own and lazy consensus: either of the two is enough."""
    votes = [step for step in steps if step.name in _VOTES]
    lazy = next((step for step in steps if step.name == "lazy"), None)
    vote = next((step for held in (False, None, True) for step in votes if step.held is held), None)
    if vote is None or (lazy is not None and (lazy.held or (lazy.held is None and not vote.held))):
        return lazy if lazy is not None else Step("threshold", None, "the rules do not say when it passes")
    return vote


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
