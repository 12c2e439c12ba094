"""``ledger witness request``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger witness request
  ledger witness request --dry-run
  ledger witness request --key "$VKEY" --url https://witness.example.org/

Sends the signed head, and hashes that show that it goes on from the one that the
witness saw before; never a word of what was decided. A cosignature belongs to one
head: after the next record, ask again.

Exit status 0: all cosigned; 1: one refused; 3: one did not answer.
"""

Key = Annotated[
    str | None, typer.Option("--key", metavar="VKEY", help="Ask the witness with this key only.")
]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="Where it is asked (with --key).")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show who would be asked, and stop.")]


def run(
    context: typer.Context,
    key: Key = None,
    url: Url = None,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Ask the witnesses to cosign the present head."""
    from ledger.cli.session import Session
    from ledger.cli.witness_view import print_request
    from ledger.workflow.witness.asking import request_cosignatures

    session = Session.of(context, directory=directory, as_json=as_json)
    request = request_cosignatures(session.places(), key=key, url=url, dry_run=dry_run)
    return print_request(session, request)
