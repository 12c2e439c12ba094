"""The program: its general options and its commands, one module each; a group of commands is a package."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
import typer.main

from ledger import __version__

if TYPE_CHECKING:
    from typer.core import TyperGroup

EPILOG = """\b
Examples:
  ledger init --group Readers --origin example.org/readers
  ledger record minutes/2024-04-10.md
  ledger find code of conduct
  ledger verify

Exit status: 0 it held; 1 something is wrong; 2 usage; 3 could not find out (no
ledger, no key, a lock, the disk); 70 a mistake in ledger itself.
"""

COMMANDS = {
    "init": "init",
    "record": "record",
    "verify": "verify",
    "prove": "prove",
    "publish": "publish",
    "find": "find",
    "show": "show",
    "explain": "explain",
    "list": "listing",
    "poll": "poll",
    "ballot": "ballot",
    "sign": "sign",
    "sequence": "sequence",
    "member": "member",
    "count": "count",
    "charter": "charter",
    "key": "key",
    "who": "who",
    "decide": "decide",
    "witness": "witness",
    "redact": "redact",
    "abandon": "abandon",
}
"""Each command with the module of :mod:`ledger.cli.commands` that has its ``run`` and its EXAMPLES.

A group of commands is a package that has COMMANDS of its own besides: the names of its commands with their
modules in it. Its EXAMPLES and the docstring of its ``run``, which takes and does nothing, are its help.
"""

_PACKAGE = "ledger.cli.commands"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ledger {__version__}")
        raise typer.Exit


def main(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--ledger",
            metavar="DIR",
            envvar="LEDGER_DIR",
            help="The ledger to use, instead of the one around the current directory.",
        ),
    ] = None,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour (as with NO_COLOR set).")] = False,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Keep a group's decisions: record its minutes, prove the log, answer questions."""
    context.obj = directory
    if no_color:
        os.environ["NO_COLOR"] = "1"  # every screen of this process heeds it


def build_program(arguments: Sequence[str] = ()) -> TyperGroup:
    """Return the program as one object that parses and invokes.

    Where ``arguments`` begin with a command's name only that one is built: inspecting all of them
    takes as long as answering a question.
    """
    app = _new_app("ledger", context_settings={"help_option_names": ["-h", "--help"]})
    app.callback(epilog=EPILOG)(main)
    _add_commands(app, COMMANDS, _PACKAGE, arguments)
    return cast("TyperGroup", typer.main.get_command(app))


def command_names() -> Iterator[tuple[str, ...]]:
    """Yield the words that call each command, those of groups included: ``("charter", "show")``."""
    for name, module_name in COMMANDS.items():
        yield (name,)
        module = import_module(f"{_PACKAGE}.{module_name}")
        yield from ((name, inner) for inner in getattr(module, "COMMANDS", ()))


def _new_app(name: str, **settings: Any) -> typer.Typer:
    # Rich would cost half of the start-up time; plain help needs none of it.
    return typer.Typer(name=name, rich_markup_mode=None, pretty_exceptions_enable=False, **settings)


def _add_commands(
    app: typer.Typer, commands: Mapping[str, str], package: str, arguments: Sequence[str]
) -> None:
    """Add to ``app`` the command that ``arguments`` name, or all ``commands`` where they name none."""
    for name in arguments[:1] if arguments and arguments[0] in commands else commands:
        module = import_module(f"{package}.{commands[name]}")
        if hasattr(module, "COMMANDS"):
            group = _new_app(name)
            group.callback(epilog=module.EXAMPLES)(module.run)
            _add_commands(group, module.COMMANDS, module.__name__, arguments[1:])
            app.add_typer(group)
        else:
            app.command(name, epilog=module.EXAMPLES)(module.run)
