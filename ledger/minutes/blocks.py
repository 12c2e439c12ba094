"""Markdown → headings, list items and paragraphs, each with the lines of its own words.

``markdown-it-py`` finds the blocks; this module keeps what the grammar needs: the nesting of lists,
the check box of an item, and for every block its own lines (those of nested items excluded).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

BlockKind = Literal["heading", "item", "paragraph", "quote", "code", "row", "html"]

_BULLET = re.compile(r"^\s*(?:>\s?)*\s*(?:(?:[-*+]|\d{1,9}[.)])(?:\s+|$))+")
_BOX = re.compile(r"^\[([\s_xX✓✔✗]?)\](?:\s+|$)")
_HTML = re.compile(r"^\s*</?[a-zA-Z][^<>]*>")
_ATTRIBUTES = re.compile(r"^\s*\{:[^{}]*\}\s*$")
_RULE = re.compile(r"^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*[\w+-]*\s*")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_TOC = re.compile(r"^\s*(?:\[TOC\]|\[\[_?TOC_?\]\]|\{:toc\}|\{\{toc\}\}|<!--.*-->)\s*$", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """One block: ``raw`` is its own text without bullet, heading marks and check box; ``first`` and
    ``last`` are its own lines (1-based); ``level`` is that of a heading, or the depth of an item."""

    kind: BlockKind
    first: int
    last: int
    raw: str
    level: int = 0
    done: bool | None = None
    children: list[Block] = field(default_factory=list)

    def walk(self) -> Iterator[Block]:
        """Yield this block and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def is_structure(line: str) -> bool:
    """Return whether a line has no words of its own: blank, a rule, an attribute list, a [TOC]."""
    return (
        not line.strip().strip(" \t\u00a0|*#>_")
        or _RULE.match(line) is not None
        or _ATTRIBUTES.match(line) is not None
        or _TOC.match(line) is not None
        or ("-" in line and _TABLE_RULE.match(line) is not None and "|" in line)
        or (line.lstrip()[:1] in "`~" and _FENCE.fullmatch(line) is not None)
    )


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Indented code is off: minutes indent by habit, and an over-indented line is a line of minutes.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "inline"])


def read_blocks(lines: tuple[str, ...], start: int = 0) -> list[Block]:
    """Return the top-level blocks of ``lines`` from index ``start`` on (0-based), in order.

    Line numbers in the blocks are 1-based and counted over all of ``lines``.
    """
    body = [
        "" if _ATTRIBUTES.match(line) or _TOC.match(line) or _RULE.match(line) else line
        for line in lines[start:]
    ]
    tokens = _parser().parse("\n".join(body))
    return _Builder(body, start).build(tokens)


