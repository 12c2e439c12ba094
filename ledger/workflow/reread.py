"""Compare a later reading of minutes with what is on record: what changed, in terms of records.

Nothing here reads files or the log. Records on file are paired with the drafts of the new reading:
first those that state the same, then, within a kind, those that are most alike. A pair that states
the same needs nothing, whatever happened to its line numbers; a pair that differs needs a
correction; a record without a partner has vanished; a draft without a partner is new.

Drafts are paired parents first, so that "the vote on this proposal" can be recognised although its
words changed. The outcome depends on the records and drafts alone, never on chance.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.minutes.drafts import to_key
from ledger.records import Mention, from_body, to_body

if TYPE_CHECKING:
    from ledger.minutes import Draft

REFERENCES = ("on", "parent", "proposal", "of", "motion", "possibly_same")
"""Fields that may name another record: by its identifier, ``#41``, or ``draft:7`` while it is a draft."""

ALIKE = 0.6
"""Two texts with this likeness (difflib's ratio, 0 to 1) or more are taken for the same item."""

_NEIGHBOURS = 0.3  # enough for one person's item that stands between the same two items as before
_MANY_PAIRS = 10_000  # beyond this only items near each other are compared
_WINDOW = 25
_LONG = 400  # characters; beyond it texts are compared by words only


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A record of an earlier reading as it counts today: ``body`` is the latest one before a
    retraction; ``seq`` and ``id`` are those of the entry that first stated it."""

    seq: int
    kind: str
    id: str | None
    body: dict[str, Any]
    retracted: bool = False

    @property
    def reference(self) -> str:
        """How other records name this one."""
        return self.id if self.id is not None else f"#{self.seq}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One item in both readings; ``body`` is what the new reading states, with its references
    resolved as far as they lead to records on file."""

    old: OnRecord
    draft: Draft
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new reading means for the records on file, each in document order."""

    unchanged: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    vanished: tuple[OnRecord, ...]
    new: tuple[Draft, ...]
    references: dict[int, str]

    @property
    def is_same(self) -> bool:
        """Tell whether both readings state the same."""
        return not (self.changed or self.vanished or self.new)


def compare_readings(old: Sequence[OnRecord], drafts: Sequence[Draft]) -> Comparison:
    """Return how the ``drafts`` of a new reading relate to the ``old`` records of the same minutes.

    ``references`` of the result maps the key of each paired draft to what other records call it, for
    :func:`resolve_references` and :func:`ledger.minutes.number_drafts`.
    """
    matcher = _Matcher(old, drafts)
    levels = _levels(drafts)
    matcher.pair_levels(levels)
    matcher.pair_neighbours()
    matcher.pair_levels(levels)  # what belongs to a neighbour found just now
    return matcher.comparison()


def resolve_references(body: dict[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """Return ``body`` with every reference to a draft whose key ``names`` knows replaced by its name."""
    resolved = dict(body)
    for name in REFERENCES:
        value = body.get(name)
        if isinstance(value, str):
            key = to_key(value)
            resolved[name] = value if key is None else names.get(key, value)
    return resolved


def name_of(draft: Draft, reference: str) -> str:
    """Return what other records call a draft that is (to be) on record as ``reference``.

    What is said about a mention is said about the proposal that came up again.
    """
    return draft.record.of if isinstance(draft.record, Mention) else reference


def stated_facts(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return what ``body`` states, without where it stands: two readings compare by this."""
    try:
        body = to_body(from_body(kind, body))  # fills in fields that an older version did not write
    except (msgspec.ValidationError, KeyError):
        body = dict(body)
    for name in ("source", "sources"):
        body.pop(name, None)
    if kind == "meeting":
        body["agenda"] = [
            {name: value for name, value in topic.items() if name != "line"}
            for topic in body.get("agenda", [])
        ]
    return body


@dataclass(slots=True)
class _Side:
    """One item on either side of the comparison, with its place in document order."""

    place: int
    kind: str
    facts: dict[str, Any]
    text: str = field(init=False)
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.text = _main_text(self.kind, self.facts).casefold()
        self.words = self.text.split()


