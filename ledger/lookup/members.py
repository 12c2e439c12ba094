"""The members by the charter in force: their names, roles and keys, and the keys that were revoked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.charter import Member
from ledger.errors import FormatError, VerificationError
from ledger.governance.in_force import CharterVersion, charter_at
from ledger.log.sshkey import decode_key
from ledger.lookup.layout import WIDTH, Line, field, join, paragraph
from ledger.lookup.statements import read_statements

if TYPE_CHECKING:
    from ledger.store.reading import FileReader


class KnownKey(NamedTuple):
    """A member's key: type and fingerprint, since which version of the charter it was in force (entry
    ``seq``); for a revoked one, by which version it was, and the day from which it is in doubt."""

    type: str
    fingerprint: str
    version: int
    seq: int
    revoked_by: int | None = None
    suspect_since: str | None = None


class KnownMember(NamedTuple):
    """A member in the charter in force, with all keys that it names for them."""

    member: Member
    keys: tuple[KnownKey, ...]


@dataclass(frozen=True, slots=True)
class MemberList:
    """The members by the charter in force (its ``version``, entry ``seq``); ``edited`` tells that
    GOVERNANCE.md says something else by now."""

    version: int
    seq: int
    members: tuple[KnownMember, ...]
    edited: bool

    def to_json(self) -> dict[str, Any]:
        """Return the list as a JSON value."""
        return {
            "version": self.version,
            "seq": self.seq,
            "edited": self.edited,
            "members": [
                {
                    "handle": one.member.handle,
                    "also": list(one.member.also),
                    "roles": list(one.member.roles),
                    "keys": [key._asdict() for key in one.keys],
                }
                for one in self.members
            ],
            "text": join(self.lines()),
        }

    def lines(self, width: int = WIDTH) -> list[Line]:
        """Return the list laid out for people."""
        count = len(self.members)
        what = "no members stated" if not count else "1 member" if count == 1 else f"{count} members"
        title = f"{what} by version {self.version} of the charter (#{self.seq})"
        lines: list[Line] = [*paragraph(title, width, style="bold")]
        if self.edited:
            text = "GOVERNANCE.md was edited and is not adopted: ledger charter adopt"
            lines += paragraph(text, width, style="yellow")
        for one in self.members:
            lines += [("",), *_member_lines(one, width)]
        return lines


def _member_lines(one: KnownMember, width: int) -> Iterator[Line]:
    member = one.member
    also = f" (also {', '.join(member.also)})" if member.also else ""
    yield from paragraph(f"{member.handle}{also}", width, style="bold")
    if member.roles:
        yield from field("roles", ", ".join(member.roles), width)
    if not one.keys:
        yield from field("key", "none: what they say is entered by the recorder", width, style="dim")
    for key in one.keys:
        yield from field("key", key.fingerprint, width)
        text = f"{key.type}, since version {key.version} (#{key.seq})"
        if key.revoked_by is None:
            yield from field("", text, width, style="dim")
            continue
        doubt = f", in doubt since {key.suspect_since}" if key.suspect_since else ""
        yield from field("", f"{text}; revoked by version {key.revoked_by}{doubt}", width, style="yellow")


def read_members(reader: FileReader, file_sha256: str) -> MemberList:
    """Return the members in the log of ``reader``; ``file_sha256`` (hex) is the digest of GOVERNANCE.md.

    Raises VerificationError where no charter on record can be read.
    """
    charters = [one for one in read_statements(reader).charters if one.since is not None]
    version = charter_at(charters, reader.head().size)
    if version is None:
        raise VerificationError("no charter on record can be read", fix="see: ledger verify")
    line = next(iter(reader.lines(version.seq, version.seq + 1)))
    members = tuple(KnownMember(one, _known_keys(one, charters)) for one in version.charter.members)
    edited = f'"file_sha256":"{file_sha256}"'.encode() not in line
    return MemberList(version.version, version.seq, members, edited)


def _known_keys(member: Member, charters: Sequence[CharterVersion]) -> tuple[KnownKey, ...]:
    first: dict[str, CharterVersion] = {}
    revoking: dict[str, CharterVersion] = {}
    for version in charters:
        for one in version.charter.members:
            for text in one.keys:
                first.setdefault(_fingerprint(text), version)
            for former in one.revoked:
                revoking.setdefault(_fingerprint(former.key), version)
    known = []
    for text in member.keys:
        start = first[_fingerprint(text)]
        known.append(KnownKey(text.partition(" ")[0], _fingerprint(text), start.version, start.seq))
    for former in member.revoked:
        end = revoking[_fingerprint(former.key)]
        start = first.get(_fingerprint(former.key), end)
        known.append(
            KnownKey(
                former.key.partition(" ")[0],
                _fingerprint(former.key),
                start.version,
                start.seq,
                end.version,
                former.suspect_since,
            )
        )
    return tuple(known)


def _fingerprint(text: str) -> str:
    try:
        return decode_key(text).fingerprint
    except FormatError as error:
        return f"cannot be used: {error.what}"
