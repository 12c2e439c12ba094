"""Whether what somebody states about a decision can mean anything: the words, and what it would change.

A statement that no reader would ever be told of, or that could never count, is refused before it is
recorded, because nothing on record can be taken out again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ledger.errors import UsageError
from ledger.governance.links import OUTCOMES

if TYPE_CHECKING:
    from ledger.lookup.index import Index
    from ledger.lookup.thread import Row
    from ledger.workflow.decide import Statement

_URL = re.compile(r"https?://[^\s/]\S*", re.ASCII | re.IGNORECASE)
_ENDS = {"repealed": "--repeal", "withdrawn": "--withdraw"}
_OPTIONS = {"supersedes": "--supersedes", "repeals": "--repeals"}


def check_words(statement: Statement) -> None:
    """Raise UsageError where a text of ``statement`` holds a control character, or a URL is none."""
    reference = statement.refers_to
    texts = [
        ("--until", statement.until),
        ("--condition", statement.condition),
        ("--reason", statement.reason),
        *(("--by", person) for person in statement.by),
    ]
    if reference is not None:
        texts += [
            ("--refers-to", reference.what),
            ("--version", reference.version),
            ("--url", reference.url),
        ]
    for option, text in texts:
        if text is not None and any(unicodedata.category(character) == "Cc" for character in text):
            raise UsageError(
                f"{option} holds a control character",
                why="it is shown in one line, and would not be seen as it was typed",
                fix="write it in one line, without tabs",
            )
    if reference is not None and reference.url is not None and not _URL.fullmatch(reference.url):
        raise UsageError(
            f"--url {reference.url!r} is not the address of a page",
            why="whoever reads it later must be able to open it",
            fix="write it as https://example.org/rules",
        )


def check_effect(
    index: Index, statement: Statement, day: str, target: Row, older: Iterable[tuple[str, Sequence[Row]]]
) -> None:
    """Raise UsageError where a part of ``statement`` about ``target``, of ``day`` (ISO), can never count.

    ``older`` are the decisions that it links to, by relation.
    """
    from ledger.lookup.thread import read_thread

    thread = read_thread(index, target, comments=0)
    declared = thread.declared
    adopted = day if statement.outcome == "adopted" else declared.date or thread.fact.date
    for option, end in (("--review-on", statement.review_on), ("--expires-on", statement.expires_on)):
        if end is not None and end < adopted:
            raise UsageError(
                f"{option} {end} is before {target.name} was decided, on {adopted}",
                why="nothing ends, and nothing is reviewed, before it begins",
                fix=f"give a day from {adopted} on",
            )
    if statement.condition_met is not None and not statement.condition and not thread.terms.conditions:
        raise UsageError(
            f"no condition of {target.name} is on record",
            why="what is not stated cannot be met, nor fail",
            fix=f'state it first: ledger decide {target.name} --condition "…"',
        )
    if statement.outcome in _ENDS and declared.status == "adopted":
        _check_order(_ENDS[statement.outcome], day, target.name, declared.date)
    if statement.outcome == "adopted":
        since: str | None = day
    else:
        since = _since(day, declared.status, declared.date)
    for relation, rows in older:
        for row in rows if relation in OUTCOMES and since is not None else ():
            ended = read_thread(index, row, comments=0).declared
            if ended.status == "adopted":
                _check_order(_OPTIONS[relation], since or day, row.name, ended.date)


def _since(day: str, status: str | None, adopted: str | None) -> str | None:
    """Return the day from which a link of ``day`` counts, None while the newer decision is not adopted."""
    return max(day, adopted or day) if status == "adopted" else None


def _check_order(option: str, day: str, name: str, adopted: str | None) -> None:
    if adopted is not None and day < adopted:
        raise UsageError(
            f"{option} would count from {day}, and {name} was adopted on {adopted}",
            why="of two days the later one counts: it would change nothing",
            fix=f"say on which day, from {adopted} on, it was decided: --on-day DATE",
        )
