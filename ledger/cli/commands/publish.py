"""``ledger publish``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun

EXAMPLES = """\b
Examples:
  ledger publish public
  ledger publish public --dry-run

What is written is C2SP tlog-tiles (checkpoint, tile/…) and the entries beside
it: static files for any web server. A second run writes only what has changed.
"""

Target = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where the published files lie; made where it is missing.")
]


def run(
    context: typer.Context,
    target: Target,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Write the log as static files that others can mirror and prove from."""
    from ledger.cli.progress import Progress
    from ledger.cli.publish_view import print_published
    from ledger.cli.session import Session
    from ledger.workflow.publish import publish_log

    session = Session.of(context, directory=directory, as_json=as_json)
    with Progress("checking entries") as progress:
        done = publish_log(session.places(), target, dry_run=dry_run, progress=progress.update)
    return print_published(session, done)
