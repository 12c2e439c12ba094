"""BLT: the format of Hill, Wichmann and Woodall (Algorithm 123, 1987), with OpaVote's additions.

    4 2            four candidates, two seats
    -2             the second one has withdrawn (optional)
    3 1 3 4 0      three ballots: the first, then the third, then the fourth candidate
    2 4 1=3 0      candidates 1 and 3 equal
    1 2 - 3 0      a rank skipped: the next one follows it
    0              the ballots end
    "Adam"         the candidates' names, in their order
    …
    "Title"

A ballot ends with 0 or with its line. ``#`` begins a comment. Up to two texts may follow the title (source,
comment).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.errors import Finding, FormatError
from ledger.governance.counting.ballots import MOST_OPTIONS, Profile, check_options
from ledger.governance.counting.reading.sheet import BallotFile, problem, read_number

_TOKEN = re.compile(r'\s+|#.*|"(?P<quoted>[^"]*)"|(?P<word>[^\s#"]+)|(?P<open>")')
_EXTRA = 2


@dataclass(slots=True)
class _Draft:
    """What has been read so far."""

    candidates: int = 0
    seats: int = 0
    withdrawn: set[int] = field(default_factory=set)
    ballots: list[tuple[int, list[list[int]]]] = field(default_factory=list)
    skipped: int = 0
    ended: bool = False
    texts: list[tuple[str, int]] = field(default_factory=list)


def read_blt(text: str) -> BallotFile:
    """Return the ballots of a BLT file; raises FormatError, with the line, for anything else."""
    draft = _Draft()
    last = 1
    for line, pieces in _lines(text):
        last = line
        if not draft.candidates:
            _read_head(draft, pieces, line)
        elif not draft.ended:
            _read_ballots(draft, pieces, line)
        else:
            draft.texts += [(piece, line) for piece, _ in pieces]
    return _finish(draft, last)


def _lines(text: str) -> Iterator[tuple[int, list[tuple[str, bool]]]]:
    """Yield each line that holds something: its number, and its pieces with whether they were quoted."""
    for line, content in enumerate(text.split("\n"), 1):
        pieces = []
        for match in _TOKEN.finditer(content):
            if match["open"]:
                raise problem(line, "a quotation mark is not closed")
            if match["quoted"] is not None:
                pieces.append((match["quoted"].strip(), True))
            elif match["word"]:
                pieces.append((match["word"], False))
        if pieces:
            yield line, pieces


def _read_head(draft: _Draft, pieces: list[tuple[str, bool]], line: int) -> None:
    if len(pieces) < 2:
        raise problem(line, "a BLT file begins with the numbers of candidates and seats")
    draft.candidates = read_number(
        pieces[0][0], line, "the number of candidates", least=1, most=MOST_OPTIONS
    )
    draft.seats = read_number(pieces[1][0], line, "the number of seats", least=1)
    if pieces[2:]:
        _read_ballots(draft, pieces[2:], line)


def _read_ballots(draft: _Draft, pieces: list[tuple[str, bool]], line: int) -> None:
    """Read withdrawals and ballots of one line, and what follows the 0 that ends them."""
    weight: int | None = None
    groups: list[list[int]] = []
    for place, (piece, quoted) in enumerate(pieces):
        if quoted:
            raise problem(line, f'"{piece}" stands among the ballots', fix="end the ballots with a line 0")
        if weight is None and piece == "0":
            draft.ended = True
            draft.texts += [(name, line) for name, _ in pieces[place + 1 :]]
            return
        if weight is None and piece.startswith("-") and not draft.ballots:
            draft.withdrawn.add(_candidate(draft, piece[1:], line))
        elif weight is None:
            weight = read_number(piece, line, "the number of ballots", least=1)
        elif piece == "0":
            _add(draft, weight, groups, line)
            weight, groups = None, []
        elif piece == "-":
            draft.skipped += weight
        else:
            groups.append([_candidate(draft, part, line) for part in piece.split("=")])
    if weight is not None:
        _add(draft, weight, groups, line)


def _candidate(draft: _Draft, text: str, line: int) -> int:
    return read_number(text, line, "a candidate's number", least=1, most=draft.candidates) - 1


def _add(draft: _Draft, weight: int, groups: list[list[int]], line: int) -> None:
    named = [number for group in groups for number in group]
    if len(set(named)) != len(named):
        raise problem(line, "a ballot names a candidate twice")
    draft.ballots.append((weight, groups))


def _finish(draft: _Draft, last: int) -> BallotFile:
    if not draft.candidates:
        raise problem(last, "a BLT file begins with the numbers of candidates and seats")
    if not draft.ended:
        raise problem(last, "the ballots do not end", fix="end them with a line that holds only 0")
    if len(draft.texts) < draft.candidates:
        raise problem(last, f"{len(draft.texts)} names for {draft.candidates} candidates")
    if len(draft.texts) > draft.candidates + 1 + _EXTRA:
        text, line = draft.texts[draft.candidates + 1 + _EXTRA]
        raise problem(line, f"{text!r} follows the names, the title, the source and the comment")
    names = _names(draft)
    profile = Profile.of(
        names,
        ((weight, [[names[n] for n in group] for group in groups]) for weight, groups in draft.ballots),
    )
    gone = tuple(names[number] for number in sorted(draft.withdrawn))
    if len(gone) == len(names):
        raise problem(None, "every candidate has withdrawn")
    title = draft.texts[draft.candidates][0] if len(draft.texts) > draft.candidates else None
    return BallotFile(
        format="blt",
        profile=profile.without(gone) if gone else profile,
        title=title or None,
        seats=draft.seats,
        withdrawn=gone,
        findings=_findings(draft, gone),
    )


def _names(draft: _Draft) -> tuple[str, ...]:
    texts = draft.texts[: draft.candidates]
    try:
        return check_options([name for name, _ in texts])
    except FormatError as error:
        raise problem(texts[-1][1], error.what) from None


def _findings(draft: _Draft, gone: tuple[str, ...]) -> tuple[Finding, ...]:
    findings = [
        Finding("withdrawn", "note", None, f"{name} has withdrawn and is not counted") for name in gone
    ]
    if draft.skipped:
        what = f"{draft.skipped} ballots skip a rank; the next option that they name follows"
        findings.append(Finding("rank-skipped", "note", None, what))
    return tuple(findings)
