"""Members' signatures: whose key signed, and whether a statement may stand at its place in the log.

A statement is judged by the charter in force at its own place, never today's: taking a key away later
spoils nothing that it signed before. What a key signed from the day on which it was in doubt up to its
revocation is disputed: shown as such, and never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ledger.charter import Charter
from ledger.errors import FormatError, VerificationError
from ledger.governance.in_force import CharterVersion, charter_at
from ledger.governance.people import Spellings
from ledger.log.sshkey import PublicKey, decode_key
from ledger.log.statement import Signed, Statement, check_signed, signing_key

Code = Literal["form", "origin", "key", "signature", "subject", "leaf", "head", "nr", "choice"]

FITTING = {"ballot": "poll", "approval": "meeting", "charter": "charter"}
"""The kind of entry that a statement of each kind speaks about; an attestation fits every one."""


class MemberKeys:
    """Who signs with which key by one charter; None for a place where no charter was in force."""

    def __init__(self, charter: Charter | None) -> None:
        self.spellings = Spellings.of(charter)
        self.holders: dict[PublicKey, str] = {}
        self.revoked: dict[PublicKey, str] = {}
        for member in charter.members if charter is not None else ():
            for texts, held in (
                (member.keys, self.holders),
                (tuple(one.key for one in member.revoked), self.revoked),
            ):
                for text in texts:
                    try:
                        held[decode_key(text)] = member.handle
                    except FormatError:  # of an old charter: nobody can sign with it
                        continue

    def of(self, person: str) -> list[PublicKey]:
        """Return the keys in force of a person, by any spelling."""
        wanted = self.spellings.key(person)
        return [key for key, handle in self.holders.items() if self.spellings.key(handle) == wanted]


class KeysInForce:
    """The members' keys at each place of a log with these charters, proposed ones too, in log order."""

    def __init__(self, charters: Sequence[CharterVersion]) -> None:
        self._charters = charters
        self._keys: dict[int, MemberKeys] = {}

    def at(self, seq: int) -> MemberKeys:
        """Return the keys by which a statement recorded as entry ``seq`` is judged.

        It may itself be what makes another charter take effect, and is not judged by that.
        """
        return self._of(charter_at(self._charters, seq - 1))

    def judging(self, signed: Signed, seq: int) -> MemberKeys:
        """Return the keys by which ``signed`` is judged as entry ``seq``.

        To a charter may also agree whoever it names itself, with the key that it names for them.
        """
        in_force, statement = self.at(seq), signed.statement
        proposed = self._proposed(statement.subject, seq) if statement.kind == "charter" else None
        if proposed is None:
            return in_force
        try:
            key = signing_key(signed)
        except FormatError:
            return in_force
        return proposed if key not in in_force.holders and key in proposed.holders else in_force

    def agreeing(self, subject: str, seq: int) -> MemberKeys:
        """Return all keys with which somebody may agree to the charter ``subject`` in entry ``seq``."""
        in_force, proposed = self.at(seq), self._proposed(subject, seq)
        if proposed is None:
            return in_force
        joined = MemberKeys(None)
        joined.spellings = in_force.spellings
        joined.holders = proposed.holders | in_force.holders
        joined.revoked = in_force.revoked
        return joined

    def _proposed(self, subject: str, seq: int) -> MemberKeys | None:
        named = next((one for one in self._charters if f"#{one.seq}" == subject and one.seq < seq), None)
        return None if named is None else self._of(named)

    def _of(self, version: CharterVersion | None) -> MemberKeys:
        place = -1 if version is None else version.seq
        if place not in self._keys:
            self._keys[place] = MemberKeys(None if version is None else version.charter)
        return self._keys[place]


class Spoken(NamedTuple):
    """An entry that statements speak about: its reference, kind and number, and the leaf hash of each
    entry that holds its words: its own, then those of its corrections, as (seq, leaf)."""

    name: str
    kind: str
    seq: int
    leaves: tuple[tuple[int, bytes], ...]

    def leaf_before(self, seq: int) -> bytes:
        """Return the leaf hash of the words that counted just before entry ``seq``."""
        return max(one for one in self.leaves if one[0] < seq)[1]


class Problem(NamedTuple):
    """Why a statement may not stand at its place: a code, a sentence, what was expected and found there,
    and what to do about it."""

    code: Code
    what: str
    expected: str
    found: str
    fix: str


RootAt = Callable[[int], bytes | None]
"""Gives the root (32 bytes) that the log had at a size, None where it never was so long."""