class _Matcher:
    """Pairs found so far, and what is still without a partner."""

    def __init__(self, old: Sequence[OnRecord], drafts: Sequence[Draft]) -> None:
        ordered = sorted(old, key=lambda record: (_first_line(record.body), record.seq))
        self.old = {record.seq: record for record in ordered}
        self.drafts = {draft.key: draft for draft in drafts}
        self.before = {
            record.seq: _Side(place, record.kind, stated_facts(record.kind, record.body))
            for place, record in enumerate(ordered)
        }
        self.after = {
            draft.key: _Side(place, draft.kind, stated_facts(draft.kind, to_body(draft.record)))
            for place, draft in enumerate(drafts)
        }
        self.order_before = list(self.old)
        self.order_after = list(self.drafts)
        self.partner: dict[int, int] = {}  # key of a draft → seq of its record
        self.taken: set[int] = set()
        self.names: dict[int, str] = {}

    def facts(self, key: int) -> dict[str, Any]:
        """What a draft states, its references named as the records on file name them."""
        return resolve_references(self.after[key].facts, self.names)

    def pair(self, key: int, seq: int) -> None:
        self.partner[key] = seq
        self.taken.add(seq)
        self.names[key] = name_of(self.drafts[key], self.old[seq].reference)

    def open_drafts(self, level: Iterable[int]) -> list[int]:
        return [key for key in level if key not in self.partner]

    def open_records(self) -> list[int]:
        return [seq for seq in self.old if seq not in self.taken and not self.old[seq].retracted]

    def pair_levels(self, levels: Sequence[Sequence[int]]) -> None:
        """Pair parents before their children, what is equal before what is alike."""
        for level in levels:
            self.pair_equal(level, retracted=False)
            self.pair_equal(level, retracted=True)
            self.pair_alike(level)

    def pair_equal(self, level: Sequence[int], *, retracted: bool) -> None:
        """Pair what states exactly the same, in document order where several do."""
        waiting: dict[str, deque[int]] = defaultdict(deque)
        for seq, record in self.old.items():
            if seq not in self.taken and record.retracted == retracted:
                waiting[_fingerprint(record.kind, self.before[seq].facts)].append(seq)
        for key in self.open_drafts(level):
            seqs = waiting.get(_fingerprint(self.after[key].kind, self.facts(key)))
            if seqs:
                self.pair(key, seqs.popleft())

    def pair_alike(self, level: Sequence[int]) -> None:
        """Pair what is most alike first; equal likeness goes to the pair that moved least."""
        keys, seqs = self.open_drafts(level), self.open_records()
        near_only = len(keys) * len(seqs) > _MANY_PAIRS
        found = []
        for key in keys:
            facts, side = self.facts(key), self.after[key]
            for seq in seqs:
                moved = abs(self.before[seq].place - side.place)
                if self.before[seq].kind != side.kind or (near_only and moved > _WINDOW):
                    continue
                likeness = _likeness(self.before[seq], side, facts)
                if likeness >= ALIKE:
                    found.append((-likeness, moved, side.place, self.before[seq].place, key, seq))
        for *_, key, seq in sorted(found):
            if key not in self.partner and seq not in self.taken:
                self.pair(key, seq)

    def pair_neighbours(self) -> None:
        """Pair one person's reworded item that still stands beside the same neighbour."""
        for key in self.open_drafts(self.order_after):
            side = self.after[key]
            for seq in self._beside(side.place):
                other = self.before[seq]
                if seq in self.taken or self.old[seq].retracted or other.kind != side.kind:
                    continue
                people = _people(side.facts)
                same_people = bool(people) and people == _people(other.facts)
                if same_people and _ratio(other, side) >= _NEIGHBOURS:
                    self.pair(key, seq)
                    break

    def _beside(self, place: int) -> list[int]:
        """Records on file that stand right after the partner of the draft before ``place``, or right
        before the partner of the draft after it."""
        beside = []
        for step in (-1, 1):
            if 0 <= place + step < len(self.order_after):
                seq = self.partner.get(self.order_after[place + step])
                there = self.before[seq].place - step if seq is not None else -1
                if 0 <= there < len(self.order_before):
                    beside.append(self.order_before[there])
        return beside

    def comparison(self) -> Comparison:
        unchanged: list[Pair] = []
        changed: list[Pair] = []
        for key, seq in sorted(self.partner.items(), key=lambda pair: self.after[pair[0]].place):
            record, draft = self.old[seq], self.drafts[key]
            pair = Pair(record, draft, resolve_references(to_body(draft.record), self.names))
            same = self.facts(key) == self.before[seq].facts and not record.retracted
            (unchanged if same else changed).append(pair)
        vanished = [self.old[seq] for seq in self.open_records()]
        new = [self.drafts[key] for key in self.order_after if key not in self.partner]
        return Comparison(tuple(unchanged), tuple(changed), tuple(vanished), tuple(new), self.names)


