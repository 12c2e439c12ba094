"""The charters on record, and one of them as it is shown: what it states, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import ConfigurationError
from ledger.governance.in_force import CharterVersion
from ledger.governance.rule_words import describe_rule, not_stated
from ledger.governance.rules import DEFAULT, SETTINGS, Rule, Rules, parse_rules
from ledger.lookup.layout import Line, field, paragraph
from ledger.lookup.succession import read_succession

if TYPE_CHECKING:
    from ledger.charter import Charter
    from ledger.governance.succession import Proposal
    from ledger.lookup.index import Index


class RecordedCharter(NamedTuple):
    """A charter on record: what it means, its leaf hash (hex), and its body as it stands in the log."""

    version: CharterVersion
    leaf: str
    body: dict[str, Any]


def read_charters(index: Index) -> list[RecordedCharter]:
    """Return the charters on record that can be read, proposed ones too, in the order of the log."""
    found: list[RecordedCharter] = []
    for version in read_succession(index).versions:
        raw = index.entry(version.seq)
        found.append(RecordedCharter(version, raw.leaf.hex(), raw.body or {}))
    return found


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Return what owners say to a version, for machines (``docs/json.md``)."""
    version = proposal.version
    return {
        "version": version.version,
        "seq": version.seq,
        "state": _state_of(proposal),
        "in_effect_since": version.since,
        "overtaken_by": proposal.overtaken,
        "owners": [
            {
                "of_version": one.version,
                "threshold": one.threshold,
                "owners": list(one.owners),
                "without_key": list(one.keyless),
                "agreed": [{"by": name, "seq": seq} for name, seq in one.agreed],
                "missing": one.missing,
            }
            for one in proposal.consents
        ],
    }


def proposal_lines(proposal: Proposal, width: int) -> Iterator[Line]:
    """Yield what a version waits for, or what made it take effect, and who has agreed."""
    version, state = proposal.version, _state_of(proposal)
    became = {
        "waiting": "waits for its owners",
        "overtaken": f"never took effect: #{proposal.overtaken} came first",
        "effective": f"took effect with #{version.since}",
    }[state]
    words = f"version {version.version} (#{version.seq}) {became}"
    yield from field("proposed", words, width, style="yellow" if state == "waiting" else None)
    for one in proposal.consents:
        agreed = ", ".join(f"{name} (#{seq})" for name, seq in one.agreed) or "nobody yet"
        text = f"{len(one.agreed)} of {one.threshold} owners by version {one.version}: {agreed}"
        yield from field("agreed", text, width)
        if state == "waiting" and one.missing:
            who = ", ".join(one.waits_for) or "nobody with a key"
            yield from field("missing", f"{one.missing} of {who}", width)
    if state == "waiting":
        yield from field("", "to agree: ledger sign charter; then: ledger sequence", width)


def _state_of(proposal: Proposal) -> str:
    if proposal.is_waiting:
        return "waiting"
    return "effective" if proposal.version.since is not None else "overtaken"


