"""Is a share of the votes enough? Exact fractions over numbers that may be known in part only."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from ledger.governance.facts import VoteFacts
from ledger.governance.numbers import Number

if TYPE_CHECKING:
    from ledger.governance.rules import Rule

_OF = {
    "yes+no": "the yes and no votes",
    "cast": "all votes cast, abstentions included",
    "present": "those present",
    "eligible": "all who may vote",
    "members-minus-abstain": "all who may vote and did not abstain",
    "yes-over-default": "those who ranked it above or below the default",
}
_OF_ALL = ("eligible", "members-minus-abstain")
_HALF = Fraction(1, 2)


class Step(NamedTuple):
    """One demand of the rule: ``held`` is None where it cannot be told; ``text`` is a sentence without
    its full stop."""

    name: str
    held: bool | None
    text: str


class _Share(NamedTuple):
    """How ``yes`` stands to the whole: ``rest`` is what else the whole has (None: unknown)."""

    yes: Number
    rest: Number | None


def check_threshold(facts: VoteFacts, rule: Rule, eligible: int | None) -> Step:
    """Return the step that holds a rule's threshold against the facts; named ``tie`` where both are even.

    ``eligible`` is how many may vote, None where that is not known. Where the rule does not say what the
    threshold is a share of, or whether exactly that much is enough, every answer is tried.
    """
    threshold = rule.threshold or _HALF
    bases = [rule.base] if rule.base is not None else _possible_bases(facts, eligible)
    stricts = [rule.strict] if rule.strict is not None else [True, False]
    verdicts: dict[tuple[str, bool], _Verdict] = {
        (base, strict): _judge(facts, _share(facts, base, eligible), rule, threshold, strict=strict)
        for base in bases
        for strict in stricts
    }
    if facts.unanimous:
        # Nobody was against: of those who were there to vote, any share is reached.
        # How many of all who may vote were there is another matter.
        verdicts = {key: None if key[0] in _OF_ALL else True for key in verdicts}
    found = set(verdicts.values())
    if found == {"tie"}:
        return _tie_step(facts, rule)
    held = next(iter(found)) if len(found) == 1 else None
    text = _text(facts, rule, threshold, verdicts, eligible)
    return Step("threshold", held if isinstance(held, bool) else None, text)


def _possible_bases(facts: VoteFacts, eligible: int | None) -> list[str]:
    bases = ["yes+no", "cast"]
    if facts.present.high is not None:
        bases.append("present")
    return [*bases, "eligible"] if eligible is not None else bases


def _share(facts: VoteFacts, base: str, eligible: int | None) -> _Share:
    yes, size = facts.yes, None if eligible is None else Number.of(eligible)
    if base in ("yes+no", "yes-over-default"):
        return _Share(yes, facts.no)
    if base == "cast":
        rest = facts.no.plus(facts.abstain)
        if facts.cast.exact is not None and yes.exact is not None:
            rest = facts.cast.minus(yes)
        return _Share(yes, rest)
    whole = facts.present if base == "present" else size
    if whole is None or (base == "present" and whole.high is None):
        return _Share(yes, None)
    if base == "members-minus-abstain":
        whole = whole.minus(facts.abstain)
    if yes.exact is None:
        # Who is not yes is among the others, however many voted yes.
        return _Share(
            yes, Number(max(whole.low - (yes.high or whole.low), 0), whole.high and whole.high - yes.low)
        )
    return _Share(yes, whole.minus(yes))


_Verdict = bool | Literal["tie"] | None
"""Whether a share is enough: for all possible values, for none, exactly even, or not to be told."""


def _judge(facts: VoteFacts, share: _Share, rule: Rule, threshold: Fraction, *, strict: bool) -> _Verdict:
    """Tell whether the share reaches ``threshold``, and whether it is, or may be, a tie."""
    enough = _is_enough(share, threshold, strict=strict)
    if threshold != _HALF or not strict or enough is True or rule.tie == "status-quo":
        return enough
    yes, no, rest = facts.yes, facts.no, share.rest
    if rest is None or yes.high == 0:
        return enough
    # As many yes as no, and nobody else in the whole.
    if yes.exact is not None and yes.exact == no.exact == rest.exact:
        return "tie"
    if enough is False and _may_be_equal(yes, no, rest):
        return None
    return enough


def _may_be_equal(*numbers: Number) -> bool:
    low = max(number.low for number in numbers)
    return all(number.high is None or number.high >= low for number in numbers)


def _is_enough(share: _Share, threshold: Fraction, *, strict: bool) -> bool | None:
    """Tell whether yes : (yes + rest) reaches ``threshold`` for all, for no, or for some values (None)."""
    yes, rest = share
    if yes.high == 0:
        return False
    if rest is None:
        return None
    if rest.high is not None and yes.low and _reaches(yes.low, rest.high, threshold, strict=strict):
        return True
    if yes.high is not None and not _reaches(yes.high, rest.low, threshold, strict=strict):
        return False
    return None


def _reaches(yes: int, rest: int, threshold: Fraction, *, strict: bool) -> bool:
    need = threshold * (yes + rest)
    return yes > need if strict else yes >= need


def _tie_step(facts: VoteFacts, rule: Rule) -> Step:
    votes = f"{facts.yes} yes and {facts.no} no"
    if rule.tie in ("chair", "casting-vote"):
        return Step("tie", None, f"{votes}; the rules give a casting vote, and none is on record")
    if rule.tie in (None, "report"):
        return Step("tie", None, f"{votes}, and no rule breaks the tie")
    return Step(
        "tie", None, f"{votes}; the rules break a tie by {rule.tie}, and no such result is on record"
    )


def _text(
    facts: VoteFacts,
    rule: Rule,
    threshold: Fraction,
    verdicts: dict[tuple[str, bool], _Verdict],
    eligible: int | None,
) -> str:
    """Return the sentence for a threshold, or for the question that the rule leaves open."""
    bases = list(dict.fromkeys(base for base, _ in verdicts))
    by_base = {base: {verdicts[key] for key in verdicts if key[0] == base} for base in bases}
    if rule.base is None and len({frozenset(found) for found in by_base.values()}) > 1:
        if facts.abstain.low and by_base["yes+no"] != by_base["cast"]:
            return "the rules on record do not say whether abstentions count"
        return f"the rules on record do not say what {threshold} is a share of"
    base = bases[0]
    if rule.strict is None and len(by_base[base]) > 1 and by_base[base] <= {True, False, "tie"}:
        return f"it is exactly {threshold}, and the rules on record do not say whether that is enough"
    more = {True: "more than ", False: "at least ", None: ""}[rule.strict]
    text = f"{more}{threshold} of {_OF[base]} is needed"
    if facts.unanimous:
        return (
            f"{text}, and {'how many voted yes is not stated' if base in _OF_ALL else 'nobody was against'}"
        )
    yes, rest = _share(facts, base, eligible)
    if rest is None:
        return f"{text}, and how many these are is not known"
    held = next(iter(by_base[base])) if len(by_base[base]) == 1 else None
    whole = yes.plus(rest)
    if held is None:
        unknown = "how many voted yes" if yes.exact is None else "how many these are"
        return f"{text}, and {unknown} is not stated"
    if yes.exact is not None and whole.exact is not None:
        told = f"{yes} of {whole}"
    elif held:
        told = f"at least {yes.low} of at most {yes.low + (rest.high or 0)}"
    else:
        told = f"at most {yes.high} of at least {(yes.high or 0) + rest.low}"
    return f"{text}, and {told} {'is' if held else 'is not'} that"
