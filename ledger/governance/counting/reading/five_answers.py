"""Five-way polls as committees write them: the five letters, and the counts below or beside them.

SF | F | N | A | SA         or         SF: 5, F: 3, N: 4, A: 2, SA: 1
 5 | 3 | 4 | 2 |  1
"""

from __future__ import annotations

import re

from ledger.governance.counting.five_way import ANSWERS, count_five_way
from ledger.governance.counting.reading.sheet import BallotFile, problem, read_number

HEAD = re.compile(r"\W*SF\W+F\W+N\W+A\W+SA\W*")
_PAIR = re.compile(r"(SF|SA|F|N|A) ?[:=]? ?([0-9]+) ?[,;|]? ?")


def read_five_answers(text: str) -> BallotFile:
    """Return the counts of a five-way poll; raises FormatError, with the line, for anything else."""
    lines = [
        (line, " ".join(content.split()))
        for line, content in enumerate(text.split("\n"), 1)
        if content.strip(" \t\r|-")
    ]
    if not lines:
        raise problem(1, "a five-way poll has five counts")
    if HEAD.fullmatch(lines[0][1]):
        counts = _below(lines)
    else:
        counts = {}
        for line, content in lines:
            _beside(counts, line, content)
    missing = [name for name in ANSWERS if name not in counts]
    if missing:
        raise problem(lines[-1][0], f"no count for {', '.join(missing)}")
    return BallotFile(format="five-way", five_way=count_five_way(counts))


def _below(lines: list[tuple[int, str]]) -> dict[str, int]:
    if len(lines) != 2:
        raise problem(lines[-1][0], "one line of five counts belongs below the five letters")
    line, content = lines[1]
    numbers = content.replace("|", " ").split()
    if len(numbers) != len(ANSWERS):
        raise problem(line, f"{len(numbers)} counts for five answers")
    return {name: read_number(text, line, name) for name, text in zip(ANSWERS, numbers, strict=True)}


def _beside(counts: dict[str, int], line: int, content: str) -> None:
    place = 0
    while place < len(content):
        match = _PAIR.match(content, place)
        if match is None:
            raise problem(line, f"not understood: {content[place : place + 20]!r}")
        if match[1] in counts:
            raise problem(line, f"{match[1]} is counted twice")
        counts[match[1]] = read_number(match[2], line, match[1])
        place = match.end()
