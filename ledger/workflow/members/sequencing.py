"""``sequence``: signed statements from the inbox get their place in the log, or are told why not.

Each is checked as ``verify`` will check it: form, signature, key in force, subject, head seen, number; a
ballot's choice too. What is refused stays in the inbox. What is in the log already is removed: a crash
may have come between the checkpoint and the removal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ledger import canonical
from ledger.errors import Finding, FormatError
from ledger.governance.agreements import follow_log
from ledger.governance.in_force import CharterVersion
from ledger.governance.members import Judge, KeysInForce, Problem
from ledger.governance.polls import InLog, choice_problem, next_number
from ledger.log.entry import MAX_BODY
from ledger.log.statement import (
    Signed,
    decode_signed,
    encode_statement,
    inbox_name,
    signed_value,
    signing_key,
)
from ledger.lookup.statements import StatementLog, read_statements, roots_at
from ledger.records import CastBallot, from_body
from ledger.store.base import NewEntry
from ledger.store.inbox import INBOX, InboxFile, read_inbox, remove_statements
from ledger.workflow.append import Appended, append_entries
from ledger.workflow.signing import utc_now

if TYPE_CHECKING:
    from ledger.lookup.polls import PollLog
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.asking import Choices, Dialogue

SequenceOutcome = Literal["recorded", "previewed", "declined", "unasked", "branch", "empty", "refused"]

_UNREADABLE = "ask its signer to make it anew, or remove the file"


class Accepted(NamedTuple):
    """A statement that gets its place: the file's name, what was signed, and the entry for it."""

    name: str
    signed: Signed
    entry: NewEntry


