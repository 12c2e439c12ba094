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

from ledger.governance.doubts import Doubt
from ledger.governance.facts import VoteFacts
from ledger.governance.formula import FormulaError
from ledger.governance.numbers import Number
from ledger.governance.people import Spellings
from ledger.governance.rules import Bodies, Rule
from ledger.governance.shares import Step, check_threshold

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
        steps = tuple(_Steps(facts, rule, bodies).all())
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


class _Steps:
    """The demands of one rule, each held against the facts."""

    def __init__(self, facts: VoteFacts, rule: Rule, bodies: Bodies) -> None:
        self._facts = facts
        self._rule = rule
        self._bodies = bodies

    def all(self) -> list[Step]:
        """Return every step, in the order in which they are told."""
        rule = self._rule
        steps = [self._quorum()] if rule.quorum is not None else []
        steps += [self._veto()] if rule.veto is not None else []
        if rule.threshold is not None and rule.method in (None, "yes-no", "consensus", "lazy-consensus"):
            steps += check_threshold(self._facts, rule, self._bodies.size(rule.electorate))
        if rule.min_yes is not None:
            steps.append(self._min_yes(rule.min_yes))
        if rule.method not in (None, "yes-no"):
            steps.append(self._method(rule.method or ""))
        if rule.lazy is not None:
            steps.append(self._lazy())
        return steps + self._side()

    def _quorum(self) -> Step:
        quorum, facts = self._rule.quorum, self._facts
        assert quorum is not None  # noqa: S101 - the caller has looked
        if quorum.of is None or quorum.of in ("eligible", "electorate"):
            size, of = self._bodies.size(self._rule.electorate), "those who may vote"
        elif quorum.of.isdigit():
            size, of = int(quorum.of), quorum.of
        else:
            size, of = self._bodies.size(quorum.of), quorum.of
        try:
            need = quorum.amount.least(size, strict=quorum.strict)
        except FormulaError as error:
            return Step("quorum", None, f"the quorum cannot be told: {error}")
        if need is None:
            return Step(
                "quorum", None, f"a quorum of {quorum.text} is needed, and the size of {of} is not known"
            )
        number, who = self._taking_part()
        text = f"a quorum of {need} is needed ({quorum.text})"
        if size is not None and quorum.amount.needs_size:
            text += f" of {size}"
        if number.high is not None and number.high < need:
            return Step("quorum", False, f"{text}, and {number} {who}")
        if number.low >= need:
            return Step("quorum", True, f"{text}, and {number} {who}")
        if facts.unanimous:
            return Step("quorum", None, f"{text}, and no count is stated")
        if self._rule.quorum_counts_abstain is None and facts.abstain.low and number.exact is None:
            return Step(
                "quorum", None, f"{text}, and the rules do not say whether abstentions count for it"
            )
        return Step("quorum", None, f"{text}, and how many {who} is not known ({number})")

    def _taking_part(self) -> tuple[Number, str]:
        """Return who counts for the quorum, and in words."""
        facts, rule = self._facts, self._rule
        measure = rule.quorum.measure if rule.quorum is not None else None
        if measure == "yes" or (measure is None and rule.base == "yes-over-default"):
            return facts.yes, "voted yes"
        if measure == "present" or (measure is None and rule.base == "present"):
            return facts.present, "were present"
        without = facts.yes.plus(facts.no)
        if measure == "cast" or rule.quorum_counts_abstain:
            return facts.cast, "voted, abstentions included"
        if rule.quorum_counts_abstain is False:
            return without, "voted yes or no"
        return Number(without.low, facts.cast.high), "took part"

    def _veto(self) -> Step:
        veto, facts = self._rule.veto, self._facts
        assert veto is not None  # noqa: S101 - the caller has looked
        if facts.no.high == 0:
            return Step("veto", True, "nobody vetoed it")
        lifted = f"; it can be lifted by {veto.lifted_by}" if veto.lifted_by else ""
        if veto.by is not None or veto.binding:
            blocking = self._blocking(veto.by)
            if blocking:
                return Step("veto", False, f"{', '.join(blocking)} voted no, which is a veto{lifted}")
            named = facts.ballots is not None and len(facts.objectors) >= (
                facts.no.high or facts.no.low + 1
            )
            if named and blocking is not None:
                return Step("veto", True, "nobody who may veto voted no")
            return Step("veto", None, "whether somebody who may veto voted no is not on record")
        if facts.no.low:
            return Step("veto", False, f"{facts.no} voted no, which is a veto{lifted}")
        return Step("veto", None, "whether somebody voted no is not on record")

    def _blocking(self, role: str | None) -> list[str] | None:
        """Return who of those named as voting no may veto; None where the charter does not say who may."""
        body = role if role is not None else self._rule.electorate
        people = None if body is None else self._bodies.of(body)
        if people is None:
            return None
        names = Spellings.of(self._bodies.charter)
        entitled = names.keys(people)
        return [person for person in self._facts.objectors if names.key(person) in entitled]

    def _min_yes(self, least: int) -> Step:
        yes = self._facts.yes
        text = f"at least {least} must vote yes"
        if yes.low >= least:
            return Step("min_yes", True, f"{text}, and {yes} did")
        if yes.high is not None and yes.high < least:
            return Step("min_yes", False, f"{text}, and {yes} did")
        return Step("min_yes", None, f"{text}, and how many did is not stated")

    def _method(self, method: str) -> Step:
        facts = self._facts
        if method in ("consensus", "lazy-consensus"):
            text = "consensus is needed: nobody may object"
            if facts.no.low:
                return Step("method", False, f"{text}, and {facts.no} did")
            if facts.no.high == 0 or facts.method == "consensus":
                return Step("method", True, f"{text}, and nobody did")
            return Step("method", None, f"{text}, and whether somebody did is not stated")
        return Step("method", None, f"it is counted by {method}, and no such ballots are on record")

    def _lazy(self) -> Step:
        lazy, facts = self._rule.lazy, self._facts
        assert lazy is not None  # noqa: S101 - the caller has looked
        text = f"silence is consent ({lazy.text})"
        if facts.no.low > lazy.objections:
            return Step("lazy", False, f"{text}, and {facts.no} objected")
        if lazy.declared and facts.declared is not True:
            held = None if facts.declared is None else False
            return Step("lazy", held, f"{text}, and it is not on record that it was announced so")
        if lazy.after is not None and facts.hours is None:
            return Step("lazy", None, f"{text}, and how long it was open is not on record")
        if lazy.after is not None and facts.hours is not None and facts.hours < lazy.after.hours:
            return Step("lazy", False, f"{text}, and it was open for {facts.hours} hours only")
        if facts.yes.low < lazy.approvals:
            short = facts.yes.high is not None and facts.yes.high < lazy.approvals
            return Step("lazy", False if short else None, f"{text}, and {facts.yes} approved")
        if facts.no.high is None or facts.no.high > lazy.objections:
            return Step("lazy", None, f"{text}, and how many objected is not stated")
        return Step("lazy", True, f"{text}: {facts.yes} approved, {facts.no} objected")

    def _side(self) -> list[Step]:
        """What the rule demands of how a vote is held."""
        rule, facts, steps = self._rule, self._facts, []
        if rule.second is not None:
            try:
                need = rule.second.least(self._bodies.size(rule.electorate))
            except FormulaError:
                need = None
            known = facts.seconds is not None and need is not None
            held = (
                facts.seconds >= need if known and facts.seconds is not None and need is not None else None
            )
            steps.append(Step("second", held, _side_text(f"{rule.second.text} to second it", held)))
        if rule.notice is not None:
            steps.append(Step("notice", None, _side_text(f"notice of {rule.notice.text}", None)))
        if rule.open_for is not None:
            hours = facts.hours
            held = None if hours is None else hours >= rule.open_for.length.hours
            steps.append(Step("open_for", held, _side_text(f"a vote open for {rule.open_for.text}", held)))
        if rule.recusal is not None:
            steps.append(Step("recusal", None, _side_text(f"recusal ({rule.recusal})", None)))
        return steps


def _side_text(what: str, held: bool | None) -> str:
    shown = {True: "it was so", False: "it was not so", None: "the record does not show whether it was so"}
    return f"the rules ask for {what}; {shown[held]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
