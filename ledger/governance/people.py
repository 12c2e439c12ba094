"""Who is who: the spellings of people, joined where the charter or the minutes say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.governance.fields import Body, mappings_of, text_of

if TYPE_CHECKING:
    from ledger.charter import Charter


@lru_cache(maxsize=4096)
def fold_person(name: str) -> str:
    """Return a name as it is compared: without ``@``, case and surrounding marks.

    >>> fold_person("@Tux."), fold_person("Stig  Palmquist")
    ('tux', 'stig palmquist')
    """
    return " ".join(name.strip(" \t@.,;:!?()[]*_`\"'").casefold().split())


class Spellings:
    """Maps each spelling of a person to one name; a spelling that nobody joined stands for itself."""

    def __init__(self, handles: Mapping[str, str] | None = None) -> None:
        self._handles = dict(handles or {})
        self._known: dict[Sequence[str], frozenset[str]] = {}  # the keys of bodies of people

    @classmethod
    def of(cls, charter: Charter | None, meeting: Body | None = None) -> Spellings:
        """Return the spellings that ``charter`` joins, and those of a meeting (see :meth:`at`)."""
        handles: dict[str, str] = {}
        for member in charter.members if charter is not None else ():
            for name in (member.handle, *member.also):
                handles[fold_person(name)] = member.handle
        return cls(handles).at(meeting)

    def at(self, meeting: Body | None) -> Spellings:
        """Return these spellings and the full names that the attendance of a meeting (its body) gives
        beside handles."""
        more: dict[str, str] = {}
        for item in mappings_of(meeting or {}, "attendance"):
            person, name = text_of(item, "person"), text_of(item, "name")
            if person and name and fold_person(name) not in self._handles:
                more[fold_person(name)] = self.person(person)
        return Spellings(self._handles | more) if more else self

    def person(self, name: str) -> str:
        """Return the one name of the person who is spelled ``name``."""
        return self._handles.get(fold_person(name), name)

    def key(self, name: str) -> str:
        """Return what is equal for all spellings of one person, and only for them."""
        return fold_person(self.person(name))

    def folded(self, name: str) -> frozenset[str]:
        """Return all spellings of the person who is spelled ``name``, as :func:`fold_person` has them."""
        person = self.person(name)
        joined = {folded for folded, handle in self._handles.items() if handle == person}
        return frozenset((fold_person(name), *joined))

    def keys(self, names: Sequence[str]) -> frozenset[str]:
        """Return the keys of several people."""
        if not isinstance(names, tuple):
            return frozenset(map(self.key, names))
        if names not in self._known:
            self._known[names] = frozenset(map(self.key, names))
        return self._known[names]
