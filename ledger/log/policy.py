"""Which heads to believe: C2SP tlog-policy, a file of lines ``log``, ``witness``, ``group`` and ``quorum``.

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

A head is good where one of the logs signed it (any, where none is named) and the quorum cosigned it. The
file is bytes: items stand between spaces and tabs, lines end in LF, empty lines and those that begin with
``#`` are left out. Names mean nothing outside of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ledger.errors import FormatError, Where
from ledger.log.cosignature import check_witness_key
from ledger.log.note import ED25519, VerifierKey

MAX_POLICY = 1 << 20
MAX_NAMES = 1000
"""A policy has at most this many logs, witnesses and groups together."""

NONE = b"none"

_ALLOWED = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_SPACE = re.compile(rb"[ \t]+")
_NUMBER = re.compile(rb"[1-9][0-9]{0,5}")
_FIX = "see c2sp.org/tlog-policy for the form of such a file"


@dataclass(frozen=True, slots=True)
class Group:
    """``threshold`` of ``members``, which are witnesses or groups by name."""

    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as read; ``quorum`` is the name of a witness or group, or ``none``."""

    quorum: bytes
    logs: tuple[VerifierKey, ...] = ()
    witnesses: Mapping[bytes, VerifierKey] = field(default_factory=dict)
    groups: Mapping[bytes, Group] = field(default_factory=dict)

    @classmethod
    def decode(cls, data: bytes, *, path: str = "") -> Policy:
        """Return the policy that the bytes of a file state; ``path`` names it in messages.

        Raises FormatError, with the line, for anything that the specification does not allow and for a
        key of a type that is not supported.
        """
        return _Parser(path).parse(data)

    def is_met(self, cosigners: Collection[VerifierKey]) -> bool:
        """Tell whether a head that ``cosigners`` cosigned has the quorum."""
        if self.quorum == NONE:
            return True
        seen = {name for name, key in self.witnesses.items() if key in cosigners}
        # A group names only what stands before it.
        for name, group in self.groups.items():
            if sum(member in seen for member in group.members) >= group.threshold:
                seen.add(name)
        return self.quorum in seen

    def describe(self) -> str:
        """Return the quorum in words: ``2 of w1, w2, w3``."""
        if self.quorum == NONE:
            return "no cosignature"
        group = self.groups.get(self.quorum)
        if group is None:
            return _show(self.quorum)
        return f"{group.threshold} of {', '.join(map(_show, group.members))}"


class _Parser:
    """Reads the lines in order: a name can be used only after the line that defines it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._line = 0
        self._logs: dict[bytes, VerifierKey] = {}
        self._keys: set[bytes] = set()
        self._witnesses: dict[bytes, VerifierKey] = {}
        self._groups: dict[bytes, Group] = {}
        self._used: set[bytes] = set()
        self._quorum: bytes | None = None

    def parse(self, data: bytes) -> Policy:
        if len(data) > MAX_POLICY:
            raise self._fail(f"a policy of {len(data)} bytes is larger than {MAX_POLICY}")
        lines = data.split(b"\n")
        if lines.pop():
            self._line = len(lines) + 1
            raise self._fail("the last line does not end in LF")
        for self._line, line in enumerate(lines, 1):
            if not _ALLOWED.fullmatch(line):
                raise self._fail("the line holds a control character")
            items = _SPACE.split(line.strip(b" \t"))
            if items[0] and not items[0].startswith(b"#"):
                self._take(items)
        if self._quorum is None:
            raise self._fail("there is no quorum line", "add one: quorum NAME, or quorum none")
        return Policy(self._quorum, tuple(self._logs.values()), self._witnesses, self._groups)

    def _take(self, items: list[bytes]) -> None:
        keyword, *rest = items
        if keyword == b"log" and len(rest) in (1, 2):
            self._take_log(rest[0])
        elif keyword == b"witness" and len(rest) in (2, 3):
            self._take_witness(rest[0], rest[1])
        elif keyword == b"group" and len(rest) >= 3:
            self._take_group(rest[0], rest[1], rest[2:])
        elif keyword == b"quorum" and len(rest) == 1:
            self._take_quorum(rest[0])
        else:
            raise self._fail(f"{_show(b' '.join(items))[:80]!r} is no line of a policy")
        if len(self._logs) + len(self._witnesses) + len(self._groups) > MAX_NAMES:
            raise self._fail(f"a policy of more than {MAX_NAMES} names is not read")

    def _take_log(self, text: bytes) -> None:
        key = self._key(text)
        if key.type != ED25519:
            raise self._fail(f"the key of {key.name} is a witness's, and cannot sign for a log")
        if key.public in self._logs:
            raise self._fail(f"the key of {key.name} is the key of a log named before")
        self._logs[key.public] = key

    def _take_witness(self, name: bytes, text: bytes) -> None:
        self._check_new(name)
        key = self._key(text)
        try:
            check_witness_key(key)
        except FormatError as error:
            raise self._fail(error.what, error.fix) from None
        if key.public in self._keys:
            raise self._fail(f"the key of {_show(name)} is the key of a witness named before")
        self._keys.add(key.public)
        self._witnesses[name] = key

    def _take_group(self, name: bytes, threshold: bytes, members: list[bytes]) -> None:
        self._check_new(name)
        for member in members:
            self._check_known(member)
            if member in self._used:
                raise self._fail(f"{_show(member)} is a member twice")
            self._used.add(member)
        count = {b"all": len(members), b"any": 1}.get(threshold)
        if count is None:
            count = int(threshold) if _NUMBER.fullmatch(threshold) else 0
        if not 1 <= count <= len(members):
            raise self._fail(
                f"threshold {_show(threshold)!r} is not all, any or a number from 1 to {len(members)}"
            )
        self._groups[name] = Group(count, tuple(members))

    def _take_quorum(self, name: bytes) -> None:
        if self._quorum is not None:
            raise self._fail("there is a second quorum line")
        if name != NONE:
            self._check_known(name)
        self._quorum = name

    def _check_new(self, name: bytes) -> None:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise self._fail(f"the name {_show(name)} is taken")

    def _check_known(self, name: bytes) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise self._fail(f"{_show(name)} is not a witness or group of a line before")

    def _key(self, text: bytes) -> VerifierKey:
        try:
            return VerifierKey.decode(text.decode())
        except UnicodeDecodeError:
            raise self._fail("the key is not UTF-8") from None
        except FormatError as error:
            raise self._fail(error.what, error.fix) from None

    def _fail(self, what: str, fix: str = "") -> FormatError:
        return FormatError(what, fix=fix or _FIX, where=Where(self._path or "policy", self._line or None))


def _show(name: bytes) -> str:
    return name.decode(errors="backslashreplace")
