"""Drafts → bodies with identifiers: the last step before records become entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.minutes.drafts import REFERENCES, Draft, Minutes, to_key
from ledger.records import Comment, Mention, to_body


@dataclass(frozen=True, slots=True)
class NumberedDraft:
    """A record ready to be an entry: identifier for people (or None) and the body as JSON value."""

    kind: str
    id: str | None
    body: dict[str, Any]


def number_drafts(
    minutes: Minutes,
    *,
    meeting_id: str,
    source_seq: int,
    first_seq: int,
    taken: Mapping[str, int] | None = None,
    known: Mapping[int, str] | None = None,
) -> list[NumberedDraft]:
    """Return the drafts with identifiers and with every reference resolved.

    ``meeting_id`` is ``2024-04-10`` (or ``2024-04-10b``), ``source_seq`` the sequence number of the
    ``source`` entry, ``first_seq`` that of the first record here. ``taken`` tells the highest number
    in use by prefix: ``{"2024-04-10": 3, "2024-04-10/3": 2}`` for three proposals and two comments on
    the third. ``known`` gives identifiers to drafts that are on record already (by draft key): these
    get no number and are left out, and references to them point at the record.
    """
    numbers = dict(taken or {})
    given = dict(known or {})
    fresh = [draft for draft in minutes.drafts if draft.key not in given]
    sequence = {draft.key: first_seq + place for place, draft in enumerate(fresh)}

    def next_number(prefix: str) -> int:
        numbers[prefix] = numbers.get(prefix, 0) + 1
        return numbers[prefix]

    identifiers: dict[int, str | None] = {}
    for draft in fresh:
        if draft.kind == "meeting":
            identifiers[draft.key] = meeting_id
        elif draft.kind == "proposal":
            identifiers[draft.key] = f"{meeting_id}/{next_number(meeting_id)}"
        elif isinstance(draft.record, Mention):
            # What is said about a mention is said about the proposal that came up again.
            given[draft.key] = draft.record.of
    for draft in fresh:
        if isinstance(draft.record, Comment):
            proposal = _proposal_of(draft.record.on, identifiers, given)
            if proposal is not None:
                identifiers[draft.key] = f"{proposal}.{next_number(proposal)}"

    def resolve(reference: str) -> str:
        key = to_key(reference)
        if key is None:
            return reference
        return given.get(key) or identifiers.get(key) or f"#{sequence[key]}"

    return [
        NumberedDraft(draft.kind, identifiers.get(draft.key), _body(draft, resolve, source_seq))
        for draft in fresh
    ]


def _proposal_of(
    reference: str | None, identifiers: Mapping[int, str | None], given: Mapping[int, str]
) -> str | None:
    """Return the identifier of the proposal that ``reference`` names, None for another record."""
    key = to_key(reference)
    found = reference if key is None else given.get(key) or identifiers.get(key)
    return found if found is not None and "/" in found else None


def _body(draft: Draft, resolve: Any, source_seq: int) -> dict[str, Any]:
    body = to_body(draft.record)
    for name in REFERENCES:
        if isinstance(body.get(name), str):
            body[name] = resolve(body[name])
    if body.get("source"):
        body["source"]["seq"] = source_seq
    for passage in body.get("sources", []):
        passage["seq"] = source_seq
    return body
