"""Lines that give the offices of the next meeting."""

from __future__ import annotations

import re

from ledger.minutes import events
from ledger.minutes.header import find_roles
from ledger.minutes.inline import is_placeholder
from ledger.minutes.people import HANDLE, find_handles, is_plausible, read_people
from ledger.minutes.sheet import Context, Sheet, Statement
from ledger.records import Appointment

_NEXT_OFFICE = rf"(?:and\s+|the\s+|next\s+)*{events.OFFICE.replace('?P<office>', '?:')}\s*(?::|=|[–—]|-(?=\s)|\bis\b|\bwill be\b)"
_PIECES = re.compile(
    rf"\s*;\s*|\s*\((?=[\w -]{{3,20}}:\s*@|(?:backup|deputy)\s+@)|\s*,\s*(?={_NEXT_OFFICE})|\s+and\s+(?={_NEXT_OFFICE})",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:(?:and\s+)?(?:the\s+)?next\s+(?:meeting(?:'s|’s)?\s+)?)?(?P<roles>[\w /&,-]{3,60}?)\s*(?::|=|[–—]|-(?=\s)|\bis\b|\bwill be\b|(?<=backup)\s|(?<=deputy)\s)\s*(?P<who>.*)$",
    re.IGNORECASE,
)
_HELD = re.compile(
    events.OFFICE
    + rf"\s*(?::|=|\bis\b|\bwill be\b|\bby\b)?\s*(?P<who>{HANDLE}(?:\s*(?:,|&|and)\s*{HANDLE})*(?!\s*\?)|tb[dac]\b)",
    re.IGNORECASE,
)


def read_election(sheet: Sheet, statement: Statement, context: Context) -> Context | None:
    """``Next meeting chair: @x``, ``Chair: TBD``, ``@x; deputy is @y`` (roles from the heading)."""
    heading = find_roles(context.section[-1]) if context.section else []
    added: int | None = None
    for piece in _PIECES.split(statement.plain):
        label = _LABEL.match(piece)
        roles = find_roles(label["roles"]) if label else []
        who = label["who"] if label and roles else piece
        who = who if "(" in who else who.rstrip(")")
        if not label and not find_handles(piece) and not is_placeholder(piece):
            continue
        named = _people_of(who)
        if not roles and len(named) == len(heading) > 1:
            # "organizer & deputy" above "@a, @b": each office has its holder.
            pairs = list(zip(heading, named, strict=True))
        else:
            roles = roles or find_roles(piece) or (heading[:1] if added is None else [])
            pairs = [(role, one) for role in roles for one in named or [None]]
        for role, one in pairs:
            added = _add_appointment(sheet, statement, context, role, one, who or piece)
    return None if added is None else sheet.below(context, added)


def _people_of(who: str) -> list[str | None]:
    """The holders that words name; none where they only ask or leave it open."""
    if is_placeholder(who) or re.match(r"\W*tb[dac]\b", who, re.IGNORECASE):
        return []
    # "@x?" asks whether x would do it, "@x or @y" does not say who does.
    if re.search(r"@[\w-]+\s*\?|@[\w-]+\s+or\s+@", who):
        return []
    people = read_people(who)
    if not all(one.person.startswith("@") or is_plausible(one) for one in people):
        people = [one for one in people if one.person.startswith("@")]
    return [one.person for one in people]


def add_offices_named(sheet: Sheet, statement: Statement, context: Context) -> None:
    """Add the offices that a line about the next meeting names: ``… on Matrix, chair @x``."""
    for match in _HELD.finditer(statement.plain):
        people: list[str | None] = [*find_handles(match["who"])]
        for role in find_roles(match["office"]):
            for person in people or [None]:
                _add_appointment(sheet, statement, context, role, person, match["who"])


def _add_appointment(
    sheet: Sheet, statement: Statement, context: Context, role: str, person: str | None, stated: str
) -> int:
    record = Appointment(
        role=role, person=person, stated=stated, term="next meeting", **sheet.common(statement, context),
    )  # fmt: skip
    return sheet.add("appointment", record)
