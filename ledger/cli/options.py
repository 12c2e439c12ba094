"""Options that several commands share, so that they read alike everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text, errors included.")]
Directory = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="DIR",
        help="The ledger to use, instead of the one around the current directory.",
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="Read the key's passphrase from the first line of FILE.",
    ),
]
OnThisBranch = Annotated[
    bool, typer.Option("--on-this-branch", help="Sign although this is not the default branch.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Record without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be done, and stop.")]
OnDate = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Answer as of this day: nothing later counts.")
]
SignWith = Annotated[
    Path | None,
    typer.Option(
        "--sign-with",
        metavar="FILE",
        help="The SSH key to sign with; a .pub file for a key in ssh-agent or hardware.",
    ),
]
