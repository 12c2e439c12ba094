"""``ledger decide``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson, Directory, DryRun, OnThisBranch, PassphraseFile, Yes

EXAMPLES = """\b
Examples:
  ledger decide 2024-04-10/3 --supersedes 2024-04-10/1 --reason "…" -n
  ledger decide 2024-04-10/3 --review-on 2026-04-10 --reason "yearly" --yes
  ledger decide 2024-04-10/3 -n --defer --source minutes/2024-04-10.md:86

ID is the decision that the facts are about: of two, the newer one. A link counts
once that one is adopted. A source (lines of recorded minutes) or a reason is needed.
"""

Name = Annotated[str, typer.Argument(metavar="ID", help="The decision or proposal: 2024-04-10/3 or #41.")]
Supersedes = Annotated[
    list[str] | None, typer.Option("--supersedes", metavar="ID", help="It replaces this one.")
]
Partly = Annotated[
    list[str] | None, typer.Option("--partly-supersedes", metavar="ID", help="It replaces a part of this.")
]
Amends = Annotated[list[str] | None, typer.Option("--amends", metavar="ID", help="It changes this one.")]
Repeals = Annotated[
    list[str] | None,
    typer.Option("--repeals", metavar="ID", help="It ends this one; nothing replaces it."),
]
Repeal = Annotated[bool, typer.Option("--repeal", help="It stands no longer.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Whoever proposed it took it back.")]
Defer = Annotated[bool, typer.Option("--defer", help="It was put off.")]
Until = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Put off until then, in words.")]
Adopt = Annotated[bool, typer.Option("--adopt", help="It was adopted; needs --source.")]
Reject = Annotated[bool, typer.Option("--reject", help="It was rejected; needs --source.")]
ReviewOn = Annotated[
    str | None, typer.Option("--review-on", metavar="DATE", help="To be reviewed that day.")
]
ExpiresOn = Annotated[str | None, typer.Option("--expires-on", metavar="DATE", help="The last day.")]
Condition = Annotated[
    str | None, typer.Option("--condition", metavar="TEXT", help="It was adopted on this condition.")
]
Met = Annotated[bool, typer.Option("--condition-met", help="Its condition is met.")]
NotMet = Annotated[bool, typer.Option("--condition-failed", help="Its condition is not met.")]
RefersTo = Annotated[
    str | None, typer.Option("--refers-to", metavar="WHAT", help="A text elsewhere that it makes its own.")
]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="Where that text is.")]
Version = Annotated[str | None, typer.Option("--version", metavar="V", help="Which version was meant.")]
Sha256 = Annotated[str | None, typer.Option("--sha256", metavar="HEX", help="The SHA-256 of that text.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day it said so.")]
OnDay = Annotated[
    str | None,
    typer.Option(
        "--on-day", metavar="DATE", help="When it was decided [default: the source's day, today]."
    ),
]
SourceLines = Annotated[
    str | None, typer.Option("--source", metavar="FILE:LINE[-LINE]", help="Recorded minutes that say so.")
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Why, where no minutes say so."),
]
By = Annotated[list[str] | None, typer.Option("--by", metavar="PERSON", help="Who decided it.")]


def run(
    context: typer.Context,
    name: Name,
    supersedes: Supersedes = None,
    partly: Partly = None,
    amends: Amends = None,
    repeals: Repeals = None,
    repeal: Repeal = False,
    withdraw: Withdraw = False,
    defer: Defer = False,
    until: Until = None,
    adopt: Adopt = False,
    reject: Reject = False,
    review_on: ReviewOn = None,
    expires_on: ExpiresOn = None,
    condition: Condition = None,
    met: Met = False,
    not_met: NotMet = False,
    refers_to: RefersTo = None,
    url: Url = None,
    version: Version = None,
    sha256: Sha256 = None,
    as_of: AsOf = None,
    on_day: OnDay = None,
    source: SourceLines = None,
    reason: Reason = None,
    by: By = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    on_this_branch: OnThisBranch = False,
    passphrase_file: PassphraseFile = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> int:
    """Record by hand what replaces, repeals, amends or limits a decision."""
    options = locals()
    from ledger.cli.appending import Appending
    from ledger.cli.decide_view import statement_of
    from ledger.workflow.decide import record_decision

    appending = Appending.of(
        context,
        yes=yes,
        dry_run=dry_run,
        on_this_branch=on_this_branch,
        passphrase_file=passphrase_file,
        directory=directory,
        as_json=as_json,
    )
    return appending.run(record_decision, name, statement_of(options))
