"""The kinds of record: frozen values, no input or output.

Reading order: :mod:`base`, :mod:`own` (what the ledger itself states), :mod:`signed` (what members sign),
:mod:`minutes`, :mod:`votes`.

A record is the body of a log entry. Names follow Popolo and Open Civic Data where these have one
(motion text, vote counts with the options ``yes``/``no``/``abstain``, attendance); the kinds keep the
mission's own words. What minutes state and what rules compute are never in the same field: ``stated``
holds words and numbers that stand in the source, and None means that nobody stated it.

People are strings as the minutes spell them: a handle (``@sjn``) where one is given, else the name.
References are identifiers for people (``2024-04-10/3``) or, where a record has none, its sequence
number (``#41``). Every line number is 1-based, counted over the whole file.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.records.base import FromMinutes, Record, Source
from ledger.records.minutes import (
    Action,
    Appointment,
    Approval,
    Attendance,
    Comment,
    Decision,
    Detail,
    Event,
    Meeting,
    Mention,
    Proposal,
    Reference,
    Report,
    Topic,
)
from ledger.records.own import (
    Abandoned,
    Charter,
    Correction,
    Previous,
    Redaction,
    SourceFile,
    Unsettled,
)
from ledger.records.signed import Attestation, HeadSeen, Signed, Statement
from ledger.records.votes import (
    HELD,
    Ballot,
    BrokenTie,
    CastBallot,
    CharterRef,
    Counts,
    Draw,
    FileLine,
    OptionCount,
    Poll,
    Score,
    SetAside,
    Stated,
    Tally,
    Vote,
)

__all__ = [
    "CORRECTABLE",
    "HELD",
    "KINDS",
    "Abandoned",
    "Action",
    "Appointment",
    "Approval",
    "Attendance",
    "Attestation",
    "Ballot",
    "BrokenTie",
    "CastBallot",
    "Charter",
    "CharterRef",
    "Comment",
    "Correction",
    "Counts",
    "Decision",
    "Detail",
    "Draw",
    "Event",
    "FileLine",
    "FromMinutes",
    "HeadSeen",
    "Meeting",
    "Mention",
    "OptionCount",
    "Poll",
    "Previous",
    "Proposal",
    "Record",
    "Redaction",
    "Reference",
    "Report",
    "Score",
    "SetAside",
    "Signed",
    "Source",
    "SourceFile",
    "Stated",
    "Statement",
    "Tally",
    "Topic",
    "Unsettled",
    "Vote",
    "from_body",
    "to_body",
]

KINDS: dict[str, type[Record]] = {
    "charter": Charter,
    "source": SourceFile,
    "meeting": Meeting,
    "approval": Approval,
    "proposal": Proposal,
    "comment": Comment,
    "vote": Vote,
    "decision": Decision,
    "appointment": Appointment,
    "mention": Mention,
    "action": Action,
    "event": Event,
    "report": Report,
    "poll": Poll,
    "ballot": CastBallot,
    "attestation": Attestation,
    "correction": Correction,
    "redaction": Redaction,
    "abandoned": Abandoned,
}
"""Every kind this version knows, in the order of the documentation; later versions add to it."""


CORRECTABLE = frozenset(KINDS) - {
    "charter",
    "source",
    "poll",
    "ballot",
    "attestation",
    "redaction",
    "correction",
    "abandoned",
}
"""Kinds that a correction may point at."""


def to_body(record: Record) -> dict[str, Any]:
    """Return the JSON value (dicts, lists, text, integers, booleans, None) of a record."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return body


def from_body(kind: str, body: dict[str, Any]) -> Record:
    """Return the record that ``body`` states.

    Raises KeyError for a kind that this version does not know and msgspec.ValidationError where the
    body does not fit its kind.
    """
    return msgspec.convert(body, KINDS[kind])
