"""Votes published whole: a header of labelled lines (``Topic:``, ``Closed:``, ``Accepted:``), then ballots.

A group that votes by mail publishes each vote in this form, as a file of its own or as a section. What
the header counts and what the ballots below it say are both kept as they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.minutes import counts, proposals, roll_call, tally
from ledger.minutes.blocks import Block
from ledger.minutes.dates import find_dates
from ledger.minutes.drafts import to_reference
from ledger.minutes.inline import find_cves, find_links, plain_text
from ledger.minutes.people import find_handles, read_people
from ledger.minutes.proposal_lines import read_kind
from ledger.minutes.sheet import Context, OpenVote, Sheet
from ledger.records import Comment, Proposal, Source, Stated, Vote

_LABEL = re.compile(r"^(?P<label>[A-Za-z][A-Za-z -]{1,30}?)\s*(?::|(?<=\b[Bb]y)(?=\s))\s*(?P<rest>.*)$")
_BEGINS = re.compile(
    r"^\W{0,3}(?:topic|subject|motion|proposal|question|resolution)\W{0,3}:", re.IGNORECASE
)
_FIELDS: tuple[tuple[str, str], ...] = (
    ("topic", r"topic|subject|motion|proposal|question|resolution"),
    ("proposer", r"proposed by|proposer|moved by|submitted by"),
    ("opened", r"(?:vot(?:e|ing)\s+)?(?:opened|opens|started|starts)(?:\s+on)?"),
    ("closed", r"(?:vot(?:e|ing)\s+)?(?:closed|closes|ended|ends)(?:\s+on)?"),
    ("outcome", r"accepted|passed|approved|adopted|carried|(?:vote\s+)?results?|outcome|votes?|tally"),
    ("counts", r"for|in favou?r|yes|ayes?|against|no|nays?|abstain(?:ed)?|abstentions?"),
    ("comment", r"comments?|rationale|background|description|notes?|reasons?"),
)
_NAMES = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _FIELDS)
_FARTHEST = 30


@dataclass(slots=True)
class _Header:
    """The lines of a header by field, each with its block and the words behind its label."""

    lines: list[tuple[str, Block, str]] = field(default_factory=list)

    def all(self, name: str) -> list[tuple[Block, str]]:
        return [(block, rest) for one, block, rest in self.lines if one == name]

    def first(self, name: str) -> tuple[Block, str] | None:
        return next(iter(self.all(name)), None)

    def day(self, name: str) -> date | None:
        line = self.first(name)
        return next((day for one in find_dates(line[1]) if (day := one.full())), None) if line else None


def read_published_vote(sheet: Sheet, blocks: list[Block], place: int, context: Context) -> int:
    """Read the header of a published vote that begins at ``blocks[place]``; return how many blocks it has.

    Nought where none begins there. The ballots below it are left to the rules of roll calls.
    """
    if not _BEGINS.match(blocks[place].raw):
        return 0
    header = _read_header(blocks, place)
    if header is None:
        return 0
    key = _add_proposal(sheet, header, context)
    _add_vote(sheet, header, context, key)
    closing = header.first("closed") or header.first("opened")
    day = header.day("closed") or header.day("opened")
    if closing is not None and day is not None:
        sheet.facts.published.append((header.day("opened"), header.day("closed"), closing[0].first))
    return len(header.lines)


def _read_header(blocks: list[Block], place: int) -> _Header | None:
    header, pending = _Header(), []
    end = place
    for number in range(place, min(len(blocks), place + _FARTHEST)):
        block = blocks[number]
        plain = plain_text(block.raw)
        name, rest = _read_field(plain)
        if block.kind not in ("paragraph", "item", "quote") or (name == "topic" and number > place):
            break
        told = bool(header.first("outcome") or header.first("counts"))
        if told and (name in ("", "other") or roll_call.read_ballot_line(plain)):
            break
        pending.append((name or "comment", block, rest if name else plain))
        if name in ("opened", "closed", "outcome", "counts", "proposer"):
            # What stands between two fields belongs to the header too.
            header.lines += pending
            pending, end = [], number + 1
        if block.children:
            break
    follows = end < len(blocks) and roll_call.read_ballot_line(plain_text(blocks[end].raw)) is not None
    dated = header.day("opened") or header.day("closed")
    told = bool(header.first("counts") or header.first("outcome"))
    counted = any(counts.read_counts(rest, voted=True)[0] for _, rest in header.all("outcome"))
    counted = counted or header.first("counts") is not None
    if not (dated and (told or follows)) and not (header.first("proposer") and counted):
        return None
    return header


def _read_field(plain: str) -> tuple[str, str]:
    match = _LABEL.match(plain)
    if match is None or len(match["label"].split()) > 4:
        return "", plain
    for name, pattern in _NAMES:
        if pattern.fullmatch(match["label"]):
            return name, match["rest"].strip() if name != "counts" else plain
    return "other", match["rest"].strip()


def _add_proposal(sheet: Sheet, header: _Header, context: Context) -> int:
    (topic, words) = header.all("topic")[0]
    proposer = header.first("proposer")
    people = (
        find_handles(proposer[1]) or [one.person for one in read_people(proposer[1])] if proposer else []
    )
    others = [*header.all("proposer"), *header.all("other")]
    kinds = [kind for block, _ in header.all("other") if (kind := read_kind(plain_text(block.raw)))]
    record = Proposal(
        title=proposals.make_title(words), text=words, classification=kinds[0] if kinds else None,
        proposer=people[0] if people else None, co_proposers=people[1:],
        links=[link for block in (topic, *(one for one, _ in others)) for link in find_links(block.raw)],
        source=sheet.cite(topic), sources=_cite(sheet, context, [block for block, _ in others]), section=list(context.section),
    )  # fmt: skip
    key = sheet.add("proposal", record)
    sheet.latest_proposal, sheet.latest_parent = key, context.parent
    for block, text in header.all("comment"):
        sheet.add(
            "comment",
            Comment(
                text=text, on=to_reference(key), cve=find_cves(block.raw), links=find_links(block.raw),
                source=sheet.cite(block), sources=_cite(sheet, context, []), section=list(context.section),
            ),
        )  # fmt: skip
    return key


def _add_vote(sheet: Sheet, header: _Header, context: Context, proposal: int) -> None:
    told = [*header.all("outcome"), *header.all("counts")]
    dated = [block for name in ("opened", "closed") for block, _ in header.all(name)]
    blocks = [block for block, _ in told] or dated[-1:]
    words = [plain_text(block.raw) for block in blocks]
    numbers, _ = counts.read_counts("; ".join(rest for _, rest in told), voted=True)
    main, *more = [*blocks, *(block for block in dated if block not in blocks)]
    record = Vote(
        proposal=to_reference(proposal),
        stated=Stated(text=" … ".join(words), outcome=_outcome(header), counts=numbers),
        method="counted" if numbers else None,
        source=sheet.cite(main), sources=_cite(sheet, context, more), section=list(context.section),
    )  # fmt: skip
    sheet.open_vote = OpenVote(sheet.add("vote", record), context.parent, bare=True)


def _outcome(header: _Header) -> Any:
    """``Accepted: yes`` answers its label; ``Result: passed`` tells the outcome itself."""
    for block, rest in header.all("outcome"):
        label = plain_text(block.raw).split(":", maxsplit=1)[0].strip().lower()
        answers = label in ("accepted", "passed", "approved", "adopted", "carried")
        answer = (
            re.match(r"(?P<yes>yes|true)\b|(?P<no>no|false)\b", rest, re.IGNORECASE) if answers else None
        )
        if answer:
            return "adopted" if answer["yes"] else "rejected"
        if answers:
            continue
        if outcome := tally.read_tally(rest, voted=True).outcome:
            return outcome
    return None


def _cite(sheet: Sheet, context: Context, blocks: list[Block]) -> list[Source]:
    return [*context.cite, *(sheet.cite(block) for block in blocks)]
