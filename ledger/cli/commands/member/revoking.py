"""``ledger member revoke``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, Yes

EXAMPLES = """\b
Examples:
  ledger member revoke @ann old_key.pub
  ledger member revoke @ann SHA256:uNiVztks... --suspect-since 2024-05-01

What the key signed before stays valid. With --suspect-since, what was recorded from
that day until the revocation is adopted is shown as disputed. Then adopt it:
ledger charter adopt.
"""

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="The person, such as @ann.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="Its fingerprint (SHA256:...), file or line.")]
Since = Annotated[
    str | None,
    typer.Option("--suspect-since", metavar="DAY", help="From when on its signatures are in doubt."),
]


def run(
    context: typer.Context,
    handle: Handle,
    key: Key,
    suspect_since: Since = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Move a key to the revoked ones in GOVERNANCE.md."""
    from ledger.cli.member_view import Asking, print_edit
    from ledger.workflow.members.charter_keys import revoke_key

    asking = Asking.of(context, yes=yes, dry_run=dry_run, directory=directory, as_json=as_json)
    edit = revoke_key(
        asking.session.places(),
        handle,
        key,
        suspect_since=suspect_since,
        choices=asking.choices,
        dialogue=asking.dialogue,
    )
    return print_edit(asking.session, edit)
