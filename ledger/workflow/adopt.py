"""``charter adopt``: GOVERNANCE.md, as it lies there, becomes the next version of the charter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.charter import GOVERNANCE, charter_body, parse_charter, read_governance
from ledger.errors import Finding
from ledger.governance.charter_changes import touches_outcomes
from ledger.store.signer import no_replacement_error
from ledger.workflow.append import Appended, append_entries
from ledger.workflow.charter_check import CharterCheck, as_error, examine, read_charter_file
from ledger.workflow.charters import pick_current, read_recorded
from ledger.workflow.lookup import open_lookup
from ledger.workflow.preview import Group, Row
from ledger.workflow.signing import other_branch

if TYPE_CHECKING:
    from ledger.governance.succession import Consent
    from ledger.lookup.charters import RecordedCharter
    from ledger.lookup.index import Index
    from ledger.store.base import NewEntry
    from ledger.store.places import Places
    from ledger.workflow.asking import Choices, Dialogue


class TouchedVote(NamedTuple):
    """A vote on record for which the new version counts: entry ``seq``, the day, and what it was about."""

    seq: int
    date: str
    proposal: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of it; ``appended`` is None where the file was adopted already.

    ``touched`` are the votes on record for which something that changed counts too.
    """

    check: CharterCheck
    appended: Appended | None
    touched: tuple[TouchedVote, ...] = ()
    repairs: tuple[Finding, ...] = ()


def adopt_charter(
    places: Places,
    choices: Choices,
    dialogue: Dialogue,
    *,
    today: str,
    passphrase_file: Path | None = None,
    lost_key: bool = False,
) -> Adoption:
    """Record GOVERNANCE.md as the next version of the charter, once somebody agreed to what changes.

    Where the owners of the charter in effect can sign, it is only proposed until they have agreed.
    ``today`` (ISO) is the day its rules count from where the file does not say. ``lost_key`` signs with a
    key that the new version names in place of one that is lost. Raises ConfigurationError, with the line,
    for a file that could not be adopted, and what :func:`ledger.workflow.append.append_entries` raises;
    the ledger is then as it was.
    """
    repairs = _repair(places, choices)
    data = read_charter_file(places.governance)
    charters = read_recorded(places)
    latest = pick_current(charters)[1]
    check = examine(data, GOVERNANCE, charters, today=today)
    if check.error is not None:
        raise as_error(check)
    if check.unchanged:
        return Adoption(check, None, repairs=repairs)
    if lost_key and not check.needs:
        raise no_replacement_error()
    touched = _find_touched(places, check)
    dialogue.show_groups(_preview(check, touched))
    appended = append_entries(
        places,
        [_entry(data, check, latest)],
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        message=f"{'Propose' if check.needs else 'Adopt'} version {check.version} of the charter",
        commit=(GOVERNANCE, "records"),
        lost_key=lost_key,
        new_keys=_log_keys(data),
    )
    return Adoption(check, appended, touched, repairs)


def _repair(places: Places, choices: Choices) -> tuple[Finding, ...]:
    """Settle what a crash left, which may have been an adoption; return what was done."""
    from ledger.store.files import FileStore

    if choices.dry_run or other_branch(places.root, on_this_branch=choices.on_this_branch) is not None:
        return ()
    with FileStore.open(places).writing() as found:
        return tuple(found)


def _entry(data: bytes, check: CharterCheck, latest: RecordedCharter) -> NewEntry:
    from ledger.store.base import NewEntry

    previous = {"seq": latest.version.seq, "leaf": latest.leaf}
    assert check.version is not None  # noqa: S101 - it was compared with the version before
    return NewEntry("charter", None, charter_body(data, version=check.version, previous=previous))


def _log_keys(data: bytes) -> tuple[str, ...]:
    matter = read_governance(data)
    return () if matter is None else parse_charter(matter).keys


def _find_touched(places: Places, check: CharterCheck) -> tuple[TouchedVote, ...]:
    if check.in_force_from is None or not touches_outcomes(check.changes or ()):
        return ()
    start = check.in_force_from
    with open_lookup(places) as index:
        return index.answer(lambda one: _read_votes(one, start))


def _read_votes(index: Index, start: str) -> tuple[TouchedVote, ...]:
    sql = """
        SELECT vote.seq, vote.date, motion.id, motion.body
        FROM record AS vote JOIN record AS motion ON motion.seq = vote.root
        WHERE vote.kind = 'vote' AND vote.date >= ? AND vote.body IS NOT NULL
        ORDER BY vote.date, vote.seq"""
    return tuple(
        TouchedVote(seq, date, name, _title(index, body))
        for seq, date, name, body in index.rows(sql, start)
        if "poll" not in (index.entry(seq).body or {})  # which has frozen its rules
    )


def _title(index: Index, seq: int | None) -> str | None:
    entry = index.entry(seq) if seq is not None else None
    body = entry.body if entry is not None else None
    if body is not None and entry is not None and entry.kind == "correction":
        body = body.get("body")
    title = body.get("title") if isinstance(body, dict) else None
    return title if isinstance(title, str) else None


def _preview(check: CharterCheck, touched: Sequence[TouchedVote]) -> list[Group]:
    changes = zip(check.changes or (), check.lines, strict=True)
    rows = [Row(line, change.kind, change.text) for change, line in changes]
    if not rows:
        rows = [Row(None, "", "no setting; the text of the file is another one")]
    groups = [Group(f"what changes from version {check.after} to {check.version}", tuple(rows))]
    if check.needs:
        waits = tuple(Row(None, f"{one.threshold} of", describe_owners(one)) for one in check.needs)
        groups.append(Group("it takes effect once they have signed it", waits))
    if check.findings:
        look = tuple(Row(one.line, one.level, f"{one.what} ({one.fix})") for one in check.findings)
        groups.append(Group("to be looked at", look))
    if touched:
        votes = tuple(Row(None, one.date, describe_vote(one)) for one in touched)
        groups.append(Group("votes on record that it counts for", votes))
    return groups


def describe_owners(consent: Consent) -> str:
    """Return whose agreement is needed, and by which version they are the owners."""
    without = f"; without a key: {', '.join(consent.keyless)}" if consent.keyless else ""
    return f"{', '.join(consent.waits_for)} (owners by version {consent.version}){without}"


def describe_vote(vote: TouchedVote) -> str:
    """Return a vote by the name and title of what it was about."""
    return f"{vote.proposal or f'#{vote.seq}'} {vote.title or ''}".strip()
