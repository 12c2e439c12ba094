"""What a record's body gives to look-up: its title, its text, its people, and what it is about.

Pure functions of a kind and a body. Texts are as stated, Markdown included: the full-text tokenizer
takes signs for white space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ledger.governance.fields import Body, flag_of, mapping_of, mappings_of, text_of, texts_of
from ledger.governance.links import RELATIONS

SILENT = frozenset(("charter", "source", "correction", "redaction", "abandoned"))
"""Kinds that state nothing about the group's business: they have a row and no text."""

_LINKS = {
    "vote": ("proposal",),
    "decision": ("on",),
    "comment": ("on", "parent"),
    "mention": ("of",),
    "action": ("on",),
    "poll": ("subject",),
    "ballot": ("poll",),
}

# The end of a first sentence: a stop after a word of two letters or more, before a capital or the end.
_SENTENCE_END = re.compile(r"(?<=[^\W_]{2}[.!?])[\"'”»)]*\s+(?=[\"'“«(]*[^\W\d_])|\n")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no|nr|approx|incl)\.)\Z", re.IGNORECASE)

TITLE_LENGTH = 100

_MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_MONTH_NUMBERS = {f"{number:02}": name for number, name in enumerate(_MONTHS, 1)}

Person = tuple[str, str]


def references_of(kind: str, body: Body) -> list[str]:
    """Return the identifiers of what a record is about, the one that counts first."""
    if kind == "attestation":
        body, kind = mapping_of(body, "statement"), "poll"  # whose subject is named in the same way
    return [name for field in _LINKS.get(kind, ()) if (name := text_of(body, field))]


def ties_of(decision: Body) -> list[tuple[str, str]]:
    """Return what a decision says about others and how long it stands, as (relation, target), each once."""
    ties = [(name, target) for name in RELATIONS for target in texts_of(decision, name)]
    if text_of(decision, "expires_on"):
        ties.append(("expires_on", text_of(decision, "expires_on")))
    return list(dict.fromkeys(ties))


def is_motion(kind: str, body: Body) -> bool:
    """Tell whether a record is put to the group or declared by it: proposal, decision, raised matter."""
    return kind in ("proposal", "decision") or (kind == "report" and flag_of(body, "raised") is True)


