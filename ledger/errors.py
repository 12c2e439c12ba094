"""What can go wrong, in few kinds, each message in three parts.

Everything this library raises on purpose is a :class:`LedgerError`: *what* is wrong (and
:class:`Where`), *why* it matters, and how to *fix* it. The kind decides the exit status of the
command line: 1 something is wrong, 2 usage, 3 could not find out.

A mistake in minutes stops nothing: it is a :class:`Finding`, collected and shown with the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Where:
    """A place: a file and a line (1-based), or a log entry's sequence number."""

    path: str | None = None
    line: int | None = None
    entry: int | None = None

    def __str__(self) -> str:
        parts = []
        if self.entry is not None:
            parts.append(f"entry {self.entry}")
        if self.path is not None:
            parts.append(self.path if self.line is None else f"{self.path}:{self.line}")
        elif self.line is not None:
            parts.append(f"line {self.line}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader of minutes should look at; findings are collected, none stops the reading.

    ``code`` is stable and for machines (``not-understood``); ``line`` is 1-based, None where the
    whole file is meant; ``what`` is one sentence without a full stop; ``fix`` says what to do.
    """

    code: str
    level: Level
    line: int | None
    what: str
    fix: str = ""


class LedgerError(Exception):
    """Base of all errors raised on purpose; ``what`` is lower-case, without a full stop.

    ``run`` are command lines to be run in this order, where exact ones can be named.
    """

    status: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        fix: str = "",
        where: Where | None = None,
        run: tuple[str, ...] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix
        self.where = where
        self.run = run

    def __str__(self) -> str:
        place = str(self.where) if self.where is not None else ""
        return f"{place}: {self.what}" if place else self.what


class UsageError(LedgerError):
    """The command was called in a way that cannot be meant."""

    status = 2


class ConfigurationError(LedgerError):
    """The charter, a setting or a key does not fit its purpose."""


class MinutesError(LedgerError):
    """Minutes cannot be recorded as they are; ``findings`` holds all that was found."""

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        fix: str = "",
        where: Where | None = None,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        super().__init__(what, why=why, fix=fix, where=where)
        self.findings = findings


class FormatError(LedgerError):
    """Bytes are not in the form that the specification demands."""


class VerificationError(LedgerError):
    """Bytes are well formed and what they claim is false."""


class NotFoundError(LedgerError):
    """What was asked for does not exist here (no ledger, no such record)."""


class StoreError(LedgerError):
    """The disk, a lock, a key or a database did not let us find out or write."""

    status = 3
