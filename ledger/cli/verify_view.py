"""What ``verify`` says, as a short table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.cli.screen import Screen, Style, clip, wrap
from ledger.workflow.verify.report import RULES

if TYPE_CHECKING:
    from ledger.cli.session import Session
    from ledger.log.chain import Failure
    from ledger.workflow.verify import Check, VerifyReport

_MARKS: dict[str, tuple[str, Style]] = {
    "held": ("held", "green"),
    "failed": ("FAILED", "red"),
    "not-checked": ("not checked", "yellow"),
}
_NAME, _MARK, _COUNT = 22, 12, 9  # columns of the table
_MOST_ROWS, _LAST_ROWS = 20, 5  # of new entries on a screen


def print_report(session: Session, report: VerifyReport) -> int:
    """Print a report and return the exit status: 0 where everything held, else 1."""
    if session.as_json:
        session.print_json(report.to_json())
        return 0 if report.ok else 1
    screen = session.screen
    if report.origin is not None:
        screen.line((report.origin, "bold"), f", {report.size} entries")
    if report.key is not None:
        screen.line("trusted key:")
        screen.paragraph(report.key, first="  ")  # on a line of its own: it is there to be copied
        screen.paragraph(f"({report.key_reason})", first="  ", rest="  ")
    elif report.key_reason:
        screen.paragraph(f"trusted key: none ({report.key_reason})", rest="  ")
    screen.line()
    for check in report.checks:
        print_check(screen, check)
    screen.line()
    for note in report.notes:
        screen.paragraph(note, rest="  ")
    if report.additions:
        _print_additions(screen, report)
    if report.failure is not None:
        _print_failure(screen, report.failure)
        screen.line()
    for evidence in report.evidence:
        screen.line(f"evidence: {evidence.source}")
        for line in evidence.note.splitlines():
            screen.line(line)  # as it stands, so that its signature can be checked
        screen.line()
    words, style = _verdict(report)
    screen.line((words, style))
    return 0 if report.ok else 1


def _verdict(report: VerifyReport) -> tuple[str, Style]:
    """Return the last word: a log that was changed is one thing, a vote against the rules another."""
    if report.ok:
        return "everything that was checked held", "green"
    if [check.name for check in report.checks if check.status == "failed"] == [RULES]:
        return "nobody changed the log; what it states does not agree with the group's rules", "red"
    return "something is wrong", "red"


def _print_additions(screen: Screen, report: VerifyReport) -> None:
    """Print the entries that the base lacks; of a long list the first and the last."""
    rows = report.additions or ()
    screen.line((f"entries that the base does not have ({len(rows):,}):", "bold"))
    hidden = len(rows) - _MOST_ROWS
    for place, row in enumerate(rows):
        if hidden > 0 and place == _MOST_ROWS - _LAST_ROWS:
            screen.line(f"  … {hidden:,} more (--json has all of them)")
        if hidden > 0 and _MOST_ROWS - _LAST_ROWS <= place < len(rows) - _LAST_ROWS:
            continue
        name = f"#{row.seq}" if row.id is None else f"#{row.seq} {row.id}"
        screen.line("  ", clip(f"{name} {row.kind}: {row.text}", screen.width - 2))
    screen.line()


def print_check(screen: Screen, check: Check) -> None:
    """Print one row of the table; on a narrow screen its detail stands below."""
    mark, style = _MARKS[check.status]
    count = f"{check.count:,}" if check.status != "not-checked" or check.count else ""
    row = (f"{check.name:<{_NAME}}", (f"{mark:<{_MARK}}", style), f"{count:>{_COUNT}}")
    indent = _NAME + _MARK + _COUNT + 2
    if screen.width < 2 * indent - 20:
        screen.line(f"{check.name}: ", (mark, style), f" {count}")
        screen.paragraph(check.detail, first="  ")
        return
    first, *rest = wrap(check.detail, screen.width - indent)
    screen.line(*row, "  ", first)
    for line in rest:
        screen.line(" " * indent, line)


def _print_failure(screen: Screen, failure: Failure) -> None:
    """Print the first thing that is wrong: what, where, expected, found, what to do."""
    screen.paragraph(f"{failure.check}: {failure.what}", rest="  ")
    for label, value in (
        ("where", str(failure.where)),
        ("expected", failure.expected),
        ("found", failure.found),
        ("fix", failure.fix),
    ):
        if value:
            screen.paragraph(str(value), first=f"  {label + ':':<10}", rest=" " * 12)