class Refused(NamedTuple):
    """A file that stays in the inbox: its name, a code, why, and what to do about it."""

    name: str
    code: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What came of it: ``leftover`` are the files whose statement is in the log already; ``removed`` tells
    which files are gone. ``appended`` is None where nothing was to be appended."""

    outcome: SequenceOutcome
    ledger: Path
    accepted: tuple[Accepted, ...] = ()
    refused: tuple[Refused, ...] = ()
    leftover: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    appended: Appended | None = None


@dataclass(slots=True)
class _Plan:
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def sequence_statements(
    places: Places, choices: Choices, dialogue: Dialogue, *, passphrase_file: Path | None = None
) -> Sequenced:
    """Append the statements of the inbox that hold to the log, once somebody agreed, under one signature.

    Files are removed once the checkpoint that covers them is on the disk. Raises what
    :func:`ledger.workflow.append.append_entries` raises; log and inbox are then as they were.
    """
    files = read_inbox(places)
    if not files:
        return Sequenced("empty", places.root)
    plan = _Plan()

    def make(store: FileStore) -> Sequence[NewEntry]:
        plan.accepted, plan.refused, plan.leftover, findings = _plan_parts(store, files)
        plan.findings[:] = [*_refusals(plan.refused), *findings]
        return [one.entry for one in plan.accepted]

    from ledger.store.files import FileStore

    if not make(FileStore.open(places)):
        dialogue.show_groups((), plan.findings)
        gone = () if choices.dry_run else tuple(plan.leftover)
        remove_statements(places, list(gone))
        outcome: SequenceOutcome = (
            "refused" if plan.refused else "previewed" if choices.dry_run else "recorded"
        )
        return _result(outcome, places, plan, gone, None)
    appended = append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message="Record signed statements",
        findings=plan.findings,
    )
    removed: tuple[str, ...] = ()
    if appended.outcome == "recorded":
        removed = (*(one.name for one in plan.accepted), *plan.leftover)
        remove_statements(places, list(removed))
    return _result(appended.outcome, places, plan, removed, appended)


def _result(
    outcome: SequenceOutcome,
    places: Places,
    plan: _Plan,
    removed: tuple[str, ...],
    appended: Appended | None,
) -> Sequenced:
    return Sequenced(
        outcome,
        places.root,
        tuple(plan.accepted),
        tuple(plan.refused),
        tuple(plan.leftover),
        removed,
        appended,
    )


def _plan_parts(
    store: FileStore, files: Sequence[InboxFile]
) -> tuple[list[Accepted], list[Refused], list[str], list[Finding]]:
    """Return what is accepted, refused and in the log already, and what to know about the accepted."""
    read, refused = _read(files)
    log = read_statements(store, {one.statement.subject for _, one in read})
    on_record = {_digest(one.signed) for one in log.entries if one.signed is not None}
    leftover = [name for name, one in read if _digest(one) in on_record]
    waiting = [(name, one) for name, one in read if name not in set(leftover)]
    planner = _Planner(store, log, {one.statement.size for _, one in waiting})
    accepted = []
    # By number, so that of two statements of one person about one thing the older one comes first;
    # agreements to a charter last, because what follows them may be judged by it.
    order = sorted(
        waiting, key=lambda pair: (pair[1].statement.kind == "charter", pair[1].statement.nr, pair[0])
    )
    for name, signed in order:
        if planner.keys_change:
            planner.waits.append(name)  # the head that brings new log keys ends here
            continue
        entry = planner.place(signed)
        if isinstance(entry, Problem):
            refused.append(Refused(name, entry.code, f"{_words(signed)}: {entry.what}", entry.fix))
        else:
            accepted.append(Accepted(name, signed, entry))
    return accepted, sorted(refused), leftover, planner.findings()


def _read(files: Sequence[InboxFile]) -> tuple[list[tuple[str, Signed]], list[Refused]]:
    read, refused = [], []
    for name, data in files:
        if data is None:
            refused.append(Refused(name, "form", "it is no file of at most 1 MiB", _UNREADABLE))
            continue
        try:
            signed = decode_signed(data)
        except FormatError as error:
            refused.append(Refused(name, "form", error.what, _UNREADABLE))
            continue
        if name != inbox_name(signed.statement):
            what = "its name is not the SHA-256 of its statement"
            refused.append(Refused(name, "form", what, f"rename it to {inbox_name(signed.statement)}"))
            continue
        read.append((name, signed))
    return read, refused


class _Planner:
    """Gives statements their entries, each seeing those before it as if they were recorded."""

    def __init__(self, store: FileStore, log: StatementLog, sizes: set[int]) -> None:
        self._store = store
        self._keys = KeysInForce(log.charters)
        self._governing = list(log.governing)
        self._log_keys = _log_keys(log.charters)
        self.keys_change = False
        self.waits: list[str] = []
        roots: Mapping[int, bytes] = roots_at(store, (size for size in sizes if size <= store.size()))
        self._judge: Judge = log.judge(store.origin, roots)
        self._seq = store.size()
        self._polls: PollLog | None = None
        self._cast: dict[str, list[InLog]] = {}
        self._now = utc_now()

    def place(self, signed: Signed) -> NewEntry | Problem:
        """Return the entry of ``signed``, or why it gets none."""
        keys = self._keys.judging(signed, self._seq)
        problem = self._judge.problem(signed, self._seq, keys)
        if problem is not None:
            return problem
        entry = self._entry(signed)
        if isinstance(entry, Problem):
            return entry
        size = len(canonical.encode(entry.body))
        if size > MAX_BODY:
            what = f"its entry would have {size} bytes, and {MAX_BODY} are allowed"
            return Problem("form", what, f"at most {MAX_BODY}", str(size), "say it in fewer words")
        if entry.kind == "ballot":
            ballot = from_body("ballot", entry.body)
            assert isinstance(ballot, CastBallot)  # noqa: S101 - the kind says so
            self._cast.setdefault(ballot.poll, []).append(InLog(self._seq, self._now, ballot))
        self._judge.take(signed.statement, keys)
        if signed.statement.kind == "charter":
            self._agree(entry)
        self._seq += 1
        return entry

    def _agree(self, entry: NewEntry) -> None:
        """See what an agreement brings: other members' keys, or other log keys, after it."""
        self._governing.append(_Planned(self._seq, entry.kind, self._now, b"", entry.body))
        charters = follow_log(self._governing).versions
        self._keys = KeysInForce(charters)
        self.keys_change = _log_keys(charters) != self._log_keys

    def findings(self) -> list[Finding]:
        """Return what the count will make of the ballots that were placed."""
        from ledger.workflow.polls.casting import ballot_findings

        polls = self._polls
        later = [
            Finding(
                "sequenced-later",
                "note",
                None,
                f"{INBOX}/{name} waits: the log's keys change before it",
                "run ledger sequence once more",
            )
            for name in self.waits
        ]
        return later + [
            one
            for name, ballots in self._cast.items()
            for one in (ballot_findings(polls.named(name), ballots) if polls is not None else ())
        ]

    def _entry(self, signed: Signed) -> NewEntry | Problem:
        statement = signed.statement
        if statement.kind == "ballot":
            return self._ballot(signed)
        if statement.kind == "approval":
            body: dict[str, Any] = {
                "source": None,
                "sources": [],
                "text": statement.value.get("text", ""),
                "of": [statement.subject],
                "approvers": [statement.by],
                "where": None,
                "merged_by": None,
                "motion": None,
                "section": [],
                "statement": signed_value(signed),
            }
            return NewEntry("approval", None, body)
        return NewEntry("attestation", None, signed_value(signed))

    def _ballot(self, signed: Signed) -> NewEntry | Problem:
        from ledger.lookup.polls import read_polls
        from ledger.records import to_body

        statement = signed.statement
        if self._polls is None:
            self._polls = read_polls(self._store)
        found = self._polls.polls.get(self._judge.subjects[statement.subject].seq)
        if found is None:
            what = f"the words of the poll {statement.subject} were erased: nobody can vote in it"
            return Problem("subject", what, "a poll", "an erased one", "remove the file")
        new = self._cast.get(found.name, [])
        body = {
            "poll": found.name,
            "by": statement.by,
            "nr": next_number([*found.ballots, *new], statement.by, found.spellings),
            "entered_by": statement.by,
            "statement": signed_value(signed),
            **statement.value,
        }
        ballot = from_body("ballot", body)
        assert isinstance(ballot, CastBallot)  # noqa: S101 - the kind says so
        wrong = choice_problem(found.poll, ballot)
        if wrong is not None:
            options = ", ".join(found.poll.options)
            return Problem(
                "choice", wrong, f"a choice of: {options}", wrong, "cast it anew: ledger ballot cast"
            )
        return NewEntry("ballot", None, to_body(ballot))


class _Planned(NamedTuple):
    """An entry that is not in the log yet, as the succession of charters takes it."""

    seq: int
    kind: str
    at: str
    leaf: bytes
    body: dict[str, Any]


def _log_keys(charters: Sequence[CharterVersion]) -> frozenset[str]:
    """Return the log keys in force after all ``charters``."""
    current = next((one for one in reversed(charters) if one.since is not None), None)
    return frozenset(() if current is None else current.charter.keys)


def _refusals(refused: Sequence[Refused]) -> list[Finding]:
    return [
        Finding(
            f"refused-{one.code}",
            "warning",
            None,
            f"not accepted, {INBOX}/{one.name}: {one.reason}",
            one.fix,
        )
        for one in refused
    ]


def _words(signed: Signed) -> str:
    one = signed.statement
    return f"{one.kind} by {one.by} on {one.subject}, key {signing_key(signed).fingerprint}"


def _digest(signed: Signed) -> bytes:
    return sha256(encode_statement(signed.statement)).digest()
