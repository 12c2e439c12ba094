"""``ledger init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, PassphraseFile

EXAMPLES = """\b
Examples:
  ledger init --group "Book Readers" --origin example.org/readers
  ledger init --group Readers --origin example.org/r --passphrase-file pass
  ledger init --github --dry-run

The private key stays outside the repository, encrypted. Back it up: without it
nobody can sign.
"""

Where = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DIR]", help="The group's repository (default: --ledger, else here).", show_default=False
    ),
]
Group = Annotated[str | None, typer.Option("--group", metavar="NAME", help="The group's name.")]
Origin = Annotated[
    str | None,
    typer.Option("--origin", metavar="NAME", help="What names the log for ever: a URL without https://."),
]
NoPassphrase = Annotated[
    bool,
    typer.Option("--no-passphrase", help="Leave the key unencrypted: whoever reads the file can sign."),
]
ExistingKey = Annotated[
    bool, typer.Option("--existing-key", help="Sign with the key that this computer has for the origin.")
]
GitHub = Annotated[
    bool,
    typer.Option(
        "--github",
        help="Write a GitHub workflow that checks the log and previews minutes; in a ledger only that.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="With --github: show it, and write nothing.")]


def run(
    context: typer.Context,
    directory: Where = None,
    group: Group = None,
    origin: Origin = None,
    no_passphrase: NoPassphrase = False,
    passphrase_file: PassphraseFile = None,
    existing_key: ExistingKey = False,
    github: GitHub = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Start a ledger: its key, its charter, its first signed head."""
    from ledger.cli.github_view import print_workflow, workflow_alone
    from ledger.cli.init_view import ask_names, choose_passphrase, print_init
    from ledger.workflow.init import init_ledger

    place = directory or context.find_root().obj or Path()
    places = workflow_alone(place, github=github, dry_run=dry_run, names=(group, origin))
    if places is not None:
        return print_workflow(places, dry_run=dry_run, as_json=as_json)
    names = ask_names(group, origin)
    passphrase = choose_passphrase(passphrase_file, none=no_passphrase, existing=existing_key)
    report = init_ledger(
        place, group=names[0], origin=names[1], passphrase=passphrase, existing_key=existing_key
    )
    return print_init(report, as_json=as_json, github=github)
