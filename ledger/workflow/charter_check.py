"""Whether a GOVERNANCE.md could be adopted as the next version of the charter, and what would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.charter import GOVERNANCE, Charter, FrontMatter, parse_charter, read_governance
from ledger.errors import ConfigurationError, Finding, LedgerError, StoreError, Where
from ledger.governance.charter_changes import Change, compare_charters, touches_outcomes
from ledger.governance.rule_words import not_stated
from ledger.governance.rules import find_faults, parse_rules
from ledger.governance.succession import Consent, owners_consent
from ledger.log.note import ED25519, VerifierKey
from ledger.log.sshkey import decode_key
from ledger.store.charters import decode_keys

if TYPE_CHECKING:
    from ledger.lookup.charters import RecordedCharter
    from ledger.store.places import Places

_STAND_IN = {"origin": "example.org/not-started", "keys": ["example.org/not-started+00000000+AQ"]}
"""For a file that names no ledger yet: everything else in it can be checked all the same."""


@dataclass(frozen=True, slots=True)
class CharterCheck:
    """What was found in the file ``path``; ``findings`` are in the order of its lines.

    ``version`` is what it would become, ``after`` the version that it follows and ``in_force_from`` the day
    its rules would count from; all None for a file on its own. ``changes`` is None where there is nothing
    to compare, and ``unchanged`` where the file is the one that was adopted. ``not_stated`` names for each
    kind of decision the settings that its rules do not state; it is empty where the rules cannot be read.
    ``needs`` says whose agreement it would need to take effect: nobody's where it is empty.
    """

    path: str
    findings: tuple[Finding, ...]
    version: int | None = None
    after: int | None = None
    in_force_from: str | None = None
    changes: tuple[Change, ...] | None = None
    unchanged: bool = False
    lines: tuple[int | None, ...] = ()  # of each change
    not_stated: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needs: tuple[Consent, ...] = ()
    changes_keys: bool = False

    @property
    def error(self) -> Finding | None:
        """The first thing for which it could not be adopted."""
        return next((one for one in self.findings if one.level == "error"), None)


def check_charter(file: Path | None, *, places: Callable[[], Places], today: str) -> CharterCheck:
    """Check ``file`` (None: the ledger's GOVERNANCE.md) as the next version of the charter.

    A file that is named may stand on its own: it names no ledger, or there is none around. ``today`` (ISO)
    is when its rules would count from where it does not say. Raises StoreError where the file or the
    ledger cannot be read.
    """
    from ledger.workflow.charters import read_recorded

    found: Places | None = None
    try:
        found = places()
    except StoreError:
        if file is None:
            raise
    path = file if file is not None else (found.governance if found is not None else Path(GOVERNANCE))
    data = read_charter_file(path)
    name = GOVERNANCE if file is None else str(file)
    if found is None or (file is not None and not _names_ledger(data)):
        return examine(data, name, None, today=today)
    return examine(data, name, read_recorded(found), today=today)


def read_charter_file(path: Path) -> bytes:
    """Return the bytes of a charter's file. Raises StoreError."""
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"cannot read {path}: {(error.strerror or str(error)).lower()}"
        raise StoreError(
            what, fix=f"name the file that is meant, or restore it: git checkout -- {path.name}"
        ) from None


def examine(
    data: bytes, path: str, charters: Sequence[RecordedCharter] | None, *, today: str
) -> CharterCheck:
    """Return what stands in the way of adopting the file ``data`` after the ``charters`` on record.

    It is compared with the one in effect, and counted after the last one, which may only be proposed.
    """
    try:
        matter = read_governance(data, path=path)
        if matter is None:
            raise ConfigurationError(
                "the file has no front matter",
                fix="begin it with lines between two lines of ---; ledger init writes the first ones",
                where=Where(path, 1),
            )
        charter = parse_charter(_completed(matter), path=path)
    except ConfigurationError as error:
        return CharterCheck(path, (_as_finding("not-a-charter", error),))
    findings = [*charter.findings, *_rule_findings(charter, matter, path)]
    findings += [*_key_findings(charter, matter), *_unsafe_witnesses(charter, matter)]
    missing = _not_stated(charter, path)
    if "ledger" not in matter.values:
        what = "the file names no ledger yet; ledger init adds its name and its key"
        findings.append(Finding("no-ledger", "note", None, what))
    if charters is None:
        return CharterCheck(path, _sorted(findings), not_stated=missing)
    current = next(one for one in reversed(charters) if one.version.since is not None)
    latest = charters[-1]
    if sha256(data).hexdigest() == latest.body.get("file_sha256"):
        return CharterCheck(
            path,
            _sorted(findings),
            after=latest.version.version,
            changes=(),
            unchanged=True,
            not_stated=missing,
        )
    before: dict[str, Any] = current.body["front_matter"]
    changes = compare_charters(current.version.charter, charter, others=(before, matter.values))
    start = charter.in_force_from or today
    findings += _succession(charter, matter, current, start)
    needs = _needs(current, charter, latest.version.version + 1)
    findings += _owner_findings(needs, charter, matter)
    findings += _backdating(charter, matter, changes, start, today)
    return CharterCheck(
        path,
        _sorted(findings),
        version=latest.version.version + 1,
        after=current.version.version,
        in_force_from=start,
        changes=tuple(changes),
        lines=tuple(_line(matter, change.keys) for change in changes),
        needs=needs,
        changes_keys=set(charter.keys) != set(current.version.charter.keys),
        not_stated=missing,
    )


def _succession(
    charter: Charter, matter: FrontMatter, current: RecordedCharter, start: str
) -> Iterator[Finding]:
    """Yield what ``verify`` would refuse in a version that follows the one in effect."""
    old = current.version.charter
    keys = _line(matter, ("ledger", "keys"))
    if charter.origin != old.origin:
        what = f"the file names the log {charter.origin}, and the ledger is {old.origin}"
        line = _line(matter, ("ledger", "origin"))
        yield Finding("other-origin", "error", line, what, f"put back: origin: {old.origin}")
    elif set(charter.keys) != set(old.keys):
        what = "the charter changes the keys that sign the log: whoever has one of them writes its history"
        yield Finding("keys-changed", "warning", keys, what, "compare each key with its owner")
    try:
        if any(key.type != ED25519 for key in decode_keys(charter.keys)):
            yield Finding("key", "error", keys, "a witness's key cannot sign for the log", "take it away")
    except LedgerError as error:
        yield Finding("key", "error", keys, error.what, error.fix)
    if start < current.version.in_force_from:
        first = current.version.in_force_from
        what = f"it would be in force from {start}, before version {current.version.version}: from {first}"
        yield Finding(
            "in-force-before",
            "error",
            _line(matter, ("in_force_from",)),
            what,
            f"say in_force_from: {first} or later",
        )


def _needs(current: RecordedCharter, charter: Charter, version: int) -> tuple[Consent, ...]:
    """Return whose agreement the next version needs to take effect; nobody's where none can be checked."""
    old = owners_consent(current.version.version, current.version.charter)
    if old is None or not old.is_enforceable:
        return ()
    new = owners_consent(version, charter)
    return (old,) if new is None else (old, new)


def _owner_findings(needs: tuple[Consent, ...], charter: Charter, matter: FrontMatter) -> Iterator[Finding]:
    own = owners_consent(0, charter)
    line = _line(matter, ("owners",))
    if own is not None and not own.is_enforceable:
        keyed = len(own.owners) - len(own.keyless)
        what = f"{keyed} of its {len(own.owners)} owners have a key, and {own.threshold} must agree"
        fix = f"name a key for {' or '.join(own.keyless)}: ledger member add"
        if needs:
            what = f"it could never take effect: {what}"
            yield Finding("owners-without-keys", "error", line, what, f"{fix}; or lower the threshold")
        else:
            what = f"{what}: nobody's agreement can be checked, and later versions need nobody's"
            yield Finding("owners-without-keys", "warning", line, what, fix)


def _unsafe_witnesses(charter: Charter, matter: FrontMatter) -> Iterator[Finding]:
    """Yield the witnesses' keys that have the form of one and must not be used."""
    for place, witness in enumerate(charter.witnesses.of if charter.witnesses is not None else ()):
        try:
            VerifierKey.decode(witness.key)
        except LedgerError as error:
            line = _line(matter, ("witnesses", "of", place, "key"))
            yield Finding("key", "error", line, error.what, error.fix)


def _backdating(
    charter: Charter, matter: FrontMatter, changes: list[Change], start: str, today: str
) -> Iterator[Finding]:
    if charter.in_force_from is None or start >= today or not touches_outcomes(changes):
        return
    kept = all(change.path != "in_force_from" for change in changes)
    why = " (the day of the version before)" if kept else ""
    what = f"in_force_from lies in the past{why}: what changed counts for votes since {start} too"
    fix = "leave the line out, and it counts from the day of adoption; or say the day that you mean"
    yield Finding("in-force-past", "warning", _line(matter, ("in_force_from",)), what, fix)


def _rule_findings(charter: Charter, matter: FrontMatter, path: str) -> Iterator[Finding]:
    for fault in find_faults(charter, matter.lines, path=path):
        yield _as_finding("wrong-rule", fault)


def _key_findings(charter: Charter, matter: FrontMatter) -> Iterator[Finding]:
    """Yield the keys of members that nobody could sign with."""
    for number, member in enumerate(charter.members):
        for place, key in enumerate(member.keys):
            try:
                decode_key(key)
            except LedgerError as error:
                line = _line(matter, ("members", number, "keys", place))
                what = f"a key of {member.handle} cannot be used: {error.what}"
                yield Finding("member-key", "error", line, what, error.fix or "take it out")


def _not_stated(charter: Charter, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    try:
        rules = parse_rules(charter, path=path)
    except ConfigurationError:
        return ()  # what is wrong with them is among the findings
    kinds = rules.in_order() if rules is not None else []
    return tuple((rule.kind, missing) for rule in kinds if (missing := not_stated(rule)))


def _completed(matter: FrontMatter) -> FrontMatter:
    if "ledger" in matter.values:
        return matter
    return FrontMatter({**matter.values, "ledger": _STAND_IN}, matter.lines)


def _names_ledger(data: bytes) -> bool:
    try:
        matter = read_governance(data)
    except ConfigurationError:
        return True  # what is wrong with it is told where it is examined
    return matter is not None and "ledger" in matter.values


def _as_finding(code: str, error: ConfigurationError) -> Finding:
    line = error.where.line if error.where is not None else None
    return Finding(code, "error", line, error.what, error.fix)


def _line(matter: FrontMatter, keys: tuple[str | int, ...]) -> int | None:
    while keys and keys not in matter.lines:
        keys = keys[:-1]
    return matter.lines.get(keys)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: one.line or 0))


def as_error(check: CharterCheck) -> ConfigurationError:
    """Return the error that keeps a file from being adopted."""
    error = check.error
    assert error is not None  # noqa: S101 - asked for only where there is one
    more = sum(one.level == "error" for one in check.findings) - 1
    others = f"; {more} more: ledger charter check" if more else ""
    return ConfigurationError(
        error.what,
        why="a charter is adopted only as it can be applied, and what is sealed cannot be mended",
        fix=(error.fix or "mend the line") + others,
        where=Where(check.path, error.line),
    )
