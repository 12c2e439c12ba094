"""The succession of charters: which version took effect with which entry, and what another one waits for.

A version counts from its own entry, unless the owners that the charter in force names can be held to
account: at least ``threshold`` of them have a key. Then it is only *proposed*, until ``threshold`` of these
owners have signed it, and as many of its own owners as it demands itself. Persons count, not keys. A
proposed version changes nothing; once a later version is on record it never will (docs/format.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ledger.charter import Charter, parse_charter
from ledger.charter.keys import bare_key
from ledger.errors import LedgerError
from ledger.governance.in_force import CharterVersion, charter_at, charter_for_rules
from ledger.governance.people import Spellings


class CharterEntry(NamedTuple):
    """A charter as it stands in the log: its place, its time, its leaf hash (hex) and its body if any."""

    seq: int
    at: str
    leaf: str
    body: Mapping[str, Any] | None


class Agreement(NamedTuple):
    """A signed statement of kind ``charter`` in entry ``seq``, whose signature by ``key`` holds.

    ``by`` is the name that signed, ``key`` the public key as OpenSSH writes it, without a comment;
    ``subject`` and ``leaf`` (hex) name the charter that is agreed to, and ``origin`` its log.
    """

    seq: int
    at: str
    by: str
    key: str
    origin: str
    subject: str
    leaf: str


Agreements = Callable[[int, int | None], Iterable[Agreement]]
"""Gives the agreements in the entries from one number to another (not included; None: all), in log order.

It is called only for versions that need any, so that nothing is read or verified where nobody waits.
"""


class Consent(NamedTuple):
    """What the owners of one ``version`` of the charter say to another one.

    ``threshold`` of ``owners`` must agree (each person once, by the name that ``owners`` gives first);
    ``keyless`` are those without a key of their own, ``agreed`` the pairs of who did and in which entry.
    """

    version: int
    threshold: int
    owners: tuple[str, ...]
    keyless: tuple[str, ...]
    agreed: tuple[tuple[str, int], ...] = ()

    @property
    def missing(self) -> int:
        """How many more must agree."""
        return max(self.threshold - len(self.agreed), 0)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The owners who could still agree."""
        done = {name for name, _ in self.agreed}
        return tuple(name for name in self.owners if name not in done and name not in self.keyless)

    @property
    def is_enforceable(self) -> bool:
        """Whether enough of the owners have a key to sign with."""
        return len(self.owners) - len(self.keyless) >= self.threshold


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that needed the consent of owners: ``old`` are those of the charter ``before`` it, ``new``
    its own (None where it names none). ``overtaken`` is the entry of a later version that came first."""

    version: CharterVersion
    before: CharterVersion
    old: Consent
    new: Consent | None
    overtaken: int | None = None

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Both consents that are needed, or the one."""
        return (self.old,) if self.new is None else (self.old, self.new)

    @property
    def is_waiting(self) -> bool:
        """Whether it may still take effect."""
        return self.version.since is None and self.overtaken is None


