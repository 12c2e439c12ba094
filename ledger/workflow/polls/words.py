"""Polls in words, as rows of a preview: what is frozen, and what somebody should know before agreeing."""

from __future__ import annotations

from ledger.errors import Finding
from ledger.records import Poll
from ledger.workflow.preview import Group, Row

_NOBODY_KNOWS = "the charter does not say who may vote: every ballot counts, and no quorum can be told"
_NO_RULES = "no rules are on record: the numbers are counted, and whether it passes is undetermined"
_LOTS = ("lot", "agreement-then-lot")


def poll_rows(poll: Poll) -> tuple[Group, ...]:
    """Return what a poll freezes."""
    electorate = poll.electorate
    rows = [("question", poll.question), ("options", ", ".join(poll.options)), ("method", poll.method)]
    if poll.seats > 1:
        rows.append(("seats", str(poll.seats)))
    if poll.default_option is not None:
        rows.append(("default", poll.default_option))
    if poll.rules:
        rows.append(("rules", f"{poll.kind}: {rules_words(poll)}"))
    if electorate is not None:
        name = f"{poll.electorate_name}: " if poll.electorate_name else ""
        rows.append(("electorate", f"{name}{', '.join(electorate)} ({len(electorate)})"))
    rows.append(("open until", poll.closes_at or "it is closed"))
    if poll.seconded_by:
        rows.append(("seconded by", ", ".join(poll.seconded_by)))
    if poll.draw is not None:
        rows.append(("draw", poll.draw))
    frozen = Group("frozen for this poll", tuple(Row(None, name, text) for name, text in rows))
    return (frozen,)


def poll_findings(poll: Poll) -> list[Finding]:
    """Return what somebody should know before a poll is opened."""
    found = []
    if poll.rules is None:
        found.append(Finding("no-rules", "warning", None, _NO_RULES))
    if poll.electorate is None:
        found.append(Finding("no-electorate", "warning", None, _NOBODY_KNOWS))
    if (poll.rules or {}).get("tie") in _LOTS and poll.draw is None:
        what = "ties are broken by lot, and no public draw is named (--draw): a tie will be reported"
        found.append(Finding("no-draw", "warning", None, what))
    return found


def rules_words(poll: Poll) -> str:
    """Return the frozen rules in one line, as the charter states them."""
    return "; ".join(f"{name} {text}" for name, text in (poll.rules or {}).items()) or "none"
