"""Whether a poll may be closed before its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.governance.poll_count import count_poll, hours_open, rule_of
from ledger.governance.polls import MOTION, MOTION_METHODS, BallotBox, Counted, Opened, is_motion
from ledger.governance.rule_values import Duration, Lazy
from ledger.governance.rules import Rule
from ledger.records import CastBallot, Poll

if TYPE_CHECKING:
    from ledger.charter import Charter


def least_open(rule: Rule | None, method: str) -> Duration | None:
    """Return for how long ``rule`` has a poll by ``method`` open at least, None where it does not say.

    That is the longer one of ``open_for`` and of the time after which silence is consent.
    """
    lengths = [] if rule is None or rule.open_for is None else [rule.open_for.length]
    lazy = _lazy(rule, method)
    if lazy is not None and lazy.after is not None:
        lengths.append(lazy.after)
    return max(lengths, key=lambda length: length.hours, default=None)


def _lazy(rule: Rule | None, method: str) -> Lazy | None:
    """Return the rule by which silence is consent in a motion, None where there is none."""
    lazy = rule.lazy if rule is not None and method in MOTION_METHODS else None
    # A vote that nobody announced as lazy consensus is none.
    return None if lazy is None or (lazy.declared and method != "lazy-consensus") else lazy


def _silence_may_consent(poll: Poll, box: BallotBox, rule: Rule | None, closed_at: str) -> bool:
    """Tell whether silence is no consent at ``closed_at``, and could be after more waiting."""
    lazy = _lazy(rule, poll.method)
    if lazy is None or lazy.after is None or hours_open(poll, closed_at) >= lazy.after.hours:
        return False
    objections = sum(one.ballot.copies for one in box.counted if one.ballot.option == "no")
    return objections <= lazy.objections


def early_problem(opened: Opened, box: BallotBox, charter: Charter | None, *, closed_at: str) -> str | None:
    """Return why a poll cannot be closed at ``closed_at`` (UTC), None where it can.

    Before its end that needs a rule which allows it, and that rule's condition.
    """
    poll = opened.poll
    if poll.closes_at is None or closed_at >= poll.closes_at:
        return None
    rule = rule_of(poll, charter)
    if _silence_may_consent(poll, box, rule, closed_at):
        text = rule.lazy.text if rule is not None and rule.lazy is not None else ""
        return f"silence is consent by the rules ({text}), and the time for objections is not over"
    early = rule.open_for.early if rule is not None and rule.open_for is not None else None
    if early == "all-voted":
        if poll.electorate is not None and not box.waiting:
            return None
        missing = ", ".join(box.waiting) or "nobody knows who may vote"
        return f"it may be closed before once all have voted; not yet: {missing}"
    if early == "decided":
        if not could_change(opened, box, charter, closed_at=closed_at):
            return None
        return "it may be closed before once no further ballot can change the outcome; one still can"
    return "the rules do not let it be closed before"


def could_change(opened: Opened, box: BallotBox, charter: Charter | None, *, closed_at: str) -> bool:
    """Tell whether the ballots of those who have not voted could still change the outcome of a motion.

    Every one of them voting yes, every one no, every one abstaining and none voting are tried: no mixture
    leads elsewhere. Where silence could still become consent, waiting alone can change it. Whether
    somebody might still vote again does not count. True for what is no motion, and where nobody knows who
    may vote.
    """
    poll = opened.poll
    if not is_motion(poll) or poll.electorate is None:
        return bool(box.waiting) or poll.electorate is None
    if _silence_may_consent(poll, box, rule_of(poll, charter), closed_at):
        return True
    found = set()
    for option in (None, *MOTION):
        more = tuple(
            Counted(-number, name, CastBallot(poll="", by=name, nr=1, option=option))
            for number, name in enumerate(box.waiting, start=1)
            if option is not None
        )
        full = replace(box, counted=(*box.counted, *more))
        found.add(count_poll(opened, full, charter, closed_at=closed_at).computed)
    return len(found) > 1
