"""What every command shares: which ledger, which screen, JSON or text."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ledger.errors import NotFoundError, StoreError

if TYPE_CHECKING:
    from typer import Context

    from ledger.cli.screen import Screen
    from ledger.lookup.layout import Line
    from ledger.store.places import Places


class Printable(Protocol):
    """What look-up gives: a JSON value, and lines for people."""

    def to_json(self) -> Any:
        """Return the JSON value."""

    def lines(self, width: int) -> list[Line]:
        """Return the lines for a screen of this width."""


@dataclass(frozen=True)
class Session:
    """One run of a command; ``directory`` is where ``--ledger`` points, None to look around."""

    directory: Path | None
    as_json: bool

    @classmethod
    def of(cls, context: Context, *, directory: Path | None = None, as_json: bool = False) -> Session:
        """Return the session of a command; its own ``--ledger`` wins over the program's."""
        general = context.find_root().obj
        return cls(directory=directory or general, as_json=as_json)

    @property
    def screen(self) -> Screen:
        """Standard output for people."""
        from ledger.cli.screen import screen_of

        return screen_of(sys.stdout)

    def places(self) -> Places:
        """Return where the ledger lies; raises StoreError (status 3) where there is none.

        A record that is not there is an answer (status 1); without a ledger nothing can be found out.
        """
        from ledger.store.places import find_ledger

        try:
            return find_ledger(ledger=self.directory)
        except NotFoundError as error:
            raise StoreError(error.what, why=error.why, fix=error.fix, where=error.where) from error

    def print_answer(self, answer: Printable) -> int:
        """Print an answer as it was asked for, and return the exit status 0."""
        if self.as_json:
            self.print_json(answer.to_json())
            return 0
        screen = self.screen
        for line in answer.lines(screen.width):
            screen.fitted(line)
        return 0

    def print_bytes(self, line: bytes) -> int:
        """Print one line exactly as it is, except on a terminal, and return the exit status 0."""
        if sys.stdout.isatty():
            self.screen.line(line.decode(errors="replace"))
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(line + b"\n")
        return 0

    def print_data(self, data: bytes) -> int:
        """Print a whole text exactly as it is, except on a terminal, and return the exit status 0."""
        if sys.stdout.isatty():
            screen = self.screen
            for line in data.decode(errors="replace").removesuffix("\n").split("\n"):
                screen.line(line)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        return 0

    def print_json(self, value: Any) -> None:
        """Print ``value`` on standard output as JSON."""
        from ledger.cli.screen import print_json

        print_json(value)