class _Builder:
    def __init__(self, lines: list[str], offset: int) -> None:
        self.lines = lines
        self.offset = offset
        self.top: list[Block] = []
        self.open_items: list[Block] = []
        self.quotes = 0

    def build(self, tokens: list[Token]) -> list[Block]:
        for position, token in enumerate(tokens):
            self._take(token, tokens, position)
        return self.top

    def _take(self, token: Token, tokens: list[Token], position: int) -> None:
        kind = token.type
        if kind == "list_item_open":
            self._open_item(token)
        elif kind == "list_item_close":
            self.open_items.pop()
        elif kind == "blockquote_open":
            self.quotes += 1
        elif kind == "blockquote_close":
            self.quotes -= 1
        elif kind == "heading_open" and token.map:
            content = tokens[position + 1].content
            self._add("heading", token.map, content, level=int(token.tag[1]))
        elif kind == "paragraph_open" and token.map:
            self._paragraph(token.map)
        elif kind in ("fence", "code_block") and token.map:
            self._add("code", token.map, token.content.rstrip("\n"))
        elif kind == "tr_open" and token.map:
            row = self.lines[token.map[0]].strip().strip("|")
            self._add("row", token.map, row.strip())

    def _open_item(self, token: Token) -> None:
        first = token.map[0] if token.map else 0
        item = Block("item", first + 1 + self.offset, first + 1 + self.offset, "")
        item.level = len(self.open_items) + 1
        self._attach(item)
        self.open_items.append(item)

    def _attach(self, block: Block) -> None:
        (self.open_items[-1].children if self.open_items else self.top).append(block)

    def _add(self, kind: BlockKind, lines: list[int], raw: str, level: int = 0) -> None:
        first, last = lines[0], lines[1]
        while last > first + 1 and not self.lines[last - 1].strip():
            last -= 1
        self._attach(Block(kind, first + 1 + self.offset, last + self.offset, raw, level))

    def _paragraph(self, lines: list[int]) -> None:
        first, last = lines
        item = self.open_items[-1] if self.open_items else None
        begins = item is not None and first + 1 + self.offset == item.first
        if item is not None and begins and not item.raw and not item.children:
            text = [_BULLET.sub("", self.lines[first], count=1)]
            text += [line.strip() for line in self.lines[first + 1 : last]]
            item.raw, item.done = _take_box(" ".join(text).strip())
            item.last = last + self.offset
            if not self._split_entries(item, first):
                self._split_over_indented(item, first)
            return
        for begin, end in self._statements(first, last):
            text = [re.sub(r"^\s*(?:>\s?)*", "", line).strip() for line in self.lines[begin:end]]
            kind: BlockKind = "quote" if self.quotes else "paragraph"
            if _HTML.match(self.lines[begin]):
                kind = "html"
            raw, done = _take_box(_BULLET.sub("", " ".join(text), count=1))
            self._attach(Block(kind, begin + 1 + self.offset, end + self.offset, raw, 0, done))

    def _split_entries(self, item: Block, first: int) -> bool:
        """Give back the lines of a roll call that stand below the words of ``item`` without bullets."""
        last = item.last - self.offset
        if last == first + 1:
            return False
        lines = self.lines
        starts = [
            number for number in range(first + 1, last) if _is_entry(lines[number - 1], lines[number])
        ]
        if not starts:
            return False
        if starts[0] > first + 1 and _VOTE_HEAD.match(lines[starts[0] - 1]):
            starts.insert(0, starts[0] - 1)
        starts += [n for n in range(starts[0] + 1, last) if n not in starts and _STATEMENT.match(lines[n])]
        starts.sort()
        text = [_BULLET.sub("", lines[first], count=1)]
        text += [line.strip() for line in lines[first + 1 : starts[0]]]
        item.raw, item.done = _take_box(" ".join(text).strip())
        item.last = starts[0] + self.offset
        for begin, end in zip(starts, [*starts[1:], last], strict=True):
            raw, done = _take_box(" ".join(line.strip() for line in lines[begin:end]))
            item.children.append(
                Block("paragraph", begin + 1 + self.offset, end + self.offset, raw, 0, done)
            )
        return True

    def _split_over_indented(self, item: Block, first: int) -> None:
        """Give back lines that look like bullets but were indented so far that they joined ``item``."""
        for number in range(first + 1, item.last - self.offset):
            if _BULLET.match(self.lines[number]) and re.match(r"^\s*[-*+]\s", self.lines[number]):
                rest = item.last
                item.last = number + self.offset
                kept = [_BULLET.sub("", self.lines[first], count=1)]
                kept += [line.strip() for line in self.lines[first + 1 : number]]
                item.raw, item.done = _take_box(" ".join(kept).strip())
                for begin in range(number, rest - self.offset):
                    raw, done = _take_box(_BULLET.sub("", self.lines[begin], count=1).strip())
                    line = begin + 1 + self.offset
                    item.children.append(Block("item", line, line, raw, item.level + 1, done))
                return

    def _statements(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Split a paragraph where its lines are statements of their own (``Present: …``, ``Q: …``)."""
        begin = first
        for number in range(first + 1, last):
            before = self.lines[number - 1]
            if (
                _STATEMENT.match(self.lines[number])
                or _is_entry(before, self.lines[number])
                or before.endswith(("  ", "\\"))
                or (
                    len(before.strip()) < 60
                    and _SENTENCE_START.match(self.lines[number])
                    and _ENDED.search(before)
                )
            ):
                yield begin, number
                begin = number
        yield begin, last


# A short line was not wrapped: a capital on the next one begins another statement.
_SENTENCE_START = re.compile(r"^\s*(?:>\s?)*[A-Z][a-z]")
_ENDED = re.compile(r"[\w.!?)*\"”]\s*$")
_STATEMENT = re.compile(
    r"^\s*(?:>\s?)*(?:[-*+]\s|\|?\s*\**_?@[\w-]|\**_?[A-Z][\w .'’/&-]{0,40}:|\[\d|<|…\s|\d{1,2}:\d\d)"
)

_SAID = r"(?:yes|no|ayes?|nays?|abstain(?:ed|s)?|absent|against|for|in favou?r|not voting|[+±−-]?[01])"
# One person's vote, or one option's voters, on a line of its own.
_ENTRY = re.compile(
    rf"^\s*(?:>\s?)*(?:[^\s:|\[\]*-][^:|\[\]]{{0,60}}?(?:\s*[:=–—→]\s*|\s-+\s+|\s{{2,}}|\t|\s(?=[+−-][01]))(?:voted\s+)?{_SAID}\s*(?:\([^()]*\))?[.]?"
    rf"|[^\[\]()]{{1,60}}(?:\([^()]*\)\s*)?(?:\[\s*{_SAID}?\s*\]|\(\s*{_SAID}\s*\))"
    rf"|{_SAID}(?:\s*\([^()]{{1,20}}\)|\s+(?:non-?)?binding)?\s*[:=–—]\s*\S.*|[+±−-][01]\s+\S.*)\s*$",
    re.IGNORECASE,
)
_VOTE_HEAD = re.compile(
    r"^\s*(?:the\s+)?(?:roll[- ]call(?:\s+vote)?|votes?|voting|ballots)\b[^:]{0,40}:\s*$", re.IGNORECASE
)
_FIELD = re.compile(
    r"^\s*(?:[A-Za-z][\w -]{1,24}:(?:\s|$)|(?:proposed|moved|submitted) by\s)", re.IGNORECASE
)


def _is_entry(before: str, line: str) -> bool:
    """Return whether a line is an entry of a list without bullets: of votes, or of fields with a label."""
    if _ENTRY.match(line) and (before.rstrip().endswith(":") or _ENTRY.match(before)):
        return True
    return _FIELD.match(line) is not None and _FIELD.match(before) is not None


def _take_box(raw: str) -> tuple[str, bool | None]:
    match = _BOX.match(raw)
    if match is None:
        return raw, None
    return raw[match.end() :], match[1].strip(" _\u00a0✗") != ""
