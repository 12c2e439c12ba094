"""Identifiers and references: their forms, and which kinds a reference may lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from datetime import date
from typing import NamedTuple

from ledger.errors import Where
from ledger.governance.links import RELATIONS
from ledger.records import KINDS
from ledger.workflow.verify.bodies import FROM_MINUTES

_MOTIONS = frozenset({"proposal", "decision", "report"})

LINKS: dict[str, dict[str, frozenset[str]]] = {
    "approval": {"motion": frozenset({"proposal", "vote", "decision"})},
    "proposal": {"possibly_same": frozenset({"proposal"})},
    "comment": {"on": FROM_MINUTES, "parent": FROM_MINUTES},
    "vote": {"proposal": frozenset({"proposal", "approval", "decision"}), "poll": frozenset({"poll"})},
    "poll": {"subject": frozenset({"proposal", "approval", "decision"}), "reopens": frozenset({"poll"})},
    "ballot": {"poll": frozenset({"poll"})},
    "decision": {"on": FROM_MINUTES, **dict.fromkeys(RELATIONS, _MOTIONS)},
    "action": {"on": FROM_MINUTES},
    "mention": {"of": FROM_MINUTES},
}
"""For each kind the members that refer to another record (or list some), and the kinds that fit there."""

NAMED = {"meeting": "2024-04-10", "proposal": "2024-04-10/3", "comment": "2024-04-10/3.2"}
"""The kinds that have identifiers, with an example."""

_MEETING = r"\d{4}-\d\d-\d\d[b-z]?"
_PROPOSAL = _MEETING + r"/[1-9]\d{0,8}"
_COMMENT = _PROPOSAL + r"\.[1-9]\d{0,8}"
_FORMS = {"meeting": _MEETING, "proposal": _PROPOSAL, "comment": _COMMENT}
_one = {kind: re.compile(form, re.ASCII).fullmatch for kind, form in _FORMS.items()}
_many = {kind: re.compile(f"(?:{form}\n)*+", re.ASCII).fullmatch for kind, form in _FORMS.items()}
_DAY = slice(10)
_DAY_FORM = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"#(0|[1-9]\d{0,15})", re.ASCII)
_days: set[str] = set()


class Link(NamedTuple):
    """A reference that the piece of the log it stands in could not settle.

    It stands in entry ``seq``, at ``where``, as ``member`` of a record of ``kind``.
    """

    seq: int
    where: Where
    kind: str
    member: str
    target: str


def kind_of_id(text: str) -> str | None:
    """Return the kind that an identifier is of (``2024-04-10/3``: a proposal); None where it is none."""
    for kind, match in _one.items():
        if match(text):
            return kind if _is_day(text[_DAY]) else None
    return None


def are_ids(kind: str, texts: Sequence[str]) -> bool:
    """Tell whether all ``texts`` are identifiers of ``kind``."""
    joined = "\n".join([*texts, ""])
    # An LF inside an identifier would make two of one.
    if joined.count("\n") != len(texts) or _many[kind](joined) is None:
        return False
    return all(map(_is_day, {text[_DAY] for text in texts}))


def is_reference(text: str, *, number: bool = False) -> bool:
    """Tell whether ``text`` has the form of a reference: an identifier, or a number such as ``#41``.

    With ``number`` only the latter counts.
    """
    return _NUMBER.fullmatch(text) is not None or (not number and kind_of_id(text) is not None)


def link_problem(link: Link, kind_at: Callable[[int], str], ids: Container[str]) -> str | None:
    """Return what is wrong with ``link``, None where it holds.

    ``kind_at`` gives the kind of each entry up to the link's own ("" where this version does not know
    it), ``ids`` are the identifiers given in earlier pieces.
    """
    number = _NUMBER.fullmatch(link.target)
    missing = f"{link.member} names {link.target}, and no such record stands before this entry"
    if number is None:
        kind = kind_of_id(link.target)
        if link.target not in ids:
            return missing
    else:
        target = int(number[1])
        if target >= link.seq:
            return missing
        kind = kind_at(target)
        if kind not in KINDS:
            return None
    if kind not in LINKS[link.kind][link.member]:
        return f"{link.member} names {link.target}, a {kind}, which does not fit there"
    return None


def is_day(text: str) -> bool:
    """Tell whether ``text`` is a day of the form ``2024-04-10``."""
    # fromisoformat takes other forms too, weeks among them.
    return _DAY_FORM.fullmatch(text) is not None and _is_day(text)


def _is_day(text: str) -> bool:
    if text not in _days:
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
        # A bounded memory: a hostile log may name every day there is.
        if len(_days) < 10_000:
            _days.add(text)
    return True
