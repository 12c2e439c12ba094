"""Whether a poll may be closed before its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.governance.poll_count import count_poll, rule_of
from ledger.governance.polls import MOTION, BallotBox, Counted, Opened, is_motion
from ledger.records import CastBallot

if TYPE_CHECKING:
    from ledger.charter import Charter


def early_problem(opened: Opened, box: BallotBox, charter: Charter | None, *, closed_at: str) -> str | None:
    """Return why a poll cannot be closed at ``closed_at`` (UTC), None where it can.

    Before its end that needs a rule which allows it, and that rule's condition.
    """
    poll = opened.poll
    if poll.closes_at is None or closed_at >= poll.closes_at:
        return None
    rule = rule_of(poll, charter)
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
    leads elsewhere. Whether somebody might still vote again does not count. True for what is no
    motion, and where nobody knows who may vote.
    """
    poll = opened.poll
    if not is_motion(poll) or poll.electorate is None:
        return bool(box.waiting) or poll.electorate is None
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