class Epoch(NamedTuple):
    """A time of the same log keys: named by the charter in entry ``charter``, in force from ``since`` on.

    ``agreed`` tells whether the owners of the charter before agreed to the change, by statements.
    """

    charter: int
    since: int
    keys: tuple[str, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """All charters of a log: ``versions`` are those that can be read, in log order, proposed ones too."""

    versions: tuple[CharterVersion, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def effective(self) -> list[CharterVersion]:
        """The versions that took effect, in log order."""
        return [one for one in self.versions if one.since is not None]

    @property
    def waiting(self) -> Proposal | None:
        """The version that may still take effect; there is at most one."""
        last = self.proposals[-1] if self.proposals else None
        return last if last is not None and last.is_waiting else None

    @property
    def current(self) -> CharterVersion | None:
        """The charter in effect at the end of the log: for names, words and keys."""
        return next((one for one in reversed(self.versions) if one.since is not None), None)

    def at(self, seq: int) -> CharterVersion | None:
        """Return the charter in effect at entry ``seq``, which may have made it so."""
        return charter_at(self.versions, seq)

    def for_rules(self, date: str) -> CharterVersion | None:
        """Return the charter whose rules count for a meeting on ``date`` (ISO)."""
        return charter_for_rules(self.versions, date)

    def before(self, seq: int) -> list[CharterVersion]:
        """Return the versions that had taken effect before entry ``seq``."""
        return [one for one in self.versions if one.since is not None and one.since < seq]

    def proposal(self, seq: int) -> Proposal | None:
        """Return the charter in entry ``seq`` as a proposal; None where it needed nobody's consent."""
        return next((one for one in self.proposals if one.version.seq == seq), None)

    def signers(self, size: int) -> tuple[str, ...]:
        """Return the log keys that may sign the head of the first ``size`` entries.

        Those in force then; and those before them, where the last entry brought the change.
        """
        epochs = [one for one in self.epochs() if one.since < size]
        keys = list(epochs[-1].keys) if epochs else []
        if len(epochs) > 1 and epochs[-1].since == size - 1:
            keys += epochs[-2].keys
        return tuple(dict.fromkeys(keys))

    def awaited(self, seq: int) -> Proposal | None:
        """Return the charter that waited for agreement when entry ``seq`` was recorded, None for none.

        An attestation there could have been one: erased, it would leave what took effect in doubt.
        """
        for one in self.proposals:
            end = one.version.since if one.version.since is not None else one.overtaken
            if one.version.seq < seq and (end is None or seq <= end):
                return one
        return None

    def epochs(self) -> list[Epoch]:
        """Return the times of the log's keys, the first one first."""
        found: list[Epoch] = []
        for one in self.effective:
            if one.since is not None and (not found or set(found[-1].keys) != set(one.charter.keys)):
                agreed = self.proposal(one.seq) is not None
                found.append(Epoch(one.seq, one.since, one.charter.keys, agreed))
        return found


def follow_charters(
    charters: Iterable[CharterEntry], agreements: Agreements = lambda _first, _stop: ()
) -> Succession:
    """Return the succession of ``charters``, given in any order.

    What cannot be read is passed over (``verify`` says what is wrong with it), but overtakes what was
    proposed before it all the same.
    """
    entries = sorted(charters, key=lambda one: one.seq)
    versions: list[CharterVersion] = []
    proposals: list[Proposal] = []
    current: CharterVersion | None = None
    for place, entry in enumerate(entries):
        version = _read_version(entry)
        if version is None:
            continue
        if current is not None and _consent_of(current).is_enforceable:
            stop = entries[place + 1].seq if place + 1 < len(entries) else None
            proposal = _decide(entry, version, current, agreements, stop)
            proposals.append(proposal)
            version = proposal.version
        else:
            version = version._replace(since=entry.seq)
        versions.append(version)
        current = version if version.since is not None else current
    return Succession(tuple(versions), tuple(proposals))


def owners_consent(version: int, charter: Charter) -> Consent | None:
    """Return what the owners of a charter must give, nobody having agreed; None where it names none."""
    if charter.owners is None:
        return None
    return _Owners(charter, version).consent()


_NO_OWNERS = Consent(0, 1, (), ())


def _consent_of(version: CharterVersion) -> Consent:
    return owners_consent(version.version, version.charter) or _NO_OWNERS


def _read_version(entry: CharterEntry) -> CharterVersion | None:
    body = entry.body
    front = body.get("front_matter") if isinstance(body, Mapping) else None
    number = body.get("version") if isinstance(body, Mapping) else None
    if not isinstance(front, Mapping) or not isinstance(number, int):
        return None
    try:
        charter = parse_charter(front, path=f"entry {entry.seq}")
    except LedgerError:
        return None
    return CharterVersion(
        entry.seq, number, charter.in_force_from or entry.at[:10], charter, entry.at, None
    )


def _decide(
    entry: CharterEntry,
    version: CharterVersion,
    before: CharterVersion,
    agreements: Agreements,
    stop: int | None,
) -> Proposal:
    """Return a version with what the owners say to it before entry ``stop``."""
    sides = [_Owners(before.charter, before.version)]
    if version.charter.owners is not None:
        sides.append(_Owners(version.charter, version.version))
    for agreement in agreements(entry.seq + 1, stop):
        about = (agreement.origin, agreement.subject, agreement.leaf)
        if about != (before.charter.origin, f"#{entry.seq}", entry.leaf):
            continue
        for side in sides:
            side.take(agreement)
        if all(side.is_reached for side in sides):
            start = version.charter.in_force_from or agreement.at[:10]
            version = version._replace(since=agreement.seq, in_force_from=start)
            break
    new = sides[1].consent() if len(sides) > 1 else None
    overtaken = stop if version.since is None else None
    return Proposal(version, before, sides[0].consent(), new, overtaken)


class _Owners:
    """The owners of one charter, and which of them agreed so far."""

    def __init__(self, charter: Charter, version: int) -> None:
        assert charter.owners is not None  # noqa: S101 - asked for only where there are some
        self._version = version
        self._threshold = charter.owners.threshold
        self._spellings = Spellings.of(charter)
        self._names: dict[str, str] = {}  # of each person: the first one under owners
        for handle in charter.owners.handles:
            self._names.setdefault(self._spellings.key(handle), handle)
        # One key never stands for two people: the charter could not be read.
        self._holders = {
            bare: self._spellings.key(member.handle)
            for member in charter.members
            for key in member.keys
            if (bare := bare_key(key)) is not None
        }
        self._agreed: dict[str, int] = {}

    @property
    def is_reached(self) -> bool:
        return len(self._agreed) >= self._threshold

    def take(self, agreement: Agreement) -> None:
        """Count an agreement where the key is that of an owner, and the name is one of the same person."""
        person = self._holders.get(agreement.key)
        if person is not None and person in self._names and self._spellings.key(agreement.by) == person:
            self._agreed.setdefault(person, agreement.seq)

    def consent(self) -> Consent:
        with_key = set(self._holders.values())
        keyless = tuple(name for person, name in self._names.items() if person not in with_key)
        agreed = tuple((self._names[person], seq) for person, seq in self._agreed.items())
        return Consent(self._version, self._threshold, tuple(self._names.values()), keyless, agreed)
