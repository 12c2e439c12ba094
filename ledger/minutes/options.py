"""The words for how somebody votes and for how many: shared by counts, ballots and vote statements."""

from __future__ import annotations

import re
from typing import Literal

CountedOption = Literal["yes", "no", "abstain"]
Option = Literal["yes", "no", "abstain", "absent", "not voting"]

_UNITS = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {
    **{word: value for value, word in enumerate(["zero", *_UNITS, *_TEENS])},
    **{word: 10 * place for place, word in enumerate(_TENS, 2)},
    **dict.fromkeys(("none", "nobody", "no", "no one", "no-one"), 0),
}
_PLAIN = "|".join(
    sorted(("zero", *_UNITS, *_TEENS, "none", "nobody", "no[- ]one", "no"), key=len, reverse=True)
)
NUMBER = rf"(\d{{1,4}}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS)}))?|{_PLAIN})"
"""A number in digits or words, with one group."""

_FOR = r"for(?=\s+\d+\s*(?:[,;.)]|$|and\b)|\s*(?:[,;.:)/=(]|$|[-–—]\s|\band\b|\bvs\b|\bagainst\b|\d+\s*(?:against|nay|no)|@))"
YES = rf"(?:in[- ]favou?r|{_FOR}|ayes?|yes(?:es)?|yeas?|yays?|pro|approv(?:e|es|als?)|support(?:s|ed|ive)?|\+1s?|👍)"
NO = r"(?:against|nays?|noes|nos?|opposed|opposing|contra|object(?:s|ions?|ed|ing)?|disapprov(?:e|es|als?)|reject(?:s|ions?)?|-1s?|−1s?|👎)"
ABSTAIN = r"(?:abs(?=\.|\b)|abst(?:ain(?:s|ed|ing)?|entions?|\.)|[+±]?0s)"
COUNTED: tuple[tuple[CountedOption, str], ...] = (("abstain", ABSTAIN), ("no", NO), ("yes", YES))
"""The options that minutes count, with their words."""

NOUNS = r"(?:votes?|voters?|people|persons?|members?|of us|of them)"
BINDING = r"(?:(?:non-?)?binding)"
FILLER = rf"(?:\s*{BINDING})?(?:\s*{NOUNS})?(?:\s*(?:voted|were|was|are|cast|in total))?"

# Said of one voter, more words are plain: a bare nought, and who did not vote.
_NOUGHT = r"(?<![\w.])[+±−-]?0(?![\w.%])"
_NO_ALONE = rf"(?:{NO})(?!\s+(?:opinions?|objections?|comments?|preference|answer|reply|response|problems?|show|quorum|idea|one|votes?\s+(?:from|by))\b)"
_NOT_VOTING = r"(?:not\s+vot(?:ing|ed)|(?:(?:did|has|have|does|do)\s+not|(?:did|has|have|does|do)n['’]t)\s+voted?|no\s+vote|non-?voting|recus(?:ed?|es|ing|al)(?:\s+(?:himself|herself|themself|themselves))?)"
_ABSENT = r"(?:absent|not\s+present|excused)"
BALLOT_OPTIONS: tuple[tuple[Option, str], ...] = (
    ("not voting", _NOT_VOTING),
    ("absent", _ABSENT),
    ("abstain", rf"(?:{ABSTAIN}|{_NOUGHT})"),
    ("no", _NO_ALONE),
    ("yes", YES),
)
"""How one voter may vote, with the words; what is more special stands first."""
_LISTED: tuple[tuple[Option, str], ...] = (
    ("abstain", r"neutral|blank"),
    ("no", r"oppos(?:e|es)|n"),
    ("yes", r"agree[sd]?|approved|accept(?:s|ed)?|for|y"),
)
# In a list of voters these stand for an option too.
_EXACT = tuple((option, re.compile(words, re.IGNORECASE)) for option, words in (*BALLOT_OPTIONS, *_LISTED))
LISTED_WORDS = "|".join(f"(?:{words})" for _, words in (*BALLOT_OPTIONS, *_LISTED))
"""Every word that stands for an option in a list of voters."""


def value_of(number: str) -> int:
    """Return the value of a number that NUMBER matches."""
    if number.isdecimal():
        return int(number)
    folded = " ".join(number.lower().split())
    if folded in _VALUES:
        return _VALUES[folded]
    tens, _, unit = folded.replace("-", " ").partition(" ")
    return _VALUES[tens] + _VALUES[unit]


def option_of(word: str) -> Option | None:
    """Return the option that a whole word (or a mark such as ``+1``) stands for, None for others."""
    bare = word.strip().strip("\"'“”‘’*_.").strip()
    for option, pattern in _EXACT:
        if pattern.fullmatch(bare):
            return option
    return None
