r"""How a tie is broken: only by the rule that the charter names, and never by chance of ours.

The rules (:data:`TIE_RULES`): ``report`` breaks nothing. ``status-quo`` prefers the default option where
it is among the tied. ``chair`` and ``casting-vote`` are the same thing, a choice passed in by whoever has
it. ``fewest-path-defeats`` (Kubernetes, Elekto) fits Schulze only: the fewer strongest-path comparisons
with all options an option loses, the better. ``lot`` is below; ``agreement-then-lot`` (PEP 13) takes what
the tied agreed on, else the lot. Options that a rule leaves equal stay tied, and that is reported.

The lot. Anybody can draw it again. It needs the ``root`` of the head that closed the vote, 64 lower-case
hexadecimal digits, and the ``draw``: a public text named when the vote opened and made after it closed (the
numbers of a lottery on a named day). The root alone could be ground by whoever signs it, the draw alone
could be chosen first: without both the tie is reported. For each tied option take the SHA-256 of five
strings, each in UTF-8 and written as a netstring: its length in bytes in decimal, a colon, the bytes, a
comma. The strings are ``ledger-lot-v1``, the root, the draw as :func:`normal_draw` writes it, the label of
the tie (``elimination 2``), and the option. The options are then in the order of their digests, smallest
first. The first ones get the seats; of options tied for elimination the last ones leave.

One draw can be typed in many ways, and whoever types it could try them. So only its letters and digits
count: the text in Unicode NFKC, casefolded and in NFKC again; of it the longest runs of letters (categories
L and M) and of digits (Nd, written 0 to 9, without leading noughts), joined by one space each.

>>> normal_draw("07, 11 & 13"), normal_draw("Ball No. ７-11-013"), normal_draw("6aus49: 000")
('7 11 13', 'ball no 7 11 13', '6 aus 49 0')
>>> root = "00" * 32
>>> lot_bytes(root, "7 11 13", "elimination 2", "Zoë")[:24]
b'13:ledger-lot-v1,64:0000'
>>> lot_bytes(root, "7 11 13", "elimination 2", "Zoë")[-37:]
b'00,7:7 11 13,13:elimination 2,4:Zo\xc3\xab,'
>>> lot_digest(root, "7 11 13", "elimination 2", "Zoë")[:16]
'262b19f8dcd4de95'

In a shell, for the same option:

    printf '13:ledger-lot-v1,64:%064d,7:7 11 13,13:elimination 2,4:Zo\303\253,' 0 | sha256sum
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from ledger.errors import UsageError
from ledger.governance.counting.result import Groups, Tie, TieKind, listed, tie_label

TIE_RULES = (
    "report",
    "status-quo",
    "chair",
    "casting-vote",
    "lot",
    "fewest-path-defeats",
    "agreement-then-lot",
)

NO_RULE = "no rule breaks it"
"""How a tie is told that no rule was named for."""

_ROOT = re.compile("[0-9a-f]{64}")


def normal_draw(text: str) -> str:
    """Return what was drawn in the one form that the lot hashes (see the module).

    Raises UsageError where it has neither a letter nor a digit.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    parts = []
    for kind, signs in groupby(folded, _letter_or_digit):
        if kind == "letter":
            parts.append("".join(signs))
        elif kind == "digit":
            digits = "".join(str(unicodedata.decimal(sign)) for sign in signs)
            parts.append(digits.lstrip("0") or "0")
    if not parts:
        raise UsageError(
            "the draw of a lot has neither letters nor digits",
            why="an empty draw was known before the vote",
            fix="give the numbers as they were published",
        )
    return " ".join(parts)


def _letter_or_digit(sign: str) -> str | None:
    category = unicodedata.category(sign)
    return "digit" if category == "Nd" else "letter" if category[0] in "LM" else None


def lot_bytes(root: str, draw: str, label: str, option: str) -> bytes:
    """Return the bytes that the lot hashes for one option (see the module); ``draw`` is written already
    as :func:`normal_draw` writes it."""
    parts = (text.encode() for text in ("ledger-lot-v1", root, draw, label, option))
    return b"".join(b"%d:%b," % (len(part), part) for part in parts)


def lot_digest(root: str, draw: str, label: str, option: str) -> str:
    """Return the digest of one option in hexadecimal; the smallest one is preferred."""
    return sha256(lot_bytes(root, draw, label, option)).hexdigest()


