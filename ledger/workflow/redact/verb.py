"""``redact``: show what goes, ask, sign the redaction, and erase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ledger.errors import Finding, UsageError
from ledger.store.erasure import has_words
from ledger.workflow.append import agree_to, grown_error, open_store, read_stored
from ledger.workflow.history_file import read_history
from ledger.workflow.plan import Planned, as_entry
from ledger.workflow.preview import Group, Row, describe
from ledger.workflow.redact.copies import Copies, find_copies
from ledger.workflow.redact.planning import Plan, blanked_again, plan_redaction
from ledger.workflow.redact.targets import Log, find_targets
from ledger.workflow.rehearsal import fault_of
from ledger.workflow.signing import open_signer, other_branch, utc_now

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.log.entry import Entry
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.asking import Choices, Dialogue

RedactOutcome = Literal["redacted", "finished", "previewed", "declined", "unasked", "branch"]

DECIDED_BY = "the recorder"
"""Who decided a redaction where nobody is named: whoever recorded it."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What came of it: ``plan`` is what goes or would go, None where only an erasure was finished.

    ``first`` is the number of the redaction, ``head`` the new signed head if any, ``repairs`` what a crash
    had left. ``branch`` names the branch (current, default) where that is why nothing was done; ``copies``
    tells of what else has the words, None before anything is erased.
    """

    outcome: RedactOutcome
    plan: Plan | None
    ledger: Path
    first: int
    head: Checkpoint | None = None
    repairs: tuple[Finding, ...] = ()
    branch: tuple[str | None, str | None] | None = None
    copies: Copies | None = None


def redact_records(
    places: Places,
    names: Sequence[str],
    *,
    reason: str,
    by: str | None,
    choices: Choices,
    dialogue: Dialogue,
    passphrase_file: Path | None = None,
) -> Redacted:
    """Erase the words of the records called ``names``, once somebody agreed, and return what came of it.

    ``reason`` and ``by`` (who decided it) stay on record. Records whose erasure was interrupted may be
    named again: it is finished then. Raises NotFoundError for what is not on record; UsageError for an
    empty reason, for what cannot be redacted or is already, and for words that other records quote as well;
    StoreError and ConfigurationError as recording does. The ledger is then as it was.
    """
    if not reason.strip():
        raise UsageError(
            "no reason is given",
            why="whoever meets the gap later must be able to read why there is one",
            fix='say why, not what: --reason "asked for by the person"',
        )
    store = open_store(places)
    branch = None if choices.dry_run else other_branch(places.root, on_this_branch=choices.on_this_branch)
    repairs: tuple[Finding, ...] = ()
    if not choices.dry_run and branch is None:
        with store.writing() as found:
            repairs = tuple(found)
    log = Log.of(list(store.entries()))
    targets = find_targets(log, names)
    if targets.pending and not choices.dry_run and branch is None:
        _finish(store, log, targets.pending)
    if not targets.of:
        return _nothing_new(store, targets.pending, repairs, choices)
    plan = plan_redaction(store, log, targets, reason=reason.strip(), by=(by or "").strip() or DECIDED_BY)
    first = len(log.entries)
    _check(store, plan, first)
    dialogue.show_groups(tuple(_groups(plan, first)), plan.findings)
    outcome = agree_to(choices, dialogue, on_branch=branch is None)
    if outcome != "recorded":
        return Redacted(outcome, plan, places.root, first, None, repairs, branch)
    signer = open_signer(store.origin, passphrase_file, dialogue, keys=store.fitting_keys())
    with store.writing() as found:
        if store.size() != first:
            raise grown_error()
        head = store.redact(plan.entries, signer=signer, at=utc_now(), files=plan.data)
        repairs = tuple(dict.fromkeys((*repairs, *found)))
    return Redacted("redacted", plan, places.root, first, head, repairs, copies=copies_of(places, first))


def copies_of(places: Places, redaction: int) -> Copies:
    """Return what may still have the words that the redaction in entry ``redaction`` erased."""
    return find_copies(places.root, f"Redact records: see entry #{redaction}", ["records"])


def _finish(store: FileStore, log: Log, pending: Sequence[int]) -> None:
    with store.writing():
        for redaction in pending:
            if has_words(store.places, store.size(), redaction):
                store.erase(redaction, blanked_again(store, log, redaction))


def _nothing_new(
    store: FileStore, pending: Sequence[int], repairs: tuple[Finding, ...], choices: Choices
) -> Redacted:
    """Return that an erasure was finished. Raises UsageError where all was erased before."""
    first, root = pending[0], store.places.root
    left = [one for one in pending if has_words(store.places, store.size(), one)]
    if choices.dry_run and left:
        return Redacted("previewed", None, root, left[0])
    return Redacted(
        "finished", None, root, first, store.head(), repairs, copies=copies_of(store.places, first)
    )


def _check(store: FileStore, plan: Plan, first: int) -> None:
    """Raise UsageError for what ``verify`` would refuse for ever."""
    planned = [
        Planned(seq, one.kind, one.id, one.body) for seq, one in enumerate(plan.entries, start=first)
    ]
    history = read_history(store)
    for entry in planned:
        history.plan(as_entry(entry))
    data = plan.data
    fault = fault_of(
        planned, history, lambda path: data[path] if path in data else read_stored(store, path)
    )
    if fault is not None:
        raise UsageError(
            f"this redaction cannot be recorded: {fault[1]}",
            why="what is sealed cannot be mended, and ledger verify would refuse it for ever",
            fix="see: ledger verify",
        )


def _groups(plan: Plan, first: int) -> list[Group]:
    """Return what is shown before anybody is asked: what goes, and what stays on record."""
    erased = [
        Row(None, _name(one), f"{one.kind}: {describe(one.kind, one.body or {})}") for one in plan.records
    ]
    named = {one.seq for one in plan.records}
    corrections = len(plan.of) - len(named) - len(plan.files)
    if corrections:
        erased.append(Row(None, "", f"and {corrections} correction(s) of these"))
    groups = [Group("words that go, for good", tuple(erased))]
    if plan.files:
        rows = [Row(None, one.path, f"blanked: line {_ranges(one.lines)}") for one in plan.files]
        groups.append(Group("recorded minutes", tuple(rows)))
    body = plan.entries[0].body
    stays = [Row(None, f"#{first}", f"redaction decided by {body['by']}: {body['reason']}")]
    return [*groups, Group("what stays on record", tuple(stays))]


def _name(entry: Entry) -> str:
    return entry.id if entry.id is not None else f"#{entry.seq}"


def _ranges(lines: Sequence[int]) -> str:
    """Return line numbers in short.

    >>> _ranges((3, 4, 5, 9))
    '3-5, 9'
    """
    parts: list[list[int]] = []
    for line in lines:
        if parts and parts[-1][-1] == line - 1:
            parts[-1] = [parts[-1][0], line]
        else:
            parts.append([line])
    return ", ".join("-".join(map(str, part)) for part in parts)
