"""``ledger record``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger record minutes/2024-04-10.md
  ledger record --dry-run minutes/*.md
  ledger record --dry-run --markdown minutes/2024-04-10.md >> summary.md
  ledger record --yes --passphrase-file key.pass minutes/2024-04-10.md

Without --yes nothing is recorded unless somebody says yes on a terminal. On a
branch other than the default one the minutes are only shown.
"""

# Whether a file can be read is told by the reading, in three parts.
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="The minutes, in Markdown.", readable=False)
]
Edit = Annotated[bool, typer.Option("--edit", "-e", help="Edit the records in $EDITOR first.")]
Same = Annotated[
    bool, typer.Option("--same", help="A date on record with other content is a later reading.")
]
Second = Annotated[
    bool, typer.Option("--second", help="A date on record with other content is a second meeting.")
]
Reread = Annotated[
    bool, typer.Option("--reread", help="Read recorded minutes again; append what is now read otherwise.")
]
Markdown = Annotated[
    bool, typer.Option("--markdown", help="With --dry-run: print a preview that is safe to publish.")
]
Despite = Annotated[
    bool,
    typer.Option("--despite-redaction", help="Redacted minutes in another text: no words return."),
]


def run(
    context: typer.Context,
    files: Files,
    yes: Yes = False,
    dry_run: DryRun = False,
    edit: Edit = False,
    same: Same = False,
    second: Second = False,
    reread: Reread = False,
    despite_redaction: Despite = False,
    on_this_branch: OnThisBranch = False,
    markdown: Markdown = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Record minutes: show what they say, ask, and seal it."""
    from ledger.cli.dialogue import TerminalDialogue
    from ledger.cli.markdown_view import check_markdown
    from ledger.cli.record_view import answer_for, print_recording
    from ledger.cli.session import Session
    from ledger.workflow.asking import Choices
    from ledger.workflow.record import record_minutes

    session = Session.of(context, directory=directory, as_json=as_json)
    check_markdown(markdown=markdown, dry_run=dry_run, as_json=as_json)
    doubtful = answer_for(same=same, second=second)
    choices = Choices(yes, dry_run, edit, doubtful, reread, on_this_branch, despite_redaction)
    dialogue = TerminalDialogue(session.screen, quiet=as_json or markdown)
    recording = record_minutes(
        files, places=session.places, choices=choices, dialogue=dialogue, passphrase_file=passphrase_file
    )
    return print_recording(session, recording, asked_to=yes, markdown=markdown)