@dataclass(frozen=True, slots=True)
class TieBreaker:
    """The tie rule with what it needs.

    ``default`` is the option that stands for the status quo; ``casting`` the casting choice, best first;
    ``agreement`` what the tied agreed on, best first. Raises UsageError for an unknown rule, a root that
    is not 64 lower-case hexadecimal digits and a draw without letters and digits.
    """

    rule: str = "report"
    default: str | None = None
    casting: tuple[str, ...] = ()
    agreement: tuple[str, ...] = ()
    root: str | None = None
    draw: str | None = None

    def __post_init__(self) -> None:
        if self.rule not in TIE_RULES:
            raise UsageError(
                f"{self.rule} is not a tie rule",
                fix=f"one of: {', '.join(TIE_RULES)}",
                why="no rule is guessed",
            )
        if self.root is not None and not _ROOT.fullmatch(self.root):
            raise UsageError(
                "the root of a lot is 64 lower-case hexadecimal digits",
                why="everybody must hash the same bytes",
                fix="take it from the head that closed the vote, in hexadecimal",
            )
        if self.draw is not None:
            normal_draw(self.draw)

    def settle(
        self,
        kind: TieKind,
        number: int | None,
        options: tuple[str, ...],
        places: int,
        *,
        defeats: Mapping[str, int] | None = None,
    ) -> Tie:
        """Return the tie of ``options`` for ``places`` in round ``number``, broken if the rule does so.

        ``defeats`` are path defeats by option, where the method has them.
        """
        order, how = self._order(options, tie_label(kind, number), defeats)
        return Tie(kind, number, options, places, _settles(order, places), order, how)

    def _order(
        self, options: tuple[str, ...], label: str, defeats: Mapping[str, int] | None
    ) -> tuple[Groups, str]:
        match self.rule:
            case "status-quo":
                return self._by_status_quo(options)
            case "chair" | "casting-vote":
                return _by_choice(options, self.casting, "casting vote")
            case "lot":
                return self._by_lot(options, label)
            case "agreement-then-lot":
                if set(self.agreement) & set(options):
                    return _by_choice(options, self.agreement, "agreement")
                return self._by_lot(options, label)
            case "fewest-path-defeats" if defeats is not None:
                return _by_defeats(options, defeats)
        return (), NO_RULE

    def _by_status_quo(self, options: tuple[str, ...]) -> tuple[Groups, str]:
        if self.default is None or self.default not in options:
            return (), "the status quo is not among the tied, so the rule does not break it"
        rest = tuple(name for name in options if name != self.default)
        return ((self.default,), rest), f"by the rule that the status quo stands: {self.default}"

    def _by_lot(self, options: tuple[str, ...], label: str) -> tuple[Groups, str]:
        if self.root is None or self.draw is None:
            lacking = [
                name for name, value in (("root", self.root), ("public draw", self.draw)) if value is None
            ]
            return (), f"the rule is a lot, and it has no {' and no '.join(lacking)}"
        root, draw = self.root, normal_draw(self.draw)
        order = sorted(options, key=lambda option: lot_digest(root, draw, label, option))
        groups = tuple((option,) for option in order)
        return groups, f'by lot over "{label}" with the draw "{draw}": {", ".join(order)}'


def _by_choice(options: tuple[str, ...], choice: Sequence[str], name: str) -> tuple[Groups, str]:
    """Order by a choice that lists options best first; those it does not list come last, still equal."""
    chosen = [option for option in choice if option in options]
    if not chosen:
        return (), f"the rule is a {name}, and none is on record for these options"
    rest = tuple(option for option in options if option not in chosen)
    groups = tuple((option,) for option in chosen)
    return (*groups, rest) if rest else groups, f"by {name}: {', '.join(chosen)}"


def _by_defeats(options: tuple[str, ...], defeats: Mapping[str, int]) -> tuple[Groups, str]:
    groups = group_by(options, defeats)
    counts = ", ".join(f"{option} {defeats[option]}" for group in groups for option in group)
    how = f"by the fewest path defeats: {counts}"
    return (groups, how) if len(groups) > 1 else ((), f"path defeats are equal: {counts}")


def group_by(options: Sequence[str], key: Mapping[str, int]) -> Groups:
    """Return options in groups of equal ``key``, smallest first, each in the order given."""
    groups: dict[int, list[str]] = {}
    for option in options:
        groups.setdefault(key[option], []).append(option)
    return tuple(tuple(groups[value]) for value in sorted(groups))


def _settles(order: Groups, places: int) -> bool:
    """Tell whether some first groups of an order hold exactly ``places`` options."""
    taken = 0
    for group in order:
        if taken >= places:
            break
        taken += len(group)
    return bool(order) and taken == places


def unbroken(ties: Sequence[Tie]) -> str:
    """Return a sentence part that names the ties which decide something and are not broken."""
    return "; ".join(
        f"{listed(tie.options)} are tied ({tie.label}; {tie.how})"
        for tie in ties
        if not tie.broken and tie.kind != "ranking"
    )
