"""ABIF, the Aggregated Ballot Information Format (github.com/electorama/abif), and its plain subset.

    {"title": "The capital"}          metadata, a JSON object on one line
    =Memph:[Memphis, TN]              a short name and the whole name of an option
    # a comment
    42: Memph > Nash = Chat > Knox    42 ballots; ``>`` ranks, ``=`` (or ``,``) is equal
    26: Nash/5, Chat/2, Knox/1        scores; with commas they rank as well
    3:                                three blank ballots

A name in brackets may hold anything but brackets; one without may hold anything but ``> = , / [ ] : { } *
#``. An option that has no line of its own is known from the first ballot that names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.errors import Finding
from ledger.governance.counting.ballots import MOST_OPTIONS, Profile, Scores
from ledger.governance.counting.reading.sheet import BallotFile, problem, read_number

_HEAD = re.compile(r"ABIF\b[\s0-9.]*")
_OPTION = re.compile(r"=\s*(\[[^\[\]]+\]|[^\[\]:]+):\s*(\[[^\[\]]+\]|[^\[\]]+)")
_BALLOT = re.compile(r"([0-9]{1,20})\s*:\s*(.*)", re.DOTALL)
_ITEM = re.compile(r"\s*(?:\[([^\[\]]*)\]|([^>=,/\[\]:{}*#]+))\s*(?:/\s*([0-9]{1,13})\s*)?")
_COMMENT = re.compile(r"((?:\[[^\[\]]*\]|[^#\[])*)#.*", re.DOTALL)
_LONGEST_METADATA = 100_000
_HIGHEST = 5


@dataclass(slots=True)
class _Vote:
    weight: int
    names: list[str]
    groups: list[list[str]]
    scores: dict[str, int]
    line: int


@dataclass(slots=True)
class _Draft:
    names: dict[str, str] = field(default_factory=dict)
    options: dict[str, None] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    votes: list[_Vote] = field(default_factory=list)


def read_abif(text: str) -> BallotFile:
    """Return the ballots of an ABIF file; raises FormatError, with the line, for anything else."""
    draft = _Draft()
    for line, content in _lines(text):
        if content.startswith("{"):
            draft.metadata |= _metadata(content, line)
        elif head := _HEAD.match(content):
            rest = content[head.end() :].strip()
            draft.metadata |= _metadata(rest, line) if rest else {}
        elif content.startswith("="):
            _read_option(draft, content, line)
        elif ballot := _BALLOT.fullmatch(content):
            draft.votes.append(_read_vote(draft, ballot[1], ballot[2], line))
        else:
            raise problem(line, "neither a ballot, an option, metadata nor a comment")
    if not draft.options:
        raise problem(None, "the file names no option")
    return _finish(draft)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line, content in enumerate(text.split("\n"), 1):
        stripped = content.strip().lstrip("\ufeff")
        if not stripped.startswith("{") and "#" in stripped and (match := _COMMENT.fullmatch(stripped)):
            stripped = match[1].strip()
        if stripped:
            yield line, stripped


def _metadata(content: str, line: int) -> dict[str, Any]:
    if len(content) > _LONGEST_METADATA:
        raise problem(line, "the metadata are too long")
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise problem(line, "the metadata are not a JSON object on one line") from None
    if not isinstance(value, dict):
        raise problem(line, "the metadata are not a JSON object on one line")
    return value


def _read_option(draft: _Draft, content: str, line: int) -> None:
    match = _OPTION.fullmatch(" ".join(content.split()).replace("] :", "]:"))
    if match is None:
        raise problem(line, "not the form =short:[whole name]")
    short, whole = (match[number].strip().strip("[]").strip() for number in (1, 2))
    if not short or not whole:
        raise problem(line, "an option has no name")
    if draft.names.get(short, whole) != whole:
        raise problem(line, f"{short} was already used as the name of {draft.names[short]}")
    draft.names[short] = draft.names[whole] = whole
    _know(draft, whole, line)


def _know(draft: _Draft, name: str, line: int) -> None:
    draft.options[name] = None
    if len(draft.options) > MOST_OPTIONS:
        raise problem(line, f"more than {MOST_OPTIONS} options")


def _read_vote(draft: _Draft, weight: str, content: str, line: int) -> _Vote:
    vote = _Vote(read_number(weight, line, "the number of ballots", least=1), [], [], {}, line)
    content = _without_extra(content, line)
    place, separators = 0, []
    while content:
        item = _ITEM.match(content, place)
        name = ((item[1] if item[1] is not None else item[2]) if item else "").strip()
        if item is None or not name:
            raise problem(line, f"an option is missing at {content[place : place + 20]!r}")
        name = draft.names.setdefault(name, name)
        _know(draft, name, line)
        vote.names.append(name)
        if item[3] is not None:
            vote.scores[name] = int(item[3])
        place = item.end()
        if place == len(content):
            break
        if content[place] not in ">=,":
            raise problem(line, f"not understood: {content[place : place + 20]!r}")
        separators.append(content[place])
        place += 1
    if len(set(vote.names)) != len(vote.names):
        raise problem(line, "a ballot names an option twice")
    vote.groups = _groups(vote, separators)
    return vote


def _without_extra(content: str, line: int) -> str:
    """Return a ballot without the JSON object that may follow it after a colon, once that was read."""
    before, brace, rest = content.partition("{")
    if not brace:
        return content.strip()
    if not before.rstrip().endswith(":"):
        raise problem(line, "a brace stands inside a ballot")
    _metadata(brace + rest, line)
    return before.rstrip().removesuffix(":").strip()


def _groups(vote: _Vote, separators: list[str]) -> list[list[str]]:
    """Return the ranking: by ``>`` and ``=``; by the scores where commas separate them."""
    if vote.scores and len(vote.scores) < len(vote.names):
        raise problem(vote.line, "some options of a ballot have a score and some have none")
    if vote.scores and "," in separators:
        if set(separators) != {","}:
            raise problem(vote.line, "commas and rankings are mixed in a ballot with scores")
        by_score: dict[int, list[str]] = {}
        for name, score in vote.scores.items():
            by_score.setdefault(score, []).append(name)
        return [by_score[score] for score in sorted(by_score, reverse=True)]
    groups: list[list[str]] = [vote.names[:1]] if vote.names else []
    for separator, before, name in zip(separators, vote.names, vote.names[1:], strict=False):
        first, second = vote.scores.get(before, 0), vote.scores.get(name, 0)
        if first < second or (first != second and separator == "="):
            raise problem(
                vote.line, f"{before} {separator} {name} contradicts the scores {first} and {second}"
            )
        if separator == ">":
            groups.append([name])
        else:
            groups[-1].append(name)
    return groups


def _finish(draft: _Draft) -> BallotFile:
    options = list(draft.options)
    findings: list[Finding] = []
    title = draft.metadata.get("title")
    return BallotFile(
        format="abif",
        profile=Profile.of(options, ((vote.weight, vote.groups) for vote in draft.votes)),
        scores=_scores(draft, options, findings),
        title=title if isinstance(title, str) else None,
        names=draft.names,
        findings=tuple(findings),
    )


def _scores(draft: _Draft, options: list[str], findings: list[Finding]) -> Scores | None:
    """Return the scores, None where no ballot has any; what is left unsaid about them is a finding."""
    if not any(vote.scores for vote in draft.votes):
        return None
    stated = draft.metadata.get("max_rating")
    largest = max(max(vote.scores.values(), default=0) for vote in draft.votes)
    highest = stated if isinstance(stated, int) and not isinstance(stated, bool) else max(_HIGHEST, largest)
    for vote in draft.votes:
        if vote.scores and max(vote.scores.values()) > highest:
            raise problem(vote.line, f"a score is above the largest one stated, {highest}")
        if vote.names and not vote.scores:
            what = "a ballot ranks and does not score: as a score it is blank"
            findings.append(Finding("no-score", "warning", vote.line, what))
    return Scores.of(options, ((vote.weight, vote.scores) for vote in draft.votes), highest=highest)
