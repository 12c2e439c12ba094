"""What people write on a ballot, as what it means: ``yes``, ``A > B = C``, ``A, B``, ``A=5 B=3``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ledger.errors import UsageError
from ledger.governance.polls import form_of
from ledger.records import Poll, Score

BLANK = "blank"
"""The word for a ballot that chooses nothing, where a method allows one."""

RESERVED = re.compile(r"[>=,\x00-\x1f\x7f]")
"""What the name of an option cannot hold, or a ballot could be read in two ways."""

_SCORE = re.compile(r"(.*\S)\s*[=:]\s*(\d{1,4})", re.ASCII | re.DOTALL)


def read_choice(poll: Poll, words: Sequence[str]) -> dict[str, Any]:
    """Return the choice that ``words`` state, as members of a ballot.

    The names of options are taken without regard to case where that leaves no doubt. Raises UsageError,
    with the list of options, for words that state no choice which this poll allows.
    """
    text = " ".join(words).strip()
    if not text:
        raise _refuse(poll, "the ballot says nothing")
    form = form_of(poll.method)
    if form == "option":
        return {"option": _option(poll, text)}
    if text.casefold() == BLANK and BLANK not in map(str.casefold, poll.options):
        return {form: []}
    if form == "ranking":
        groups = [[_option(poll, name) for name in group.split("=")] for group in text.split(">")]
        _check_once(poll, [name for group in groups for name in group])
        return {"ranking": groups}
    parts = [part for word in words for part in word.split(",") if part.strip()]
    if form == "approved":
        names = [_option(poll, part) for part in parts]
        _check_once(poll, names)
        return {"approved": names}
    scores = [_score(poll, part) for part in parts]
    _check_once(poll, [one.option for one in scores])
    return {"scores": scores}


def _option(poll: Poll, text: str) -> str:
    name = text.strip()
    if name in poll.options:
        return name
    near = [option for option in poll.options if option.casefold() == name.casefold()]
    if len(near) != 1:
        raise _refuse(poll, f"{name!r} is not an option of this poll" if name else "an option is missing")
    return near[0]


def _score(poll: Poll, text: str) -> Score:
    match = _SCORE.fullmatch(text.strip())
    if match is None:
        raise _refuse(poll, f"{text.strip()!r} gives no score", example="NAME=5")
    return Score(option=_option(poll, match[1]), score=int(match[2]))


def _check_once(poll: Poll, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise _refuse(poll, f"the ballot names {name!r} twice")


def _refuse(poll: Poll, what: str, *, example: str = "") -> UsageError:
    examples = {
        "option": "name one of them",
        "ranking": 'best first, equal ones joined: "A > B = C"; options that are left out are not ranked',
        "approved": "name those that you approve of",
        "scores": "give each a score: A=5 B=3",
    }
    return UsageError(
        what,
        why=f"the options are: {', '.join(poll.options)}",
        fix=example or examples[form_of(poll.method)],
    )
