"""Small statements: opinions, "nothing to report", the next meeting and its offices."""

from __future__ import annotations

import re

_OPINION = re.compile(
    r"^\W*(?:good idea|\+1|-1|agree[ds]?(?=\W*$|\s+with\b)|sounds (?:like a )?good|great|nice|(?:yes|no)(?=\W*$|[,!.])|fine|ok(?:ay)?|love it|thanks?|thank you|cool|perfect|no objections?|no problems?(?: with this)?)\b[^.]{0,40}[.!]?(?:\s[^.]{0,60})?$",
    re.IGNORECASE,
)


def is_opinion(text: str) -> bool:
    """Return whether a short statement only voices an opinion (``good idea!``, ``+1``)."""
    return len(text) < 80 and _OPINION.match(text) is not None


_NOTHING = re.compile(
    r"^\W*(?:none(?: (?:were|was) (?:discussed|raised|reported))?|no (?:operating )?(?:changes|updates?|news|progress|activity|movement|objections?)|nothing(?: (?:to (?:do|report|discuss|add)|new|this time))?"
    r"|stalled|none from (?:the )?last (?:time|meeting)|not discussed|n/?a|no operating changes|skipped|see above)\W*$",
    re.IGNORECASE,
)


def is_nothing(text: str) -> bool:
    """Return whether a line says in words that there is nothing to report."""
    return _NOTHING.match(text) is not None


_NEXT_MEETING = re.compile(
    r"^(?:the |our )?next (?:[\w-]+ ){0,2}?(?:meeting|call|session)(?:\s+(?:date|time))?(?:\s+(?:is|will be|scheduled|takes place|on|at)\b|\s*[:–—=]|\s+-\s|\s+\d)",
    re.IGNORECASE,
)


def is_next_meeting(text: str) -> bool:
    """Return whether a statement tells when or where the next meeting is."""
    return _NEXT_MEETING.match(text) is not None and not re.search(
        r"\b(?:chair|secretary|scribe|organi[sz]er|agenda)\b", text[:40], re.IGNORECASE
    )


_NO_MEETING = re.compile(
    r"^(?:(?:there (?:is|will be)\s+)?no\s+(?:\w+\s+)?meetings?\b|(?:agenda|topics?|note)\s*:)|\b(?:cancel+ed|skipped)\b",
    re.IGNORECASE,
)


def is_no_meeting(text: str) -> bool:
    """Return whether a line about the next meeting tells of none, or only what it will be about."""
    return _NO_MEETING.search(text) is not None


_NEXT_OFFICE = re.compile(
    r"^(?:the\s+)?(?:next\s+(?:meeting(?:'s|’s)?\s+)?(?:chair|secretary|scribe|organi[sz]er|host|minute)"
    r"|(?:chair|secretary|scribe|organi[sz]er|host|minute[- ]taker)s?\s+(?:for|of)\s+(?:the\s+)?next\b)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"^(?:chair(?:person)?|secretary|scribe|organi[sz]er|host|minute[- ]taker)s?\s*[:=–]", re.IGNORECASE
)


def is_next_office(plain: str) -> bool:
    """Return whether a line names an office of the next meeting (``Next meeting chair: …``)."""
    return _NEXT_OFFICE.match(plain) is not None


def is_office(plain: str) -> bool:
    """Return whether a line gives an office without saying of which meeting (``Chair: …``)."""
    return _OFFICE.match(plain) is not None
