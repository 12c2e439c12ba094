"""What stands on a day: the standing that was declared, after links, terms and conditions.

:mod:`ledger.governance.standing` says what votes and decisions declared about a record. This adds what
depends on other decisions (:mod:`ledger.governance.links`) and on the day on which somebody asks. The day
is a parameter: nothing here looks at a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ledger.governance.fields import flag_of, mappings_of, text_of
from ledger.governance.links import Link, link_note, settle_links
from ledger.governance.standing import DECIDED, Fact, Standing, outcome_of, quoted


class Stated(NamedTuple):
    """What entry ``seq`` states about a decision, on ``date``: words, or a day."""

    value: str
    date: str
    seq: int


class Terms(NamedTuple):
    """What limits a decision; of several days the one that was stated last counts.

    ``review_on`` and ``expires_on`` are ISO days, the latter the last day on which it stands; ``met`` and
    ``failed`` tell which decision said that the conditions are met, or are not, None where none did.
    ``decided`` is the last day on which something was decided about it; ``put_off`` are deferrals that
    nothing was decided after, each with until when in words.
    """

    review_on: Stated | None = None
    expires_on: Stated | None = None
    conditions: tuple[Stated, ...] = ()
    met: Stated | None = None
    failed: Stated | None = None
    decided: str = ""
    put_off: tuple[Stated, ...] = ()

    @property
    def awaits_condition(self) -> bool:
        """Whether a condition is on record and nothing says that it is met."""
        return bool(self.conditions) and self.met is None

    def is_past_review(self, today: str) -> bool:
        """Tell whether a review is overdue on ``today`` (ISO): nothing was decided since its day."""
        return self.review_on is not None and self.decided < self.review_on.value < today

    def has_expired(self, today: str, adopted_on: str) -> bool:
        """Tell whether it stood until before ``today`` only (ISO); a later adoption gives it new life."""
        return self.expires_on is not None and adopted_on <= self.expires_on.value < today


def read_terms(root: Fact, chain: Iterable[Fact]) -> Terms:
    """Return the terms that decisions in ``chain`` (in any order), and ``root`` itself, state about it."""
    decisions = sorted(
        (fact for fact in (root, *chain) if fact.kind == "decision"),
        key=lambda fact: (fact.date, fact.seq),
    )
    days: dict[str, Stated] = {}
    conditions: list[Stated] = []
    met: Stated | None = None
    failed: Stated | None = None
    for fact in decisions:
        for name in ("review_on", "expires_on"):
            if text_of(fact.body, name):
                days[name] = Stated(text_of(fact.body, name), fact.date, fact.seq)
    # In the order of recording: a day may be stated later than what follows from it.
    for fact in sorted(decisions, key=lambda fact: fact.seq):
        if text_of(fact.body, "condition"):
            conditions.append(Stated(text_of(fact.body, "condition"), fact.date, fact.seq))
            met = failed = None  # a new condition is not the one that was met
        flag = flag_of(fact.body, "condition_met")
        if flag is not None:
            stated = Stated(text_of(fact.body, "text"), fact.date, fact.seq)
            met, failed = (stated, None) if flag else (None, stated)
    settled = [
        (fact.date, fact.seq)
        for fact in (root, *chain)
        if fact.kind == "vote" or outcome_of(fact) in DECIDED - {"deferred"}
    ]
    last = max(settled, default=("", 0))
    put_off = [
        Stated(text_of(fact.body, "until"), fact.date, fact.seq)
        for fact in decisions
        if outcome_of(fact) == "deferred" and (fact.date, fact.seq) > last
    ]
    return Terms(
        days.get("review_on"),
        days.get("expires_on"),
        tuple(conditions),
        met,
        failed,
        last[0],
        tuple(put_off),
    )


def standing_today(
    declared: Standing, root: Fact, terms: Terms, links: Sequence[Link], today: str | None
) -> Standing:
    """Return how ``root`` stands on ``today`` (ISO; None: no day has passed), and why.

    ``declared`` is what :func:`~ledger.governance.standing.standing_of` gives, ``links`` are those from
    newer decisions, in any order. A link that ends it has the last word, then the day it expires.
    """
    if declared.status is None or root.kind == "action":
        return declared
    since = declared.date or root.date
    status, setter = settle_links(declared.status, since, links)
    day = today or ""
    sentences = link_notes(links, setter)
    seq, date = declared.decided_by, declared.date
    if setter is not None:
        seq, date = setter.seq, setter.since
    elif status == "adopted" and terms.expires_on is not None and terms.has_expired(day, since):
        status = "expired"
        seq, date = terms.expires_on.seq, terms.expires_on.value
        sentences.insert(0, f"Expired: it was to stand until {terms.expires_on.value}.")
    ended = status != declared.status
    sentences.insert(1 if ended else 0, declared.sentence)
    sentences += _term_notes(terms, status, day)
    return Standing(status, " ".join(sentences), seq, date)


def link_notes(links: Iterable[Link], setter: Link | None) -> list[str]:
    """Return a sentence for each link from a newer decision, first the one that set the status."""
    ordered = sorted(links, key=lambda link: (link is not setter, link.since or "9", link.seq))
    return [link_note(link) for link in ordered]


def _term_notes(terms: Terms, status: str, today: str) -> list[str]:
    notes = []
    if terms.conditions:
        words = " and ".join(quoted(condition.value) for condition in terms.conditions)
        if terms.met is not None:
            notes.append(f"On condition that {words}: met, as stated on {terms.met.date}.")
        elif terms.failed is not None:
            notes.append(f"On condition that {words}: not met, as stated on {terms.failed.date}.")
        else:
            notes.append(f"On condition that {words}: nothing on record says that it is met.")
    if status == "adopted" and terms.expires_on is not None and not terms.expires_on.value < today:
        notes.append(f"It stands until {terms.expires_on.value}.")
    for deferral in terms.put_off if status == "adopted" else ():
        until = f" until {deferral.value}" if deferral.value else ""
        notes.append(f"Raised again on {deferral.date} and put off{until}; no vote on record since.")
    if terms.review_on is not None and status == "adopted":
        day = terms.review_on.value
        if terms.is_past_review(today):
            notes.append(f"Its review was due on {day}; no decision about it is on record since.")
        elif terms.decided < day:
            notes.append(f"It is to be reviewed on {day}.")
    return notes


def references_in(root: Fact, chain: Iterable[Fact]) -> list[dict[str, str | None]]:
    """Return the texts elsewhere that decisions about ``root`` make their own, as they were recorded."""
    return [
        {name: text_of(item, name) or None for name in ("what", "url", "version", "sha256", "as_of")}
        for fact in sorted((root, *chain), key=lambda fact: fact.seq)
        if fact.kind == "decision"
        for item in mappings_of(fact.body, "refers_to")
    ]
