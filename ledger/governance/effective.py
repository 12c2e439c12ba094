"""What each record says today: after corrections, retractions and redactions.

Nothing in a log is rewritten. A ``correction`` gives an earlier entry a whole new body, or none (a
retraction); the latest one counts. A ``redaction`` takes the words of entries away for good, those
of their corrections included. The rules are DESIGN 4, Kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

UNCORRECTABLE = frozenset(
    ("charter", "source", "poll", "ballot", "attestation", "correction", "redaction", "abandoned")
)
"""Kinds that a correction has no effect on."""

CLOSES_POLL = "poll"
"""The member of a vote that closes a poll: ``verify`` counts it from the ballots, so it stays as it is."""

SIGNED = "statement"
"""The member of an approval that somebody signed: nobody else can change what it says."""

UNREDACTABLE = frozenset(("charter", "redaction"))
"""Kinds that a redaction has no effect on."""


class AnyEntry(Protocol):
    """What is needed of an entry (:class:`ledger.log.entry.Entry`): fields that are only read."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str | None: ...
    @property
    def at(self) -> str: ...
    @property
    def body(self) -> dict[str, Any] | None: ...
    @property
    def redacted(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Effective:
    """A record as it counts.

    ``body`` is the latest one, None where the record was retracted or redacted; ``body_seq`` is the
    entry that holds it (``seq`` itself, or the last correction). ``original`` is the body as first
    recorded (None once redacted); ``corrected_by`` are the corrections, oldest first; ``redacted`` is
    the sequence number of the redaction, None where there is none. ``at`` is when the record
    itself was recorded (UTC).
    """

    seq: int
    kind: str
    id: str | None
    at: str
    body: dict[str, Any] | None
    body_seq: int | None
    corrected_by: tuple[int, ...]
    retracted: bool
    redacted: int | None
    original: dict[str, Any] | None


@dataclass(slots=True)
class Changes:
    """What later entries say about earlier ones: gathered first, applied while reading.

    ``corrections`` maps an entry to its corrections, oldest first, each with its body (None: retracted);
    ``redactions`` maps an entry to the redaction that names it; ``meetings`` an erased source to the
    meeting that it told of, which the source in its place names.
    """

    corrections: dict[int, list[tuple[int, dict[str, Any] | None]]] = field(default_factory=dict)
    redactions: dict[int, int] = field(default_factory=dict)
    meetings: dict[int, str] = field(default_factory=dict)

    def add(self, seq: int, kind: str, body: dict[str, Any] | None) -> None:
        """Take in entry ``seq``; anything but a correction or redaction of earlier entries is ignored.

        A correction whose own body was redacted says nothing any more: what it pointed at is gone
        with it.
        """
        if body is None:
            return
        if kind == "correction":
            of, new = body.get("of"), body.get("body")
            if _is_earlier(of, seq) and (new is None or isinstance(new, dict)):
                self.corrections.setdefault(of, []).append((seq, new))  # type: ignore[arg-type]
        elif kind == "redaction":
            named = body.get("of")
            for of in named if isinstance(named, list) else ():
                if _is_earlier(of, seq):
                    self.redactions.setdefault(of, seq)

    def apply(self, entry: AnyEntry) -> Effective:
        """Return ``entry`` as it counts after these changes."""
        kind = entry.kind
        redacted = entry.redacted
        if redacted is None and kind not in UNREDACTABLE:
            redacted = self.redactions.get(entry.seq)
        corrections = self.corrections.get(entry.seq, [])
        if corrections and not is_correctable(kind, entry.body):
            corrections = []
        body, body_seq = entry.body, entry.seq
        if corrections:
            body_seq, body = corrections[-1]
        retracted = bool(corrections) and body is None
        if redacted is not None:
            body = None
        return Effective(
            entry.seq,
            kind,
            entry.id,
            entry.at,
            body,
            body_seq if body is not None else None,
            tuple(seq for seq, _ in corrections),
            retracted,
            redacted,
            entry.body if redacted is None else None,
        )


def is_correctable(kind: str, body: Mapping[str, Any] | None) -> bool:
    """Tell whether a correction has an effect on a record of ``kind`` with this first ``body``."""
    sealed = {"vote": CLOSES_POLL, "approval": SIGNED}.get(kind)
    return kind not in UNCORRECTABLE and (sealed is None or body is None or sealed not in body)


def find_changes(entries: Iterable[AnyEntry]) -> Changes:
    """Return what the corrections and redactions among ``entries`` (in log order) say."""
    changes = Changes()
    for entry in entries:
        changes.add(entry.seq, entry.kind, entry.body)
    return changes


def effective_records(entries: Iterable[AnyEntry]) -> dict[int, Effective]:
    """Return every record of ``entries`` (in log order) as it counts, by sequence number.

    Corrections and redactions are entries like others and are in the result too.
    """
    kept = list(entries)
    changes = find_changes(kept)
    return {entry.seq: changes.apply(entry) for entry in kept}


def _is_earlier(of: object, seq: int) -> bool:
    return isinstance(of, int) and not isinstance(of, bool) and 0 <= of < seq
