"""Errors as people and programs read them: what and where, why it matters, what to do next."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ledger.errors import (
    ConfigurationError,
    LedgerError,
    MinutesError,
    NotFoundError,
    StoreError,
    UsageError,
    Where,
)

if TYPE_CHECKING:
    from typer import TyperException

INTERNAL = 70  # EX_SOFTWARE of sysexits.h
_PREFIX = "ledger: "
REPORT_TO = "the project's issue tracker"


def usage_error(error: TyperException) -> UsageError:
    """Return Typer's complaint about the command line as one of ours, naming the help to read."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "ledger"
    message = error.format_message().strip()
    if not message or type(error).__name__ == "NoArgsIsHelpError":
        message = "no command was given"
    return UsageError(
        message[:1].lower() + message[1:].rstrip("."),
        why="the command line could not be understood, so nothing was done",
        fix=f"see `{path} --help`",
    )


def print_problem(error: Exception, *, as_json: bool) -> int:
    """Print ``error`` and return the exit status that belongs to it.

    With ``as_json`` one object goes to standard output, else three parts to standard error. What is
    not a LedgerError is a mistake of ours (status 70), except an OSError, which is the machine's.
    """
    known = _as_ledger_error(error)
    if known is None:
        return _print_mistake(error, as_json=as_json)
    if as_json:
        _print_json(problem_json(known))
    else:
        from ledger.cli.screen import standard_error

        screen = standard_error()
        screen.paragraph(str(known), first=_PREFIX, rest="  ", style="red")
        for finding in known.findings[:20] if isinstance(known, MinutesError) else ():
            place = f"line {finding.line}: " if finding.line else ""
            screen.paragraph(f"{place}{finding.what}", first=f"  {finding.level}: ", rest="    ")
        why, fix = _parts(known)
        screen.paragraph(why, first="  why: ", rest="       ")
        screen.paragraph(fix, first="  fix: ", rest="       ")
        for line in known.run:
            screen.line(f"  run: {line}")  # never wrapped: it is there to be copied
    return known.status


def problem_json(error: LedgerError) -> dict[str, Any]:
    """Return the object that ``--json`` prints for an error."""
    why, fix = _parts(error)
    parts: dict[str, Any] = {
        "what": error.what,
        "where": str(error.where) if error.where is not None else None,
        "why": why,
        "fix": fix,
        "status": error.status,
    }
    if error.run:
        parts["run"] = list(error.run)
    if isinstance(error, MinutesError) and error.findings:
        parts["findings"] = [
            {"line": finding.line, "level": finding.level, "message": finding.what}
            for finding in error.findings
        ]
    return {"error": parts}


_DEFAULTS: tuple[tuple[type[LedgerError], str, str], ...] = (
    (UsageError, "the command cannot be meant as it was called", "see `ledger --help`"),
    (
        ConfigurationError,
        "the ledger cannot be used with what does not fit it",
        "mend that, then try again",
    ),
    (MinutesError, "minutes are recorded only as they can be read without doubt", "mend the file"),
    (NotFoundError, "only what is on record can be shown", "look for words: ledger find WORDS"),
    (StoreError, "the machine did not let this command find out or write", "mend that, then try again"),
    (LedgerError, "a log in which this is wrong cannot be relied on", "see what else is: ledger verify"),
)


def _parts(error: LedgerError) -> tuple[str, str]:
    """Return why an error matters and what to do, in general words where it does not say itself."""
    why, fix = next((why, fix) for kind, why, fix in _DEFAULTS if isinstance(error, kind))
    return error.why or why, error.fix or fix


def _as_ledger_error(error: Exception) -> LedgerError | None:
    if isinstance(error, LedgerError):
        return error
    if isinstance(error, OSError):
        return StoreError(
            (error.strerror or str(error)).lower(),
            why="the machine refused to read or write something that this command needs",
            fix="mend that (space, permissions, a missing directory) and run the command again",
            where=Where(path=str(error.filename)) if error.filename else None,
        )
    return None


def _print_mistake(error: Exception, *, as_json: bool) -> int:
    what = f"{type(error).__name__}: {error}"
    fix = f"please report this line to {REPORT_TO}; LEDGER_DEBUG=1 shows where it happened"
    if as_json:
        parts = {"what": what, "where": None, "why": "a mistake in ledger itself", "fix": fix}
        _print_json({"error": {**parts, "status": INTERNAL}})
    else:
        from ledger.cli.screen import one_line, standard_error

        standard_error().line((_PREFIX, "red"), f"a mistake in ledger itself: {one_line(what)}; {fix}")
    if os.environ.get("LEDGER_DEBUG"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    return INTERNAL


def _print_json(value: dict[str, Any]) -> None:
    from ledger.cli.screen import print_json

    print_json(value)
