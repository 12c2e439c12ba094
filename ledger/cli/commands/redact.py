"""``ledger redact``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger redact 2024-04-10/3.1 --reason "asked for by the person" --dry-run
  ledger redact '#41' --reason "a private address" --by @ann --yes

The words of the records and of their corrections go for good: in the log and in
the recorded minutes. What everybody can still check stays: that something was
there, when, and this reason. What names a person is found by their name, with
`ledger find @bob` and `ledger list proposals --person @bob` (also decisions,
actions, events). What git history and other copies still hold is printed at the
end. See docs/privacy.md.
"""

Names = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="The records: 2024-04-10/3.2 or #41.", show_default=False),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, not what. It stays on record for ever.")
]
By = Annotated[
    str | None, typer.Option("--by", metavar="PERSON", help="Who decided it [default: the recorder].")
]


def run(
    context: typer.Context,
    names: Names,
    reason: Reason,
    by: By = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Erase the words of records for good, and say so on record."""
    from ledger.cli.appending import Appending
    from ledger.cli.redact_view import print_redacted
    from ledger.workflow.redact import redact_records

    shared = {"yes": yes, "dry_run": dry_run, "on_this_branch": on_this_branch}
    asked = Appending.of(
        context, **shared, passphrase_file=passphrase_file, directory=directory, as_json=as_json
    )
    redacted = asked.call(redact_records, names, reason=reason, by=by)
    return print_redacted(asked.session, redacted, asked_to=yes)
