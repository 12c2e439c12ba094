"""The values that rules may have: texts of a charter as what they mean, or why they mean nothing.

Every function here takes the text of one setting, at most MAX_TEXT characters of one line, and raises
ValueError, with a sentence, where it does not have the form that ``docs/rules.md`` describes. Shares are
exact fractions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from ledger.governance.formula import Formula, FormulaError

MAX_TEXT = 200

BASES = ("yes+no", "cast", "present", "eligible", "members-minus-abstain", "yes-over-default")
"""What the threshold is a share of."""

TIES = (
    "report",
    "status-quo",
    "chair",
    "casting-vote",
    "lot",
    "fewest-path-defeats",
    "agreement-then-lot",
)
UNRANKED = ("no-opinion", "last")
STRENGTHS = ("winning-votes", "margins")
RECASTS = ("last", "none")
"""Whose vote counts when somebody voted twice: the last one, or none where they differ."""

MOTIONS = ("yes-no", "consensus", "lazy-consensus", "five-way")
"""Methods for a motion; the others choose among candidates."""

METHODS = (
    *MOTIONS,
    "plurality",
    "approval",
    "borda",
    "star",
    "bloc-star",
    "schulze",
    "schulze-ssd",
    "irv",
    "stv",
)

Measure = Literal["cast", "present", "yes"]

_SHARE = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%", re.ASCII)
_DECIMAL = re.compile(r"[01](?:\.\d{1,9})?", re.ASCII)
_RATIO = re.compile(r"(\d{1,6}):(\d{1,6})", re.ASCII)
_WHOLE = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)
_PLACE = r"[A-Za-z][^,;]*"
_APPROVALS = re.compile(
    rf"(?P<number>0|[1-9]\d{{0,3}})(?:\s+(?:on|in|at|by)\s+(?P<there>{_PLACE}))?"
    rf"|(?:(?:on|in|at|by)\s+)?(?P<where>{_PLACE})",
    re.ASCII,
)
# What may not stand in a text of one line (as in the charter's other texts).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_DURATION = re.compile(r"([1-9]\d{0,4})\s*(h|hours?|d|days?|w|weeks?)", re.ASCII)
_HOURS = {"h": 1, "d": 24, "w": 168}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in whole hours; ``text`` is as written."""

    hours: int
    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of people: ``share`` of a body, a ``formula`` over its size n, or a plain ``number``."""

    text: str
    share: Fraction | None = None
    formula: Formula | None = None
    number: int | None = None

    def least(self, size: int | None, *, strict: bool = False) -> int | None:
        """Return the smallest whole number that is enough; None where the size is needed and unknown.

        ``strict`` asks for more than the amount. Raises FormulaError where a formula has no value.
        """
        if self.number is not None:
            return self.number + strict
        if size is None:
            return None
        if self.formula is None:
            exact = (self.share or Fraction(0)) * size
            return ceil(exact) + (strict and exact.denominator == 1)
        return max(self.formula.least(size, strict=strict), 0)

    @property
    def needs_size(self) -> bool:
        """Whether the size of the body matters."""
        return self.number is None


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part: ``amount`` of ``of`` (None: of the electorate; digits: that many).

    ``measure`` says who is counted (None: not stated); ``strict`` asks for more than the amount.
    """

    text: str
    amount: Amount
    of: str | None = None
    measure: Measure | None = None
    strict: bool = False

    @property
    def fixed_size(self) -> int | None:
        """The size of the body where ``of`` states it as a number."""
        return int(self.of) if self.of is not None and self.of.isdigit() else None


@dataclass(frozen=True, slots=True)
class Veto:
    """Which vote blocks: ``binding`` limits it to the electorate, ``by`` to a role; ``lifted_by`` says who
    can lift it, as written."""

    text: str
    binding: bool = False
    by: str | None = None
    lifted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Lazy:
    """Silence is consent after ``after``, with ``approvals`` at least and ``objections`` at most.

    ``declared`` is true where it holds only for what was announced so.
    """

    text: str
    after: Duration | None = None
    approvals: int = 0
    objections: int = 0
    declared: bool = False


