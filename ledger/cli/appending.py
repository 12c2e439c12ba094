"""Running a verb that appends entries made by hand: what all such commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ledger.cli.append_view import print_appended
from ledger.cli.dialogue import TerminalDialogue
from ledger.cli.session import Session
from ledger.workflow.asking import Choices

if TYPE_CHECKING:
    from typer import Context


T = TypeVar("T")


class Appending(NamedTuple):
    """One run of such a command: its session, what was decided beforehand, whom to ask, where the
    passphrase is."""

    session: Session
    choices: Choices
    dialogue: TerminalDialogue
    passphrase_file: Path | None

    @classmethod
    def of(
        cls,
        context: Context,
        *,
        yes: bool,
        dry_run: bool,
        on_this_branch: bool,
        passphrase_file: Path | None,
        directory: Path | None,
        as_json: bool,
    ) -> Appending:
        """Return what the options that these commands share say."""
        session = Session.of(context, directory=directory, as_json=as_json)
        choices = Choices(yes=yes, dry_run=dry_run, on_this_branch=on_this_branch)
        return cls(session, choices, TerminalDialogue(session.screen, quiet=as_json), passphrase_file)

    def run(
        self,
        verb: Callable[..., Any],
        *arguments: Any,
        show: Callable[..., int] = print_appended,
        **more: Any,
    ) -> int:
        """Run ``verb`` on the ledger, ``show`` what came of it, and return the exit status."""
        appended = self.call(verb, *arguments, **more)
        return show(self.session, appended, asked_to=self.choices.yes)

    def call(self, verb: Callable[..., T], *arguments: Any, **more: Any) -> T:
        """Run ``verb`` on the ledger and return what came of it."""
        return verb(
            self.session.places(),
            *arguments,
            choices=self.choices,
            dialogue=self.dialogue,
            passphrase_file=self.passphrase_file,
            **more,
        )
