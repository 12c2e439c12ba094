"""Polls: was each put as the log had it, and does the recorded tally come out again?

Read only where the log holds polls, once its bytes are known to be right. What was frozen (the words of
the proposal, the rules, who may vote) is compared with the entries it was taken from; every vote that
closed a poll is counted again. Sentences are not compared: a later version may word them better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.errors import LedgerError, Where
from ledger.governance.counting.ties import normal_draw
from ledger.governance.in_force import charter_for_rules
from ledger.governance.poll_count import LOTS, PollCount
from ledger.governance.poll_early import early_problem, least_open
from ledger.governance.polls import FIVE_WAY, MOTION, choice_problem, is_motion
from ledger.governance.rule_values import METHODS
from ledger.governance.rules import body_of, parse_rules
from ledger.log.chain import FILE_LINES, Failure
from ledger.log.merkle import Frontier
from ledger.lookup.polls import Closing, PollLog, PollOnRecord, listed_ballots, read_polls, recount
from ledger.lookup.reader import read_line
from ledger.lookup.wordings import Wordings
from ledger.records import Draw, Poll, Tally
from ledger.store.places import ENTRIES, entry_file_name
from ledger.workflow.polls.times import later
from ledger.workflow.verify.erased_ballots import (
    count_redacted,
    erased_note,
    is_redacted,
    rest_problems,
    unlisted_ballots,
)
from ledger.workflow.verify.report import BODIES

if TYPE_CHECKING:
    from ledger.store.reading import FileReader

_FIX = "compare the entry with a good copy; if it was signed like this, ask whoever recorded it"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)


@dataclass(slots=True)
class PollsFound:
    """What the check of polls found: how many were looked at, and what is wrong.

    ``recounted`` are the votes whose tally came out again; ``erased`` those that cannot be counted again
    because ballots were redacted, and ``unknown`` because this version does not know the method.
    ``notes`` say of which polls the words were changed while they were open.
    """

    polls: int = 0
    ballots: int = 0
    recounted: int = 0
    erased: int = 0
    unknown: int = 0
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_polls(reader: FileReader) -> PollsFound:
    """Check every poll in the log of ``reader``, whose lines were verified before."""
    log = read_polls(reader)
    found = PollsFound(len(log.polls), sum(len(poll.ballots) for poll in log.polls.values()))
    subjects = Wordings(reader, {poll.poll.subject for poll in log.polls.values()})
    for poll in log.polls.values():
        reworded = subjects.since(poll)
        if reworded is not None:
            found.notes.append(f"look at {poll.name} on {poll.poll.subject}: {reworded.text}")
        for what, seq, expected, got in _problems(poll, log, subjects, found, reader):
            found.failures.append(_failure(what, seq, expected, got))
    for one in unlisted_ballots(reader, log):
        names = ", ".join(poll.name for poll in one.polls)
        what = f"#{one.seq} is an erased ballot that no tally lists, recorded while {names} was open"
        if one.must:
            found.failures.append(_failure(what, one.seq, f"a tally of {names} that lists it", "none"))
        else:
            found.notes.append(f"{what}: where it was cast can no longer be told")
    return found


_Problem = tuple[str, int, str, str]


def _problems(
    poll: PollOnRecord, log: PollLog, subjects: Wordings, found: PollsFound, reader: FileReader
) -> Iterator[_Problem]:
    seq = poll.opened.seq
    wrong = [*_times(poll, log, reader), *_frozen(poll, log), *_put(poll, subjects)]
    yield from ((what, seq, expected, got) for what, expected, got in wrong)
    yield from _ballots(poll, reader)
    # What was put wrongly cannot be counted rightly.
    for number, closing in enumerate(() if wrong else poll.votes):
        yield from _vote(poll, closing, number, found, reader)


# --- the poll as it was put ---------------------------------------------------------------------------


def _put(poll: PollOnRecord, subjects: Wordings) -> Iterator[tuple[str, str, str]]:
    body, seq = poll.poll, poll.opened.seq
    leaf = subjects.leaf(body.subject, seq)
    if leaf is not None and body.subject_leaf != leaf:
        yield (
            f"the poll names another text of {body.subject} than stood when it was opened",
            leaf,
            (body.subject_leaf),
        )
    if len(set(body.options)) != len(body.options) or len(body.options) < 2:
        yield "the options of the poll cannot be told apart", "two or more", ", ".join(body.options)
    fixed = MOTION if is_motion(body) else FIVE_WAY if body.method == "five-way" else None
    if fixed is not None and tuple(body.options) != fixed:
        yield f"a poll by {body.method} has other options", ", ".join(fixed), ", ".join(body.options)
    if body.default_option is not None and body.default_option not in body.options:
        yield "the default option is none of the options", ", ".join(body.options), body.default_option
    if not 1 <= body.seats <= 10_000:
        yield "the number of seats is none", "1 or more", str(body.seats)


def _frozen(poll: PollOnRecord, log: PollLog) -> Iterator[tuple[str, str, str]]:
    """Compare what was frozen with the charter that was in force."""
    body, seq = poll.poll, poll.opened.seq
    before = [version for version in log.charters if version.since is not None and version.since < seq]
    version = charter_for_rules(before, body.opened_at[:10])
    expected = None if version is None else (version.seq, version.version)
    named = None if body.charter is None else (body.charter.seq, body.charter.version)
    if named != expected:
        yield "the poll names another charter than was in force", str(expected), str(named)
        return
    rule = None
    if version is not None:
        try:
            rules = parse_rules(version.charter)
        except LedgerError:
            return
        rule = rules.rule(body.kind) if rules is not None else None
    text = None if rule is None else dict(rule.text)
    if body.rules != text:
        yield (
            f"the rules of the poll are not those of the charter for {body.kind}",
            str(text),
            str(body.rules),
        )
    people = None
    if version is not None and rule is not None and rule.electorate is not None:
        people = body_of(version.charter, rule.electorate)
    if (None if people is None else list(people)) != body.electorate:
        yield "the electorate of the poll is not that of the charter", str(people), str(body.electorate)
    if rule is not None and rule.method not in (None, body.method):
        yield "the poll is counted by another method than the rules name", str(rule.method), body.method
    demanded = least_open(rule, body.method)
    if demanded is not None:
        least = later(body.opened_at, demanded.hours) if _TIME.fullmatch(body.opened_at) else ""
        if body.closes_at is None or body.closes_at < least:
            yield "the poll is open for a shorter time than the rules say", least, str(body.closes_at)


def _times(poll: PollOnRecord, log: PollLog, reader: FileReader) -> Iterator[tuple[str, str, str]]:
    body, opened = poll.poll, poll.opened
    for name, time in (("opened_at", body.opened_at), ("closes_at", body.closes_at)):
        if time is not None and not _TIME.fullmatch(time):
            yield f"{name} is not a time in UTC", "2031-05-01T18:00:00Z", time
    if body.opened_at > opened.at:
        yield "the poll was recorded before it was opened", f"{opened.at} or before", body.opened_at
    earlier = [one for one in log.on(body.subject) if one.opened.seq < opened.seq]
    still_open = [one for one in earlier if one.closing is None or one.closing.seq > opened.seq]
    if still_open:
        yield f"another poll on {body.subject} was open", "one poll at a time", still_open[0].name
    if body.reopens is not None and is_redacted(reader, body.reopens, "poll"):
        return  # which poll came before it can no longer be told
    if (body.reopens is not None) != bool(earlier) or (
        body.reopens is not None and body.reopens not in {one.name for one in earlier}
    ):
        yield (
            f"the poll does not name the one held on {body.subject} before",
            ", ".join(one.name for one in earlier),
            str(body.reopens),
        )


# --- ballots ------------------------------------------------------------------------------------------


def _ballots(poll: PollOnRecord, reader: FileReader) -> Iterator[_Problem]:
    numbers: dict[str, int] = {}
    spellings = poll.spellings
    for one in poll.ballots:
        ballot = one.ballot
        problem = choice_problem(poll.poll, ballot)
        if problem is not None:
            yield f"the ballot is none of {poll.name}: {problem}", one.seq, "a choice of this poll", problem
        if ballot.cast_at is not None and (not _TIME.fullmatch(ballot.cast_at) or ballot.cast_at > one.at):
            yield "cast_at is not a time before the ballot was recorded", one.seq, one.at, ballot.cast_at
        if ballot.by is None:
            continue
        key = spellings.key(ballot.by)
        expected = numbers.get(key, 0) + 1
        # A ballot before it may have been redacted, whoever's it was.
        gap = ballot.nr - expected
        if gap and not 0 < gap <= count_redacted(reader, poll.opened.seq + 1, one.seq):
            what = f"the ballot is number {ballot.nr} of {ballot.by} in {poll.name}, not the next one"
            yield what, one.seq, str(expected), str(ballot.nr)
        numbers[key] = max(ballot.nr, expected)


# --- votes --------------------------------------------------------------------------------------------


def _vote(
    poll: PollOnRecord, closing: Closing, number: int, found: PollsFound, reader: FileReader
) -> Iterator[_Problem]:
    vote, seq = closing.vote, closing.seq
    tally, draw = vote.tally, vote.draw
    if not isinstance(tally, Tally) or not isinstance(vote.computed, str):
        yield f"a vote that closes {poll.name} has no tally", seq, "a tally", "none"
        return
    if vote.proposal != poll.poll.subject:
        yield f"{poll.name} was held on another proposal", seq, poll.poll.subject, str(vote.proposal)
    if number > 1 or (number == 1) != isinstance(draw, Draw):
        what = f"{poll.name} was closed by #{poll.votes[0].seq} already"
        yield what, seq, "one vote, and one more that breaks its tie by a draw", f"#{seq}"
        return
    late = [one for one in tally.counted if one > poll.votes[0].seq]
    if late:
        yield f"the tally counts entry {late[0]}, recorded after the close", seq, "earlier ones", str(late)
    if not _TIME.fullmatch(tally.closed_at) or tally.closed_at > closing.at:
        yield "closed_at is not a time before the vote was recorded", seq, closing.at, tally.closed_at
        return
    missing = sorted(listed_ballots(tally) - {one.seq for one in poll.ballots if one.seq < seq})
    if missing:
        # A ballot whose words were erased is on the list and can no longer be read.
        if all(is_redacted(reader, f"#{one}", "ballot") for one in missing):
            found.erased += 1
            found.notes.append(erased_note(poll, missing))
            yield from rest_problems(poll, closing, tally, missing)
        else:
            named = ", ".join(f"#{one}" for one in missing)
            yield f"the tally lists what is no ballot of {poll.name}", seq, "its ballots", named
        return
    if poll.poll.method not in METHODS:
        found.unknown += 1
        return
    yield from _recount(poll, closing, tally, found, reader)


def _recount(
    poll: PollOnRecord, closing: Closing, tally: Tally, found: PollsFound, reader: FileReader
) -> Iterator[_Problem]:
    vote, seq, first = closing.vote, closing.seq, poll.votes[0].seq
    if isinstance(vote.draw, Draw):
        root = _root_at(reader, first + 1)
        given = (vote.draw.root, vote.draw.size, vote.draw.vote)
        if given != (root, first + 1, f"#{first}") or not _may_draw(poll.poll):
            what = f"the draw is not over the head that ends with #{first}, or no draw was named"
            yield what, seq, f"{root} of {first + 1} entries", f"{given[0]} of {given[1]}"
            return
    try:
        if isinstance(vote.draw, Draw) and vote.draw.used != (used := normal_draw(vote.draw.result)):
            yield "the draw was used in another form than it was typed", seq, used, vote.draw.used
            return
        count = recount(poll, closing)
        assert count is not None  # noqa: S101 - its ballots are all there
        charter = poll.charter.charter if poll.charter is not None else None
        early = early_problem(poll.opened, count.box, charter, closed_at=tally.closed_at)
    except LedgerError as error:
        yield f"{poll.name} cannot be counted: {error.what}", seq, "a tally", error.what
        return
    if early is not None and not isinstance(vote.draw, Draw):
        what = f"{poll.name} was closed before its time: {early}"
        yield what, seq, str(poll.poll.closes_at), tally.closed_at
    differing = list(_compare(tally, vote.computed, count))
    stated = count.stated(poll.name)
    if (vote.stated.counts, vote.stated.outcome) != (stated.counts, stated.outcome):
        differing.append(("stated", str(stated), str(vote.stated)))
    for name, expected, got in differing[:1]:
        yield f"the tally of {poll.name} does not come out again: {name} differ", seq, expected, got
    found.recounted += not differing


def _compare(tally: Tally, computed: object, count: PollCount) -> Iterator[tuple[str, str, str]]:
    again = count.tally
    for name in ("counts", "counted", "cast", "eligible", "blank", "winners", "ranking", "pairwise"):
        if getattr(tally, name) != getattr(again, name):
            yield name, str(getattr(again, name)), str(getattr(tally, name))
    for name, old, new in (
        ("set_aside", _aside(tally), _aside(again)),
        ("ties", _ties(tally), _ties(again)),
        ("computed", computed, count.computed),
    ):
        if old != new:
            yield name, str(new), str(old)


def _aside(tally: Tally) -> list[tuple[str, str]]:
    return [(one.ballot, one.code) for one in tally.set_aside]


def _ties(tally: Tally) -> list[tuple[object, ...]]:
    return [(one.label, one.options, one.places, one.broken, one.order) for one in tally.ties]


def _may_draw(poll: Poll) -> bool:
    return poll.draw is not None and (poll.rules or {}).get("tie") in LOTS


def _root_at(reader: FileReader, size: int) -> str:
    frontier = Frontier()
    for line in reader.lines(0, size):
        frontier.append(read_line(line).leaf)
    return frontier.root().hex()


def _failure(what: str, seq: int, expected: str, found: str) -> Failure:
    where = Where(f"{ENTRIES}/{entry_file_name(seq // FILE_LINES)}", seq % FILE_LINES + 1, seq)
    return Failure(BODIES, what, where, expected[:200], found[:200], _FIX)
