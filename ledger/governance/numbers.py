"""Numbers of votes that may be known, bounded or unknown; nothing in between is assumed."""

from __future__ import annotations

from typing import NamedTuple


class Number(NamedTuple):
    """A whole number from ``low`` to ``high`` (None: no bound is known); equal ones are exact."""

    low: int = 0
    high: int | None = None

    @classmethod
    def of(cls, value: int) -> Number:
        """Return the number that is exactly ``value``."""
        return cls(value, value)

    @property
    def exact(self) -> int | None:
        """The value where it is known, else None."""
        return self.low if self.low == self.high else None

    def plus(self, other: Number) -> Number:
        """Return the sum."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Number(self.low + other.low, high)

    def minus(self, other: Number) -> Number:
        """Return the difference, never below nought."""
        high = None if self.high is None else max(self.high - other.low, 0)
        return Number(0 if other.high is None else max(self.low - other.high, 0), high)

    def capped(self, high: int | None) -> Number:
        """Return the number that is also at most ``high``, where that leaves one."""
        if high is None or high < self.low:
            return self
        return Number(self.low, high if self.high is None else min(self.high, high))

    def raised(self, low: int) -> Number:
        """Return the number that is also at least ``low``, where that leaves one."""
        if low <= self.low or (self.high is not None and low > self.high):
            return self
        return Number(low, self.high)

    def spanning(self, other: Number) -> Number:
        """Return the number that may be either."""
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Number(min(self.low, other.low), high)

    def __str__(self) -> str:
        if self.exact is not None:
            return str(self.low)
        if self.high is None:
            return f"{self.low} or more" if self.low else "not known"
        return f"{self.low} to {self.high}"


UNKNOWN = Number()
NONE = Number(0, 0)
