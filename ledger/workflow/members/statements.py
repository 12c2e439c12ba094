"""Making a statement: what somebody signs, after the ledger was verified, on its way into the inbox.

Whoever signs vouches for the head that they saw. So the ledger is verified first, and nothing is signed
over one that does not hold. No log key is needed, and any branch will do: the file waits in the inbox
until the recorder gives it its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ledger.errors import Finding, FormatError, NotFoundError, UsageError, VerificationError
from ledger.governance.members import FITTING, KeysInForce, MemberKeys, Spoken
from ledger.log.statement import (
    NAMESPACE,
    Signed,
    Statement,
    check_signed,
    decode_signed,
    encode_statement,
    inbox_name,
)
from ledger.lookup.statements import StatementLog, find_spoken, read_statements
from ledger.store.inbox import INBOX, put_statement, read_inbox
from ledger.store.openssh import sign
from ledger.workflow.members.signer import find_signer
from ledger.workflow.preview import Group, Row

if TYPE_CHECKING:
    from ledger.store.places import Places
    from ledger.store.reading import FileReader
    from ledger.workflow.asking import Choices, Dialogue

MadeOutcome = Literal["signed", "waiting", "recorded-already", "previewed", "declined", "unasked"]


class Wish(NamedTuple):
    """What is to be signed: the kind of statement, the entry, what it says of it, in words for people."""

    kind: str
    spoken: Spoken
    value: dict[str, Any]
    words: str


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the ``statement``, by which key (its fingerprint) and, where it was signed, its
    ``path`` in the inbox, relative to the ledger. ``on_record`` names the entry that says so already."""

    outcome: MadeOutcome
    statement: Statement
    fingerprint: str
    words: str
    ledger: Path
    path: str | None = None
    on_record: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def commit(self) -> str:
        """The git command that commits the file."""
        what = f"Sign {self.statement.kind} on {self.statement.subject}"
        return f'git add {self.path} && git commit -m "{what}"'


MakeWish = Callable[["FileReader", MemberKeys], "tuple[Wish, Sequence[Finding]]"]
"""Gives what is to be signed in the ledger as it was verified."""


def sign_about(
    places: Places,
    what: str,
    *,
    by: str | None = None,
    text: str | None = None,
    sign_with: Path | None = None,
    choices: Choices,
    dialogue: Dialogue,
) -> Made:
    """Sign a statement about ``what``: a meeting (its minutes are approved), ``charter`` or a version of
    it (agreed to), ``HEAD`` or any other entry (vouched for); and put it into the inbox.

    ``text`` is what the signer says besides. Raises NotFoundError where there is no such record, and
    what :func:`make_statement` raises.
    """
    value = {"text": text} if text else {}

    def wish(reader: FileReader, _keys: MemberKeys) -> tuple[Wish, Sequence[Finding]]:
        spoken = _find(reader, what)
        kind = {kind: name for name, kind in FITTING.items() if name != "ballot"}.get(
            spoken.kind, "attestation"
        )
        says = {
            "approval": f"approve the minutes of {spoken.name}",
            "charter": f"agree to the charter {spoken.name}",
        }.get(kind, f"vouch for {spoken.name}, a {spoken.kind}")
        if what == "HEAD":
            says = f"vouch for the whole log up to {spoken.name}"
        return Wish(kind, spoken, value, says + (f": “{text}”" if text else "")), ()

    return make_statement(places, wish, by=by, sign_with=sign_with, choices=choices, dialogue=dialogue)


def make_statement(
    places: Places,
    make_wish: MakeWish,
    *,
    by: str | None,
    sign_with: Path | None,
    choices: Choices,
    dialogue: Dialogue,
) -> Made:
    """Verify the ledger, sign what is wished once somebody agreed, and put it into the inbox.

    Raises VerificationError where the ledger does not hold, and what
    :func:`~ledger.workflow.members.signer.find_signer` and :func:`~ledger.store.openssh.sign` raise.
    """
    seen = _seen_head(places)
    size, root, origin = seen.size, seen.root, seen.origin
    from ledger.store.reading import FileReader

    reader = FileReader.open(places)
    log = read_statements(reader)
    in_force = KeysInForce(log.charters)
    keys = in_force.at(size)
    wish, findings = make_wish(reader, keys)
    if seen.waiting is not None and wish.kind != "charter":
        raise _does_not_hold(seen.waiting)
    if wish.kind == "charter":
        keys = in_force.agreeing(wish.spoken.name, size)
    signer = find_signer(places, keys, by, sign_with)
    log.subjects[wish.spoken.name] = wish.spoken
    fingerprint = signer.key.key.fingerprint
    waiting = _waiting(places, keys)
    statement = Statement(
        by=signer.handle,
        kind=wish.kind,
        nr=_next_number(log, waiting, wish.spoken, signer.handle, keys),
        origin=origin,
        subject=wish.spoken.name,
        subject_leaf=wish.spoken.leaf_before(size),
        size=size,
        root=root,
        value=wish.value,
    )
    made = Made("signed", statement, fingerprint, wish.words, places.root, findings=tuple(findings))
    again = _said_already(made, log, waiting)
    if again is not None:
        return again
    rows = (
        Row(None, "by", f"{signer.handle}, with the key {fingerprint} ({signer.key.named_by})"),
        Row(None, "says", f"I {wish.words}"),
        Row(None, "seen", f"the log {origin} of {size} entries, root {root.hex()}"),
    )
    dialogue.show_groups([Group("to be signed", rows)], findings)
    outcome = _agree(choices, dialogue)
    if outcome != "signed":
        return _with(made, outcome)
    data = encode_statement(statement)
    signed = Signed(statement, sign(signer.key, data, NAMESPACE))
    check_signed(signed, (signer.key.key,))
    return _with(made, "signed", path=put_statement(places, signed))


