"""``ledger witness add``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  VKEY="witness.example.org+b8a2cf20+BFLN3yi…"
  ledger witness add "$VKEY" --url https://witness.example.org/ --dry-run
  ledger witness add "$VKEY" --url https://witness.example.org/

The witness counts once the charter is adopted: ledger charter adopt
"""

Key = Annotated[str, typer.Argument(metavar="VKEY", help="The witness's C2SP verifier key (type 04).")]
Url = Annotated[str, typer.Option("--url", metavar="URL", help="Where the witness is asked (https).")]
Threshold = Annotated[
    int | None,
    typer.Option("--threshold", metavar="K", help="How many of the witnesses must cosign a head."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be written, and stop.")]


def run(
    context: typer.Context,
    key: Key,
    url: Url,
    threshold: Threshold = None,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Name a witness in GOVERNANCE.md."""
    from ledger.cli.session import Session
    from ledger.cli.witness_view import print_named
    from ledger.workflow.witness.naming import add_witness

    session = Session.of(context, directory=directory, as_json=as_json)
    named = add_witness(session.places(), key, url, threshold=threshold, dry_run=dry_run)
    return print_named(session, named)
