"""``ledger witness timestamp``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger witness timestamp --tsa https://tsa.example.org/
  ledger witness timestamp --tsa https://tsa.example.org/ --tsa-cert tsa.pem

Needs an extra: pip install 'rfc3161-client>=1.0.9'. Sends a SHA-256 of the head, nothing else.
"""

Tsa = Annotated[
    str, typer.Option("--tsa", metavar="URL", help="The time-stamp authority to ask (RFC 3161, https).")
]
Certificate = Annotated[
    Path | None,
    typer.Option(
        "--tsa-cert",
        metavar="FILE",
        help="The authority's certificates (PEM): check its answer before it is kept.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be asked, and stop.")]


def run(
    context: typer.Context,
    tsa: Tsa,
    certificate: Certificate = None,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Get a time stamp of the present head."""
    from ledger.cli.session import Session
    from ledger.cli.witness_view import print_stamped
    from ledger.workflow.witness.stamping import timestamp_head

    session = Session.of(context, directory=directory, as_json=as_json)
    stamped = timestamp_head(session.places(), tsa, certificates=certificate, dry_run=dry_run)
    return print_stamped(session, stamped)
