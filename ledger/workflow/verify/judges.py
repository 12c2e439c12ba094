"""The judges of what entries state: bodies, sources, rules; each notes what held and what did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.log.chain import Failure
from ledger.store.places import Places
from ledger.workflow.verify import report
from ledger.workflow.verify.report import Addition, Check, Evidence
from ledger.workflow.verify.walk import Walk

if TYPE_CHECKING:
    from ledger.governance.succession import Succession
    from ledger.workflow.verify.polls import PollsFound

_MOST_NOTES = 20


@dataclass(slots=True)
class Verdict:
    """The checks so far, by name; ``waiting`` says what a change of the log's keys waits for."""

    checks: dict[str, Check] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    waiting: str | None = None
    evidence: list[Evidence] = field(default_factory=list)
    additions: tuple[Addition, ...] | None = None

    def hold(self, name: str, count: int, detail: str) -> None:
        """Note that a check held."""
        self.checks[name] = Check(name, "held", count, detail)

    def skip(self, name: str, detail: str, count: int = 0) -> None:
        """Note that a check was not made, unless it was."""
        self.checks.setdefault(name, Check(name, "not-checked", count, detail))

    def fail(self, failure: Failure, count: int = 0, detail: str = "") -> None:
        """Note that a check failed."""
        self.checks[failure.check] = Check(failure.check, "failed", count, detail or failure.what)
        self.failures[failure.check] = failure

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.failures


def recount_polls(places: Places, walk: Walk) -> PollsFound | None:
    """Count every closed poll again, and add what is wrong to the faults of the walk; None without polls.

    Where bodies do not fit their kinds they cannot be counted either.
    """
    if not walk.holds("poll") or report.BODIES in walk.faults.first:
        return None
    from ledger.store.reading import FileReader
    from ledger.workflow.verify.polls import check_polls

    found = check_polls(FileReader.open(places))
    for failure in found.failures:
        walk.faults.add(failure)
    return found


def judge_bodies(verdict: Verdict, walk: Walk, polls: PollsFound | None) -> None:
    """Note whether bodies and references are as they must be; ``polls`` is what counting again found."""
    verdict.notes += polls.notes[:_MOST_NOTES] if polls is not None else []
    bodies, references = walk.counts["bodies"], walk.counts["references"]
    unknown, redacted = sum(walk.unknown.values()), walk.counts["redacted"]
    if report.BODIES in walk.faults.first:
        failure = walk.faults.first[report.BODIES]
        count = walk.faults.count[report.BODIES]
        verdict.fail(failure, bodies, _first_of(failure, count))
    else:
        detail = f"{count_of(bodies, 'body', 'bodies')} as their kinds demand, "
        detail += f"{count_of(references, 'reference')} to earlier records"
        if redacted:
            detail += f"; {count_of(redacted, 'body', 'bodies')} redacted"
        if polls is not None:
            detail += f"; {count_of(polls.polls, 'poll')}, {count_of(polls.recounted, 'tally', 'tallies')} "
            detail += "counted again"
            if polls.erased:
                detail += f"; not counted again: {polls.erased} with redacted ballots"
            if polls.unknown:
                detail += f"; not counted again: {polls.unknown} by a method of a later version"
        verdict.hold(report.BODIES, bodies, detail)
    if unknown:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(walk.unknown.items()))
        verdict.skip(report.UNKNOWN, f"this version does not know the kinds {kinds[:500]}", unknown)
    if report.CHARTERS in walk.faults.first and report.CHARTERS not in verdict.failures:
        failure = walk.faults.first[report.CHARTERS]
        count = walk.faults.count[report.CHARTERS]
        verdict.fail(failure, count, _first_of(failure, count))


def judge_members(verdict: Verdict, places: Places, walk: Walk, origin: str) -> None:
    """Note whether the members' signatures in the log hold; the walk found its entries to be right."""
    if report.BODIES in walk.faults.first:
        verdict.skip(report.MEMBERS, "not looked at, because bodies are wrong")
        return
    if not walk.counts["statements"]:
        verdict.hold(report.MEMBERS, 0, "no statement signed by a member is on record")
        return
    from ledger.store.reading import FileReader
    from ledger.workflow.verify.members import check_members

    found = check_members(FileReader.open(places), origin, walk.chain.subtrees)
    verdict.notes += found.notes
    if found.failures:
        more = len(found.failures) - 1
        detail = found.failures[0].what + (f"; {more} more" if more else "")
        verdict.fail(found.failures[0], found.hold, detail)
        return
    people = count_of(len(found.people), "person", "people")
    holds = "holds" if found.hold == 1 else "hold"
    verdict.hold(report.MEMBERS, found.hold, f"{count_of(found.hold, 'signature')} by {people} {holds}")


def judge_sources(verdict: Verdict, walk: Walk) -> None:
    """Note whether recorded files and quotes are as they were recorded."""
    counts = walk.counts
    if report.SOURCES in walk.faults.first:
        failure = walk.faults.first[report.SOURCES]
        count = walk.faults.count[report.SOURCES]
        verdict.fail(failure, counts["files"], _first_of(failure, count))
        return
    quotes = counts["quotes"] - counts["unchecked quotes"]
    detail = f"{count_of(counts['files'], 'file')} as recorded, {count_of(quotes, 'quote')} at their lines"
    if counts["unchecked quotes"]:
        detail += f"; not checked: {count_of(counts['unchecked quotes'], 'quote')} of redacted sources"
    if counts["unsourced"]:
        detail += f"; without a source: {count_of(counts['unsourced'], 'record')}"
    verdict.hold(report.SOURCES, counts["files"], detail)


def judge_rules(verdict: Verdict, places: Places, walk: Walk, succession: Succession) -> None:
    """Hold the votes against the rules; needed only where there are any, or numbers to compare."""
    stating = any(one.charter.rules is not None for one in succession.effective)
    if verdict.failures:
        verdict.skip(report.RULES, "not looked at, because another check failed")
        return
    if not (stating or walk.has_votes_to_compare):
        verdict.skip(report.RULES, "no charter states rules, so outcomes are as the minutes state them")
        return
    from ledger.store.reading import FileReader
    from ledger.workflow.verify.rules import check_rules

    found = check_rules(FileReader.open(places).lines, walk.size, walk.kind_at, succession.effective)
    verdict.notes += found.notes[:_MOST_NOTES]
    if len(found.notes) > _MOST_NOTES:
        verdict.notes.append(f"look at {len(found.notes) - _MOST_NOTES} more votes: ledger explain")
    if found.failures:
        failure = found.failures[0]
        verdict.fail(failure, found.votes, _first_of(failure, len(found.failures)))
    elif not found.has_rules:
        what = f"no charter states rules: {count_of(found.votes, 'vote')} as the minutes state them"
        verdict.skip(report.RULES, what, found.votes)
    else:
        detail = f"{count_of(found.votes, 'vote')}: no stated outcome contradicts the rules in force;"
        detail += f" {found.told} computed, {found.votes - found.told} undetermined"
        verdict.hold(report.RULES, found.votes, detail)


def _first_of(failure: Failure, count: int) -> str:
    return failure.what if count == 1 else f"{failure.what} (the first of {count})"


def count_of(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def list_words(names: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    shown = ", ".join(names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"