@dataclass(slots=True)
class Judge:
    """Judges the statements of one log in their order, and remembers the numbers that were given.

    ``subjects`` are the entries that they speak about, by reference.
    """

    origin: str
    subjects: Mapping[str, Spoken]
    root_at: RootAt
    last: dict[tuple[str, int], int] = field(default_factory=dict)

    def problem(self, signed: Signed, seq: int, keys: MemberKeys) -> Problem | None:
        """Return why ``signed`` may not be entry ``seq``, where ``keys`` are in force; None: it may."""
        statement = signed.statement
        if statement.origin != self.origin:
            return Problem(
                "origin",
                f"it is for the log {statement.origin}",
                self.origin,
                statement.origin,
                "sign it for this log",
            )
        return (
            _key_problem(signed, keys)
            or self._subject_problem(statement, seq)
            or self._head_problem(statement, seq)
            or self._number_problem(statement, keys)
        )

    def take(self, statement: Statement, keys: MemberKeys) -> None:
        """Remember that ``statement`` is on record."""
        # By every name of theirs: a charter that renames them must not let old statements in again.
        entry = self._entry(statement.subject)
        for name in keys.spellings.folded(statement.by):
            self.last[name, entry] = max(self.last.get((name, entry), 0), statement.nr)

    def next_number(self, person: str, subject: str, keys: MemberKeys) -> int:
        """Return the number of the next statement by ``person`` about ``subject``."""
        entry = self._entry(subject)
        return max(self.last.get((name, entry), 0) for name in keys.spellings.folded(person)) + 1

    def _entry(self, subject: str) -> int:
        # By the entry, whichever of its names a statement calls it by.
        spoken = self.subjects.get(subject)
        return -1 if spoken is None else spoken.seq

    def _number_problem(self, statement: Statement, keys: MemberKeys) -> Problem | None:
        least = self.next_number(statement.by, statement.subject, keys)
        if statement.nr >= least:
            return None
        return Problem(
            "nr",
            f"its number {statement.nr} is not above the last one that {statement.by} signed about "
            f"{statement.subject}, {least - 1}: an old statement cannot be played again",
            f"{least} or more",
            str(statement.nr),
            "sign anew, or remove the file if what it says was replaced",
        )

    def _subject_problem(self, statement: Statement, seq: int) -> Problem | None:
        name, spoken = statement.subject, self.subjects.get(statement.subject)
        if spoken is None or spoken.seq >= seq:
            what = f"it speaks about {name}, and no such entry is on record before it"
            return Problem(
                "subject", what, "an earlier entry", name, "sign it anew, about what is on record"
            )
        wanted = FITTING.get(statement.kind, spoken.kind)
        if spoken.kind != wanted:
            what = f"it is a statement of kind {statement.kind} about {name}, a {spoken.kind}"
            return Problem("subject", what, f"a {wanted}", f"a {spoken.kind}", "sign it anew")
        if statement.kind in FITTING and name != spoken.name:
            what = f"it calls {spoken.name} {name}, which nobody who looks for it there would find"
            return Problem("subject", what, spoken.name, name, f"sign it anew, about {spoken.name}")
        leaves = [leaf for place, leaf in spoken.leaves if place < seq]
        if statement.subject_leaf not in leaves:
            what = f"it names another text of {name} than is on record"
            found = statement.subject_leaf.hex()
            return Problem("leaf", what, leaves[-1].hex(), found, f"look at {name}, and sign it anew")
        return None

    def _head_problem(self, statement: Statement, seq: int) -> Problem | None:
        fix = "compare both histories with the signer: one of the two heads is not of this log"
        size, root = statement.size, statement.root.hex()
        seen = f"{root} of {size} entries"
        own = self.root_at(size) if size <= seq else None
        if own is None:
            what = f"its signer saw {size} entries, more than stand before it"
            return Problem("head", what, f"at most {seq} entries", seen, fix)
        if own != statement.root:
            what = f"REWRITTEN PAST: its signer saw another log of {size} entries than this one"
            return Problem("head", what, f"{own.hex()} of {size} entries", seen, fix)
        return None


def _key_problem(signed: Signed, keys: MemberKeys) -> Problem | None:
    by = signed.statement.by
    try:
        key = signing_key(signed)
    except FormatError as error:
        return Problem("form", error.what, "an SSH signature", error.what, error.fix)
    own = keys.of(by)
    named = ", ".join(one.fingerprint for one in own) or "no key in force"
    if key not in own:
        if key in keys.holders:
            what = f"it is signed with a key of {keys.holders[key]}, not of {by}"
        elif key in keys.revoked:
            what = f"it is signed with a key of {keys.revoked[key]} that was revoked"
        else:
            what = f"it is signed with a key that the charter in force there does not name for {by}"
        fix = f"sign with a key that the charter names; keys are added by: ledger member add {by}"
        return Problem("key", what, named, key.fingerprint, fix)
    try:
        check_signed(signed, (key,))
    except (FormatError, VerificationError) as error:
        return Problem(
            "signature", error.what, f"a signature by {key.fingerprint}", error.what, "sign anew"
        )
    return None


class Dispute(NamedTuple):
    """A key in doubt: whose, from which day (ISO), and the charter that revoked it."""

    key: PublicKey
    handle: str
    since: str
    revoked_by: int
    version: int

    @property
    def words(self) -> str:
        """Why signatures by it are disputed."""
        return (
            f"the key {self.key.fingerprint} of {self.handle} was revoked by version {self.version} of the "
            f"charter (#{self.revoked_by}), and is in doubt since {self.since}"
        )


class Disputes:
    """Which signatures are disputed, by the charters of a log in their order; no proposed one counts."""

    def __init__(self, charters: Iterable[CharterVersion]) -> None:
        self._found: dict[PublicKey, Dispute] = {}
        first: dict[PublicKey, CharterVersion] = {}
        for version in charters:
            for member in version.charter.members if version.since is not None else ():
                for one in member.revoked:
                    try:
                        key = decode_key(one.key)
                    except FormatError:
                        continue
                    revoking = first.setdefault(key, version)
                    if one.suspect_since is not None:
                        self._found[key] = Dispute(
                            key,
                            member.handle,
                            one.suspect_since,
                            revoking.seq if revoking.since is None else revoking.since,
                            revoking.version,
                        )

    def of(self, key: PublicKey, seq: int, at: str) -> Dispute | None:
        """Return why what ``key`` signed as entry ``seq``, recorded ``at`` (UTC), is disputed, or None."""
        found = self._found.get(key)
        return found if found is not None and seq < found.revoked_by and at[:10] >= found.since else None
