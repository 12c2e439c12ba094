"""A charter's rules: what each setting means, and the rule for one kind of decision.

``rules`` in the charter holds a table for each kind of decision; what a kind does not set is taken from
``default``, and what neither sets is *not stated*: nothing is assumed in its place. Every setting is
described in ``docs/rules.md``. A wrong rule is refused when the charter is adopted, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ledger.charter import Charter
from ledger.charter.front_matter import GOVERNANCE, KeyPath, charter_error
from ledger.errors import ConfigurationError
from ledger.governance import rule_values as values
from ledger.governance.formula import FormulaError
from ledger.governance.rule_values import (
    Amount,
    Approvals,
    Duration,
    Lazy,
    OpenFor,
    Quorum,
    Veto,
)

DEFAULT = "default"
MINUTES = "minutes"
"""The kind of decision that an approval of minutes is."""

BODIES = ("members", "owners")
"""Bodies of people that every charter may have; any other name is a role of its members."""

ELECTORATE = ("eligible", "electorate")
"""Words for the electorate, where a quorum says of what it is a share."""

_SIZES = (1, 2, 10, 1000)  # a formula must have a value for these, where the size is not known
_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule for one kind of decision; every field is None where the charter does not state it.

    ``electorate`` names a body (``members``, ``owners`` or a role) or lists people by their handles.
    ``text`` has every setting as written, those of ``default`` included; it tells ``veto: none`` from no
    word on it.
    """

    kind: str
    text: Mapping[str, str]
    electorate: str | tuple[str, ...] | None = None
    quorum: Quorum | None = None
    quorum_counts_abstain: bool | None = None
    base: str | None = None
    threshold: Fraction | None = None
    strict: bool | None = None
    min_yes: int | None = None
    veto: Veto | None = None
    lazy: Lazy | None = None
    notice: Duration | None = None
    open_for: OpenFor | None = None
    second: Amount | None = None
    method: str | None = None
    unranked: str | None = None
    strength: str | None = None
    tie: str | None = None
    recast: str | None = None
    recusal: str | None = None
    term: str | None = None
    approvals: Approvals | None = None
    source: str | None = None

    @property
    def decides(self) -> bool:
        """Whether the rule says when a motion passes at all."""
        return any(
            one is not None for one in (self.threshold, self.min_yes, self.lazy)
        ) or self.method not in (None, "yes-no")

    @property
    def is_election(self) -> bool:
        """Whether the method chooses among candidates, and not between yes and no."""
        return self.method is not None and self.method not in values.MOTIONS


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one charter, by kind of decision."""

    kinds: Mapping[str, Rule]

    def rule(self, kind: str | None = None) -> Rule | None:
        """Return the rule for ``kind``; the default one where the charter has none for it, None where it
        has no default either."""
        return self.kinds.get(kind or DEFAULT) or self.kinds.get(DEFAULT)

    def in_order(self) -> list[Rule]:
        """Return the rules, the default one first: the log keeps no order of its own."""
        return sorted(self.kinds.values(), key=lambda rule: (rule.kind != DEFAULT, rule.kind))


def parse_rules(
    charter: Charter, lines: Mapping[KeyPath, int] | None = None, *, path: str = GOVERNANCE
) -> Rules | None:
    """Return what the rules of ``charter`` mean; None where it states none.

    ``lines`` are the lines of the front matter by path (see :class:`ledger.charter.FrontMatter`) and
    ``path`` names the file, for messages. Raises ConfigurationError for the first setting that is
    unknown or means nothing, and for a body of people that names nobody.
    """
    if charter.rules is None:
        return None
    reader = _Reader(charter, lines or {}, path)
    rules = reader.read(charter.rules)
    if reader.faults:
        raise reader.faults[0]
    return rules


def find_faults(
    charter: Charter, lines: Mapping[KeyPath, int] | None = None, *, path: str = GOVERNANCE
) -> list[ConfigurationError]:
    """Return everything for which :func:`parse_rules` would refuse the rules of ``charter``."""
    reader = _Reader(charter, lines or {}, path)
    reader.read(charter.rules or {})
    return reader.faults


def body_of(charter: Charter, name: str | Sequence[str]) -> tuple[str, ...] | None:
    """Return the handles of a body of people: ``members``, ``owners``, a role, or people listed.

    A person who is a member has that handle, once. None where the charter does not say who belongs to it.
    """
    found: Iterable[str]
    if not isinstance(name, str):
        found = name
    elif name == "members":
        found = (member.handle for member in charter.members)
    elif name == "owners":
        found = charter.owners.handles if charter.owners is not None else ()
    else:
        found = (member.handle for member in charter.members if name in member.roles)
    handles = _handles(charter)
    return tuple(dict.fromkeys(handles.get(one.casefold(), one) for one in found)) or None


def _handles(charter: Charter) -> dict[str, str]:
    """Return the handle of each person by each of their names, in the letters that comparisons use."""
    owners = charter.owners.handles if charter.owners is not None else ()
    handles = {handle.casefold(): handle for handle in owners}
    for member in charter.members:
        handles |= {name.casefold(): member.handle for name in (member.handle, *member.also)}
    return handles


class Bodies:
    """The bodies of people of one charter (None: nobody knows), each worked out once."""

    def __init__(self, charter: Charter | None) -> None:
        self.charter = charter
        self._people: dict[str | tuple[str, ...], tuple[str, ...] | None] = {}

    def of(self, name: str | tuple[str, ...]) -> tuple[str, ...] | None:
        """Return the handles of a body as :func:`body_of` does; None too where there is no charter."""
        if self.charter is None:
            return None if isinstance(name, str) else name
        if name not in self._people:
            self._people[name] = body_of(self.charter, name)
        return self._people[name]

    def size(self, name: str | tuple[str, ...] | None) -> int | None:
        """Return how many people belong to a body; None where that is not known."""
        people = None if name is None else self.of(name)
        return None if people is None else len(people)


_READERS: dict[str, Callable[[str], Any]] = {
    "quorum": values.read_quorum,
    "quorum_counts_abstain": values.read_flag,
    "base": lambda text: values.read_choice(text, values.BASES),
    "threshold": values.read_share,
    "strict": values.read_flag,
    "min_yes": values.read_whole,
    "veto": values.read_veto,
    "lazy": values.read_lazy,
    "notice": values.read_duration,
    "open_for": values.read_open_for,
    "second": values.read_amount,
    "method": lambda text: values.read_choice(text, values.METHODS),
    "unranked": lambda text: values.read_choice(text, values.UNRANKED),
    "strength": lambda text: values.read_choice(text, values.STRENGTHS),
    "tie": lambda text: values.read_choice(text, values.TIES),
    "recast": lambda text: values.read_choice(text, values.RECASTS),
    "recusal": values.read_text,
    "term": values.read_text,
    "approvals": values.read_approvals,
    "source": values.read_text,
}

SETTINGS = ("electorate", *_READERS)
"""Every setting that a table of rules may hold."""


class _Reader:
    def __init__(self, charter: Charter, lines: Mapping[KeyPath, int], path: str) -> None:
        self._charter = charter
        self._lines = lines
        self._path = path
        self.faults: list[ConfigurationError] = []

    def read(self, tables: Mapping[str, Any]) -> Rules:
        """Return the rules as far as they can be read; what is wrong with them is in ``faults``."""
        read: dict[str, dict[str, Any]] = {}
        texts: dict[str, dict[str, str]] = {}
        for kind, table in tables.items():
            with self._noting():
                self._check_table(kind, table)
                read[kind], texts[kind] = {}, {}
                for name, value in table.items():
                    with self._noting():
                        read[kind][name] = self._setting(kind, name, value)
                        texts[kind][name] = _as_text(value)
        common, common_texts = read.get(DEFAULT, {}), texts.get(DEFAULT, {})
        rules = {
            kind: Rule(kind=kind, text={**common_texts, **texts[kind]}, **{**common, **read[kind]})
            for kind in read
        }
        for rule in rules.values():
            with self._noting():
                self._check(rule)
        return Rules(rules)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note what is wrong, once, and go on."""
        try:
            yield
        except ConfigurationError as error:
            if str(error) not in map(str, self.faults):
                self.faults.append(error)

    def _check_table(self, kind: str, table: Any) -> None:
        if not _KIND.fullmatch(kind):
            raise self._fail((kind,), f"{kind!r} is not the name of a kind of decision", "use a-z, 0-9, -")
        if not isinstance(table, Mapping):
            what = f"rules.{kind} is not a table of settings"
            raise self._fail((kind,), what, f"write it as {kind}: {{threshold: 1/2}}")

    def _setting(self, kind: str, name: str, value: Any) -> Any:
        where = (kind, name)
        if name == "electorate":
            return self._electorate(where, value)
        if name not in _READERS:
            what = f"rules.{kind}.{name} is not a setting of rules"
            raise self._fail(where, what, _nearest(name))
        if not isinstance(value, str):
            raise self._fail(where, f"rules.{kind}.{name} is not a single value", "write one value")
        try:
            found = _READERS[name](value.strip())
        except ValueError as error:
            raise self._fail(where, f"rules.{kind}.{name}: {error}", "see docs/rules.md") from None
        if name == "veto" and found is not None and found.by is not None:
            self._body(where, found.by)
        return found

    def _electorate(self, where: KeyPath, value: Any) -> str | tuple[str, ...]:
        if isinstance(value, str) and value:
            self._body(where, value)
            return value
        if not isinstance(value, Sequence) or not value or not all(isinstance(one, str) for one in value):
            raise self._fail(where, "the electorate names nobody", "name a body or list people")
        handles = _handles(self._charter)
        people: list[str] = []
        for index, name in enumerate(value):
            handle = handles.get(name.casefold())
            if handle is None:
                what = f"the electorate names {name!r}, who is neither a member nor an owner"
                raise self._fail((*where, index), what, "add the person to members, or mend the name")
            if handle in people:
                what = f"the electorate names {handle!r} twice"
                raise self._fail((*where, index), what, "name each person once")
            people.append(handle)
        return tuple(people)

    def _body(self, where: KeyPath, name: str) -> tuple[str, ...]:
        people = body_of(self._charter, name)
        if people is None:
            what = (
                f"{name!r} names nobody: no member has that role"
                if name not in BODIES
                else f"there are no {name}"
            )
            raise self._fail(where, what, "give the role to members in `members:`, or name another body")
        return people

    def _check(self, rule: Rule) -> None:
        """Check what no single setting can tell."""
        if rule.threshold == 1 and rule.strict:
            what = f"rules.{rule.kind}: more than all can never vote yes (threshold 1, strict)"
            raise self._fail(self._where(rule, "threshold"), what, "say strict: false")
        electorate = None if rule.electorate is None else body_of(self._charter, rule.electorate)
        voters = None if electorate is None else len(electorate)
        if rule.second is not None:
            self._check_amount(self._where(rule, "second"), rule.second, voters)
        if rule.quorum is not None:
            where = self._where(rule, "quorum")
            size = rule.quorum.fixed_size
            if size is None and rule.quorum.of not in (None, *ELECTORATE):
                size = len(self._body(where, rule.quorum.of or ""))
            elif size is None:
                size = voters
            self._check_amount(where, rule.quorum.amount, size, strict=rule.quorum.strict)

    def _check_amount(
        self, where: KeyPath, amount: Amount, size: int | None, *, strict: bool = False
    ) -> None:
        """Refuse an amount that has no value, or that is more than the body of ``size`` people."""
        if amount.share == 1 and strict:
            raise self._fail(where, "more than all can never take part", "leave out 'strict'")
        for number in (size,) if size is not None else _SIZES:
            try:
                least = amount.least(number, strict=strict)
            except FormulaError as error:
                what = f"{amount.text!r} has no value for n = {number}: {error}"
                raise self._fail(where, what, "mend the formula") from None
            if size is not None and least is not None and least > size:
                what = f"{least} people are asked for, and the body has {size}"
                raise self._fail(where, what, "ask for fewer, or add the people who are missing")

    def _where(self, rule: Rule, name: str) -> KeyPath:
        """Return where a rule has a setting from: its own table or the default one."""
        own = (rule.kind, name)
        return own if ("rules", *own) in self._lines else (DEFAULT, name)

    def _fail(self, where: KeyPath, what: str, fix: str) -> ConfigurationError:
        place: KeyPath = ("rules", *where)
        while place and place not in self._lines:
            place = place[:-1]
        why = "a rule that nobody can apply, or that can be read in two ways, decides nothing"
        return charter_error(what, self._path, self._lines.get(place), why=why, fix=fix)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, SETTINGS, n=1)
    return f"did you mean {near[0]}?" if near else f"the settings are: {', '.join(SETTINGS)}"


def _as_text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)
