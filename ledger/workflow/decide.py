"""``decide``: record by hand what no minutes say in a form that can be read.

One ``decision`` entry states what replaces, amends or repeals what, a declared outcome, days, a condition,
or a text elsewhere. It always names its source, lines of recorded minutes whose words are kept as
the quote, or gives a reason. It has no meeting of its own, so it carries the day on which it was taken:
that of the minutes it quotes, else the day it is recorded, unless somebody says another.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ledger.errors import Finding, NotFoundError, UsageError, Where
from ledger.governance.fields import text_of
from ledger.governance.links import RELATIONS, first_circle
from ledger.minutes.source import decode_source
from ledger.records import Decision, Reference, Source, to_body
from ledger.store.base import NewEntry
from ledger.store.places import MINUTES, RECORDS
from ledger.workflow.append import Appended, append_entries, read_stored
from ledger.workflow.effects import check_effect, check_words
from ledger.workflow.lookup import open_lookup
from ledger.workflow.signing import utc_today
from ledger.workflow.verify.identifiers import is_day

if TYPE_CHECKING:
    from ledger.lookup.index import Index
    from ledger.lookup.thread import Row
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.asking import Choices, Dialogue

Outcome = Literal["adopted", "rejected", "deferred", "withdrawn", "repealed"]

_PLACE = re.compile(r"(?P<path>.+?):(?P<first>[1-9]\d{0,8})(?:-(?P<last>[1-9]\d{0,8}))?", re.ASCII)
_DIGEST = re.compile("[0-9a-f]{64}")
_WORDS = {
    "supersedes": "supersedes",
    "partly_supersedes": "replaces part of",
    "amends": "amends",
    "repeals": "repeals",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states about a decision; ``source`` is ``FILE:LINE`` or ``FILE:LINE-LINE``.

    Days are ISO. The links name the older decisions; ``date`` is the day on which it was decided, None
    for that of the source, else today.
    """

    supersedes: tuple[str, ...] = ()
    partly_supersedes: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    repeals: tuple[str, ...] = ()
    outcome: Outcome | None = None
    until: str | None = None
    review_on: str | None = None
    expires_on: str | None = None
    condition: str | None = None
    condition_met: bool | None = None
    refers_to: Reference | None = None
    date: str | None = None
    source: str | None = None
    reason: str | None = None
    by: tuple[str, ...] = ()


def record_decision(
    places: Places,
    name: str,
    statement: Statement,
    *,
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Appended:
    """Record ``statement`` about the decision or proposal called ``name``, once somebody agreed.

    Raises NotFoundError for a record that is not there; UsageError for a statement that says nothing or can
    never count, has neither source nor reason, names what is no decision, or links in a circle; and what
    :func:`ledger.workflow.append.append_entries` raises.
    """
    _check(statement)
    findings: list[Finding] = []

    def make(store: FileStore) -> Sequence[NewEntry]:
        with open_lookup(places) as index:
            body, found = _body(index, store, name, statement)
        findings.extend(found)
        return [NewEntry("decision", None, body)]

    return append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message=f"Record a decision about {name}",
        findings=findings,
    )


def _check(statement: Statement) -> None:
    """Raise UsageError for what is wrong with a statement whatever the ledger holds."""
    if statement.until is not None and statement.outcome != "deferred":
        raise UsageError("--until belongs to --defer", fix="say --defer --until …, or --expires-on DATE")
    check_words(statement)
    if not _words(statement):
        raise UsageError(
            "nothing is said about it",
            why="a decision entry states what changed",
            fix="say what, for example --supersedes 2024-04-10/3; see ledger decide --help",
        )
    if statement.source is None and not (statement.reason or "").strip():
        raise UsageError(
            "neither a source nor a reason is given",
            why="whoever reads it later must be able to see where it comes from",
            fix='quote recorded minutes (--source FILE:LINE), or say why it is recorded: --reason "…"',
        )
    if statement.outcome in ("adopted", "rejected") and statement.source is None:
        raise UsageError(
            f"that it was {statement.outcome} needs a source",
            why="an outcome is what the group said, and the minutes must show it",
            fix="name the lines: --source records/minutes/2024-04-10.md:29",
        )
    reference = statement.refers_to
    days = [
        ("--on-day", statement.date),
        ("--review-on", statement.review_on),
        ("--expires-on", statement.expires_on),
        ("--as-of", reference.as_of if reference is not None else None),
    ]
    for option, day in days:
        if day is not None and not is_day(day):
            raise UsageError(f"{option} {day!r} is not a day", fix="write it as 2024-04-10")
    if statement.date is not None and statement.date > utc_today():
        raise UsageError(f"--on-day {statement.date} has not come yet", fix="record it once it is decided")
    if reference is not None and reference.sha256 and not _DIGEST.fullmatch(reference.sha256):
        raise UsageError("--sha256 is not a SHA-256 digest", fix="give 64 hexadecimal digits, lower case")


