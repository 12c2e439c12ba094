"""The same item brought back: one proposal with later mentions, not five proposals.

Two wordings are the same where their telling words nearly agree; where that is not certain the two
stay apart and the later one names the earlier as possibly the same. The reason stands in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from ledger.errors import Finding
from ledger.minutes.drafts import Draft, Minutes
from ledger.records import Action, Mention, Proposal, Report

_WORD = re.compile(r"[^\W_]+")
_IDENTIFIER = re.compile(r"(?<![\w./-])\d{4}-\d\d-\d\d[b-z]?/\d{1,4}(?![\w./-]*\w)", re.ASCII)
_COMMON = frozenset(
    (
        "a an and are as at be by can could do does for from has have i if in into is it its lets let me "
        "more need needed new of on or our project propose proposal should some than that the their them "
        "there these this to up update use we what when which who will with would you add adding create "
        "creating make making motion decide vote gh github next meeting item"
    ).split()
)
_SAME, _MAYBE = 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Known:
    """A proposal or action on record: ``settled`` once an outcome (or a ticked box) is recorded.

    A settled proposal that is put again is a new motion, possibly the same; ``people`` are its
    proposer or assignees.
    """

    id: str
    kind: str
    title: str
    people: tuple[str, ...]
    date: str
    settled: bool = False


def link_drafts(minutes: Minutes, known: Sequence[Known]) -> Minutes:
    """Return ``minutes`` with proposals and actions on record turned into mentions of them.

    Only records of earlier days are considered; the latest similar one wins.
    """
    index = _Index(one for one in known if one.date < minutes.date)
    drafts: list[Draft] = []
    findings = list(minutes.findings)
    settled_here = _settled_keys(minutes.drafts)
    for draft in minutes.drafts:
        linked = _link(draft, index, draft.key in settled_here)
        if linked is not draft and isinstance(linked.record, Proposal):
            line = linked.record.source.lines[0] if linked.record.source else None
            what = f"possibly the same as {linked.record.possibly_same}; recorded as a proposal of its own"
            findings.append(Finding("possibly-same", "note", line, what))
        drafts.append(linked)
    return replace(minutes, drafts=tuple(drafts), findings=tuple(findings))


def _settled_keys(drafts: Iterable[Draft]) -> set[int]:
    """The drafts that this file settles; putting off a vote settles nothing."""
    keys = set()
    for draft in drafts:
        outcome = getattr(getattr(draft.record, "stated", draft.record), "outcome", None)
        if outcome == "deferred":
            continue
        for name in ("proposal", "on"):
            reference = getattr(draft.record, name, None)
            if (
                draft.kind in ("vote", "decision")
                and isinstance(reference, str)
                and reference.startswith("draft:")
            ):
                keys.add(int(reference[6:]))
    return keys


def _link(draft: Draft, index: _Index, settled_here: bool) -> Draft:
    record = draft.record
    if isinstance(record, Proposal):
        found = index.nearest(record.title, (record.proposer,) if record.proposer else (), "proposal")
        if found is None:
            return draft
        one, score, reason = found
        if score >= _SAME and not (one.settled and settled_here):
            return replace(draft, kind="mention", record=_mention(record, one, reason, record.text))
        return replace(draft, record=msgspec.structs.replace(record, possibly_same=one.id))
    if isinstance(record, Report) and not record.raised:
        named = index.named(record.text)
        if named is not None:
            return replace(draft, kind="mention", record=_mention(record, named, "named here", record.text))
    if isinstance(record, Action | Report) and len(_words(record.text)) >= 2:
        people = tuple(record.assignees) if isinstance(record, Action) else tuple(record.by)
        same = index.exact(record.text, people)
        if same is not None and not getattr(record, "raised", False):
            return replace(
                draft, kind="mention", record=_mention(record, same, "same words, same people", record.text)
            )
    return draft


def _mention(record: Proposal | Action | Report, one: Known, reason: str, text: str) -> Mention:
    if isinstance(record, Proposal):
        by = [record.proposer, *record.co_proposers] if record.proposer else []
    else:
        by = record.assignees if isinstance(record, Action) else record.by
    return Mention(
        of=one.id, text=text, reason=reason, by=by, section=record.section, done=record.done,
        links=record.links, source=record.source, sources=record.sources,
    )  # fmt: skip


class _Index:
    """The known items, by telling words: a look-up does not walk over all of them."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_id: dict[str, Known] = {}
        self.by_word: dict[str, list[Known]] = {}
        self.by_text: dict[str, list[Known]] = {}
        self.words: dict[str, frozenset[str]] = {}
        for one in known:
            self.by_id[one.id] = one
            self.words[one.id] = frozenset(_telling(one.title))
            self.by_text.setdefault(" ".join(_words(one.title)), []).append(one)
            if one.kind == "proposal":
                for word in self.words[one.id]:
                    self.by_word.setdefault(word, []).append(one)

    def named(self, text: str) -> Known | None:
        """Return the known item whose identifier (``2024-04-10/3``) stands in ``text``, if it is one only."""
        found = {name: self.by_id[name] for name in _IDENTIFIER.findall(text) if name in self.by_id}
        return next(iter(found.values())) if len(found) == 1 else None

    def exact(self, text: str, people: tuple[str, ...]) -> Known | None:
        """Return the latest item in the same words by the same people."""
        same = [
            one
            for one in self.by_text.get(" ".join(_words(text)), [])
            if _fold(one.people) == _fold(people) or not people or not one.people
        ]
        return max(same, key=lambda one: one.date, default=None)

    def nearest(self, title: str, people: tuple[str, ...], kind: str) -> tuple[Known, float, str] | None:
        """Return the most similar item of ``kind``, how similar (0 to 1), and why; None below doubt."""
        words = frozenset(_telling(title))
        candidates = {one.id: one for word in words for one in self.by_word.get(word, [])}
        best: tuple[float, str, Known] | None = None
        for one in candidates.values():
            score = self._score(words, one, people)
            if one.kind == kind and score >= _MAYBE and (best is None or (score, one.date) > best[:2]):
                best = (score, one.date, one)
        if best is None:
            return None
        shared = " ".join(word for word in _words(title) if word in self.words[best[2].id])
        reason = "same words" if best[0] == 1 else f"the words in common: {shared}"
        return best[2], best[0], reason

    def _score(self, words: frozenset[str], one: Known, people: tuple[str, ...]) -> float:
        theirs = self.words[one.id]
        common = len(words & theirs)
        if not common:
            return 0.0
        score = common / len(words | theirs)
        same_people = not people or not one.people or bool(_fold(people) & _fold(one.people))
        if not same_people and score < 1:
            return min(score, _MAYBE)
        if common == 1 and len(words | theirs) > 1:
            return min(score, _MAYBE)
        # All telling words of the shorter title stand in the longer one: only something was added.
        return max(score, _SAME) if common == min(len(words), len(theirs)) else score


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.casefold())]


def _telling(text: str) -> list[str]:
    words = _words(text)
    return [word for word in words if word not in _COMMON] or words


def _stem(word: str) -> str:
    """Plural and singular are one word; nothing cleverer, so that no two words fall together."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _fold(people: Iterable[str]) -> frozenset[str]:
    return frozenset(person.casefold().lstrip("@") for person in people)