def first_sentence(text: str) -> str:
    """Return the first sentence of ``text`` without its final stop, at most ``TITLE_LENGTH`` characters.

    >>> first_sentence("Decide on Code of Conduct. Let's use the same as TPRF")
    'Decide on Code of Conduct'
    """
    text = text.strip()
    for end in _SENTENCE_END.finditer(text):
        sentence = text[: end.start()]
        if (len(sentence) >= 12 and not _SHORT.search(sentence.rstrip(".") + ".")) or end[0] == "\n":
            text = sentence
            break
    text = " ".join(text[: 4 * TITLE_LENGTH].split())
    if len(text) > TITLE_LENGTH:
        return text[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
    return text.rstrip(".") if not text.endswith("...") else text


def title_of(kind: str, body: Body, date: str) -> str:
    """Return a readable title as stated (Markdown included) for a record of a meeting on ``date``."""
    if kind == "meeting":
        title = text_of(body, "title")
        name = f"Meeting of {text_of(body, 'date') or date}"
        return f"{name}: {title}" if title else name
    if kind == "approval":
        of = ", ".join(texts_of(body, "of"))
        return f"Approval of the minutes of {of}" if of else "Approval of earlier minutes"
    if kind == "appointment":
        return f"{text_of(body, 'role')}: {text_of(body, 'person') or text_of(body, 'stated')}"
    if kind == "event":
        return first_sentence(text_of(body, "name"))
    if kind == "poll":
        return f"Poll: {first_sentence(text_of(body, 'question'))}"
    if kind == "ballot":
        return ballot_words(body)
    if kind == "attestation":
        statement = mapping_of(body, "statement")
        return f"Statement of {text_of(statement, 'by')} on {text_of(statement, 'subject')}"
    title = first_sentence(text_of(body, "title") or words_of(kind, body))
    aside, _, rest = title.partition(") ")
    if aside.startswith("(") and "(" not in aside[1:] and rest[:1].isalnum():
        title = rest  # "(or @b, if he can come) HTTPS in core": the aside belongs to who said it
    topic = text_of(body, "topic") if kind == "report" and not is_motion(kind, body) else ""
    return f"{topic}: {title}" if topic and title else title or topic


def words_of(kind: str, body: Body) -> str:
    """Return the record's own words: the text as stated."""
    if kind == "vote":
        stated = body.get("stated")
        return text_of(stated, "text") if isinstance(stated, dict) else ""
    if kind == "event":
        return " ".join(filter(None, (text_of(body, name) for name in ("name", "when", "location"))))
    if kind == "appointment":
        return text_of(body, "stated")
    if kind == "poll":
        return text_of(body, "question")
    if kind == "attestation":
        return text_of(mapping_of(mapping_of(body, "statement"), "value"), "text")
    if kind == "ballot":
        return ""  # looking for "yes" should not find all who said it
    if kind == "meeting":
        parts = [text_of(body, "location"), text_of(body, "timezone"), text_of(body, "duration")]
        parts += [text_of(detail, "value") for detail in mappings_of(body, "details")]
        return " ".join(filter(None, parts))
    return text_of(body, "text")


def ballot_words(body: Body) -> str:
    """Return a ballot in words, with who vouches for it."""
    choice = text_of(body, "option")
    ranking, scores = body.get("ranking"), mappings_of(body, "scores")
    if isinstance(ranking, list):
        groups = [group for group in ranking if isinstance(group, list)]
        choice = " > ".join(" = ".join(map(str, group)) for group in groups)
    elif scores:
        choice = ", ".join(f"{text_of(one, 'option')} {one.get('score')}" for one in scores)
    elif not choice:
        choice = ", ".join(texts_of(body, "approved"))
    who, label = text_of(body, "by") or "no name", voucher_words(body)
    return f"{who}: {choice or 'blank'} ({label})"


def voucher_words(body: Body) -> str:
    """Return who vouches for a ballot: its voter, who signed it, or whoever entered it."""
    signed = text_of(mapping_of(body, "statement"), "signature")
    return f"signed by {text_of(body, 'by')}" if signed else f"entered by {text_of(body, 'entered_by')}"


def people_of(kind: str, body: Body) -> list[Person]:
    """Return the people of a record as (name as spelled, role), each once, in the order of the body."""
    reader = _PEOPLE.get(kind)
    if reader is None:
        return []
    people = [person for person in reader(body) if person[0].strip("@ ")]
    return people if len(people) < 2 else list(dict.fromkeys(people))


def names_around(body: Body, people: Sequence[Person]) -> str:
    """Return the people of a meeting with their roles and full names, as words."""
    words = [word for person in people for word in person]
    return " ".join(words + [text_of(item, "name") for item in mappings_of(body, "attendance")])


def date_words(date: str) -> str:
    """Return an ISO date with the name of its month.

    >>> date_words("2024-04-10")
    '2024-04-10 April'
    """
    return f"{date} {_MONTH_NUMBERS.get(date[5:7], '')}"


_People = Callable[[Body], list[Person]]


def _named(field: str, role: str) -> _People:
    return lambda body: [(name, role) for name in texts_of(body, field)]


def _meeting_people(body: Body) -> list[Person]:
    roles = ("chair", "secretary", "organizer", "deputy")
    people = [(name, role) for role in roles for name in texts_of(body, role)]
    present = mappings_of(body, "attendance")
    return people + [(text_of(item, "person"), text_of(item, "status")) for item in present]


def _proposers(body: Body) -> list[Person]:
    return [(name, "proposed") for name in (*texts_of(body, "proposer"), *texts_of(body, "co_proposers"))]


def _approvers(body: Body) -> list[Person]:
    people = [(name, "approved") for name in texts_of(body, "approvers")]
    return people + [(name, "merged") for name in texts_of(body, "merged_by")]


def _voters(body: Body) -> list[Person]:
    return [(text_of(item, "voter"), "voted") for item in mappings_of(body, "ballots")]


def _signers(body: Body) -> list[Person]:
    return [(name, "signed") for name in texts_of(mapping_of(body, "statement"), "by")]


def _appointed(body: Body) -> list[Person]:
    role = f"appointed {text_of(body, 'role').casefold()}".strip()
    return [(name, role) for name in texts_of(body, "person")]


_PEOPLE: dict[str, _People] = {
    "meeting": _meeting_people,
    "proposal": _proposers,
    "approval": _approvers,
    "vote": _voters,
    "decision": _named("by", "decided"),
    "comment": _named("by", "commented"),
    "mention": _named("by", "mentioned"),
    "report": _named("by", "reported"),
    "event": _named("by", "announced"),
    "action": _named("assignees", "assigned"),
    "appointment": _appointed,
    "poll": _named("seconded_by", "seconded"),
    "ballot": _named("by", "voted"),
    "attestation": _signers,
}
