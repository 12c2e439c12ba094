"""Approval of minutes: draft or approved, by whom, where, and whether the rule is met."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple


class Needed(NamedTuple):
    """What a rule asks of approvals: a ``number`` of people, and a place; None where it asks for none."""

    number: int | None = None
    where: str | None = None


ApprovalRule = Callable[[str], "Needed | None"]
"""Gives what the rules in force on a day (ISO) ask for the approval of minutes, None for nothing."""


class Given(NamedTuple):
    """One approval on record: ``people`` as named there (nobody: it does not say who), and where.

    ``date`` is the day of the meeting that states it; ``of_previous`` that it does not name the minutes
    but speaks of the previous ones: those of the meeting on record before.
    """

    people: tuple[str, ...] = ()
    where: str | None = None
    merged_by: str | None = None
    date: str = ""
    of_previous: bool = False


class Approval(NamedTuple):
    """What approvals amount to; ``enough`` is None where no number is stated, or nobody is named."""

    state: Literal["draft", "approved"]
    sentence: str
    people: tuple[str, ...]
    where: tuple[str, ...]
    merged_by: tuple[str, ...]
    needed: int | None
    enough: bool | None


def judge_approval(given: Sequence[Given], needed: Needed | None) -> Approval:
    """Return what the approvals of one meeting's minutes amount to; each person is counted once.

    ``given`` are all approvals on record, with people's names as they are to be compared.

    >>> judge_approval([Given(("@a", "@b"), "PR#7", None, "2024-05-01")], None).sentence
    'Approved by 2 (@a, @b), in PR#7, as stated on 2024-05-01; the group has stated no number.'
    """
    people = tuple(dict.fromkeys(name for one in given for name in one.people))
    where = tuple(dict.fromkeys(one.where for one in given if one.where))
    merged = tuple(dict.fromkeys(one.merged_by for one in given if one.merged_by))
    number = needed.number if needed is not None else None
    enough = None if number is None or not given or not people else len(people) >= number
    if not given:
        asked = f" {number} {_approvals(number)} needed." if number is not None else ""
        sentence = f"Draft: no approval of these minutes is on record.{asked}"
    else:
        who = f"by {len(people)} ({', '.join(people)})" if people else "by people who are not named"
        places = f", in {', '.join(where)}" if where else ""
        days = ", ".join(dict.fromkeys(_stated_on(one) for one in given))
        sentence = f"Approved {who}{places}, as stated on {days}; {_judgement(number, enough)}"
        if needed is not None and needed.where and needed.where not in where:
            sentence = f"{sentence[:-1]} in {needed.where}."
    state: Literal["draft", "approved"] = "approved" if given and enough is not False else "draft"
    return Approval(state, sentence, people, where, merged, number, enough)


def _stated_on(given: Given) -> str:
    return f"{given.date} of “the previous” minutes" if given.of_previous else given.date


def _judgement(number: int | None, enough: bool | None) -> str:
    if number is None:
        return "the group has stated no number."
    if enough is None:
        return f"whether these are the {number} that the rule asks for is not stated."
    return f"the rule asks for {number}: {'enough' if enough else 'not enough, so they are a draft'}."


def _approvals(number: int) -> str:
    return "approval is" if number == 1 else "approvals are"
