"""``ledger verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory

EXAMPLES = """\b
Examples:
  ledger verify
  ledger verify --json --ledger ../group
  ledger verify --key "example.org/ledger+c9a5ee5f+AW+sQ…"
  ledger verify --witnesses 2 --tsa-cert tsa.pem

Exit status 0: everything held; 1: something is wrong; 3: could not find out.
"""

Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="VKEY",
        help="Trust this C2SP verifier key instead of the pin or the first charter.",
    ),
]

Policy = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help="Demand what this policy says: which logs, which witnesses, how many (C2SP tlog-policy).",
    ),
]
Witnesses = Annotated[
    int | None,
    typer.Option(
        "--witnesses", metavar="K", help="Demand cosignatures of K of the witnesses that the charter names."
    ),
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        "--tsa-cert",
        metavar="FILE",
        help="Check the time stamps of heads with these certificates (PEM) of the authority.",
    ),
]


def run(
    context: typer.Context,
    key: Key = None,
    policy: Policy = None,
    witnesses: Witnesses = None,
    certificates: Certificates = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Check every promise of the log, and say what was not checked."""
    from ledger.cli.progress import Progress
    from ledger.cli.session import Session
    from ledger.cli.verify_view import print_report
    from ledger.workflow.verify import read_demands, verify_ledger

    session = Session.of(context, directory=directory, as_json=as_json)
    demands = read_demands(policy, witnesses, certificates)
    with Progress("checking entries") as progress:
        report = verify_ledger(session.places(), key=key, demands=demands, progress=progress.update)
    return print_report(session, report)