class _Seen(NamedTuple):
    """The head that a signer vouches for; ``waiting`` says what a change of the log's keys waits for, where
    that is all that is wrong."""

    size: int
    root: bytes
    origin: str
    waiting: str | None


def _seen_head(places: Places) -> _Seen:
    """Return the head, once everything below it was found to hold, or to wait for the owners' agreement."""
    from ledger.workflow.verify import verify_ledger
    from ledger.workflow.verify.report import HANDOVERS, RULES

    report = verify_ledger(places)
    passed = {RULES} if report.waiting is None else {RULES, HANDOVERS}
    wrong = [check for check in report.checks if check.status == "failed" and check.name not in passed]
    if wrong or report.size is None or report.root is None or report.origin is None:
        raise _does_not_hold(wrong[0].detail if wrong else "no head")
    return _Seen(report.size, report.root, report.origin, report.waiting)


def _does_not_hold(what: str) -> VerificationError:
    return VerificationError(
        f"the ledger does not hold, and nothing was signed: {what}",
        why="whoever signs vouches for the log that they saw",
        fix="see what is wrong with: ledger verify",
    )


def _find(reader: FileReader, what: str) -> Spoken:
    name = what.strip()
    if name == "HEAD":
        name = f"#{reader.head().size - 1}"
    elif name == "charter":
        name = f"#{read_statements(reader).charters[-1].seq}"
    elif name.isascii() and name.isdigit():
        name = f"#{name}"
    found = find_spoken(reader, [name]).get(name)
    if found is None:
        raise NotFoundError(
            f"no record is called {name[:60]!r}",
            why="a statement is about an entry on record, or about HEAD, the log as it is",
            fix="look for it: ledger find WORDS",
        )
    return found


def _waiting(places: Places, keys: MemberKeys) -> list[tuple[str, Signed]]:
    """Return the statements in the inbox whose signature holds by ``keys``, with their file names.

    Anybody can put others there, in somebody's name: they say nothing, and ``sequence`` tells of them.
    """
    found = []
    for name, data in read_inbox(places):
        try:
            signed = decode_signed(data or b"")
            check_signed(signed, keys.of(signed.statement.by))
        except (FormatError, VerificationError):
            continue
        found.append((name, signed))
    return found


def _next_number(
    log: StatementLog, waiting: Sequence[tuple[str, Signed]], spoken: Spoken, by: str, keys: MemberKeys
) -> int:
    person = keys.spellings.key
    number = log.judge("", {}).next_number(by, spoken.name, keys)
    own = [
        one.statement.nr
        for _, one in waiting
        if one.statement.subject == spoken.name and person(one.statement.by) == person(by)
    ]
    return max([number - 1, *own]) + 1


def _said_already(made: Made, log: StatementLog, waiting: Sequence[tuple[str, Signed]]) -> Made | None:
    """Return what says the same already, in the inbox or on record; None where nothing does."""

    def facts(one: Statement) -> tuple[object, ...]:
        return one.by, one.kind, one.subject, one.subject_leaf, one.origin, one.value

    wanted, subject = facts(made.statement), made.statement.subject
    mine = [
        (name, one)
        for name, one in waiting
        if one.statement.subject == subject and one.statement.by == made.statement.by
    ]
    # The last word counts: a ballot may well go back to what it said before.
    if mine:
        name, last = max(mine, key=lambda pair: pair[1].statement.nr)
        if facts(last.statement) == wanted and name == inbox_name(last.statement):
            return _with(made, "waiting", path=f"{INBOX}/{name}")
        return None
    entries = [
        (one.seq, one.signed.statement)
        for one in log.entries
        if one.signed is not None
        and (one.signed.statement.subject, one.signed.statement.by) == (subject, made.statement.by)
    ]
    if entries and facts(entries[-1][1]) == wanted and subject != f"#{made.statement.size - 1}":
        return _with(made, "recorded-already", on_record=f"#{entries[-1][0]}")
    return None


def _with(
    made: Made, outcome: MadeOutcome, *, path: str | None = None, on_record: str | None = None
) -> Made:
    return Made(
        outcome,
        made.statement,
        made.fingerprint,
        made.words,
        made.ledger,
        path,
        on_record,
        made.findings,
    )


def _agree(choices: Choices, dialogue: Dialogue) -> MadeOutcome:
    if choices.dry_run:
        return "previewed"
    if choices.yes:
        return "signed"
    if not dialogue.is_interactive:
        return "unasked"
    return "signed" if dialogue.agree("Sign this?") else "declined"


def check_text(text: str | None) -> str | None:
    """Return what a signer says besides, None for nothing; raises UsageError where it cannot be shown."""
    if text is None or (text.strip() and text.isprintable() and len(text) <= 2000):
        return text
    raise UsageError("--text is not a line of text", fix="say it in one line of at most 2000 characters")
