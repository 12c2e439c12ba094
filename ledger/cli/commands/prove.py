"""``ledger prove``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger prove 2024-04-10/3 -o decision.proof
  ledger prove "#41" | ledger verify /dev/stdin
  ledger prove --since last-year.checkpoint -o growth.proof

The proof of a record is its line of the log and a C2SP tlog-proof: a small text
that anyone can check with `ledger verify FILE`, or without this program.
"""

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[ID]", help="A record: 2024-04-10/3, a meeting's date, or #41.", show_default=False
    ),
]
Since = Annotated[
    Path | None,
    typer.Option(
        "--since",
        metavar="FILE",
        help="Prove that the log extends the signed head in FILE (an earlier records/log/checkpoint).",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the proof to FILE, not to standard output."),
]


def run(
    context: typer.Context,
    name: Name = None,
    since: Since = None,
    output: Output = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Prove a record, or that the log has only grown, in a file of its own."""
    from ledger.cli.bundle_view import print_proof
    from ledger.cli.session import Session
    from ledger.workflow.prove import make_proof, write_proof

    session = Session.of(context, directory=directory, as_json=as_json)
    proof = make_proof(session.places(), name, since=since)
    if output is not None:
        write_proof(proof, output)
    return print_proof(session, proof, output)
