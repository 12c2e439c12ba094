"""``ledger count``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.cli.options import AsJson

EXAMPLES = """\b
Examples:
  ledger count council.blt --method stv --seats 3
  ledger count election.csv --method schulze --strength margins --seats 3
  ledger count vote-2031-03-02.txt

A CSV has a column for each candidate and a row for each ballot, with the ranks:

\b
  Ann,Bob,Cid
  1,2,3
  2,1,

Formats: blt, abif, csv, roll-call (Name [+1]), five-way. Methods:
plurality, approval, borda, schulze, debian, irv, stv, star.
A choice that is not named is not made: where it matters, every reading is shown.
Exit status 1: the file contradicts itself (a header that its ballots do not
bear out). A tie is an answer, with exit status 0.
"""

File = Annotated[str, typer.Argument(metavar="FILE", help="The file of ballots; - is standard input.")]
Method = Annotated[str | None, typer.Option("--method", metavar="NAME", help="How to count.")]
Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="What the file is, if it does not show.")
]
Seats = Annotated[int | None, typer.Option("--seats", metavar="N", help="Seats to fill (default: 1).")]
Strength = Annotated[
    str | None, typer.Option("--strength", metavar="WHAT", help="Schulze: winning-votes or margins.")
]
Unranked = Annotated[
    str | None, typer.Option("--unranked", metavar="WHAT", help="Schulze: no-opinion or last.")
]
Default = Annotated[
    str | None, typer.Option("--default", metavar="NAME", help="The default option, or the status quo.")
]
Quorum = Annotated[
    str | None, typer.Option("--quorum", metavar="N", help="Ballots that an option needs over the default.")
]
Ratio = Annotated[
    str | None, typer.Option("--ratio", metavar="N", help="Majority over the default: 3 or 3:1.")
]
Threshold = Annotated[
    str | None, typer.Option("--threshold", metavar="PART", help="Five-way: the part that must be for.")
]
Ranks = Annotated[
    int | None, typer.Option("--approved-ranks", metavar="N", help="Approval: first ranks that approve.")
]
TieRule = Annotated[
    str, typer.Option("--tie", metavar="RULE", help="What breaks a tie (docs/counting.md has the rules).")
]
Casting = Annotated[
    list[str] | None,
    typer.Option("--casting", metavar="NAME", help="The casting vote or agreement; repeat it, best first."),
]
Draw = Annotated[str | None, typer.Option("--draw", metavar="TEXT", help="Lot: the public draw.")]
Root = Annotated[
    str | None,
    typer.Option(
        "--root",
        metavar="HEX",
        help="Lot: the root of the head that closed the vote, or 64 hex digits agreed before.",
    ),
]


def run(
    context: typer.Context,
    file: File,
    method: Method = None,
    format: Format = None,  # noqa: A002 - the name of the option
    seats: Seats = None,
    strength: Strength = None,
    unranked: Unranked = None,
    default: Default = None,
    quorum: Quorum = None,
    ratio: Ratio = None,
    threshold: Threshold = None,
    approved_ranks: Ranks = None,
    tie: TieRule = "report",
    casting: Casting = None,
    draw: Draw = None,
    root: Root = None,
    as_json: AsJson = False,
) -> int:
    """Count a file of ballots: BLT, ABIF, CSV or a roll-call."""
    from ledger.cli.session import Session
    from ledger.workflow.count import Breaking, Options, OverDefault, count_file

    options = Options(
        method=method,
        format=format,
        seats=seats,
        strength=strength,
        unranked=unranked,
        threshold=threshold,
        approved_ranks=approved_ranks,
        over=OverDefault(default, quorum=quorum, ratio=ratio),
        ties=Breaking(tie, casting=tuple(casting or ()), draw=draw, root=root),
    )
    counted = count_file(file, options)
    Session.of(context, as_json=as_json).print_answer(counted)
    return counted.status
