"""``ledger verify``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.options import AsJson, Directory

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.workflow.verify import Demands

EXAMPLES = """\b
Examples:
  ledger verify
  ledger verify --json --ledger ../group
  ledger verify --base origin/main
  ledger verify --max-age 30d
  ledger verify --key "example.org/ledger+c9a5ee5f+AW+sQ…"
  ledger verify --witnesses 1 --tsa-cert tsa.pem
  ledger verify decision.proof

With FILE a proof that `ledger prove` made is checked alone, with no ledger at
hand; it claims to be of a log, whose key you name with --key or in a --policy.

Exit status 0: everything held; 1: something is wrong; 3: could not find out.
"""

File = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="Check this proof instead of a ledger.", show_default=False),
]
Key = Annotated[
    list[str] | None,
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


Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="GITREF|FILE",
        help="Show that the log extends the one in this commit (or this signed head; - reads it from the "
        "input), and list what is new since.",
    ),
]
MaxAge = Annotated[
    str | None,
    typer.Option("--max-age", metavar="AGE", help="Fail where the last entry is older: 30d, 12h, 2w, 90m."),
]


def run(
    context: typer.Context,
    file: File = None,
    key: Key = None,
    policy: Policy = None,
    witnesses: Witnesses = None,
    certificates: Certificates = None,
    base: Base = None,
    max_age: MaxAge = None,
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
    if file is not None:
        return check_file(session, file, key or (), demands)
    with Progress("checking entries") as progress:
        report = verify_ledger(
            session.places(),
            key=one_key(key),
            base=base,
            max_age=max_age,
            demands=demands,
            progress=progress.update,
        )
    return print_report(session, report)


def check_file(session: Session, file: Path, keys: Sequence[str], demands: Demands) -> int:
    """Check a proof alone."""
    from ledger.cli.bundle_view import print_file_report
    from ledger.workflow.verify.bundle import verify_file

    report = verify_file(file, keys=keys, directory=session.directory, demands=demands)
    return print_file_report(session, report)


def one_key(keys: Sequence[str] | None) -> str | None:
    """Return the one key that a ledger's head must be signed with, None where none is named."""
    from ledger.errors import UsageError

    if keys is not None and len(keys) > 1:
        raise UsageError("a ledger is verified with one --key", fix="name the key that signed its head")
    return keys[0] if keys else None
