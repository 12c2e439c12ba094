"""``charter show`` and ``charter diff``: what the charters on record say, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.charter import GOVERNANCE
from ledger.errors import NotFoundError, UsageError, VerificationError
from ledger.governance.charter_changes import Change, compare_charters
from ledger.governance.in_force import charter_at, charter_for_rules
from ledger.workflow.lookup import open_lookup

if TYPE_CHECKING:
    from ledger.lookup.charters import RecordedCharter, ShownCharter
    from ledger.lookup.index import Index
    from ledger.store.places import Places


@dataclass(frozen=True, slots=True)
class CharterDiff:
    """What changed from one charter to another; each is named as a person would (``version 2``).

    ``lines`` are those of GOVERNANCE.md for each change, where the file is what is compared.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    same_file: bool
    lines: tuple[int | None, ...] = ()


def read_recorded(places: Places) -> list[RecordedCharter]:
    """Return the charters on record, in the order of the log.

    Raises VerificationError where there is none that can be read, and what look-up raises.
    """
    with open_lookup(places) as index:
        return index.answer(_read)


def _read(index: Index) -> list[RecordedCharter]:
    from ledger.lookup.charters import read_charters

    found = read_charters(index)
    if not found:
        raise VerificationError("no charter on record can be read", fix="see: ledger verify")
    return found


def current_charter(places: Places) -> tuple[RecordedCharter, RecordedCharter]:
    """Return the charter in effect, and the one recorded last, which may only be proposed.

    Raises as :func:`read_recorded` does.
    """
    return pick_current(read_recorded(places))


def pick_current(charters: Sequence[RecordedCharter]) -> tuple[RecordedCharter, RecordedCharter]:
    """Return the one in effect of ``charters``, and the last one."""
    current = next(one for one in reversed(charters) if one.version.since is not None)
    return current, charters[-1]


def show_charter(
    places: Places,
    *,
    today: str,
    seq: int | None = None,
    on: str | None = None,
    version: int | None = None,
) -> ShownCharter:
    """Return the charter whose rules count ``today`` (ISO), or the one that is asked for.

    That is the one at the place ``seq`` in the log, the one whose rules count for a meeting ``on`` a day,
    or a ``version``. Raises UsageError where several are asked for or one is no day, NotFoundError where
    there is no such charter.
    """
    from ledger.lookup.charters import ShownCharter
    from ledger.lookup.succession import read_succession

    if sum(one is not None for one in (seq, on, version)) > 1:
        raise UsageError(
            "--at, --on and --version contradict each other",
            why="each names a charter in its own way",
            fix="give one of them",
        )
    with open_lookup(places) as index:
        charters, succession = index.answer(lambda one: (_read(one), read_succession(one)))
    _check_place(places, seq)
    chosen, asked = _choose(charters, today=today, seq=seq, on=on, version=version)
    since = chosen.version.since
    later = [one for one in succession.effective if since is not None and (one.since or 0) > since]
    until = min((one.in_force_from for one in later), default=None)
    told = {
        one.version.seq: one for one in (succession.proposal(chosen.version.seq), succession.waiting) if one
    }
    proposals = tuple(told.values())
    return ShownCharter(chosen, asked, until, _state_of_file(places, charters), later, proposals)


def diff_charters(places: Places, old: str | None, new: str | None, *, today: str) -> CharterDiff:
    """Return what changed between two charters: version numbers, or None for what is usual.

    Without both it is from the version recorded last to GOVERNANCE.md as it lies there; with ``old`` alone
    from that version to the one recorded last. Raises UsageError for what is no number, NotFoundError for
    a version that is not on record, ConfigurationError where GOVERNANCE.md is no charter.
    """
    charters = read_recorded(places)
    if old is None:
        return _diff_file(places, charters, today)
    one = _numbered(charters, _number(old))
    other = charters[-1] if new is None else _numbered(charters, _number(new))
    changes = compare_charters(
        one.version.charter,
        other.version.charter,
        others=(one.body["front_matter"], other.body["front_matter"]),
    )
    same = one.body.get("file_sha256") == other.body.get("file_sha256")
    return CharterDiff(_name(one), _name(other), tuple(changes), same)


def _diff_file(places: Places, charters: Sequence[RecordedCharter], today: str) -> CharterDiff:
    from ledger.workflow.charter_check import as_error, examine, read_charter_file

    check = examine(read_charter_file(places.governance), GOVERNANCE, charters, today=today)
    if check.changes is None:
        raise as_error(check)
    compared = charters[-1] if check.unchanged else pick_current(charters)[0]
    return CharterDiff(_name(compared), GOVERNANCE, check.changes, check.unchanged, check.lines)


def _check_place(places: Places, seq: int | None) -> None:
    from ledger.store.reading import FileReader

    size = FileReader.open(places).head().size
    if seq is not None and seq >= size:
        raise NotFoundError(f"no entry {seq}: the log has {size}", fix=f"the last one is #{size - 1}")


def _choose(
    charters: Sequence[RecordedCharter],
    *,
    today: str,
    seq: int | None,
    on: str | None,
    version: int | None,
) -> tuple[RecordedCharter, str]:
    """Return a charter, and why it is this one."""
    versions = [one.version for one in charters]
    if version is not None:
        return _numbered(charters, version), f"because version {version} was asked for"
    if seq is not None:
        found = charter_at(versions, seq)
        if found is None:
            raise NotFoundError(f"no charter was on record at #{seq}", fix="the first is #0")
        return charters[versions.index(found)], f"the one in effect at #{seq}"
    day = today if on is None else _day(on)
    found = charter_for_rules(versions, day)
    if found is not None:
        why = (
            "the one in force today" if on is None else f"the one whose rules count for a meeting on {day}"
        )
        return charters[versions.index(found)], why
    if on is None:
        return pick_current(charters)[0], "the one in effect; its rules are not in force yet"
    first = min(one.in_force_from for one in versions if one.since is not None)
    raise NotFoundError(
        f"no charter was in force on {day}",
        why=f"the first rules on record count from {first}",
        fix="ask for a later day, or for a version: ledger charter show --version 1",
    )


def _numbered(charters: Sequence[RecordedCharter], version: int) -> RecordedCharter:
    for one in charters:
        if one.version.version == version:
            return one
    known = ", ".join(str(one.version.version) for one in charters)
    raise NotFoundError(f"there is no version {version} of the charter", fix=f"on record: {known}")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError(
            f"{text!r} is not the number of a version",
            why="versions of the charter are counted from 1",
            fix="for example: ledger charter diff 1 2",
        )
    return int(text)


def _day(text: str) -> str:
    from datetime import date

    try:
        if len(text) == len("2024-01-31") and date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise UsageError(f"{text!r} is not a day", why="rules count by the day", fix="write it as 2024-01-31")


def _name(recorded: RecordedCharter) -> str:
    return f"version {recorded.version.version}"


def _state_of_file(places: Places, charters: Sequence[RecordedCharter]) -> str:
    try:
        data = places.governance.read_bytes()
    except OSError:
        return "missing"
    digest = sha256(data).hexdigest()
    current, latest = pick_current(charters)
    if digest == current.body.get("file_sha256"):
        return "adopted"
    return "proposed" if digest == latest.body.get("file_sha256") else "edited"