def _levels(drafts: Sequence[Draft]) -> list[list[int]]:
    """Return the keys of the drafts, those first that refer to no other draft, then their children."""
    parents = {draft.key: _draft_references(draft) for draft in drafts}
    levels: list[list[int]] = []
    placed: set[int] = set()
    waiting = list(parents)
    while waiting:
        level = [key for key in waiting if parents[key] & parents.keys() <= placed]
        if not level:  # drafts that refer to each other in a circle: no order is better than another
            level = waiting
        levels.append(level)
        placed.update(level)
        waiting = [key for key in waiting if key not in placed]
    return levels


def _draft_references(draft: Draft) -> set[int]:
    values = [getattr(draft.record, name, None) for name in REFERENCES]
    keys = {to_key(value) for value in values if isinstance(value, str)}
    return {key for key in keys if key is not None and key != draft.key}


def _first_line(body: Mapping[str, Any]) -> int:
    source = body.get("source")
    return source["lines"][0] if source else 0


def _fingerprint(kind: str, facts: Mapping[str, Any]) -> str:
    return kind + json.dumps(facts, sort_keys=True)


def _main_text(kind: str, facts: Mapping[str, Any]) -> str:
    """Return the words by which a person would recognise an item of this kind."""
    if kind == "vote":
        text: str = facts["stated"]["text"]
        return text
    names = {"event": ("name", "when"), "appointment": ("role", "stated")}.get(kind, ("text",))
    return " ".join(str(facts.get(name) or "") for name in names)


def _people(facts: Mapping[str, Any]) -> list[str]:
    proposer = facts.get("proposer")
    return facts.get("by") or facts.get("assignees") or ([proposer] if proposer else [])


def _likeness(old: _Side, new: _Side, facts: Mapping[str, Any]) -> float:
    """Return how alike two items of one kind are; ``facts`` are those of ``new``, references resolved.

    What an item is about outweighs its words: there is one meeting, and a proposal's vote stays its
    vote although the tally was mended.
    """
    if old.kind == "meeting":
        return 1.0
    ratio: float = _ratio(old, new)
    if old.kind == "vote":
        mine, other = old.facts.get("proposal"), facts.get("proposal")
        if mine == other and mine is not None:
            return 0.8 + ratio / 5
        return ratio if mine is None or other is None else 0.0
    if old.kind == "appointment":
        same_role = bool(old.facts["role"] == facts["role"])
        return 0.7 + ratio / 5 if same_role else 0.0
    if old.kind == "event" and old.facts["what"] == facts["what"] == "next-meeting":
        return 0.7 + ratio / 5
    if ratio < ALIKE:
        return 0.0
    same = len([name for name in ("on", "parent", "section") if old.facts.get(name) == facts.get(name)])
    same_people = _people(old.facts) == _people(facts)
    return ratio + 0.03 * same + (0.05 if same_people else 0.0)


def _ratio(old: _Side, new: _Side) -> float:
    """Return difflib's ratio of two texts by words, and of short texts by characters if higher."""
    if old.text == new.text:
        return 1.0
    ratio: float = SequenceMatcher(None, old.words, new.words, autojunk=False).ratio()
    if max(len(old.text), len(new.text)) <= _LONG:
        by_characters = SequenceMatcher(None, old.text, new.text, autojunk=False)
        if by_characters.quick_ratio() > ratio:
            return max(ratio, float(by_characters.ratio()))
    return ratio
