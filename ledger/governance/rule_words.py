"""Rules in plain words: a sentence for each setting, and the settings that a rule does not state.

Sentences have no capital and no full stop, so that they can stand in a list or behind a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.charter import Charter
from ledger.governance.formula import FormulaError
from ledger.governance.rule_values import Amount, Quorum
from ledger.governance.rules import ELECTORATE, MINUTES, SETTINGS, Rule, body_of

_MOST_NAMES = 12


class Said(NamedTuple):
    """What one or several settings of a rule mean together."""

    settings: tuple[str, ...]
    text: str


def describe_rule(rule: Rule, charter: Charter) -> list[Said]:
    """Return what each stated setting of ``rule`` means, in the order of the vocabulary.

    ``charter`` is the one that the rule stands in: it says who the bodies are.
    """
    said = [
        *_electorate(rule, charter),
        *_quorum(rule, charter),
        *_threshold(rule),
        *_majority(rule),
        *_course(rule, charter),
        *_counting(rule),
        *_texts(rule),
    ]
    order = {name: place for place, name in enumerate(SETTINGS)}
    return sorted(said, key=lambda one: order[one.settings[0]])


def not_stated(rule: Rule) -> tuple[str, ...]:
    """Return the settings that could be stated for this kind of decision and are not.

    Of minutes it is their approval that counts; no other decision is approved in this way.
    """
    wanted = ("approvals",) if rule.kind == MINUTES else SETTINGS
    skipped = {"source"} if rule.kind == MINUTES else {"source", "approvals"}
    return tuple(name for name in wanted if name not in rule.text and name not in skipped)


_BASES = {
    "yes+no": "with {share} of the yes and no votes; abstentions do not count",
    "cast": "when {share} of the votes cast are yes; an abstention counts as a vote cast",
    "present": "when {share} of the people present vote yes; whoever abstains is present too",
    "eligible": "when {share} of all who may vote say yes, whether the others vote or not",
    "members-minus-abstain": "when {share} of all who may vote, without those who abstain, say yes",
    "yes-over-default": "when {share} of those who rank it and the default option differently prefer it",
}
_COUNTED = {
    "yes+no": "the yes and no votes count, abstentions do not",
    "cast": "all votes cast count, abstentions too",
    "present": "the people present count, whether they vote or not",
    "eligible": "all who may vote count, whether they vote or not",
    "members-minus-abstain": "all who may vote count, without those who abstain",
    "yes-over-default": "the ballots count that rank an option and the default one differently",
}
_METHODS = {
    "yes-no": "votes are yes, no or abstain",
    "consensus": "a motion passes when nobody objects",
    "lazy-consensus": "a motion passes when nobody objects in time",
    "five-way": "votes are strongly for, for, neutral, against or strongly against",
    "plurality": "the candidate with the most votes wins",
    "approval": "each voter approves any number of candidates; the most approved win",
    "borda": "each rank on a ballot gives points; the most points win",
    "star": "candidates get scores; of the two best the one whom more voters prefer wins",
    "bloc-star": "candidates get scores; each seat goes to the one preferred among the two best",
    "schulze": "ballots rank the candidates; each is compared with each other (Schulze)",
    "schulze-ssd": "ballots rank the options; each is compared with each other (Schulze, as Debian counts)",
    "irv": "ballots rank the candidates; the weakest drops out until one has a majority (instant run-off)",
    "stv": "ballots rank the candidates; seats go to those who reach a quota (single transferable vote)",
}
_UNRANKED = {
    "no-opinion": "about candidates that a ballot leaves out, the voter has no opinion",
    "last": "candidates that a ballot leaves out count as ranked below all others",
}
_STRENGTHS = {
    "winning-votes": "a win over another candidate is as strong as the number of its votes",
    "margins": "a win over another candidate is as strong as its lead in votes",
}
_TIES = {
    "report": "a tie stays one: it is reported and nothing is decided",
    "status-quo": "in a tie everything stays as it was",
    "chair": "in a tie the chair decides",
    "casting-vote": "in a tie whoever has the casting vote decides",
    "lot": "in a tie the lot decides, drawn so that everyone can draw it again",
    "fewest-path-defeats": "in a tie those win who lose against the fewest others",
    "agreement-then-lot": "in a tie the candidates may agree among themselves; else the lot decides",
}
_RECASTS = {
    "last": "of somebody who votes twice, the last vote counts",
    "none": "of somebody who votes twice in different ways, no vote counts",
}


def _electorate(rule: Rule, charter: Charter) -> Iterator[Said]:
    if rule.electorate is None:
        return
    people = body_of(charter, rule.electorate) or ()
    who = rule.electorate if isinstance(rule.electorate, str) else "these people"
    role = f"those with the role {who}" if who not in ("members", "owners", "these people") else who
    names = ", ".join(people[:_MOST_NAMES]) + (", …" if len(people) > _MOST_NAMES else "")
    of = f" ({_people(len(people))}: {names})"
    verb = "may vote; votes of others do not count"
    yield Said(("electorate",), f"{role if role == 'these people' else _the(role)}{of} {verb}")


def _quorum(rule: Rule, charter: Charter) -> Iterator[Said]:
    quorum = rule.quorum
    if quorum is not None:
        size = _size(quorum, rule, charter)
        amount = _amount(quorum.amount, _body_name(quorum), size, strict=quorum.strict)
        yield Said(("quorum",), f"a vote counts only with a quorum: {amount} {_taking_part(quorum, rule)}")
    if rule.quorum_counts_abstain is not None:
        counts = "counts" if rule.quorum_counts_abstain else "does not count"
        yield Said(("quorum_counts_abstain",), f"an abstention {counts} towards the quorum")


def _taking_part(quorum: Quorum, rule: Rule) -> str:
    """Return what counts for a quorum; where it does not say so itself, the rest of the rule may."""
    if quorum.measure == "yes":
        return "must vote yes"
    if quorum.measure == "present" or (quorum.measure is None and rule.base == "present"):
        return "must be present"
    if quorum.measure is None and rule.base == "yes-over-default":
        return "must prefer it to the default option"
    if quorum.measure == "cast" or rule.quorum_counts_abstain:
        return "must vote, abstentions included"
    if rule.quorum_counts_abstain is False:
        return "must vote yes or no"
    return "must take part; whether abstentions count for it is not stated"


def _threshold(rule: Rule) -> Iterator[Said]:
    if rule.threshold is not None:
        settings = tuple(name for name in ("threshold", "base", "strict") if name in rule.text)
        if rule.is_election and rule.base != "yes-over-default":
            yield Said(settings, "the threshold is one for motions: among candidates the method decides")
            return
        share = rule.text["threshold"]
        share = f"{rule.threshold} ({share} yes to no)" if ":" in share else share
        words = {True: "more than ", False: "at least ", None: ""}[rule.strict] + share
        base = "with {share} of the votes; which votes are counted is not stated"
        text = f"a motion passes {_BASES.get(rule.base or '', base).format(share=words)}"
        exactly = "" if rule.strict is not None else f"; whether exactly {share} is enough is not stated"
        yield Said(settings, text + exactly)
        return
    if rule.base is not None:
        yield Said(("base",), f"{_COUNTED[rule.base]}; what share of them must be yes is not stated")
    if rule.strict is not None:
        more = "more than the threshold is needed" if rule.strict else "the threshold itself is enough"
        yield Said(("strict",), f"{more}, and the threshold is not stated")


def _majority(rule: Rule) -> Iterator[Said]:
    if rule.min_yes is not None:
        votes = "vote is" if rule.min_yes == 1 else "votes are"
        yield Said(("min_yes",), f"at least {rule.min_yes} yes {votes} needed")
    if rule.veto is not None:
        who = (
            f"by somebody with the role {rule.veto.by}"
            if rule.veto.by
            else "by somebody who may vote"
            if rule.veto.binding
            else "by anybody"
        )
        lifted = f"; it can be lifted by {rule.veto.lifted_by}" if rule.veto.lifted_by else ""
        yield Said(("veto",), f"a no {who} blocks the decision{lifted}")
    elif "veto" in rule.text:
        yield Said(("veto",), "no single vote blocks the decision")
    if rule.lazy is not None:
        after = f"after {rule.lazy.after.text}" if rule.lazy.after else "after a time that is not stated"
        most = rule.lazy.objections
        objections = "nobody objects" if most == 0 else f"at most {_people(most)} object"
        approvals = f" and at least {_people(rule.lazy.approvals)} approve" if rule.lazy.approvals else ""
        declared = "; only where it was announced so" if rule.lazy.declared else ""
        yield Said(("lazy",), f"silence is consent {after}, if {objections}{approvals}{declared}")
    elif "lazy" in rule.text:
        yield Said(("lazy",), "silence is not consent")


def _course(rule: Rule, charter: Charter) -> Iterator[Said]:
    if rule.notice is not None:
        yield Said(("notice",), f"a vote is announced at least {rule.notice.text} before")
    if rule.open_for is not None:
        early = {
            "decided": "; it may end early once no further vote can change the outcome",
            "all-voted": "; it may end early once all have voted",
            None: "",
        }[rule.open_for.early]
        yield Said(("open_for",), f"a vote stays open for {rule.open_for.length.text}{early}")
    if rule.second is not None:
        voters = None if rule.electorate is None else body_of(charter, rule.electorate)
        size = None if voters is None else len(voters)
        amount = _amount(rule.second, "those who may vote", size, strict=False)
        yield Said(("second",), f"before a vote the motion must be seconded: by {amount}")


def _counting(rule: Rule) -> Iterator[Said]:
    for name, words in (
        ("method", _METHODS),
        ("unranked", _UNRANKED),
        ("strength", _STRENGTHS),
        ("tie", _TIES),
        ("recast", _RECASTS),
    ):
        value = getattr(rule, name)
        if value is not None:
            yield Said((name,), words[value])


def _texts(rule: Rule) -> Iterator[Said]:
    if rule.recusal is not None:
        yield Said(("recusal",), f"on conflicts of interest, as written: {rule.recusal}")
    if rule.term is not None:
        yield Said(("term",), f"how long it holds, as written: {rule.term}")
    if rule.approvals is not None:
        number, where = rule.approvals.number, rule.approvals.where
        by = (
            "; how many must approve is not stated" if number is None else f" by at least {_people(number)}"
        )
        yield Said(("approvals",), f"minutes are approved{f' on {where}' if where else ''}{by}")
    if rule.source is not None:
        yield Said(("source",), f"written down in: {rule.source}")


def _amount(amount: Amount, of: str, size: int | None, *, strict: bool) -> str:
    """Return an amount of people in words, with the number that it comes to where that is known."""
    than = "more than" if strict else "at least"
    if amount.number is not None:
        return f"{than} {_people(amount.number)}"
    try:
        least = amount.least(size, strict=strict)
    except FormulaError:
        least = None
    now = "" if least is None else f"{least} of {size} now"
    if amount.formula is not None:
        return f"{than} {amount.text} people (n: the number of {of}{f'; {now}' if now else ''})"
    return f"{than} {amount.text} of {of}{f' ({now})' if now else ''}"


def _size(quorum: Quorum, rule: Rule, charter: Charter) -> int | None:
    if quorum.fixed_size is not None:
        return quorum.fixed_size
    name = rule.electorate if quorum.of in (None, *ELECTORATE) else quorum.of
    people = None if name is None else body_of(charter, name)
    return None if people is None else len(people)


def _body_name(quorum: Quorum) -> str:
    if quorum.fixed_size is not None:
        return f"{quorum.fixed_size} people"
    if quorum.of in (None, *ELECTORATE):
        return "those who may vote"
    return _the(quorum.of) if quorum.of in ("members", "owners") else f"those with the role {quorum.of}"


def _the(who: str | None) -> str:
    return f"the {who}" if who in ("members", "owners") else str(who)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
