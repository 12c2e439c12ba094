"""What the rules ask before a poll is opened, and which of them none can apply: that is refused then, for
no rule is ever left out of a count."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.errors import UsageError
from ledger.governance.polls import MOTION_METHODS
from ledger.governance.rules import Rule
from ledger.lookup.polls import Subject
from ledger.workflow.polls.times import later, read_time

_AGAINST_DEFAULT = ("schulze", "schulze-ssd")


def check_applicable(rule: Rule | None, method: str, *, has_default: bool) -> None:
    """Raise UsageError for the first setting of ``rule`` that a poll by ``method`` cannot apply.

    ``has_default`` tells whether one option stands for none of the others.
    """
    if rule is None:
        return
    for name, why, instead in _problems(rule, method, has_default=has_default):
        raise UsageError(
            f"a poll by {method} cannot apply the rule {name}: {rule.text.get(name, '')}",
            why=why,
            fix=f"state {instead} for {rule.kind} in the charter, or name another kind with --kind",
        )


def check_notice(rule: Rule | None, subject: Subject, now: str) -> None:
    """Raise UsageError unless the notice that the rule asks for has passed since the proposal was put.

    It runs from the end of the day of its meeting: nobody can tell at which hour it was put.
    """
    if rule is None or rule.notice is None:
        return
    day = subject.name[:10] if subject.name[:1] != "#" else subject.at[:10]
    since = read_time(day, "the day of the proposal")
    first = later(since, rule.notice.hours)
    if now < first:
        raise UsageError(
            f"the rules ask for notice of {rule.notice.text} before a vote",
            why=f"{subject.name} was put on {day}",
            fix=f"open the poll after {first}",
        )


def _problems(rule: Rule, method: str, *, has_default: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the setting, why it cannot be applied, and what could stand in its place."""
    measure = rule.quorum.measure if rule.quorum is not None else None
    if rule.recast == "none":
        yield "recast", "of several ballots by one person a poll counts the last", "recast: last"
    if measure == "present":
        yield "quorum", "nobody is present at a poll", "a quorum of those who voted: 1/2 cast"
    if method in MOTION_METHODS:
        if rule.base == "present":
            yield "base", "nobody is present at a poll", "base: cast"
        return
    what = "five answers" if method == "five-way" else "candidates"
    if rule.veto is not None:
        yield "veto", f"a ballot with {what} has no plain no", "veto: none"
    if rule.min_yes:
        yield "min_yes", f"a ballot with {what} has no plain yes", "min_yes: 0"
    if measure == "yes" and not (has_default and method in _AGAINST_DEFAULT):
        yield "quorum", f"a ballot with {what} has no plain yes", "a quorum of those who voted: 1/2 cast"
    if method == "five-way" and rule.threshold is not None and rule.base not in (None, "yes+no"):
        yield "base", "the threshold of five answers is about for and against", "base: yes+no"
