"""Formulas in rules, such as ``3*sqrt(n)/2``: parsed by a small grammar, never run as code.

    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = NUMBER | "n" | "(" sum ")" | NAME "(" sum { "," sum } ")"

A NUMBER is a whole number or a decimal (``1.5``), ``n`` is the size of the body that the rule names,
and the functions are ``sqrt``, ``min``, ``max``, ``floor`` and ``ceil``. Values are exact fractions; a
root that is none is kept between two fractions so close together that they tell which whole numbers lie
above it.

>>> Formula.parse("3*sqrt(n)/2").least(1037)
49
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, isqrt

MAX_LENGTH = 200
MAX_DEPTH = 20
_PRECISION = 256  # bits after the point of a root

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,9}(?:\.\d{1,9})?(?![\d.]))|(?P<name>[a-z]+)|(?P<sign>[-+*/(),]))", re.ASCII
)

Range = tuple[Fraction, Fraction]
"""A value, or the two fractions it lies between."""


class FormulaError(ValueError):
    """A text is not a formula, or has no value for the ``n`` given; its text says why."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula; ``text`` is as written. Formulas are equal where their texts are."""

    text: str
    uses_size: bool = field(compare=False)  # whether n stands in it
    _value: Callable[[int], Range] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Formula:
        """Return the formula that ``text`` states. Raises FormulaError where it states none."""
        if len(text) > MAX_LENGTH:
            raise FormulaError(f"a formula has at most {MAX_LENGTH} characters")
        tokens = _split(text)
        return cls(text, "n" in tokens, _Parser(tokens).parse())

    def least(self, size: int, *, strict: bool = False) -> int:
        """Return the smallest whole number that is not below the value for ``n`` = ``size``.

        ``strict`` asks for one above the value. Raises FormulaError where there is no value (a division by
        nought) or it cannot be told.
        """
        found = {floor(value) + 1 if strict else ceil(value) for value in self.range(size)}
        if len(found) > 1:
            raise FormulaError("it is too close to a whole number to be told apart from it")
        return found.pop()

    def range(self, size: int) -> Range:
        """Return the value for ``n`` = ``size``, or the two fractions it lies between."""
        return self._value(size)


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def parse(self) -> Callable[[int], Range]:
        value = self._sum()
        if self._place < len(self._tokens):
            token = self._tokens[self._place]
            stray = token in (")", ",")
            raise FormulaError(
                f"{token!r} is one too many" if stray else f"no sign stands before {token!r}"
            )
        return value

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._take()
        if found != token:
            raise FormulaError(f"{token!r} is missing" + (f" before {found!r}" if found else " at the end"))

    def _sum(self) -> Callable[[int], Range]:
        return self._chain(self._product, {"+": _add, "-": _subtract})

    def _product(self) -> Callable[[int], Range]:
        return self._chain(self._factor, {"*": _multiply, "/": _divide})

    def _chain(
        self, part: Callable[[], Callable[[int], Range]], signs: dict[str, Callable[[Range, Range], Range]]
    ) -> Callable[[int], Range]:
        value = part()
        while self._peek() in signs:
            value = _joined(signs[self._take()], value, part())
        return value

    def _factor(self) -> Callable[[int], Range]:
        word = self._take()
        if word == "(":
            value, *more = self._inside(")")
            if more:
                raise FormulaError("',' stands outside the values of a function")
            return value
        if word == "n":
            return lambda size: (Fraction(size), Fraction(size))
        if word[:1].isdigit():
            number = Fraction(word)
            return lambda _: (number, number)
        if word in _FUNCTIONS:
            self._expect("(")
            return _called(word, self._inside(")"))
        if not word:
            raise FormulaError("it ends too early")
        known = "no value stands before" if not word.isalpha() else "n and the functions are known, not"
        raise FormulaError(f"{known} {word!r}")

    def _inside(self, end: str) -> list[Callable[[int], Range]]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FormulaError(f"it is nested deeper than {MAX_DEPTH}")
        values = [self._sum()]
        while self._peek() == ",":
            self._take()
            values.append(self._sum())
        self._expect(end)
        self._depth -= 1
        return values


def _split(text: str) -> list[str]:
    tokens, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            raise FormulaError(f"{stripped[place:].strip()[:20]!r} cannot stand in a formula")
        tokens.append(match[match.lastgroup or 0])
        place = match.end()
    return tokens


def _joined(
    join: Callable[[Range, Range], Range], left: Callable[[int], Range], right: Callable[[int], Range]
) -> Callable[[int], Range]:
    return lambda size: join(left(size), right(size))


def _called(name: str, values: Sequence[Callable[[int], Range]]) -> Callable[[int], Range]:
    function, most = _FUNCTIONS[name]
    if len(values) > most:
        raise FormulaError(f"{name} takes one value")
    return lambda size: function([value(size) for value in values])


def _add(left: Range, right: Range) -> Range:
    return left[0] + right[0], left[1] + right[1]


def _subtract(left: Range, right: Range) -> Range:
    return left[0] - right[1], left[1] - right[0]


def _multiply(left: Range, right: Range) -> Range:
    products = [one * other for one in left for other in right]
    return min(products), max(products)


def _divide(left: Range, right: Range) -> Range:
    if right[0] <= 0 <= right[1]:
        raise FormulaError("it divides by nought")
    return _multiply(left, (1 / right[1], 1 / right[0]))


def _sqrt(values: Sequence[Range]) -> Range:
    low, high = values[0]
    if low < 0:
        raise FormulaError("it takes the root of a negative number")
    return _root(low)[0], _root(high)[1]


def _root(value: Fraction) -> Range:
    """Return the root of ``value`` where it is a fraction, else two fractions close below and above."""
    exact = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if exact * exact == value:
        return exact, exact
    scaled = isqrt((value.numerator << (2 * _PRECISION)) // value.denominator)
    return Fraction(scaled, 1 << _PRECISION), Fraction(scaled + 1, 1 << _PRECISION)


def _floor(values: Sequence[Range]) -> Range:
    return Fraction(floor(values[0][0])), Fraction(floor(values[0][1]))


def _ceil(values: Sequence[Range]) -> Range:
    return Fraction(ceil(values[0][0])), Fraction(ceil(values[0][1]))


def _min(values: Sequence[Range]) -> Range:
    return min(value[0] for value in values), min(value[1] for value in values)


def _max(values: Sequence[Range]) -> Range:
    return max(value[0] for value in values), max(value[1] for value in values)


_FUNCTIONS: dict[str, tuple[Callable[[Sequence[Range]], Range], int]] = {
    "sqrt": (_sqrt, 1),
    "floor": (_floor, 1),
    "ceil": (_ceil, 1),
    "min": (_min, 16),
    "max": (_max, 16),
}
