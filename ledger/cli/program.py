"""``main``: run one command and sort what happened into an exit status.

Typer exits 1 for a mistake of ours, an aborted question and a closed pipe alike; scripts need to
tell these apart, so the command is invoked here and not by Typer's own ``main``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO, cast

INTERRUPTED = 130  # 128 + SIGINT, as shells report it
CLOSED_PIPE = 141  # 128 + SIGPIPE, as shells report it
PROGRAM = "ledger"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``ledger`` with ``arguments`` (default: the process's own) and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _tolerate_odd_terminals()
    try:
        status = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        status = _leave_quietly()
    except KeyboardInterrupt:
        status = INTERRUPTED
        print("\nledger: interrupted", file=sys.stderr)  # noqa: T201
    except Exception as error:  # noqa: BLE001 - the last line of defence, sorted below
        status = _report(error, as_json=_wants_json(given))
    return status


def _run(arguments: list[str]) -> int:
    """Parse and invoke; returns the status of a command that came to its end."""
    from typer import Exit, TyperException

    from ledger.cli.app import build_program

    if f"_{PROGRAM.upper()}_COMPLETE" in os.environ:
        build_program().main(args=arguments, prog_name=PROGRAM)  # leaves through SystemExit
    program = build_program(arguments)
    if not arguments:
        with program.make_context(PROGRAM, [], resilient_parsing=True) as context:
            sys.stderr.write(program.get_help(context) + "\n")
        return 2
    try:
        with program.make_context(PROGRAM, list(arguments)) as context:
            result = program.invoke(context)
    except Exit as done:
        return done.exit_code
    except TyperException as error:
        from ledger.cli.problem import usage_error

        raise usage_error(error) from error
    return result if isinstance(result, int) else 0


def _report(error: Exception, *, as_json: bool) -> int:
    """Print an error in its three parts and return its status; a closed pipe stays a closed pipe."""
    from ledger.cli.problem import print_problem

    try:
        status = print_problem(error, as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_quietly()
    except OSError:  # the output itself cannot be written (a full disk behind ``>``)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    return status


def _wants_json(arguments: list[str]) -> bool:
    """Tell whether ``--json`` was among the options; what follows ``--`` is not an option."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def _tolerate_odd_terminals() -> None:
    """Let characters that the terminal's encoding lacks appear escaped instead of failing.

    A stream that was closed before the start (``>&-``) is replaced by one that leads nowhere.
    """
    sys.stdin = sys.stdin or _open_nowhere("r")
    sys.stdout = sys.stdout or _open_nowhere("w")
    sys.stderr = sys.stderr or _open_nowhere("w")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _open_nowhere(mode: str) -> TextIO:
    return cast("TextIO", os.fdopen(os.open(os.devnull, os.O_RDWR), mode, closefd=False))


def _leave_quietly() -> int:
    """Point standard output at nothing, so that the interpreter's last flush cannot fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED_PIPE