@dataclass(frozen=True, slots=True)
class OpenFor:
    """How long a vote stays open; ``early`` says when it may be closed before: ``decided`` (no further
    ballot could change it) or ``all-voted``."""

    text: str
    length: Duration
    early: Literal["decided", "all-voted"] | None = None


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many approve minutes (None: not stated), and where."""

    text: str
    number: int | None = None
    where: str | None = None


def check_text(text: str) -> None:
    """Raise ValueError unless ``text`` is one line of at most MAX_TEXT characters."""
    if not text or len(text) > MAX_TEXT:
        raise ValueError(f"it has more than {MAX_TEXT} characters" if text else "it is empty")
    if _UNPRINTABLE.search(text):
        raise ValueError("it holds a control character or more than one line")


def read_choice(text: str, choices: tuple[str, ...]) -> str:
    """Return ``text`` where it is one of ``choices``."""
    check_text(text)
    if text not in choices:
        raise ValueError(f"{text!r} is none of: {', '.join(choices)}")
    return text


def read_flag(text: str) -> bool:
    """Return what ``true`` or ``false`` says."""
    return read_choice(text, ("true", "false")) == "true"


def read_whole(text: str) -> int:
    """Return a whole number from 0 on."""
    check_text(text)
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def read_text(text: str) -> str:
    """Return a free text of one line."""
    check_text(text)
    return text


def read_share(text: str) -> Fraction:
    """Return a share above 0 and up to 1: ``2/3``, ``55%``, ``0.5``, or a ratio of yes to no, ``3:1``."""
    check_text(text)
    if match := _RATIO.fullmatch(text):
        yes, no = int(match[1]), int(match[2])
        if yes + no == 0:
            raise ValueError(f"{text!r} is no ratio")
        value = Fraction(yes, yes + no)
    elif match := _SHARE.fullmatch(text):
        if int(match[2]) == 0:
            raise ValueError(f"{text!r} divides by nought")
        value = Fraction(int(match[1]), int(match[2]))
    elif match := _PERCENT.fullmatch(text):
        value = Fraction(match[1]) / 100
    elif _DECIMAL.fullmatch(text):
        value = Fraction(text)
    else:
        raise ValueError(f"{text!r} is not a share such as 1/2, 55% or 3:1")
    if value > 1:
        raise ValueError(f"{text!r} is above 1: more than all can never be reached")
    if value == 0:
        raise ValueError(f"{text!r} is nought: it is always reached")
    return value


def read_duration(text: str) -> Duration:
    """Return a length of time: ``12h``, ``7d``, ``2 weeks``."""
    check_text(text)
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a length of time such as 72h, 7d or 2w")
    return Duration(int(match[1]) * _HOURS[match[2][0]], text)


def read_amount(text: str) -> Amount:
    """Return a number (``5``), a share (``1/2``, ``60%``) or a formula over n (``3*sqrt(n)/2``)."""
    check_text(text)
    if _WHOLE.fullmatch(text):
        return Amount(text, number=int(text))
    if _SHARE.fullmatch(text) or _PERCENT.fullmatch(text):
        return Amount(text, share=read_share(text))
    try:
        formula = Formula.parse(text)
    except FormulaError as error:
        raise ValueError(f"{text!r} is no number, share or formula: {error}") from None
    if not formula.uses_size:
        # ``0.5`` may be meant as half of all or as half a person.
        raise ValueError(f"{text!r} is neither a whole number nor a share such as 1/2 or 50%, and has no n")
    return Amount(text, formula=formula)


def read_quorum(text: str) -> Quorum:
    """Return a quorum: AMOUNT [of BODY] [cast | present | yes] [, strict]."""
    check_text(text)
    rest, strict = _without(text, r",\s*strict")
    rest, measure = _without(rest, r"\s+(cast|present|yes)")
    amount, of = rest, None
    if match := re.fullmatch(r"(.*\S)\s+of\s+(\S+)", rest):
        amount, of = match[1], match[2]
    if of is not None and of[0].isdigit() and not (_WHOLE.fullmatch(of) and int(of)):
        raise ValueError(f"{of!r} is neither a number of people nor the name of a body of people")
    kind: Measure | None = None
    if measure is not None:
        kind = "cast" if "cast" in measure else "present" if "present" in measure else "yes"
    return Quorum(text, read_amount(amount.strip()), of, kind, strict is not None)


def _without(text: str, ending: str) -> tuple[str, str | None]:
    match = re.search(rf"({ending})\s*\Z", text)
    return (text[: match.start()], match[1]) if match else (text, None)


def read_veto(text: str) -> Veto | None:
    """Return a veto: any-no | any-binding-no | no by ROLE | none [, lifted by WHO]."""
    check_text(text)
    first, more, rest = text.partition(",")
    lifted = re.fullmatch(r"\s*lifted by\s+(\S.*)", rest)
    if more and lifted is None:
        raise ValueError(f"{rest.strip()!r} is not 'lifted by WHO'")
    by = re.fullmatch(r"no by\s+(\S+)", first.strip())
    who = lifted[1].strip() if lifted else None
    if by:
        return Veto(text, by=by[1], lifted_by=who)
    if read_choice(first.strip(), ("any-no", "any-binding-no", "none")) == "none":
        if more:
            raise ValueError("where no vote blocks, there is nothing to lift")
        return None
    return Veto(text, binding=first.strip() == "any-binding-no", lifted_by=who)


def read_lazy(text: str) -> Lazy | None:
    """Return lazy consensus: DURATION, N approvals, N objections, in any order; ``allowed-if-declared``
    limits it to what was announced so; ``none`` is none."""
    check_text(text)
    if text == "none":
        return None
    parts: dict[str, Any] = {}
    value: int | Duration
    for part in (part.strip() for part in text.split(",")):
        if match := re.fullmatch(r"(\d{1,6})\s+(approval|objection)s?", part, re.ASCII):
            name, value = f"{match[2]}s", int(match[1])
        elif part == "allowed-if-declared":
            name, value = "declared", True
        elif _DURATION.fullmatch(part):
            name, value = "after", read_duration(part)
        else:
            what = "a length of time (7d), 'N approvals', 'N objections' nor 'allowed-if-declared'"
            raise ValueError(f"{part!r} is neither {what}")
        if name in parts:
            raise ValueError(f"{part!r} says a second time what was said before it")
        parts[name] = value
    return Lazy(text, **parts)


def read_open_for(text: str) -> OpenFor:
    """Return how long a vote is open: DURATION [, early if decided | early if all voted]."""
    check_text(text)
    first, more, rest = text.partition(",")
    early: Literal["decided", "all-voted"] | None = None
    if more:
        word = read_choice(rest.strip(), ("early if decided", "early if all voted"))
        early = "decided" if word == "early if decided" else "all-voted"
    return OpenFor(text, read_duration(first.strip()), early)


def read_approvals(text: str) -> Approvals:
    """Return how many approve minutes and where: ``2``, ``pull-request``, ``2 on pull-request``."""
    check_text(text)
    match = _APPROVALS.fullmatch(text)
    if match is None or text == "none":
        raise ValueError(f"{text!r} is not a number, a place, or '2 on pull-request'")
    number = int(match["number"]) if match["number"] is not None else None
    if number == 0:
        raise ValueError("no approval at all is no rule")
    return Approvals(text, number, match["there"] or match["where"])
