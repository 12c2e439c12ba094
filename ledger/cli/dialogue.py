"""Questions to a person: which meeting, is this right, and the editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ledger.cli.passphrase import ask_passphrase
from ledger.cli.progress import Progress
from ledger.cli.screen import Screen, standard_error
from ledger.errors import Finding, MinutesError, StoreError, UsageError

if TYPE_CHECKING:
    from ledger.workflow.plan import Doubt
    from ledger.workflow.preview import Group, Preview


class TerminalDialogue:
    """Asks on standard error and reads from standard input; says no where nobody can answer."""

    def __init__(self, screen: Screen, *, quiet: bool = False) -> None:
        self.screen = screen  # where previews go
        self.quiet = quiet  # JSON goes to standard output: no preview for people there
        self.progress = Progress()

    @property
    def is_interactive(self) -> bool:
        """Whether there is a person to ask, who has seen what the question is about."""
        return not self.quiet and sys.stdin.isatty() and sys.stderr.isatty()

    def tell_progress(self, label: str, done: int, total: int) -> None:
        """Show how far the work is."""
        self.progress.label = label
        self.progress.update(done, total)

    def same_or_second(self, doubt: Doubt) -> Literal["same", "second"] | None:
        """Ask whether a file is a later reading of a meeting on record; None where nobody can say."""
        if not self.is_interactive:
            return None
        self.progress.wipe()
        errors = standard_error()
        errors.paragraph(
            f"{doubt.name}: a meeting on {doubt.date} is on record ({doubt.stored}), and "
            f"{doubt.likeness:.0%} of the lines are the same."
        )
        question = f"[s]ame meeting ({doubt.meeting}), [a]nother one ({doubt.second}), or [q]uit? "
        answer = self._choose(question, {"s": "same", "a": "second", "q": None})
        return "same" if answer == "same" else "second" if answer == "second" else None

    def show(self, previews: Sequence[Preview], *, whole: bool) -> None:
        """Print the previews, ``whole`` or as totals."""
        from ledger.cli.preview_view import print_previews

        self.progress.wipe()
        if not self.quiet:
            print_previews(self.screen, previews, whole=whole)

    def show_groups(self, groups: Sequence[Group], findings: Sequence[Finding] = ()) -> None:
        """Print entries that somebody makes by hand, and what to know about them."""
        from ledger.cli.preview_view import print_finding, print_group

        self.progress.wipe()
        if not self.quiet:
            for finding in findings:
                print_finding(self.screen, finding)
            for group in groups:
                print_group(self.screen, group)

    def agree(self, question: str = "Record this?") -> bool:
        """Ask ``question`` about what was shown."""
        self.screen.stream.flush()
        return self._choose(f"{question} [y]es, [n]o: ", {"y": "yes", "n": "no"}) == "yes"

    def confirm(self) -> Literal["yes", "no", "edit"]:
        """Ask whether to record what was shown."""
        self.screen.stream.flush()
        answer = self._choose("Record this? [y]es, [n]o, [e]dit: ", {"y": "yes", "n": "no", "e": "edit"})
        return "yes" if answer == "yes" else "edit" if answer == "edit" else "no"

    def edit(self, text: str, problem: MinutesError | None) -> str | None:
        """Let the person edit ``text`` in their editor; None when they give up.

        ``problem`` says what is wrong with the text after a first attempt: it is shown, and the editor
        opens again if somebody is there to mend it, else the text is kept in a file.
        """
        if problem is not None:
            if not self.is_interactive:
                raise self._kept(text, problem)
            self._show_problem(problem)
            if self._choose("[e]dit again, or [g]ive up? ", {"e": "edit", "g": None}) is None:
                return None
        return run_editor(text)

    def ask_passphrase(self) -> bytes:
        """Return the passphrase of the log's key from the person."""
        self.progress.wipe()
        return ask_passphrase()

    def _show_problem(self, problem: MinutesError) -> None:
        errors = standard_error()
        errors.paragraph(str(problem), rest="  ", style="red")
        for finding in problem.findings:
            errors.paragraph(finding.what, first=f"  line {finding.line}: ", rest="    ")

    def _kept(self, text: str, problem: MinutesError) -> MinutesError:
        path = _write_draft(text)
        return MinutesError(
            problem.what,
            why=problem.why,
            fix=f"{problem.fix}; the edited text is kept in {path}",
            where=problem.where,
            findings=problem.findings,
        )

    def _choose(self, question: str, choices: dict[str, str | None]) -> str | None:
        """Ask until the answer begins with one of the letters; the end of input is the last choice."""
        while True:
            sys.stderr.write(question)
            sys.stderr.flush()
            line = sys.stdin.readline()
            if not line:
                sys.stderr.write("\n")
                return None
            letter = line.strip().lower()[:1]
            if letter in choices:
                return choices[letter]


def run_editor(text: str) -> str:
    """Return ``text`` as the person's editor leaves it.

    The editor is ``$VISUAL``, ``$EDITOR``, or ``vi``. Raises UsageError where it cannot be started and
    StoreError where it fails; the text is then still in its file.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    path = _write_draft(text)
    try:
        done = subprocess.run([*shlex.split(command), str(path)], check=False)  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as error:
        path.unlink()
        raise UsageError(
            f"the editor {command!r} cannot be started: {error}",
            why="records are edited as text",
            fix="set VISUAL or EDITOR to the editor you use",
        ) from error
    if done.returncode != 0:
        raise StoreError(
            f"the editor {command!r} ended with status {done.returncode}",
            why="an editor that fails may not have saved the text; nothing was recorded",
            fix=f"run the command again; the text is kept in {path}",
        )
    edited = path.read_text(encoding="utf-8", errors="surrogateescape")
    path.unlink()
    return edited


def _write_draft(text: str) -> Path:
    """Write ``text`` to a file of its own that only this user can read."""
    descriptor, name = tempfile.mkstemp(prefix="ledger-records-", suffix=".yaml")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    return Path(name)
