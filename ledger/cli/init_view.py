"""What ``init`` asks, and what it says when the ledger exists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.passphrase import ask_new_passphrase, ask_passphrase
from ledger.errors import UsageError

if TYPE_CHECKING:
    from ledger.workflow.init import InitReport


def ask_names(group: str | None, origin: str | None) -> tuple[str, str]:
    """Return the group's name and the log's origin, asking for what was not given.

    Raises UsageError where there is nobody to ask.
    """
    questions = (
        (group, "--group", "The group's name"),
        (origin, "--origin", "The log's origin (a URL without https://, for ever)"),
    )
    missing = [option for value, option, _ in questions if value is None]
    if missing and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"{' and '.join(missing)} must be given",
            why="there is no terminal to ask on",
            fix="for example: ledger init --group 'Readers' --origin example.org/readers",
        )
    names = [_ask(question) if value is None else value for value, _, question in questions]
    return names[0], names[1]


def choose_passphrase(file: Path | None, *, none: bool, existing: bool) -> bytes | None:
    """Return the passphrase of the log's key; None where it was said aloud that there is none.

    A new key's passphrase is asked for twice, an ``existing`` key's once. Raises UsageError where both
    a passphrase and none are wanted.
    """
    from ledger.store.keyring import read_passphrase

    if none and file is not None:
        raise UsageError(
            "--no-passphrase and --passphrase-file contradict each other",
            why="a key is encrypted or it is not",
            fix="give one of the two",
        )
    if none:
        return None
    prompt = (ask_passphrase if existing else ask_new_passphrase) if sys.stdin.isatty() else None
    return read_passphrase(file, prompt)


def print_init(report: InitReport, *, as_json: bool, github: bool = False) -> int:
    """Print what was made, where the key lies, and what to commit; returns the exit status 0.

    ``github`` writes the workflow too.
    """
    from ledger.cli.github_view import add_workflow, print_written
    from ledger.cli.screen import print_json, screen_of

    workflow = add_workflow(report.root) if github else None
    add = f'git add {" ".join(report.commit)} && git commit -m "Start the ledger"'
    if as_json:
        also = {} if workflow is None else {"workflow": workflow.path}
        print_json(_init_json(report) | {"commit": add} | also)
        return 0
    screen = screen_of(sys.stdout)
    screen.line("started: ", (report.origin, "bold"), f", the ledger of {report.group}")
    # The key and its path stand on lines of their own: they are there to be copied.
    screen.line("verifier key:")
    screen.line(f"  {report.verifier_key}")
    screen.line("private key (encrypted):" if report.encrypted else "private key (NOT encrypted):")
    screen.line(f"  {report.key_path}")
    kept = "this file and its passphrase" if report.encrypted else "this file"
    screen.paragraph(f"Back up {kept}: without that nobody can sign.", rest="  ")
    for finding in report.findings:
        screen.paragraph(f"{finding.level}: {finding.what} {finding.fix}", rest="  ")
    screen.line(f"written: {', '.join(report.written)}")
    screen.line("now commit it:")
    screen.line(f"  {add}")
    if workflow is not None:
        print_written(workflow)
    return 0


def _init_json(report: InitReport) -> dict[str, object]:
    return {
        "root": str(report.root),
        "group": report.group,
        "origin": report.origin,
        "size": report.head.size,
        "key": report.verifier_key,
        "key_path": str(report.key_path),
        "encrypted": report.encrypted,
        "written": list(report.written),
    }


def _ask(question: str) -> str:
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
