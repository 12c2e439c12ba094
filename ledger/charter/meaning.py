"""What front matter means: the charter's own rules give its text values their types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from ledger.charter.front_matter import GOVERNANCE, FrontMatter, KeyPath, charter_error
from ledger.charter.keys import KEY_TYPES, bare_key
from ledger.charter.witnesses import Witness, Witnesses, check_different, check_url, check_witness_key
from ledger.errors import ConfigurationError, Finding, Level

MAX_ORIGIN = 100
DEFAULT_STORE = "records"

# What may not stand in a one-line text.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
# A host with an optional port and a path, no scheme: the name of the log for ever.
_ORIGIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*"
)
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KNOWN = {"group", "in_force_from", "ledger", "owners", "members", "terms", "rules", "witnesses"}


@dataclass(frozen=True, slots=True)
class Owners:
    """Who may change the charter: ``threshold`` of ``handles``."""

    threshold: int
    handles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revoked:
    """A key that a person no longer signs with; ``suspect_since`` is the day (ISO) from which signatures
    by it are in doubt, None for none."""

    key: str
    suspect_since: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person: ``handle`` (``@sjn``), other spellings ``also``, OpenSSH public ``keys``, ``roles``."""

    handle: str
    also: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    revoked: tuple[Revoked, ...] = ()


@dataclass(frozen=True, slots=True)
class Charter:
    """What a charter states. ``owners``, ``members``, ``terms``, ``rules``, ``witnesses`` may be missing:
    the group has then stated none.

    ``in_force_from`` is an ISO date or None (from the day of adoption); ``keys`` are C2SP verifier keys
    as text, checked for their form only; ``terms`` are lists of words that mean the same; ``rules``
    is kept as given. ``findings`` are what a reader should look at.
    """

    group: str
    origin: str
    keys: tuple[str, ...]
    store: str = DEFAULT_STORE
    in_force_from: str | None = None
    owners: Owners | None = None
    members: tuple[Member, ...] = ()
    terms: tuple[tuple[str, ...], ...] = ()
    rules: Mapping[str, Any] | None = None
    witnesses: Witnesses | None = None
    findings: tuple[Finding, ...] = ()


def parse_charter(front_matter: Mapping[str, Any] | FrontMatter, *, path: str = GOVERNANCE) -> Charter:
    """Return what a charter's front matter means.

    ``front_matter`` is what :func:`read_front_matter` returned, or the mapping that a charter entry
    holds. Raises ConfigurationError, with file and line where these are known, for the first value
    that breaks the charter's rules.
    """
    matter = front_matter if isinstance(front_matter, FrontMatter) else FrontMatter(dict(front_matter))
    return _Parser(matter, path).parse()


def check_origin(origin: str) -> None:
    """Raise ConfigurationError unless ``origin`` is a schema-less URL such as ``example.org/ledger``."""
    if "://" in origin:
        raise ConfigurationError(
            f"origin {origin!r} has a scheme",
            why="the origin is a name that never changes, not an address to fetch",
            fix=f"leave it out: {origin.split('://', 1)[1]}",
        )
    if len(origin) > MAX_ORIGIN or not _ORIGIN.fullmatch(origin):
        raise ConfigurationError(
            f"origin {origin!r} is not a schema-less URL",
            why="it names the log for ever and becomes part of every signature: a host name, then an"
            " optional path, of ASCII letters, digits and . _ ~ - only",
            fix="give a name such as example.org/ledger",
        )


def check_group(group: str) -> None:
    """Raise ConfigurationError unless ``group`` can be a group's name: one line, at most 200 letters."""
    if not group.strip() or len(group) > 200 or _UNPRINTABLE.search(group):
        raise ConfigurationError(
            f"group {group!r} is not a name",
            why="it is empty, longer than 200 characters or holds a control character",
            fix="give the group's name in one line",
        )


