"""The grammar of approvals of earlier minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.minutes.dates import find_dates
from ledger.minutes.people import HANDLE, find_handles

_MINUTES = re.compile(r"\bminutes?\b", re.IGNORECASE)
_APPROVED = re.compile(r"\b(?:approved|accepted|signed off|approvals?(?=(?:\s+by)?\s*:))", re.IGNORECASE)
_PENDING = re.compile(
    r"\b(?:to be|will be|should be|not yet|awaiting|without|pending|needs? to be|are to be|un|not(?:\s+yet)?(?:\s+been)?)[- ]?(?:approved|approval)\b|\bin (?:the )?future\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:PR|pull request|MR|merge request)\s*#?\s*(\d+)\b|(?<![\w&])#(\d+)\b|\b(?:pull|merge_requests)/(\d+)\b|\bvia\s+(e-?mail|mailing list|slack|matrix|irc|github)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?<!corrections\s)(?<!changes\s)(?<!edits\s)(?<!comments\s)\bby\s+(?P<names>[^.;]*?)(?=(?:,?\s*(?:and|&)?\s*(?:was\s+|were\s+)?(?:merged|reviewed)\b)|\bin\s+(?:PR|pull)|\bvia\b|\bon\s+\d|[.;]|$)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\W*(?:approved|accepted)(?:\s+unanimously|\s+as (?:is|read|written)|\s+with(?:out)?\s+\S.{0,60})?\W*$",
    re.IGNORECASE,
)
_CORRECTED_BY = re.compile(r"\b(?:corrections|changes|edits|comments)\s+by\b", re.IGNORECASE)
_MERGED = re.compile(
    rf"\bmerged\b(?:\s+(?:in|via)\s+\S+)?\s+by\s+(?P<names>.+)$|(?P<merger>{HANDLE})\s+(?:has\s+)?merged\b.*$",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    rf"^(?P<names>{HANDLE}(?:\s*(?:,|&|and)*\s*{HANDLE})*)\s+(?:have |has )?(?:approved|accepted)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ApprovalRead:
    """Approval of earlier minutes: the dates named, who approved, where, who merged."""

    of: tuple[str, ...]
    approvers: tuple[str, ...]
    where: str | None
    merged_by: str | None


def read_approval(text: str, *, in_section: bool, heading: str = "") -> ApprovalRead | None:
    """Read ``Previous meeting minutes was approved in PR#56 by @a and @b, and merged by @c``.

    Outside a section about it the word "minutes" must be there; what is still to be approved is
    no approval. A ``heading`` that names the minutes tells which they are where ``text`` does not.
    """
    if not in_section and _MINUTES.search(text) is None:
        return None
    merged = _MERGED.search(text)
    approved = _APPROVED.search(text) or (merged if in_section else None)
    if approved is None or _PENDING.search(text):
        return None
    if not in_section and not re.search(
        r"\bminutes\b[^.;]{0,60}\b(?:approved|accepted)|\bapproved\b[^.;]{0,40}\bminutes\b",
        text,
        re.IGNORECASE,
    ):
        return None
    body = text[: merged.start()] if merged else text
    bare = in_section and _BARE.match(text) is not None
    active = _ACTIVE.match(body)
    by = _BY.search(body, approved.start())
    behind = "" if _CORRECTED_BY.search(body) else body[approved.end() :]
    names = find_handles(active["names"] if active else by["names"] if by else behind)
    where = _place(text)
    merger = find_handles(merged["names"] or merged["merger"]) if merged else []
    if not (names or where or merger or bare or _MINUTES.search(text)):
        return None
    head = text[: approved.start()] if not active else text
    dates = _dates(head) or (_dates(heading) if in_section else ())
    return ApprovalRead(dates, tuple(names), where, ", ".join(merger) or None)


def _dates(text: str) -> tuple[str, ...]:
    return tuple(day.isoformat() for found in find_dates(text) if (day := found.full()))


def _place(text: str) -> str | None:
    """All pull requests that are named, else the channel."""
    found = list(_WHERE.finditer(text))
    numbers = dict.fromkeys(one[1] or one[2] or one[3] for one in found if not one[4])
    if numbers:
        return ", ".join(f"PR#{number}" for number in numbers)
    return str(found[0][4]) if found else None
