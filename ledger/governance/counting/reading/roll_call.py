"""Roll-calls as OpenSSL keeps them (openssl/technical-policies, policies/voting-procedure.md).

    Topic: Adopt the style guide
    Proposed by: Ann
    Accepted:  yes  (for: 2, against: 1, abstained: 1, not voted: 1)

      Ann        [+1]
      Bo         [-1]   # 2031-03-02
      Cy         [ 0]

``+1`` is yes, ``-1`` no, ``0``, ``+0`` and ``-0`` abstain, blank has not voted. All lines above the first
ballot are the header; it need not be there. A counts line that does not fit the ballots below is a finding
with both numbers. A line of ``***`` or a new topic begins the next roll-call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ledger.errors import Finding
from ledger.governance.counting.reading.sheet import BallotFile, problem, read_number
from ledger.governance.counting.roll import VOTES, Call, RollCall, Vote

CALL = re.compile(r"\s*([^\s\[\]#](?:[^\[\]#]*[^\s\[\]#])?)\s*\[\s*([+-]?[01])?\s*\]\s*(?:#.*)?")
_MARKS: Mapping[str, Vote] = {
    "+1": "yes",
    "-1": "no",
    "0": "abstain",
    "+0": "abstain",
    "-0": "abstain",
    "": "not voted",
}
_FIELD = re.compile(r"([A-Za-z][A-Za-z ]{0,30}?)\s*:\s*(.*)", re.DOTALL)
_PROPOSER = re.compile(r"(proposed by)\s+(.*)", re.DOTALL | re.IGNORECASE)
_COUNT = re.compile(
    r"\b(for|against|abstain(?:ed|ing|s)?|abstentions?|not voted)\s*:?\s*([0-9]+)", re.IGNORECASE
)
_COUNTS_LINE = re.compile(r"\s*(?:accepted\b|rejected\b|result\b|\(?\s*for\s*:?\s*[0-9])", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    line: int
    header: list[tuple[str, str]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    stated: dict[Vote, int] = field(default_factory=dict)
    stated_line: int | None = None


def read_roll_calls(text: str) -> BallotFile:
    """Return the roll-calls of a file; raises FormatError, with the line, for anything else."""
    drafts: list[_Draft] = []
    current: _Draft | None = None
    for line, content in _lines(text):
        starts = content.strip().lower().startswith("topic:")
        if content.strip() == "***" or (starts and current is not None and current.calls):
            current = None
            if not starts:
                continue
        if current is None:
            current = _Draft(line)
            drafts.append(current)
        _read_line(current, content, line)
    empty = next((draft for draft in drafts if not draft.calls), None)
    if empty is not None or not drafts:
        line = empty.line if empty is not None else 1
        raise problem(line, "a roll-call without ballots such as: Name  [+1]")
    calls = tuple(_finish(draft) for draft in drafts)
    findings = tuple(finding for call in calls for finding in call.findings)
    return BallotFile(format="roll-call", roll_calls=calls, findings=findings)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line, content in enumerate(text.split("\n"), 1):
        stripped = content.strip().lstrip("\ufeff")
        if stripped and not stripped.startswith("#"):
            yield line, stripped


def _read_line(draft: _Draft, content: str, line: int) -> None:
    match = CALL.fullmatch(content)
    if match is not None:
        mark = match[2] or ""
        if mark not in _MARKS:
            raise problem(line, f"[{mark}] is not a vote", fix="write [+1], [-1], [ 0] or [  ]")
        draft.calls.append(Call(match[1], _MARKS[mark], mark, line))
    elif draft.calls:
        raise problem(line, "not a ballot such as: Name  [+1]")
    else:
        _read_header(draft, content, line)


def _read_header(draft: _Draft, content: str, line: int) -> None:
    content = " ".join(content.split())  # the expressions below would be slow on long runs of blanks
    if _COUNTS_LINE.match(content):
        for word, number in _COUNT.findall(content):
            vote = _vote_named(word)
            if vote in draft.stated:
                raise problem(line, f"the header states the number for {vote} twice")
            draft.stated[vote] = read_number(number, line, f"the number for {vote}")
            draft.stated_line = line
    match = _FIELD.fullmatch(content) or _PROPOSER.fullmatch(content)
    if match is not None:
        draft.header.append((match[1], match[2]))
    elif draft.header:
        name, text = draft.header[-1]
        draft.header[-1] = (name, f"{text} {content}".strip())
    else:
        draft.header.append(("", content))


def _vote_named(word: str) -> Vote:
    lower = word.lower()
    return {"for": VOTES[0], "against": VOTES[1], "not voted": VOTES[3]}.get(lower, VOTES[2])


def _finish(draft: _Draft) -> RollCall:
    roll_call = RollCall(draft.line, tuple(draft.header), tuple(draft.calls), dict(draft.stated))
    counts = roll_call.counts
    findings = [
        Finding(
            "header-disagrees",
            "error",
            draft.stated_line,
            f"the header says {draft.stated[vote]} {vote}, and the ballots below it say {counts[vote]}",
            "see which of the two is right, and mend the other",
        )
        for vote in VOTES
        if vote in draft.stated and draft.stated[vote] != counts[vote]
    ]
    seen: dict[str, int] = {}
    for call in draft.calls:
        if call.name in seen:
            what = f"{call.name} stands twice, first on line {seen[call.name]}; both are counted"
            findings.append(Finding("voted-twice", "error", call.line, what, "leave one of the two"))
        seen.setdefault(call.name, call.line)
    return RollCall(draft.line, roll_call.header, roll_call.calls, roll_call.stated, tuple(findings))