class _Parser:
    """Turns front matter into a Charter; each method takes the path of the value that it reads."""

    def __init__(self, matter: FrontMatter, path: str) -> None:
        self._values = matter.values
        self._lines = matter.lines
        self._path = path
        self._findings: list[Finding] = []

    def parse(self) -> Charter:
        ledger = self._mapping(("ledger",), self._values.get("ledger"), {"origin", "keys", "store"})
        group = self._text(("group",), self._values.get("group"))
        origin = self._text(("ledger", "origin"), ledger.get("origin"))
        self._check(("group",), check_group, group)
        self._check(("ledger", "origin"), check_origin, origin)
        for key in self._values:
            if key not in _KNOWN:
                self._find_unknown((key,))
        return Charter(
            group=group,
            origin=origin,
            keys=self._keys(ledger.get("keys"), origin),
            store=self._store(ledger.get("store", DEFAULT_STORE)),
            in_force_from=self._date(),
            owners=self._owners(),
            members=self._members(),
            terms=self._terms(),
            rules=self._mapping(("rules",), self._values["rules"]) if "rules" in self._values else None,
            witnesses=self._witnesses(ledger.get("keys")),
            findings=tuple(self._findings),  # last: the ones above add to them
        )

    def _check(self, where: KeyPath, check: Callable[[str], None], value: str) -> None:
        try:
            check(value)
        except ConfigurationError as error:
            raise self._fail(where, error.what, why=error.why, fix=error.fix) from None

    def _keys(self, value: Any, origin: str) -> tuple[str, ...]:
        where: KeyPath = ("ledger", "keys")
        keys = self._texts(where, value)
        if not keys:
            raise self._fail(where, "ledger.keys names no key", fix="list at least one verifier key")
        for index, key in enumerate(keys):
            match = _KEY.fullmatch(key)
            if match is None:
                raise self._fail(
                    (*where, index), f"{key!r} is not a verifier key: name+id+key", fix="copy the whole key"
                )
            if match[1] != origin:
                raise self._fail(
                    (*where, index),
                    f"the key's name is {match[1]!r}, not the origin {origin!r}",
                    why="a key signs for one log only",
                    fix="use a key made for this origin",
                )
        return keys

    def _store(self, value: Any) -> str:
        where: KeyPath = ("ledger", "store")
        store = self._text(where, value)
        if store != DEFAULT_STORE and "://" not in store:
            raise self._fail(
                where, f"store {store!r} is neither '{DEFAULT_STORE}' nor an address", fix="store: records"
            )
        if store != DEFAULT_STORE:
            self._find(
                where,
                "other-store",
                "warning",
                "this version keeps entries in records/ only",
                "store: records",
            )
        return store

    def _date(self) -> str | None:
        if "in_force_from" not in self._values:
            return None
        return self._day(("in_force_from",), self._values["in_force_from"])

    def _day(self, where: KeyPath, value: Any) -> str:
        text = self._text(where, value)
        try:
            # fromisoformat takes other forms too, weeks among them.
            date.fromisoformat(text if _DATE.fullmatch(text) else "")
        except ValueError:
            raise self._fail(where, f"{text!r} is not a day", fix="write it as 2024-01-31") from None
        return text

    def _owners(self) -> Owners | None:
        if "owners" not in self._values:
            return None
        where: KeyPath = ("owners",)
        value = self._mapping(where, self._values["owners"], {"threshold", "handles"})
        handles = self._texts((*where, "handles"), value.get("handles"))
        text = self._text((*where, "threshold"), value.get("threshold"))
        if not re.fullmatch(r"[1-9][0-9]{0,5}", text) or int(text) > len(handles):
            raise self._fail(
                (*where, "threshold"),
                f"threshold {text!r} is not a number from 1 to {len(handles)}",
                fix="give how many of the owners must agree",
            )
        return Owners(int(text), handles)

    def _witnesses(self, log_keys: Any) -> Witnesses | None:
        if "witnesses" not in self._values:
            return None
        where: KeyPath = ("witnesses",)
        value = self._mapping(where, self._values["witnesses"], {"threshold", "of"})
        found: list[Witness] = []
        for index, item in enumerate(self._list((*where, "of"), value.get("of", ""))):
            place = (*where, "of", index)
            pair = self._mapping(place, item, {"key", "url"})
            key, url = (self._text((*place, name), pair.get(name)) for name in ("key", "url"))
            self._check((*place, "key"), check_witness_key, key)
            self._check((*place, "url"), check_url, url)
            earlier = [*self._list(("ledger", "keys"), log_keys), *(one.key for one in found)]
            self._check((*place, "key"), partial(check_different, others=earlier), key)
            found.append(Witness(key, url))
        text = self._text((*where, "threshold"), value.get("threshold"))
        if not re.fullmatch(r"[1-9][0-9]{0,5}", text) or int(text) > len(found):
            what = f"threshold {text!r} is not a number from 1 to {len(found)}"
            fix = "give how many of the witnesses must cosign a head"
            raise self._fail((*where, "threshold"), what, fix=fix)
        return Witnesses(int(text), tuple(found))

    def _members(self) -> tuple[Member, ...]:
        where: KeyPath = ("members",)
        members: list[Member] = []
        names: dict[str, str] = {}
        holders: dict[str, str] = {}
        for index, value in enumerate(self._list(where, self._values.get("members", []))):
            place = (*where, index)
            item = self._mapping(place, value, {"handle", "also", "keys", "roles", "revoked"})
            handle = self._text((*place, "handle"), item.get("handle"))
            also, keys, roles = (
                self._texts((*place, key), item.get(key, [])) for key in ("also", "keys", "roles")
            )
            for name in (handle, *also):
                other = names.setdefault(name.casefold(), handle)
                if other != handle or (
                    name == handle and any(handle == member.handle for member in members)
                ):
                    raise self._fail(
                        place, f"{name!r} stands for two people", fix="give each name to one of them"
                    )
            revoked = self._revoked((*place, "revoked"), item.get("revoked", []))
            for number, key in enumerate(keys):
                self._hold((*place, "keys", number), key, handle, holders)
            for number, former in enumerate(revoked):
                self._hold((*place, "revoked", number), former.key, handle, holders)
            members.append(Member(handle, also, keys, roles, revoked))
        return tuple(members)

    def _revoked(self, where: KeyPath, value: Any) -> tuple[Revoked, ...]:
        found = []
        for index, one in enumerate(self._list(where, value)):
            place = (*where, index)
            item = self._mapping(place, one, {"key", "suspect_since"})
            day = (
                self._day((*place, "suspect_since"), item["suspect_since"])
                if "suspect_since" in item
                else None
            )
            found.append(Revoked(self._text((*place, "key"), item.get("key")), day))
        return tuple(found)

    def _hold(self, where: KeyPath, key: str, handle: str, holders: dict[str, str]) -> None:
        """Note that ``handle`` holds ``key``, which must be one and nobody's yet."""
        bare = bare_key(key)
        if bare is None:
            raise self._fail(
                where,
                f"{key[:60]!r} is not an OpenSSH public key",
                why=f"a member signs with one of: {', '.join(KEY_TYPES)}",
                fix="copy the line of the key's .pub file",
            )
        if bare in holders:
            what = (
                f"the key stands for two people, {holders[bare]} and {handle}"
                if holders[bare] != handle
                else f"the key of {handle} stands there twice"
            )
            raise self._fail(
                where,
                what,
                why="a key stands for one person, and is in force or revoked",
                fix="keep it in one place",
            )
        holders[bare] = handle

    def _terms(self) -> tuple[tuple[str, ...], ...]:
        where: KeyPath = ("terms",)
        terms = []
        seen: dict[str, int] = {}
        for index, value in enumerate(self._list(where, self._values.get("terms", []))):
            words = self._texts((*where, index), value)
            for word in words:
                if seen.setdefault(word.casefold(), index) != index:
                    what = f"the term {word!r} stands in two lists"
                    self._find(
                        (*where, index), "term-twice", "warning", what, "join the two lists, or drop one"
                    )
            terms.append(words)
        return tuple(terms)

    def _text(self, where: KeyPath, value: Any) -> str:
        name = _name(where)
        if value is None or value == "":
            raise self._fail(where, f"{name} is missing", fix=f"add {name} to the front matter")
        if not isinstance(value, str):
            raise self._fail(where, f"{name} is not a single value")
        if _UNPRINTABLE.search(value):
            raise self._fail(where, f"{name} holds a control character")
        return value

    def _list(self, where: KeyPath, value: Any) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, list):
            raise self._fail(where, f"{_name(where)} is not a list", fix="write it as - one line for each")
        return value

    def _texts(self, where: KeyPath, value: Any) -> tuple[str, ...]:
        if value is None:
            raise self._fail(
                where, f"{_name(where)} is missing", fix=f"add {_name(where)} to the front matter"
            )
        texts = tuple(
            self._text((*where, index), item) for index, item in enumerate(self._list(where, value))
        )
        if len(set(texts)) != len(texts):
            raise self._fail(where, f"{_name(where)} holds a value twice", fix="keep one of the two")
        return texts

    def _mapping(self, where: KeyPath, value: Any, known: set[str] | None = None) -> Mapping[str, Any]:
        if value is None:
            raise self._fail(
                where, f"{_name(where)} is missing", fix=f"add {_name(where)} to the front matter"
            )
        if value == "":
            value = {}
        if not isinstance(value, Mapping):
            raise self._fail(where, f"{_name(where)} is not a list of 'key: value' settings")
        for key in value if known is not None else ():
            if known is not None and key not in known:
                self._find_unknown((*where, key))
        return value

    def _find_unknown(self, where: KeyPath) -> None:
        what = f"{_name(where)} is not a setting that this version knows; it is kept as it stands"
        self._find(where, "unknown-setting", "note", what, "remove it if it is a misspelling")

    def _find(self, where: KeyPath, code: str, level: Level, what: str, fix: str) -> None:
        self._findings.append(Finding(code, level, self._lines.get(where), what, fix))

    def _fail(self, where: KeyPath, what: str, *, why: str = "", fix: str = "") -> ConfigurationError:
        line = None
        while where and line is None:
            line = self._lines.get(where)
            where = where[:-1]
        return charter_error(what, self._path, line, why=why, fix=fix)


def _name(where: KeyPath) -> str:
    name = ""
    for part in where:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name
