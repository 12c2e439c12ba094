"""``member add``, ``member revoke`` and ``member list``: people and their keys in the charter.

The first two edit GOVERNANCE.md and nothing else; what they change counts once the charter is adopted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ledger.charter import GOVERNANCE, Charter, parse_charter, read_governance
from ledger.charter.editing import add_item, remove_item
from ledger.errors import ConfigurationError, FormatError, NotFoundError, UsageError
from ledger.log.sshkey import PublicKey, decode_key
from ledger.workflow.charter_check import read_charter_file
from ledger.workflow.preview import Group, Row

if TYPE_CHECKING:
    from ledger.lookup.members import MemberList
    from ledger.store.places import Places
    from ledger.workflow.asking import Choices, Dialogue

EditOutcome = Literal["changed", "unchanged", "previewed", "declined", "unasked"]

ADOPT = "ledger charter adopt"


class LineChange(NamedTuple):
    """A line of GOVERNANCE.md that comes (``+``) or goes (``-``): its number there (1-based), its text."""

    sign: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class CharterEdit:
    """What came of it: the lines that change, and whether they were written."""

    outcome: EditOutcome
    handle: str
    changes: tuple[LineChange, ...]
    ledger: Path


def add_member(
    places: Places,
    handle: str,
    *,
    keys: Sequence[str] = (),
    also: Sequence[str] = (),
    roles: Sequence[str] = (),
    choices: Choices,
    dialogue: Dialogue,
) -> CharterEdit:
    """Write a person, or more about one, into GOVERNANCE.md once somebody agreed.

    Each of ``keys`` is the line of an OpenSSH public key, or a file that holds one. Raises UsageError for
    a key that is none, ConfigurationError where GOVERNANCE.md would be no charter any more (a key or name
    of somebody else), StoreError where it cannot be read or written.
    """
    wanted = {
        "also": list(also),
        "keys": [_given_key(text).text for text in keys],
        "roles": list(roles),
    }

    def edit(data: bytes, charter: Charter) -> bytes:
        place = _place_of(charter, handle)
        if place is None:
            item: dict[str, Any] = {"handle": handle} | {
                name: some for name, some in wanted.items() if some
            }
            return add_item(data, ("members",), item)
        member = charter.members[place]
        # (A key may stand there with a comment.)
        there = {"also": member.also, "roles": member.roles, "keys": tuple(map(_bare, member.keys))}
        for name, some in wanted.items():
            for one in some:
                if one not in there[name]:
                    data = add_item(data, ("members", place, name), one)
        return data

    return _edit(places, handle, edit, choices, dialogue)


def revoke_key(
    places: Places,
    handle: str,
    key: str,
    *,
    suspect_since: str | None = None,
    choices: Choices,
    dialogue: Dialogue,
) -> CharterEdit:
    """Move a key of ``handle`` to the revoked ones in GOVERNANCE.md, once somebody agreed.

    ``key`` is its fingerprint (``SHA256:…``), its line, or a file that holds it; ``suspect_since`` the day
    (ISO) from which what it signed is in doubt. Raises NotFoundError where the person has no such key,
    and what :func:`add_member` raises.
    """

    def edit(data: bytes, charter: Charter) -> bytes:
        place = _place_of(charter, handle)
        texts = charter.members[place].keys if place is not None else ()
        wanted = key if key.startswith("SHA256:") else _given_key(key).fingerprint
        number = next((index for index, text in enumerate(texts) if _fingerprint(text) == wanted), None)
        if place is None or number is None:
            raise NotFoundError(
                f"{handle} has no key {wanted} in {GOVERNANCE}",
                why="only a key that is in force can be revoked",
                fix="see the keys: ledger member list",
            )
        item = {"key": _bare(texts[number])}
        if suspect_since is not None:
            item["suspect_since"] = suspect_since
        data = remove_item(data, ("members", place, "keys", number))
        return add_item(data, ("members", place, "revoked"), item)

    return _edit(places, handle, edit, choices, dialogue)


def _edit(
    places: Places,
    handle: str,
    edit: Callable[[bytes, Charter], bytes],
    choices: Choices,
    dialogue: Dialogue,
) -> CharterEdit:
    from ledger.store.durable import disk_error, write_file

    old = read_charter_file(places.governance)
    new = edit(old, _parse(old))
    _parse(new)
    changes = tuple(_changes(old, new))
    if not changes:
        return CharterEdit("unchanged", handle, (), places.root)
    rows = tuple(Row(one.line, one.sign, one.text) for one in changes)
    dialogue.show_groups([Group(f"{GOVERNANCE} changes", rows)])
    outcome: EditOutcome = "changed"
    if choices.dry_run:
        outcome = "previewed"
    elif not choices.yes:
        if not dialogue.is_interactive:
            outcome = "unasked"
        elif not dialogue.agree(f"Change {GOVERNANCE}?"):
            outcome = "declined"
    if outcome == "changed":
        try:
            write_file(places.governance, new)
        except OSError as error:
            raise disk_error(error, f"write {GOVERNANCE}") from error
    return CharterEdit(outcome, handle, changes, places.root)


def _parse(data: bytes) -> Charter:
    matter = read_governance(data)
    if matter is None:
        raise ConfigurationError(f"{GOVERNANCE} has no front matter", fix="start a ledger: ledger init")
    return parse_charter(matter)


def _place_of(charter: Charter, handle: str) -> int | None:
    # Whoever writes a handle without its @ means the same person.
    for wanted in (handle.casefold(), f"@{handle.casefold()}"):
        for place, member in enumerate(charter.members):
            if wanted in (name.casefold() for name in (member.handle, *member.also)):
                return place
    return None


def _given_key(text: str) -> PublicKey:
    """Return the key that somebody named: its own line, or a file."""
    from ledger.store.openssh import read_key_file

    if " " in text.strip() and not Path(text).exists():
        try:
            return decode_key(text.strip())
        except FormatError as error:
            raise UsageError(f"--key: {error.what}", why=error.why, fix=error.fix) from None
    return read_key_file(Path(text).expanduser(), "--key").key


def _bare(text: str) -> str:
    try:
        return decode_key(text).text
    except FormatError:
        return text


def _fingerprint(text: str) -> str:
    try:
        return decode_key(text).fingerprint
    except FormatError:
        return ""


def _changes(old: bytes, new: bytes) -> list[LineChange]:
    before, after = old.decode().splitlines(), new.decode().splitlines()
    changes = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            changes += [LineChange("-", line + 1, before[line]) for line in range(first, last)]
            changes += [LineChange("+", line + 1, after[line]) for line in range(start, end)]
    return changes


def list_members(places: Places) -> MemberList:
    """Return the members by the charter in force. Raises what reading the log raises."""
    from hashlib import sha256

    from ledger.lookup.members import read_members
    from ledger.store.reading import FileReader

    digest = sha256(read_charter_file(places.governance)).hexdigest()
    return read_members(FileReader.open(places), digest)
