"""``ledger member add``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, Yes

EXAMPLES = """\b
Examples:
  ledger member add @ann --key ~/.ssh/id_ed25519.pub
  ledger member add @ann --also "Ann Archer" --role chair
  ledger member add @bob --key "ssh-ed25519 AAAAC3Nz..."

Only GOVERNANCE.md is edited, every other line kept as it is. The change counts once
it is adopted: ledger charter adopt.
"""

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="The person, such as @ann.")]
Key = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY", help="An OpenSSH public key: its .pub file, or its line."),
]
Also = Annotated[
    list[str] | None, typer.Option("--also", metavar="NAME", help="Another name of the same person.")
]
Role = Annotated[list[str] | None, typer.Option("--role", metavar="ROLE", help="A role, such as chair.")]


def run(
    context: typer.Context,
    handle: Handle,
    key: Key = None,
    also: Also = None,
    role: Role = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Write a person, or a key of one, into GOVERNANCE.md."""
    from ledger.cli.member_view import Asking, print_edit
    from ledger.workflow.members.charter_keys import add_member

    asking = Asking.of(context, yes=yes, dry_run=dry_run, directory=directory, as_json=as_json)
    edit = add_member(
        asking.session.places(),
        handle,
        keys=key or (),
        also=also or (),
        roles=role or (),
        choices=asking.choices,
        dialogue=asking.dialogue,
    )
    return print_edit(asking.session, edit)
