"""``poll open``: freeze the question, the options, the rules and the electorate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, UsageError
from ledger.governance.choices import RESERVED
from ledger.governance.fields import text_of, texts_of
from ledger.governance.formula import FormulaError
from ledger.governance.in_force import charter_for_rules
from ledger.governance.people import Spellings
from ledger.governance.poll_count import count_poll
from ledger.governance.poll_early import least_open
from ledger.governance.polls import FIVE_WAY, MOTION, MOTION_METHODS, Opened, sort_ballots
from ledger.governance.rule_values import MAX_TEXT, METHODS, Duration
from ledger.governance.rules import DEFAULT, MINUTES, Rule, Rules, body_of, parse_rules
from ledger.governance.ruling import kind_of_decision
from ledger.lookup.polls import PollLog, PollOnRecord, Subject, read_polls, read_subject
from ledger.records import CharterRef, Poll, to_body
from ledger.store.base import NewEntry
from ledger.workflow.polls.applying import check_applicable, check_notice
from ledger.workflow.polls.texts import read_line_of
from ledger.workflow.polls.times import later, read_time
from ledger.workflow.polls.words import poll_findings, poll_rows
from ledger.workflow.signing import utc_now

if TYPE_CHECKING:
    from ledger.governance.in_force import CharterVersion
    from ledger.store.files import FileStore
    from ledger.store.places import Places
    from ledger.workflow.append import Appended
    from ledger.workflow.asking import Choices, Dialogue

_MOST_QUESTION = 2000
_ONE_SEAT = frozenset((*MOTION_METHODS, "five-way", "irv"))


@dataclass(frozen=True, slots=True)
class PollWish:
    """What somebody wants of a poll; what is None is taken from the proposal and from the rules.

    ``until`` and ``default`` are the closing time and the default option, ``seconds`` the people who
    second the motion, ``reopens`` an earlier poll on the same proposal.
    """

    kind: str | None = None
    method: str | None = None
    options: tuple[str, ...] = ()
    seats: int = 1
    default: str | None = None
    draw: str | None = None
    until: str | None = None
    seconds: tuple[str, ...] = ()
    reopens: str | None = None
    question: str | None = None


def open_poll(
    places: Places,
    proposal: str,
    wish: PollWish,
    choices: Choices,
    dialogue: Dialogue,
    *,
    passphrase_file: Path | None = None,
) -> Appended:
    """Open a poll on ``proposal`` by the charter in force today, and return what was appended.

    Raises NotFoundError for an unknown proposal, UsageError for what the rules do not allow (a second or
    a notice that is missing, another method, a shorter time), for options that cannot be told apart, and
    while a poll on the same proposal is open, or was closed and is not named.
    """
    from ledger.workflow.append import append_entries

    findings: list[Finding] = []

    def make(store: FileStore) -> Sequence[NewEntry]:
        poll = make_poll(read_polls(store), read_subject(store, proposal), wish, utc_now())
        findings.extend(poll_findings(poll))
        dialogue.show_groups(poll_rows(poll))
        return [NewEntry("poll", None, to_body(poll))]

    return append_entries(
        places,
        make,
        choices,
        dialogue,
        passphrase_file=passphrase_file,
        findings=findings,
        message=f"Open a poll on {proposal}",
    )


def make_poll(log: PollLog, subject: Subject, wish: PollWish, now: str) -> Poll:
    """Return the poll that ``wish`` asks for, opened at ``now`` (UTC). Raises as :func:`open_poll`."""
    reopens = _reopened(log, subject.name, wish.reopens)
    version = charter_for_rules(log.charters, now[:10])
    rules = parse_rules(version.charter) if version is not None else None
    kind = _kind(rules, wish.kind, subject)
    rule = rules.rule(kind) if rules is not None else None
    method = _method(rule, wish)
    check_applicable(rule, method, has_default=wish.default is not None)
    electorate = None
    if version is not None and rule is not None and rule.electorate is not None:
        electorate = body_of(version.charter, rule.electorate)
    check_notice(rule, subject, now)
    closes_at = _closes_at(least_open(rule, method), wish.until, now)
    if wish.draw is not None and closes_at is None:
        raise UsageError(
            "a public draw is named, and no time when the poll ends",
            why="it could be closed once the draw is known",
            fix="say when it ends, before the draw is made: --until WHEN",
        )
    poll = Poll(
        subject=subject.name,
        subject_leaf=subject.leaf.hex(),
        question=_question(wish, subject),
        options=_options(method, wish),
        method=method,
        kind=kind,
        rules=dict(rule.text) if rule is not None else None,
        charter=None if version is None else CharterRef(seq=version.seq, version=version.version),
        electorate=None if electorate is None else list(electorate),
        electorate_name=rule.electorate if rule is not None and isinstance(rule.electorate, str) else None,
        opened_at=now,
        closes_at=closes_at,
        seats=_seats(method, wish.seats),
        default_option=wish.default,
        seconded_by=_seconds(rule, version, electorate, subject, wish.seconds),
        draw=None if wish.draw is None else read_line_of(wish.draw, "--draw", most=MAX_TEXT),
        reopens=reopens,
    )
    _check_countable(poll, version)
    return poll


def _reopened(log: PollLog, subject: str, wanted: str | None) -> str | None:
    """Return the closed poll that this one reopens; an open one is refused."""
    before = log.on(subject)
    for poll in before:
        if poll.closing is None:
            raise UsageError(
                f"a poll on {subject} is open: {poll.name}",
                why="two polls on one question at a time would give two answers",
                fix=f"close it first: ledger poll close {poll.opened.seq}",
            )
    if wanted is None:
        if before:
            raise UsageError(
                f"a poll on {subject} was held and closed: {before[-1].name}",
                why="a vote is never taken again as if the first one had not been",
                fix=f"name the old one: --reopens {before[-1].opened.seq}",
            )
        return None
    named: PollOnRecord = log.named(wanted)
    if named.poll.subject != subject:
        raise UsageError(f"{named.name} is a poll on {named.poll.subject}, not on {subject}")
    return named.name


def _kind(rules: Rules | None, named: str | None, subject: Subject) -> str:
    """Return the kind of decision: as named, else as the proposal states it, else the default one."""
    wanted = named or kind_of_decision(subject.kind, subject.body)
    kind = wanted or DEFAULT
    if named is None and kind == MINUTES:
        return kind  # where the rules have no such kind, the default one governs it
    if wanted is not None and rules is not None and kind not in rules.kinds:
        raise UsageError(
            f"the rules know no kind of decision called {kind!r}",
            why="another kind would be voted on by other rules than meant",
            fix=f"the kinds are: {', '.join(rules.kinds)}",
        )
    return kind


def _method(rule: Rule | None, wish: PollWish) -> str:
    ruled = rule.method if rule is not None else None
    if wish.method is not None and wish.method not in METHODS:
        raise UsageError(f"{wish.method!r} is no method of voting", fix=f"one of: {', '.join(METHODS)}")
    if ruled is not None and wish.method not in (None, ruled):
        raise UsageError(
            f"--method {wish.method} is not what the rules say",
            why=f"for this kind of decision they name {ruled}",
            fix="leave it out, or name another kind with --kind",
        )
    method = wish.method or ruled
    if method is None and wish.options:
        raise UsageError(
            "no method is named",
            why="the same ballots may elect different people by different methods",
            fix="name it with --method, or in the rules of the charter",
        )
    return method or "yes-no"


def _options(method: str, wish: PollWish) -> list[str]:
    fixed = MOTION if method in MOTION_METHODS else FIVE_WAY if method == "five-way" else None
    if fixed is not None:
        if wish.options or wish.default is not None:
            raise UsageError(f"a poll by {method} has its own options: {', '.join(fixed)}")
        return list(fixed)
    options = [option.strip() for option in wish.options]
    if wish.default is not None and wish.default not in options:
        options.append(wish.default)
    for option in options:
        if option:
            read_line_of(option, "--option", most=MAX_TEXT)
        if not option or RESERVED.search(option):
            raise UsageError(
                f"{option!r} cannot be an option",
                why="a ballot writes options in a row, with > = and , between them",
                fix="write it without these signs, in one line",
            )
    folded = [option.casefold() for option in options]
    if len(set(folded)) != len(folded):
        raise UsageError("an option is named twice", fix="name each once with --option")
    if len(options) < 2:
        raise UsageError(
            f"a poll by {method} needs two options or more", fix='name each: --option "Ann" --option "Bob"'
        )
    return options


def _question(wish: PollWish, subject: Subject) -> str:
    if wish.question is not None and wish.question.strip():
        return read_line_of(wish.question, "--question", most=_MOST_QUESTION)
    return (text_of(subject.body, "text") or text_of(subject.body, "title")).strip()


def _seats(method: str, seats: int) -> int:
    if seats < 1 or (seats > 1 and method in _ONE_SEAT):
        raise UsageError(f"{seats} seats cannot be filled by {method}")
    return seats


def _closes_at(demanded: Duration | None, until: str | None, now: str) -> str | None:
    least = None if demanded is None else later(now, demanded.hours)
    if until is None:
        return least
    end = read_time(until, "--until")
    if end <= now:
        raise UsageError(f"--until {until} is past")
    if least is not None and end < least and demanded is not None:
        raise UsageError(
            f"--until {until} is too early",
            why=f"by the rules a vote is open for {demanded.text}",
            fix=f"name a time from {least} on, or leave it out",
        )
    return end


def _check_countable(poll: Poll, version: CharterVersion | None) -> None:
    """Raise UsageError where the rules ask of the method what it cannot do: at the close it is too late."""
    names = Spellings.of(version.charter if version is not None else None)
    opened = Opened(0, poll.opened_at, poll)
    charter = version.charter if version is not None else None
    count_poll(opened, sort_ballots(opened, (), names), charter, closed_at=poll.opened_at)


def _seconds(
    rule: Rule | None,
    version: CharterVersion | None,
    electorate: tuple[str, ...] | None,
    subject: Subject,
    people: tuple[str, ...],
) -> list[str]:
    """Return the people who second the motion, each once; refused where the rule needs more."""
    names = Spellings.of(version.charter if version is not None else None)
    proposers = names.keys([*texts_of(subject.body, "proposer"), *texts_of(subject.body, "co_proposers")])
    stripped = [read_line_of(person, "--second", most=MAX_TEXT) for person in people if person.strip()]
    seconds = {names.key(person): person for person in stripped}
    entitled = None if electorate is None else names.keys(electorate)
    for key, person in seconds.items():
        if key in proposers:
            raise UsageError(f"{person} made the proposal, and cannot second it")
        if entitled is not None and key not in entitled:
            raise UsageError(f"{person} is not in the electorate, and cannot second it")
    need = None
    if rule is not None and rule.second is not None:
        try:
            need = rule.second.least(None if electorate is None else len(entitled or ()))
        except FormulaError:
            need = None
        if need is None or len(seconds) < need:
            raise UsageError(
                f"the rules ask for {rule.second.text} to second the motion, and {len(seconds)} did",
                why="without that it is not put to the vote",
                fix="name them: --second PERSON, once for each",
            )
    return list(seconds.values())
