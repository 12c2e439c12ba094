"""``ledger list``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ledger.cli.options import AsJson, Directory, OnDate

EXAMPLES = """\b
Examples:
  ledger list decisions
  ledger list decisions --status all --since 2024
  ledger list decisions --needs attention
  ledger list actions --status open --person @sjn
"""

Kind = Annotated[
    Literal["decisions", "proposals", "meetings", "people", "actions", "events"],
    typer.Argument(help="What to list; decisions are those in force unless --status says otherwise."),
]
Status = Annotated[
    str | None, typer.Option("--status", metavar="STATUS", help="adopted, open, rejected, done …; or all.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="From this day, month or year on.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Up to this day, month or year.")
]
Person = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Whom it concerns.")]
Topic = Annotated[str | None, typer.Option("--topic", metavar="WORDS", help="Words that it holds.")]
Needs = Annotated[
    str | None,
    typer.Option("--needs", metavar="attention", help="Only what hangs, with the reasons; minutes too."),
]


def run(
    context: typer.Context,
    kind: Kind,
    status: Status = None,
    since: Since = None,
    until: Until = None,
    person: Person = None,
    topic: Topic = None,
    needs: Needs = None,
    on: OnDate = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """List decisions, proposals, meetings, people, actions, events."""
    from ledger.cli.session import Session
    from ledger.workflow.lookup import list_kind

    session = Session.of(context, directory=directory, as_json=as_json)
    filters = {"status": status, "since": since, "until": until, "person": person, "topic": topic}
    listing = list_kind(session.places(), kind, **filters, needs=needs, on=on)
    return session.print_answer(listing)
