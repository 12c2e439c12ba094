"""What the options of ``decide`` say together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.errors import UsageError
from ledger.records import Reference
from ledger.workflow.decide import Outcome, Statement


def statement_of(options: Mapping[str, Any]) -> Statement:
    """Return what the options of ``decide`` state, by the names of its parameters.

    Raises UsageError where they contradict each other.
    """
    names = ("supersedes", "partly", "amends", "repeals")
    supersedes, partly, amends, repeals = (tuple(options[name] or ()) for name in names)
    return Statement(
        supersedes=supersedes,
        partly_supersedes=partly,
        amends=amends,
        repeals=repeals,
        outcome=_outcome(options),
        until=options["until"],
        review_on=options["review_on"],
        expires_on=options["expires_on"],
        condition=options["condition"],
        condition_met=_met(options),
        refers_to=_reference(options),
        date=options["on_day"],
        source=options["source"],
        reason=options["reason"],
        by=tuple(options["by"] or ()),
    )


def _outcome(options: Mapping[str, Any]) -> Outcome | None:
    flags: dict[str, Outcome] = {
        "adopt": "adopted",
        "reject": "rejected",
        "defer": "deferred",
        "withdraw": "withdrawn",
        "repeal": "repealed",
    }
    named = [flag for flag in flags if options[flag]]
    if len(named) > 1:
        raise UsageError(
            f"{' and '.join(f'--{flag}' for flag in named)} contradict each other",
            why="one decision has one outcome",
            fix="give one of them; record two decisions in two commands",
        )
    return flags[named[0]] if named else None


def _met(options: Mapping[str, Any]) -> bool | None:
    if options["met"] and options["not_met"]:
        raise UsageError(
            "--condition-met and --condition-failed contradict each other", fix="give one of the two"
        )
    return True if options["met"] else False if options["not_met"] else None


def _reference(options: Mapping[str, Any]) -> Reference | None:
    details = {name: options[name] for name in ("url", "version", "sha256", "as_of")}
    if options["refers_to"] is not None:
        return Reference(what=options["refers_to"], **details)
    if any(details.values()):
        raise UsageError("--url, --version, --sha256 and --as-of tell of what --refers-to names")
    return None
