"""Each record of a list as a JSON value, and as the columns of a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ledger.governance.fields import Body, mappings_of, text_of, texts_of
from ledger.lookup.answer import counts_of, stated_words
from ledger.lookup.document import title_of, words_of
from ledger.lookup.filters import is_date
from ledger.lookup.footing import standing_json
from ledger.lookup.index import Index
from ledger.lookup.thread import Row, place_of, read_changes, read_fact, read_thread
from ledger.minutes.inline import plain_text


def _base(index: Index, row: Row, body: Body) -> dict[str, Any]:
    place = place_of(index, body)
    return {
        "kind": row.kind,
        "id": row.name,
        "seq": row.seq,
        "title": plain_text(title_of(row.kind, body, row.date)) or row.name,
        "status": row.status,
        "date": row.date,
        "meeting": row.meeting,
        "quote": place.quote if place is not None else None,
        "source": str(place) if place is not None else None,
        "corrected": [f"#{change.seq}" for change in read_changes(index, row.seq)]
        if row.body != row.seq
        else [],
    }


def _motion_item(index: Index, row: Row) -> dict[str, Any]:
    thread = read_thread(index, row, comments=0)
    body = thread.fact.body
    deciding = thread.deciding
    vote = deciding if deciding is not None and deciding.kind == "vote" else None
    if deciding is None and thread.votes:
        vote = thread.votes[-1]
    return {
        **_base(index, row, body),
        "status": thread.standing.status,
        "explanation": thread.standing.sentence,
        "date": thread.date,
        "raised": row.date,
        "proposer": text_of(body, "proposer") or None,
        "by": [*texts_of(body, "by"), *texts_of(body, "co_proposers")],
        "stated": stated_words(vote.body) if vote is not None else None,
        "counts": counts_of(vote.body) if vote is not None else None,
        **standing_json(thread),
        "comments": thread.comment_count,
        "mentions": [mention.date for mention in thread.mentions],
    }


def _meeting_item(index: Index, row: Row) -> dict[str, Any]:
    body = read_fact(index, row).body
    attendance: dict[str, list[str]] = defaultdict(list)
    for item in mappings_of(body, "attendance"):
        attendance[text_of(item, "status")].append(text_of(item, "person"))
    return {
        **_base(index, row, body),
        "status": None,
        "start": text_of(body, "start") or None,
        "end": text_of(body, "end") or None,
        "location": plain_text(text_of(body, "location")) or None,
        **{role: texts_of(body, role) for role in ("chair", "secretary", "organizer", "deputy")},
        **{status: attendance[status] for status in ("present", "partial", "regrets", "absent")},
        "approval": index.approvals.of(row).to_json(),
    }


def _action_item(index: Index, row: Row) -> dict[str, Any]:
    thread = read_thread(index, row, comments=0)
    body = thread.fact.body
    return {
        **_base(index, row, body),
        "status": thread.standing.status,
        "explanation": thread.standing.sentence,
        "assignees": texts_of(body, "assignees"),
        "due": text_of(body, "due") or None,
        "about": text_of(body, "on") or None,
        "text": plain_text(words_of("action", body)),
        "mentions": [mention.date for mention in thread.mentions],
    }


def _event_item(index: Index, row: Row) -> dict[str, Any]:
    body = read_fact(index, row).body
    start = text_of(body, "start")
    return {
        **_base(index, row, body),
        "status": None,
        "date": start[:10] if is_date(start[:10]) else None,
        "stated_on": row.date,
        "what": text_of(body, "what") or None,
        "when": text_of(body, "when") or None,
        "start": start or None,
        "end": text_of(body, "end") or None,
        "location": plain_text(text_of(body, "location")) or None,
    }


ITEMS: dict[str, Callable[[Index, Row], dict[str, Any]]] = {
    "decisions": _motion_item,
    "proposals": _motion_item,
    "meetings": _meeting_item,
    "actions": _action_item,
    "events": _event_item,
}


def _motion_columns(item: dict[str, Any]) -> tuple[str, ...]:
    proposer = f" ({item['proposer']})" if item["proposer"] else ""
    return item["status"] or "", item["date"], item["id"], item["title"] + proposer


def _meeting_columns(item: dict[str, Any]) -> tuple[str, ...]:
    count = len(item["present"]) + len(item["partial"])
    mark = "draft · " if item["approval"]["state"] == "draft" else ""
    chair = f"chair {', '.join(item['chair']) or '–'}"
    return item["id"], f"{count} attended", chair, mark + item["title"]


def _person_columns(item: dict[str, Any]) -> tuple[str, ...]:
    meetings, proposals = item["meetings"], item["proposals"]
    parts = [f"{proposals} {'proposal' if proposals == 1 else 'proposals'}"] if proposals else []
    parts += [", ".join(item["offices"])] if item["offices"] else []
    span = f"{item['first_seen']} to {item['last_seen']}"
    return (
        item["id"],
        f"{meetings} {'meeting' if meetings == 1 else 'meetings'}",
        "; ".join([span, *parts]),
    )


def _action_columns(item: dict[str, Any]) -> tuple[str, ...]:
    people = f" ({', '.join(item['assignees'])})" if item["assignees"] else ""
    return item["status"] or "", item["date"], item["id"], item["title"] + people


def _event_columns(item: dict[str, Any]) -> tuple[str, ...]:
    when = f" ({item['when']})" if item["when"] else ""
    return item["date"] or "no date", item["id"], item["what"] or "", f"{item['title']}{when}"


COLUMNS: dict[str, Callable[[dict[str, Any]], tuple[str, ...]]] = {
    "decisions": _motion_columns,
    "proposals": _motion_columns,
    "meetings": _meeting_columns,
    "people": _person_columns,
    "actions": _action_columns,
    "events": _event_columns,
}
