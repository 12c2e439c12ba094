"""What an answer says about how a decision stands: links, terms, references, and when it came up again."""

from __future__ import annotations

from typing import Any

from ledger.governance.links import AMENDS, PARTLY, REPEALS, SUPERSEDES, Link, named
from ledger.governance.standing import DECIDED, Fact, is_put_off, outcome_of
from ledger.governance.today import references_in
from ledger.lookup.document import words_of
from ledger.lookup.layout import Line, Style, field
from ledger.lookup.thread import Thread
from ledger.minutes.inline import plain_text

_BY_NEWER = {
    SUPERSEDES: "replaced by",
    REPEALS: "repealed by",
    PARTLY: "part replaced",
    AMENDS: "amended by",
}
_TO_OLDER = {SUPERSEDES: "replaces", REPEALS: "repeals", PARTLY: "replaces part", AMENDS: "amends"}
_LABELS = tuple(_BY_NEWER)


def standing_json(thread: Thread) -> dict[str, Any]:
    """Return links, terms and references as JSON members."""
    terms = thread.terms
    return {
        "replaced_by": _links_json(thread.by_newer, SUPERSEDES, REPEALS),
        "amended_by": _links_json(thread.by_newer, AMENDS, PARTLY),
        "replaces": _links_json(thread.to_older, SUPERSEDES, REPEALS),
        "amends": _links_json(thread.to_older, AMENDS, PARTLY),
        "review_on": terms.review_on.value if terms.review_on is not None else None,
        "expires_on": terms.expires_on.value if terms.expires_on is not None else None,
        "conditions": [condition.value for condition in terms.conditions],
        "condition_met": True if terms.met is not None else False if terms.failed is not None else None,
        "refers_to": references_in(thread.fact, thread.decisions),
    }


def _links_json(links: list[Link], *relations: str) -> list[dict[str, Any]]:
    return [
        {
            "id": link.other.name,
            "title": link.other.title,
            "status": link.other.status,
            "relation": link.relation,
            "since": link.since,
            "stated_by": f"#{link.seq}",
        }
        for link in links
        if link.relation in relations
    ]


def link_lines(thread: Thread, width: int) -> list[Line]:
    """Return what replaced or amended a decision, then what it replaces, one field each."""
    lines: list[Line] = []
    for link in sorted(thread.by_newer, key=lambda link: (_LABELS.index(link.relation), link.seq)):
        style: Style = "yellow" if link.since is None or link.relation in (AMENDS, PARTLY) else "red"
        label = _BY_NEWER[link.relation] if link.since is not None else "proposed"
        lines += field(label, _newer_words(link), width, style=style)
    for link in thread.to_older:
        when = f" since {link.since}" if link.since is not None else "; not in effect: this is not adopted"
        lines += field(_TO_OLDER[link.relation], named(link.other) + when, width)
    return lines


def _newer_words(link: Link) -> str:
    other = link.other
    if link.since is None:
        status = "not on record any more" if other.status is None else f"{other.status}, not adopted"
        return f"would be {_BY_NEWER[link.relation]} {named(other)}, which is {status}"
    fate = f" ({other.status} by now; that does not revive this one)" if other.status != "adopted" else ""
    return f"{named(other)} on {link.since}{fate}"


def term_lines(thread: Thread, width: int) -> list[Line]:
    """Return conditions, days to come and texts elsewhere, one field each."""
    lines: list[Line] = []
    terms = thread.terms
    for condition in terms.conditions:
        met = (
            f"met, as stated on {terms.met.date}"
            if terms.met is not None
            else f"not met, as stated on {terms.failed.date}"
            if terms.failed is not None
            else "nothing on record says that it is met"
        )
        lines += field("on condition", f"“{plain_text(condition.value)}”: {met}", width)
    if terms.expires_on is not None:
        lines += field("stands until", terms.expires_on.value, width)
    if terms.review_on is not None:
        late = "; nothing was decided since" if "review was due" in thread.standing.sentence else ""
        lines += field("review", f"{'was due' if late else 'due'} on {terms.review_on.value}{late}", width)
    for reference in references_in(thread.fact, thread.decisions):
        lines += field("refers to", reference_words(reference), width)
    return lines


def reference_words(reference: dict[str, str | None]) -> str:
    """Return a text elsewhere in words: what it is, which version, as of which day, where."""
    parts = [reference["what"] or "a text without a name"]
    if reference["version"]:
        parts.append(f"version {reference['version']}")
    if reference["as_of"]:
        parts.append(f"as of {reference['as_of']}")
    if reference["url"]:
        parts.append(reference["url"])
    if reference["sha256"]:
        parts.append(f"SHA-256 {reference['sha256']}")
    return ", ".join(parts)


def again_facts(thread: Thread) -> list[Fact]:
    """Return when a record came up again: mentions, and deferrals that left an adoption standing."""
    put_off = [fact for fact in thread.decisions if is_put_off(thread.declared, fact)]
    days = {fact.date for fact in put_off}  # where the words of the deferral say it all
    mentions = [fact for fact in thread.mentions if fact.date not in days]
    return sorted([*mentions, *put_off], key=lambda fact: (fact.date, fact.seq))


def again_words(thread: Thread, fact: Fact) -> str:
    """Return when a record came up again, the words, and that nothing was voted since if that is so."""
    words = plain_text(words_of(fact.kind, fact.body))
    later = any(
        (other.date, other.seq) > (fact.date, fact.seq)
        for other in (*thread.votes, *thread.decisions)
        if other.kind == "vote" or outcome_of(other) in DECIDED - {"deferred"}
    )
    since = "" if later or thread.fact.kind == "action" else "; no vote on record since"
    return f"raised again {fact.date}: {words.rstrip('.:;, ')}{since}"
