"""What stands: the status of a record, and the sentence that explains it.

A status is computed from the chain of entries about a record, never stored and never guessed. A vote
counts for the outcome that its minutes state; where they state none, the status is ``undetermined``
(or ``open`` where nobody voted), whatever the numbers suggest. The latest outcome counts, by the
date of the meeting that states it and then by its place in the log.

The status of a proposal or decision is one of :data:`STATUSES`; of an action ``open``, ``done`` or
``unstated``. Other kinds have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ledger.governance.fields import Body, flag_of, mapping_of, number_of, text_of

STATUSES = (
    "open",
    "adopted",
    "rejected",
    "deferred",
    "withdrawn",
    "superseded",
    "repealed",
    "expired",
    "undetermined",
)
"""Every status that a proposal or a decision may have."""

DECIDED = frozenset(("adopted", "rejected", "deferred", "withdrawn", "superseded", "repealed", "expired"))
"""The statuses that somebody declared; ``open`` and ``undetermined`` are the others."""

MOTIONS = frozenset(("proposal", "decision"))
"""Kinds that are put to the group or declared by it."""

_FINAL = DECIDED - {"deferred"}


class Fact(NamedTuple):
    """A record as it counts: ``seq`` and ``id`` name it, ``date`` (ISO) is that of its meeting, ``body``
    the latest."""

    seq: int
    kind: str
    id: str | None
    date: str
    body: Body


class Step(NamedTuple):
    """What one record says about the status of another: an outcome, on a date, at a place in the log."""

    date: str
    seq: int
    kind: str
    outcome: str


class Standing(NamedTuple):
    """A status with its reason.

    ``sentence`` explains it to a reader; ``decided_by`` is the sequence number of the record that
    declared it and ``date`` that record's date, both None where nothing did.
    """

    status: str | None
    sentence: str
    decided_by: int | None = None
    date: str | None = None


class Rules(Protocol):
    """The place where counting rules join: they may compute what a vote's minutes leave unsaid."""

    def outcome(self, vote: Fact) -> str | None:
        """Return the outcome that the rules in force at the vote give it, None where they give none."""


def outcome_of(fact: Fact, rules: Rules | None = None) -> str | None:
    """Return what ``fact`` says about the status of the record it is about, None where it says nothing.

    A vote says its stated outcome, ``undetermined`` where none is stated (a tie included) and no rule
    computes one; a decision its outcome; a mention the state of the check box beside it.
    """
    body = fact.body
    if fact.kind == "vote":
        stated = text_of(mapping_of(body, "stated"), "outcome")
        if stated in DECIDED:
            return stated
        computed = rules.outcome(fact) if rules is not None else None
        return computed or "undetermined"
    if fact.kind == "decision":
        if not declares_outcome(body):
            return None
        outcome = text_of(body, "outcome")
        return outcome if outcome in DECIDED else "undetermined"
    if fact.kind in ("action", "mention"):
        done = flag_of(body, "done")
        return None if done is None else "done" if done else "open"
    return None


def declares_outcome(decision: Body) -> bool:
    """Tell whether a decision declares an outcome at all, or only links and terms (its outcome is None)."""
    return decision.get("outcome", "") is not None


def own_outcome(fact: Fact) -> str | None:
    """Return what ``fact`` says about its own status; None where only others can say it."""
    return outcome_of(fact) if fact.kind in ("decision", "action") else None


def has_status(kind: str, body: Body) -> bool:
    """Tell whether a record of this kind and body has a status at all."""
    if kind == "decision" and not declares_outcome(body):
        return False
    return kind in MOTIONS or kind == "action" or (kind == "report" and body.get("raised") is True)


def status_after(kind: str, own: str | None, steps: Iterable[Step]) -> str:
    """Return the status of a record of ``kind`` that has ``own`` outcome, after ``steps`` in any order."""
    return _last_word(kind, own, sorted(steps))[0]


def standing_of(root: Fact, chain: Sequence[Fact], rules: Rules | None = None) -> Standing:
    """Return the standing of ``root`` after ``chain``: every vote, decision and mention about it.

    ``chain`` may be in any order and may hold other kinds; they say nothing about the status.
    """
    if not has_status(root.kind, root.body):
        return Standing(None, "")
    by_seq = {fact.seq: fact for fact in chain}
    steps = sorted(
        Step(fact.date, fact.seq, fact.kind, outcome)
        for fact in chain
        if (outcome := outcome_of(fact, rules)) is not None
    )
    status, step = _last_word(root.kind, own_outcome(root), steps)
    if root.kind == "action":
        return _action_standing(root, status, step)
    if step is not None:
        return _declared(status, by_seq[step.seq])
    if root.kind == "decision":
        return _declared(status, root)
    return Standing("open", _open_sentence(root))


