"""What a heading says the lines below it are about.

A role is read from the words of the heading; a heading without a known word is an agenda topic
(``report``), and inherits ``changes`` from a heading above it that has that role.
"""

from __future__ import annotations

import re
from typing import Literal

Role = Literal[
    "details", "welcome", "attendance", "approval", "changes", "events", "election",
    "next-meeting", "next-agenda", "actions", "clock", "decided", "report",
]  # fmt: skip
Status = Literal["present", "partial", "regrets", "absent"]

_ROLES: tuple[tuple[Role, str], ...] = (
    ("clock", r"^\d{1,2}[:.]?\d{2}\s*(?:[ap]m)?\s*(?:UTC|GMT|[A-Z]{2,4})?\s*[–—-]\s*.*(?:meeting|start|end|socializ|adjourn)"),
    ("election", r"^(?:elect|appoint|choos|pick)\w*\b.*(?:chair|secretary|scribe|organi[sz]er|host|facilitator|roles?|officers?)"
                 r"|^next\s+(?:meeting(?:'s|’s)?\s+)?(?:chair|secretary|scribe|organi[sz]er|host|facilitator)"),
    ("next-agenda", r"^(?:next meeting(?:'s|’s)?|topics? for (?:the )?next|agenda (?:items? )?for (?:the )?next)\b.*(?:agenda|topics?|items?|next)|^agenda for (?:the )?next"),
    ("next-meeting", r"^(?:date of )?(?:the )?(?:next|upcoming)\s+(?:[\w-]+\s+){0,3}?(?:meeting|call|session)s?\b"),
    ("approval", r"\b(?:approv\w+|accept\w*|review)\b.*\bminutes\b|\bminutes\b.*\bapprov\w+|^(?:previous|last)\s+(?:meeting(?:'s|’s)?\s+)?minutes\b"),
    ("attendance", r"^(?:list of )?(?:attend(?:ees|ance|ing|ed(?: by)?|ants?)|present|participants?|participating|roll[- ]call|who(?: was| is)?(?: here| there| present| attended)?"
                   r"|absen(?:t|ts|ces?|tees)|regrets|apologies|excused|not (?:attending|present)|part(?:ly|ial(?:ly)?) (?:attending|present|attendance)|guests?|observers?"
                   r"|members present|people present|voting members present)\b"),
    ("events", r"^(?:\w+\s+)?(?:upcoming|past|recent|future|important)?\s*(?:events?|deadlines?|conferences?|dates|calendar)\b"),
    ("actions", r"^(?:\w+\s+)?(?:action(?:s| items?| points?)|to-?dos?|tasks|assignments|follow[- ]?ups?)\b"),
    ("decided", r"^(?:[\w-]+\s+)?(?:decisions?|resolutions?)(?:\s+(?:made|taken|reached|log))?\W*$"),
    ("changes", r"\b(?:operating|operational|organi[sz]ational|governance|policy|rule) changes?\b|^(?:\w+\s+)?(?:decisions?|resolutions?|motions?|vot(?:es?|ing)|proposals?|elections?)\b(?!\s*\w+\s+\w+\s+\w+)"),
    ("details", r"^(?:agenda\s*(?:&|and)\s*)?meeting (?:details|info\w*|data)\b|^(?:details|logistics|when|time and place|date)\b"),
    ("welcome", r"^(?:welcome|opening|call to order|roles|officers)\b"),
)  # fmt: skip
_COMPILED = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _ROLES)
_STATUS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    (
        "partial",
        re.compile(
            r"\bpart(?:ly|ial(?:ly)?|[- ]time)\b|\bleft early\b|\b(?:joined|arrived) late", re.IGNORECASE
        ),
    ),
    ("regrets", re.compile(r"\b(?:regrets?|apolog\w+|excused)\b", re.IGNORECASE)),
    (
        "absent",
        re.compile(r"\b(?:absen\w+|not (?:attending|present|here)|missing|no[- ]shows?)\b", re.IGNORECASE),
    ),
    (
        "present",
        re.compile(
            r"\b(?:attend\w*|present|participa\w+|who|here|roll[- ]call|guests?|observers?)\b",
            re.IGNORECASE,
        ),
    ),
)


def read_role(heading: str) -> Role:
    """Return the role that the words of a heading (plain text) give to what stands below it."""
    text = re.sub(r"^[\W\d]*(?=\d{1,2}:\d{2})|^[^\w(]+", "", heading.strip())
    for role, pattern in _COMPILED:
        if pattern.search(text):
            return role
    return "report"


def read_status(label: str) -> Status | None:
    """Return the attendance that a heading or label names, None where it names several or none.

    ``Attendees, absents & regrets`` names several: the labels below it decide.
    """
    found = [status for status, pattern in _STATUS if pattern.search(label)]
    if len(found) == 1 or (found and found[0] == "partial"):
        return found[0]
    if (
        found
        and set(found) == {"absent", "present"}
        and re.search(r"\bnot\s+(?:attend|present|here)", label, re.IGNORECASE)
    ):
        return "absent"
    return None
