"""What ``verify`` says: each promise with what was counted, and what was not checked."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Literal

from ledger.errors import Where
from ledger.log.chain import Failure

Status = Literal["held", "failed", "not-checked"]

FORMAT = "format"
CHAIN = "chain"
TREE = "tree and signature"
CHARTERS = "charters"
HANDOVERS = "handovers"
PIN = "pinned head"
GIT = "git base"
WITNESSES = "witnesses"
TIMES = "time stamps"
FRESHNESS = "freshness"
BODIES = "bodies and references"
UNKNOWN = "unknown kinds"
SOURCES = "sources and quotes"
RULES = "rules"
MEMBERS = "members' signatures"

ORDER = (
    FORMAT,
    CHAIN,
    TREE,
    CHARTERS,
    HANDOVERS,
    PIN,
    GIT,
    WITNESSES,
    TIMES,
    FRESHNESS,
    BODIES,
    UNKNOWN,
    SOURCES,
    RULES,
    MEMBERS,
)
"""The checks in the order of DESIGN 5; what others say of the head stands after what this computer and git
know of it."""

IF_ASKED = frozenset({UNKNOWN, FRESHNESS, TIMES})
"""Checks that appear only where there is something to say: unknown kinds, ``--max-age``, time stamps."""


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: whether it held, how many things were looked at, and a sentence about it."""

    name: str
    status: Status
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A signed head that contradicts another, whole, so that anybody can check its signature."""

    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry that the base of a comparison does not have, in words for people."""

    seq: int
    kind: str
    id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome of :func:`ledger.workflow.verify.verify_ledger`.

    ``ok`` is true where no check failed. ``size``, ``root`` (32 bytes) and ``origin`` are those of the
    signed head (None where it cannot be read); ``key`` is the verifier key whose signature held,
    ``key_reason`` why it was trusted. ``failure`` is the first thing that is wrong. ``notes`` are
    sentences about what did not fail but should be known; ``not_in_log`` lists the files under
    ``records/`` that nothing in the log vouches for. ``evidence`` holds both heads of a rollback or a fork.
    ``additions`` are the entries that the base lacks, None where there was no base to compare with.
    ``waiting`` says what a change of the log's keys waits for, while the head is signed by a key that only
    the proposed charter names.
    """

    ok: bool
    size: int | None
    root: bytes | None
    origin: str | None
    key: str | None
    key_reason: str
    checks: tuple[Check, ...]
    failure: Failure | None
    notes: tuple[str, ...] = ()
    not_in_log: tuple[str, ...] = ()
    waiting: str | None = None
    evidence: tuple[Evidence, ...] = ()
    additions: tuple[Addition, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON value; the root in base64, as the checkpoint has it."""
        return {
            "ok": self.ok,
            "size": self.size,
            "root": None if self.root is None else b64encode(self.root).decode(),
            "origin": self.origin,
            "key": self.key,
            "key_reason": self.key_reason,
            "checks": [
                {"name": check.name, "status": check.status, "count": check.count, "detail": check.detail}
                for check in self.checks
            ],
            "failure": None if self.failure is None else _failure_json(self.failure),
            "notes": list(self.notes),
            "not_in_log": list(self.not_in_log),
            "waiting": self.waiting,
            "evidence": [{"source": one.source, "note": one.note} for one in self.evidence],
            "new_entries": None
            if self.additions is None
            else [
                {"seq": one.seq, "kind": one.kind, "id": one.id, "text": one.text} for one in self.additions
            ],
        }


def _failure_json(failure: Failure) -> dict[str, Any]:
    where: Where = failure.where
    return {
        "check": failure.check,
        "what": failure.what,
        "where": {"path": where.path, "line": where.line, "entry": where.entry},
        "expected": failure.expected,
        "found": failure.found,
        "fix": failure.fix,
    }
