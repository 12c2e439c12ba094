"""Five-way polls (SF, F, N, A, SA), as standards committees take them.

The numbers are all there is. What counts as consensus is for people to say; only where a rule states a
threshold is there an answer, and it is about for and against alone: neutral answers are in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ledger.errors import FormatError

ANSWERS = ("SF", "F", "N", "A", "SA")
"""Strongly for, for, neutral, against, strongly against."""


@dataclass(frozen=True, slots=True)
class FiveWay:
    """The counts of a five-way poll; ``reached`` is None where no threshold is stated."""

    counts: tuple[int, int, int, int, int]
    threshold: Fraction | None = None
    strict: bool = False

    @property
    def in_favour(self) -> int:
        """Return strongly for and for."""
        return self.counts[0] + self.counts[1]

    @property
    def neutral(self) -> int:
        """Return the neutral answers."""
        return self.counts[2]

    @property
    def against(self) -> int:
        """Return against and strongly against."""
        return self.counts[3] + self.counts[4]

    @property
    def reached(self) -> bool | None:
        """Return whether those for reach the threshold among for and against (> if ``strict``)."""
        if self.threshold is None:
            return None
        needed = self.threshold * (self.in_favour + self.against)
        if not self.in_favour + self.against:
            return False
        return self.in_favour > needed if self.strict else self.in_favour >= needed

    @property
    def sentence(self) -> str:
        """Return the numbers in words, with the answer only where a threshold is stated."""
        numbers = ", ".join(f"{name} {count}" for name, count in zip(ANSWERS, self.counts, strict=True))
        said = f"{numbers}: {self.in_favour} for, {self.neutral} neutral, {self.against} against."
        if self.reached is None:
            return f"{said} No threshold is stated, so there is no verdict."
        sign = "more than" if self.strict else "at least"
        verdict = "reached" if self.reached else "not reached"
        return f"{said} The threshold ({sign} {self.threshold} of for and against) is {verdict}."

    def to_json(self) -> dict[str, Any]:
        """Return the poll as JSON."""
        return {
            "method": "five-way",
            "counts": dict(zip(ANSWERS, self.counts, strict=True)),
            "for": self.in_favour,
            "neutral": self.neutral,
            "against": self.against,
            "threshold": None if self.threshold is None else str(self.threshold),
            "strict": self.strict,
            "reached": self.reached,
            "sentence": self.sentence,
        }


def count_five_way(
    answers: Mapping[str, int], *, threshold: Fraction | None = None, strict: bool = False
) -> FiveWay:
    """Return the poll of counts by answer (``SF`` to ``SA``, those not named are 0).

    Raises FormatError for another answer and a negative count.
    """
    for name, count in answers.items():
        if name not in ANSWERS:
            raise FormatError(
                f"{name} is not an answer of a five-way poll", fix=f"one of {', '.join(ANSWERS)}"
            )
        if count < 0:
            raise FormatError(f"{name} has the count {count}")
    numbers = [answers.get(name, 0) for name in ANSWERS]
    return FiveWay((numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]), threshold, strict)
