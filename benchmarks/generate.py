"""A ledger of any length whose words are spread as words are: few common ones, many rare ones.

Used by the benchmarks of verification and of look-up. The same number of entries gives the same
records, written with all their members as the product writes them; the signed head, the chain, the
tree, the minutes and the quotes are all as they must be, so that ``verify`` holds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.batch import encode_entries
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import ZERO
from ledger.log.merkle import Frontier
from ledger.log.note import SigningKey, sign_note
from ledger.records import from_body, to_body
from ledger.store.places import ENTRIES, Places, entry_file_name

ORIGIN = "example.org/benchmark"
AT = "2060-01-01T09:30:00Z"
MEETING = 125
"""Entries of one meeting: its source, itself, proposals with comments and votes, actions."""

RARE = "zeppelin"
"""A word of one title only, in the first meeting."""

COMMON = "project"
"""A word of every second record."""

PEOPLE = [f"@member{number}" for number in range(40)]
_LETTERS = "abcdefghijklmnoprstuvwyz"

Record = tuple[str, "str | None", dict[str, Any]]


class Words:
    """Draws sentences from invented words, the n-th word n times rarer than the first."""

    def __init__(self, seed: int, terseness: int = 1, *, counted: bool = False) -> None:
        self.terseness = terseness
        self.counted = counted  # whether votes have counts and ballots
        self.random = random.Random(seed)
        self.known = [
            "".join(self.random.choices(_LETTERS, k=self.random.randint(3, 9))) for _ in range(20_000)
        ]
        self._weights = list(accumulate(1 / number for number in range(10, len(self.known) + 10)))

    def sentence(self, count: int) -> str:
        """Return ``count`` words (a part of them if terse), the common one among them every second time."""
        count = max(2, count // self.terseness)
        words = self.random.choices(self.known, cum_weights=self._weights, k=count)
        if self.random.random() < 0.5:
            words[count // 2] = COMMON
        return " ".join(words).capitalize()


def build_ledger(
    root: Path, entries: int, *, terseness: int = 1, rules: dict[str, dict[str, str]] | None = None
) -> int:
    """Write a signed ledger of ``entries`` entries below ``root``; return the bytes of its lines.

    A line has about 610 bytes, with a ``terseness`` of 4 about 520. With ``rules`` the charter states
    them and its members, and votes have counts and ballots.
    """
    signer = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    places = Places(root)
    places.minutes.mkdir(parents=True)
    governance = f"---\nledger:\n  origin: {ORIGIN}\n---\n"
    places.governance.write_text(governance, encoding="utf-8")
    (places.records / ".gitattributes").write_bytes(b"* -text -merge -ident -filter\n")
    frontier, prev, size, first = Frontier(), ZERO, 0, 0
    waiting: list[bytes] = []
    charter: dict[str, Any] = {"group": "Benchmark"}
    charter["ledger"] = {"origin": ORIGIN, "keys": [signer.vkey.encode()]}
    if rules is not None:
        members = [{"handle": person, "also": [person[1:].title()]} for person in PEOPLE]
        charter |= {"in_force_from": "1980-01-01", "members": members, "rules": rules}
    words = Words(entries, terseness, counted=rules is not None)
    for records in _recordings(places, words, entries, charter, governance):
        batch = encode_entries(records, first=first, at=AT, prev=prev)
        prev = batch.leaves[-1]
        for leaf in batch.leaves:
            frontier.append(leaf)
        waiting += batch.lines
        first += len(records)
        while len(waiting) >= 256 or (waiting and first == entries):
            path = root / ENTRIES / entry_file_name((first - len(waiting)) // 256)
            path.parent.mkdir(parents=True, exist_ok=True)
            size += path.write_bytes(b"".join(waiting[:256]))
            del waiting[:256]
    head = Checkpoint(ORIGIN, entries, frontier.root())
    places.checkpoint.write_bytes(sign_note(head.encode(), [signer]))
    return size


def _recordings(
    places: Places, words: Words, entries: int, charter: dict[str, Any], governance: str
) -> Iterator[list[Record]]:
    """Yield the records of the charter, then of one meeting after the other."""
    digest = sha256(governance.encode()).hexdigest()
    yield [
        (
            "charter",
            None,
            {"version": 1, "previous": None, "file_sha256": digest, "front_matter": charter},
        )
    ]
    seq, day, earlier = 1, 0, list[str]()
    while seq < entries:
        date = f"{1990 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
        records = _meeting(places, words, date, seq, min(MEETING, entries - seq), earlier)
        yield records
        seq, day = seq + len(records), day + 1


def _meeting(
    places: Places, words: Words, date: str, first: int, count: int, earlier: list[str]
) -> list[Record]:
    """Return the records of one meeting, its source first, and write its minutes."""
    lines: list[str] = []
    records: list[Record] = []
    drawn = _items(words, date, earlier, "A voyage by zeppelin" if first == 1 else None)
    for kind, name, body in drawn:
        if len(records) == count - 1:
            break
        quote = body.get("text") or body.get("title") or f"line {len(lines)}"
        lines.append(quote)
        body["source"] = {"seq": first, "lines": [len(lines), len(lines)], "quote": quote}
        records.append((kind, name, to_body(from_body(kind, body))))
    data = "\n".join(lines).encode()
    path = f"records/minutes/{date}.md"
    (places.root / path).write_bytes(data)
    source = {"path": path, "sha256": sha256(data).hexdigest(), "meeting": date}
    return [("source", None, to_body(from_body("source", source))), *records]


def _items(words: Words, date: str, earlier: list[str], title: str | None) -> Iterator[Record]:
    """Yield a meeting and then threads without end; a few lead back to an earlier proposal."""
    rand = words.random
    present = [{"person": person, "status": "present"} for person in rand.sample(PEOPLE, 6)]
    yield (
        "meeting",
        date,
        {"date": date, "title": f"Minutes {date}", "chair": [PEOPLE[0]], "attendance": present},
    )
    number = 0
    while True:
        number += 1
        name = f"{date}/{number}"
        text = title or words.sentence(7)
        title = None
        yield "proposal", name, {"title": text, "text": text, "proposer": rand.choice(PEOPLE)}
        for comment in range(1, rand.randint(2, 6)):
            body = {"text": words.sentence(12), "by": [rand.choice(PEOPLE)], "on": name}
            yield "comment", f"{name}.{comment}", body
        outcome = rand.choice(("adopted", "adopted", "rejected", None))
        vote = {"proposal": name, "stated": {"text": "Voted in the meeting", "outcome": outcome}}
        yield "vote", None, vote | _tally(rand, vote["stated"], present) if words.counted else vote
        if number % 4 == 0:
            yield "action", None, {"text": words.sentence(8), "assignees": [rand.choice(PEOPLE)]}
        if number % 10 == 0 and earlier:
            yield (
                "mention",
                None,
                {"of": rand.choice(earlier), "text": words.sentence(8), "reason": "same words"},
            )
        if number % 5 == 0:
            earlier.append(name)


def _tally(rand: random.Random, stated: Any, present: list[dict[str, str]]) -> dict[str, Any]:
    """Return counts, and the ballots that give them, of a vote by those present."""
    ballots = [{"voter": one["person"], "option": rand.choice(("yes", "yes", "no"))} for one in present]
    yes = sum(ballot["option"] == "yes" for ballot in ballots)
    return {"stated": stated | {"counts": {"yes": yes, "no": len(ballots) - yes}}, "ballots": ballots}