class ShownCharter(NamedTuple):
    """One charter on record: ``asked`` says why this one, ``until`` the day its rules cease to count.

    ``file`` says how GOVERNANCE.md lies there: adopted, proposed, edited or missing. ``later`` are the
    versions that took effect after it; ``proposals`` is what owners said to it, or to one that waits.
    """

    recorded: RecordedCharter
    asked: str
    until: str | None
    file: str
    later: Sequence[CharterVersion]
    proposals: Sequence[Proposal] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the charter for machines (``docs/json.md``)."""
        version, charter = self.recorded.version, self.recorded.version.charter
        owners = charter.owners
        rules, problem = _rules_of(charter, version.seq)
        return {
            "version": version.version,
            "seq": version.seq,
            "recorded": version.at,
            "in_force_from": version.in_force_from,
            "in_force_until": self.until,
            "in_effect_since": version.since,
            "proposals": [proposal_json(one) for one in self.proposals],
            "file": self.file,
            "group": charter.group,
            "origin": charter.origin,
            "keys": list(charter.keys),
            "store": charter.store,
            "owners": owners and {"threshold": owners.threshold, "handles": list(owners.handles)},
            "members": [
                {
                    "handle": one.handle,
                    "also": list(one.also),
                    "roles": list(one.roles),
                    "keys": list(one.keys),
                    "revoked": [
                        {"key": former.key, "suspect_since": former.suspect_since} for former in one.revoked
                    ],
                }
                for one in charter.members
            ],
            "terms": [list(words) for words in charter.terms],
            "rules": rules and [_rule_json(rule, charter) for rule in rules.in_order()],
            "rules_problem": problem,
            "witnesses": charter.witnesses
            and {
                "threshold": charter.witnesses.threshold,
                "of": [{"key": one.key, "url": one.url} for one in charter.witnesses.of],
            },
            "later": [
                {"version": one.version, "seq": one.seq, "in_force_from": one.in_force_from}
                for one in self.later
            ],
        }

    def lines(self, width: int) -> list[Line]:
        """Return the charter for people."""
        return [*self._facts(width), *self._people(width), *self._rules(width)]

    def _facts(self, width: int) -> Iterator[Line]:
        version, charter = self.recorded.version, self.recorded.version.charter
        yield from paragraph(
            f"{charter.group}: version {version.version} of the charter", width, style="bold"
        )
        yield from field("shown", self.asked, width)
        until = f", until {self.until}" if self.until else ""
        if version.since is None:
            yield from field("in force", "no: it is proposed only", width, style="yellow")
        else:
            yield from field("in force", f"for meetings from {version.in_force_from}{until}", width)
        yield from field("recorded", f"#{version.seq}, {version.at}", width)
        for proposal in self.proposals:
            yield from proposal_lines(proposal, width)
        for later in self.later:
            text = f"version {later.version} (#{later.seq}), in force from {later.in_force_from}"
            yield from field("followed by", text, width)
        if self.file != "adopted":
            state = {
                "proposed": "GOVERNANCE.md is the version that is proposed, and does not count yet",
                "edited": "GOVERNANCE.md was edited and is not adopted; see it with: ledger charter diff",
                "missing": "GOVERNANCE.md is missing; what counts is what stands in the log",
            }[self.file]
            yield from field("but", state, width, style="yellow")
        yield from field("log", charter.origin, width)
        for key in charter.keys:
            yield from field("key", key, width)
        if charter.witnesses is not None:
            names = ", ".join(one.name for one in charter.witnesses.of)
            text = f"{names}; {charter.witnesses.threshold} of them cosign each head"
            yield from field("witnesses", text, width)

    def _people(self, width: int) -> Iterator[Line]:
        charter = self.recorded.version.charter
        owners = charter.owners
        text = (
            "none stated"
            if owners is None
            else f"{', '.join(owners.handles)}; {owners.threshold} of them change the charter"
        )
        yield from field("owners", text, width)
        yield from field("members", str(len(charter.members)) if charter.members else "none stated", width)
        for member in charter.members:
            roles = f": {', '.join(member.roles)}" if member.roles else ""
            also = f" (also {', '.join(member.also)})" if member.also else ""
            yield from paragraph(f"{member.handle}{also}{roles}", width, indent=4)
        for words in charter.terms:
            yield from field("same words", ", ".join(words), width)

    def _rules(self, width: int) -> Iterator[Line]:
        charter = self.recorded.version.charter
        rules, problem = _rules_of(charter, self.recorded.version.seq)
        yield ()
        if problem is not None:
            yield from paragraph(f"Its rules cannot be read: {problem}", width, style="red")
        elif rules is None or not rules.kinds:
            what = "It states no rules: whether a motion passes is not computed, but what the minutes say."
            yield from paragraph(what, width)
        else:
            for rule in rules.in_order():
                yield from _rule_lines(rule, charter, width)


def _rules_of(charter: Charter, seq: int) -> tuple[Rules | None, str | None]:
    """Return what the rules mean, or why they cannot be read: charters of old were not checked."""
    try:
        return parse_rules(charter, path=f"entry {seq}"), None
    except ConfigurationError as error:
        return None, error.what


def _rule_json(rule: Rule, charter: Charter) -> dict[str, Any]:
    own = (charter.rules or {}).get(rule.kind, {})
    return {
        "kind": rule.kind,
        "settings": {name: rule.text[name] for name in SETTINGS if name in rule.text},
        "from_default": [name for name in SETTINGS if name in rule.text and name not in own],
        "means": [
            {"settings": list(said.settings), "text": said.text} for said in describe_rule(rule, charter)
        ],
        "not_stated": list(not_stated(rule)),
    }


def _rule_lines(rule: Rule, charter: Charter, width: int) -> Iterator[Line]:
    own = (charter.rules or {}).get(rule.kind, {})
    every = "Rules for every kind of decision that has none of its own"
    yield from paragraph(every if rule.kind == DEFAULT else f"Rules for {rule.kind}", width, style="bold")
    for said in describe_rule(rule, charter):
        stated = ", ".join(
            f"{name} {rule.text[name]}" + ("" if name in own else " (default)") for name in said.settings
        )
        yield from paragraph(said.text, width, indent=2)
        yield from paragraph(stated, width, indent=6, style="dim")
    missing = not_stated(rule)
    if missing:
        yield from paragraph(f"not stated: {', '.join(missing)}", width, indent=2, style="yellow")
    yield ()
