"""What one charter states otherwise than another: settings, members, owners, terms and rules, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ledger.charter import Charter, Member, Witnesses

ChangeKind = Literal["added", "removed", "changed"]


class Change(NamedTuple):
    """One thing that is stated otherwise; ``path`` names it: ``rules.default.threshold``, ``members.@ann``.

    ``old`` and ``new`` are texts, None where it was not, or is no longer, stated. ``text`` is a sentence
    without a capital and a full stop. ``keys`` lead to its lines in the new front matter.
    """

    kind: ChangeKind
    path: str
    old: str | None
    new: str | None
    text: str
    keys: tuple[str | int, ...]


def compare_charters(
    old: Charter, new: Charter, *, others: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
) -> list[Change]:
    """Return what ``new`` states otherwise than ``old``, in the order of the charter.

    ``others`` are both front matters: settings that this version does not know are compared in them.
    The order of members, keys and terms is no change.
    """
    return [
        *_value("group", "the group is called", old.group, new.group, ("group",)),
        *_value(
            "in_force_from",
            "the day it is in force from is",
            old.in_force_from,
            new.in_force_from,
            ("in_force_from",),
        ),
        *_value("ledger.origin", "the log is named", old.origin, new.origin, ("ledger", "origin")),
        *_list("ledger.keys", "key", old.keys, new.keys, ("ledger", "keys")),
        *_value("ledger.store", "entries are kept in", old.store, new.store, ("ledger", "store")),
        *_owners(old, new),
        *_members(old.members, new.members),
        *_list("terms", "words that mean the same", _terms(old), _terms(new), ("terms",)),
        *_rules(old.rules, new.rules),
        *_witnesses(old.witnesses, new.witnesses),
        *_others(*others),
    ]


def touches_outcomes(changes: Sequence[Change]) -> bool:
    """Tell whether changes may give a vote another outcome: rules, and who belongs to which body."""
    return any(
        change.path.split(".")[0] in ("rules", "members", "owners")
        and not change.path.endswith((".keys", ".revoked"))
        for change in changes
    )


def _value(
    path: str, words: str, old: str | None, new: str | None, keys: tuple[str | int, ...]
) -> Iterator[Change]:
    if old == new:
        return
    if new is None:
        yield Change("removed", path, old, None, f"{path} is no longer stated; it was {old}", keys[:1])
    elif old is None:
        yield Change("added", path, None, new, f"{words} {new} (not stated before)", keys)
    else:
        yield Change("changed", path, old, new, f"{words} {new}; it was {old}", keys)


def _list(
    path: str, what: str, old: Sequence[str], new: Sequence[str], keys: tuple[str | int, ...]
) -> Iterator[Change]:
    for text in old:
        if text not in new:
            yield Change("removed", path, text, None, f"{what} taken away: {text}", keys)
    for place, text in enumerate(new):
        if text not in old:
            yield Change("added", path, None, text, f"{what} added: {text}", (*keys, place))


def _terms(charter: Charter) -> tuple[str, ...]:
    return tuple(", ".join(words) for words in charter.terms)


def _owners(old: Charter, new: Charter) -> Iterator[Change]:
    before, after = old.owners, new.owners
    yield from _value(
        "owners.threshold",
        "the number of owners who must agree on the charter is",
        None if before is None else str(before.threshold),
        None if after is None else str(after.threshold),
        ("owners", "threshold"),
    )
    was = () if before is None else before.handles
    now = () if after is None else after.handles
    yield from _list("owners.handles", "owner", was, now, ("owners", "handles"))


def _members(old: Sequence[Member], new: Sequence[Member]) -> Iterator[Change]:
    before = {name.casefold(): member for member in old for name in (member.handle, *member.also)}
    kept: set[str] = set()
    for place, member in enumerate(new):
        names = (name.casefold() for name in (member.handle, *member.also))
        was = next((before[name] for name in names if name in before), None)
        keys = ("members", place)
        if was is None or was.handle in kept:
            roles = f" as {', '.join(member.roles)}" if member.roles else ""
            text = f"{member.handle} joins the members{roles}"
            yield Change("added", f"members.{member.handle}", None, member.handle, text, keys)
            continue
        kept.add(was.handle)
        yield from _member(was, member, keys)
    for member in old:
        if member.handle not in kept:
            path = f"members.{member.handle}"
            yield Change(
                "removed", path, member.handle, None, f"{member.handle} leaves the members", ("members",)
            )


def _member(old: Member, new: Member, keys: tuple[str | int, ...]) -> Iterator[Change]:
    path = f"members.{new.handle}"
    yield from _value(
        f"{path}.handle", f"the handle of {old.handle} is", old.handle, new.handle, (*keys, "handle")
    )
    yield from _list(f"{path}.also", f"other name of {new.handle}", old.also, new.also, (*keys, "also"))
    yield from _list(f"{path}.keys", f"key of {new.handle}", old.keys, new.keys, (*keys, "keys"))
    yield from _list(
        f"{path}.revoked", f"revoked key of {new.handle}", _revoked(old), _revoked(new), (*keys, "revoked")
    )
    yield from _list(f"{path}.roles", f"role of {new.handle}", old.roles, new.roles, (*keys, "roles"))


def _revoked(member: Member) -> tuple[str, ...]:
    return tuple(
        one.key if one.suspect_since is None else f"{one.key}, suspect since {one.suspect_since}"
        for one in member.revoked
    )


def _witnesses(old: Witnesses | None, new: Witnesses | None) -> Iterator[Change]:
    yield from _value(
        "witnesses.threshold",
        "the number of witnesses who must cosign a head is",
        None if old is None else str(old.threshold),
        None if new is None else str(new.threshold),
        ("witnesses", "threshold"),
    )
    was, now = (tuple(f"{one.key} at {one.url}" for one in all_.of) if all_ else () for all_ in (old, new))
    yield from _list("witnesses.of", "witness", was, now, ("witnesses", "of"))


def _rules(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Change]:
    before, after = old or {}, new or {}
    for kind in dict.fromkeys((*after, *before)):
        was, now = _table(before.get(kind)), _table(after.get(kind))
        where = "every kind of decision" if kind == "default" else kind
        for name in dict.fromkeys((*now, *was)):
            words = f"rule for {where}: {name} is"
            path, keys = f"rules.{kind}.{name}", ("rules", kind, name)
            for change in _value(path, words, was.get(name), now.get(name), keys):
                yield (
                    change
                    if change.kind != "removed"
                    else change._replace(
                        text=f"rule for {where}: {name} is no longer stated; it was {change.old}",
                        keys=("rules", kind) if kind in after else ("rules",),
                    )
                )


def _table(value: Any) -> dict[str, str]:
    """Return a table of rules as texts; what is none (an old charter's) is shown as it stands."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return {"(all)": _text(value)}
    return {name: _text(one) for name, one in value.items()}


def _others(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    known = {"group", "in_force_from", "ledger", "owners", "members", "terms", "rules", "witnesses"}
    for name in dict.fromkeys((*new, *old)):
        if name not in known:
            was = _text(old[name]) if name in old else None
            now = _text(new[name]) if name in new else None
            yield from _value(name, f"{name} is", was, now, (name,))


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(one)}" for name, one in value.items())
    return str(value)