def _last_word(kind: str, own: str | None, steps: Sequence[Step]) -> tuple[str, Step | None]:
    """Return the status and the step that set it (None: no step did). Steps are in order of time."""
    status = own or ("unstated" if kind == "action" else "open")
    setter: Step | None = None
    for step in steps:
        if kind == "action":
            counts = step.kind == "mention"
        elif step.kind == "mention":
            counts = False
        else:
            # A later vote without a stated outcome does not undo what was settled, and who puts off talking
            # about a decision in force leaves it in force.
            counts = step.outcome != "undetermined" or status not in _FINAL
            counts = counts and (step.outcome != "deferred" or status != "adopted")
        if counts:
            status, setter = step.outcome, step
    return status, setter


def is_put_off(standing: Standing, fact: Fact) -> bool:
    """Tell whether ``fact`` puts off talking about something that stays adopted as ``standing`` says."""
    return (
        fact.kind == "decision"
        and outcome_of(fact) == "deferred"
        and standing.status == "adopted"
        and (fact.date, fact.seq) > (standing.date or "", standing.decided_by or 0)
    )


def _declared(status: str, fact: Fact) -> Standing:
    """Return the standing that a vote or a decision gives."""
    if fact.kind == "vote":
        return Standing(status, _vote_sentence(status, fact), fact.seq, fact.date)
    if status == "undetermined":
        return Standing(status, "Undetermined: the minutes do not state the outcome.", fact.seq, fact.date)
    until = f" until {text_of(fact.body, 'until')}" if text_of(fact.body, "until") else ""
    sentence = f"{status.capitalize()} on {fact.date}{until}, without a vote on record."
    return Standing(status, sentence, fact.seq, fact.date)


def _vote_sentence(status: str, vote: Fact) -> str:
    stated = mapping_of(vote.body, "stated")
    words = quoted(text_of(stated, "text"))
    if status != "undetermined":
        if text_of(stated, "outcome") not in DECIDED:
            return f"{status.capitalize()} by the rules in force on {vote.date}: {words} was stated."
        return f"{status.capitalize()} by a vote on {vote.date}: {words}; {describe_counts(vote.body)}."
    if text_of(stated, "outcome") == "tied":
        return f"Undetermined: the vote on {vote.date} was tied, {words}; no decision is on record."
    if text_of(vote.body, "method") == "straw poll":
        return f"Undetermined: a straw poll is on record on {vote.date}, {words}; its result is not stated."
    return f"Undetermined: {words} on {vote.date}; the minutes do not say what this means."


def describe_counts(vote: Body) -> str:
    """Return the stated numbers of a vote's body in words; what nobody stated is not a number.

    >>> describe_counts({"stated": {"counts": {"yes": 4, "no": 0, "abstain": None}}})
    '4 in favour, 0 against as stated'
    >>> describe_counts({"stated": {"counts": None}})
    'no count is stated'
    """
    counts = mapping_of(mapping_of(vote, "stated"), "counts")
    names = (("yes", "in favour"), ("no", "against"), ("abstain", "abstained"))
    parts = [f"{count} {word}" for name, word in names if (count := number_of(counts, name)) is not None]
    return f"{', '.join(parts)} as stated" if parts else "no count is stated"


def quoted(text: str) -> str:
    """Return stated words as plain text between quotation marks, or what is known where there are none."""
    from ledger.minutes.inline import plain_text

    plain = plain_text(text).rstrip(".")
    return f"“{plain}”" if plain else "a vote without words"


def _open_sentence(root: Fact) -> str:
    if root.kind == "report":
        return "Open: raised, no vote or decision on record."
    if flag_of(root.body, "done"):
        return "Open: no vote or decision on record; its box is ticked, which states no outcome."
    return "Open: no vote or decision on record."


def _action_standing(root: Fact, status: str, step: Step | None) -> Standing:
    date = step.date if step is not None else root.date
    if status == "unstated":
        return Standing(status, "The minutes do not say whether it is done.")
    word = "ticked" if status == "done" else "not ticked"
    seq = step.seq if step is not None else root.seq
    return Standing(status, f"{status.capitalize()}: its box was {word} on {date}.", seq, date)