def _body(
    index: Index, store: FileStore, name: str, statement: Statement
) -> tuple[dict[str, Any], list[Finding]]:
    """Return the body of the entry for the ledger as it is, and what its reader should know."""
    target = _motion(index, name)
    links = {relation: _linked(index, getattr(statement, relation)) for relation in RELATIONS}
    _check_circle(index, target, [row for rows in links.values() for row in rows])
    source, day = (None, None) if statement.source is None else _quote(index, store, statement.source)
    day = statement.date or day or utc_today()
    check_effect(index, statement, day, target, links.items())
    supersedes, partly, amends, repeals = ([row.name for row in links[name]] for name in RELATIONS)
    words = _words(statement)
    record = Decision(
        text=words[:1].upper() + words[1:],
        outcome=statement.outcome,
        on=target.name,
        by=list(statement.by),
        date=day,
        until=statement.until,
        review_on=statement.review_on,
        expires_on=statement.expires_on,
        condition=statement.condition,
        condition_met=statement.condition_met,
        refers_to=[statement.refers_to] if statement.refers_to is not None else [],
        reason=(statement.reason or "").strip() or None,
        source=source,
        supersedes=supersedes,
        partly_supersedes=partly,
        amends=amends,
        repeals=repeals,
    )
    findings = []
    adopted = target.status == "adopted" or statement.outcome == "adopted"
    if any(links.values()) and not adopted:
        what = f"{target.name} is {target.status}, not adopted: the older decision stands until it is"
        findings.append(Finding("not-adopted", "warning", None, what))
    return to_body(record), findings


def _motion(index: Index, name: str) -> Row:
    """Return the row of the proposal, decision or raised matter called ``name``.

    Raises NotFoundError where there is none, UsageError where it is something else or gone.
    """
    from ledger.lookup.thread import read_row, row_called

    row = row_called(index, name.strip())
    why, fix = "both ends of a link must exist", "look for it: ledger find WORDS"
    if row is None:
        raise NotFoundError(f"{name} is not on record", why=why, fix=fix)
    if row.body is None:
        raise UsageError(f"{name} was taken back or erased", why=why, fix=fix)
    if row.root != row.seq:
        root = read_row(index, row.root)
        about = root.name if root is not None else "another record"
        raise UsageError(f"{name} is a {row.kind} about {about}", fix=f"name that: {about}")
    if row.status is None or row.kind == "action":
        raise UsageError(
            f"{name} is a {row.kind}, and only proposals and decisions can be decided",
            fix="ledger list proposals shows them",
        )
    return row


def _linked(index: Index, names: Sequence[str]) -> list[Row]:
    return list(dict.fromkeys(_motion(index, name) for name in names))


def _check_circle(index: Index, newer: Row, older: Sequence[Row]) -> None:
    ties = [(str(tie.newer), str(tie.older)) for ties in index.graph.to_older.values() for tie in ties]
    for row in older:
        if first_circle([*ties, (str(newer.seq), str(row.seq))]) is not None:
            raise UsageError(
                f"{newer.name} cannot replace or amend {row.name}: {row.name} leads back to it",
                why="of two decisions only one can be the newer",
                fix=f"see what is linked already: ledger show {newer.name}",
            )


def _quote(index: Index, store: FileStore, place: str) -> tuple[Source, str]:
    """Return the source that ``place`` (``FILE:LINE``) names, with its words, and its meeting's day."""
    match = _PLACE.fullmatch(place)
    if match is None:
        raise UsageError(
            f"--source {place!r} does not name lines", fix="write FILE:LINE or FILE:LINE-LINE, from 1"
        )
    path = _stored_path(store.places.root, match["path"])
    seq, meeting = next(_source_entries(index, path), (None, None))
    if seq is None:
        raise UsageError(
            f"{match['path']} is not recorded minutes",
            why="a quote must stand in a file whose digest is on record",
            fix=f"name a file in {MINUTES}, or record it first: ledger record FILE",
        )
    text = decode_source(read_stored(store, path), path).text
    lines = text.replace("\r", "").replace("\ufeff", "").split("\n")
    first, last = int(match["first"]), int(match["last"] or match["first"])
    quote = "".join(lines[first - 1 : last]).strip()
    if not first <= last <= len(lines) or not quote:
        raise UsageError(
            f"there are no words at lines {first} to {last}",
            fix=f"the file has lines 1 to {len(lines)}",
            where=Where(path),
        )
    return Source(seq=seq, lines=(first, last), quote=quote), (meeting or "")[:10]


def _stored_path(root: Path, name: str) -> str:
    """Return a file's path as source entries name it: relative to the ledger's root.

    ``minutes/2024-04-10.md`` stands for the recorded copy, whose lines count.
    """
    for path in (Path(name), root / name, root / RECORDS / name):
        relative = os.path.relpath(path.resolve(), root.resolve())
        if relative.startswith(f"{MINUTES}/") and path.is_file():
            return relative
    return name


def _source_entries(index: Index, path: str) -> Iterator[tuple[int, str | None]]:
    """Yield the source entries of a file with their meetings, the latest first."""
    for seq, meeting in index.rows(
        "SELECT seq, meeting FROM record WHERE kind = 'source' AND body IS NOT NULL ORDER BY seq DESC"
    ):
        if text_of(index.entry(seq).body or {}, "path") == path:
            yield seq, meeting


def _words(statement: Statement) -> str:
    """Return what a statement says in one line; empty where it says nothing."""
    parts = [
        f"{words} {', '.join(getattr(statement, relation))}"
        for relation, words in _WORDS.items()
        if getattr(statement, relation)
    ]
    if statement.outcome is not None:
        parts.append(statement.outcome + (f" until {statement.until}" if statement.until else ""))
    if statement.condition:
        parts.append(f"on condition that {statement.condition}")
    if statement.condition_met is not None:
        parts.append("the condition is met" if statement.condition_met else "the condition is not met")
    if statement.review_on:
        parts.append(f"to be reviewed on {statement.review_on}")
    if statement.expires_on:
        parts.append(f"stands until {statement.expires_on}")
    if statement.refers_to is not None:
        parts.append(f"refers to {statement.refers_to.what}")
    return "; ".join(parts)
