"""Whom a command asks, and what was decided beforehand: the seam between a verb and its caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from ledger.errors import Finding, MinutesError
    from ledger.workflow.plan import Answer, Doubt
    from ledger.workflow.preview import Group, Preview


@dataclass(frozen=True, slots=True)
class Choices:
    """What the caller has decided beforehand.

    ``doubtful`` answers for files whose date is on record with other content; ``reread`` compares
    recorded texts with today's reader; ``on_this_branch`` signs on a branch other than the default;
    ``despite_redaction`` records a new text of minutes of which words were redacted.
    """

    yes: bool = False
    dry_run: bool = False
    edit: bool = False
    doubtful: Answer | None = None
    reread: bool = False
    on_this_branch: bool = False
    despite_redaction: bool = False


class Dialogue(Protocol):
    """Whom ``record_minutes`` asks, and tells what it is doing."""

    @property
    def is_interactive(self) -> bool:
        """Whether there is a person to ask."""

    def tell_progress(self, label: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` parts of ``label`` are done."""

    def same_or_second(self, doubt: Doubt) -> Answer | None:
        """Say which meeting a file tells of; None where nobody can say."""

    def show(self, previews: Sequence[Preview], *, whole: bool) -> None:
        """Show what would be recorded: ``whole`` row by row, else as totals."""

    def show_groups(self, groups: Sequence[Group], findings: Sequence[Finding] = ()) -> None:
        """Show entries that somebody makes by hand, and what to know about them."""

    def agree(self, question: str = "Record this?") -> bool:
        """Say whether to do with what was shown as ``question`` asks."""

    def confirm(self) -> Literal["yes", "no", "edit"]:
        """Say whether to record what was shown."""

    def edit(self, text: str, problem: MinutesError | None) -> str | None:
        """Return the YAML ``text`` as edited, None to give up; ``problem`` is wrong with it so far."""

    def ask_passphrase(self) -> bytes:
        """Return the passphrase of the log's private key."""
