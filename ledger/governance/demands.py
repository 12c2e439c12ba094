"""The demands of a rule, each held against the facts of a vote."""

from __future__ import annotations

from ledger.governance.facts import VoteFacts
from ledger.governance.formula import FormulaError
from ledger.governance.numbers import Number
from ledger.governance.people import Spellings
from ledger.governance.rule_values import Lazy, Quorum, Veto
from ledger.governance.rules import Bodies, Rule
from ledger.governance.shares import Step, check_threshold


def hold_demands(facts: VoteFacts, rule: Rule, bodies: Bodies) -> tuple[Step, ...]:
    """Return whether each demand of ``rule`` holds for ``facts``, in the order in which they are told.

    ``bodies`` are those of the charter in force, for the sizes that the rule needs.
    """
    return tuple(_Steps(facts, rule, bodies).all())


class _Steps:
    """The demands of one rule, each held against the facts."""

    def __init__(self, facts: VoteFacts, rule: Rule, bodies: Bodies) -> None:
        self._facts = facts
        self._rule = rule
        self._bodies = bodies

    def all(self) -> list[Step]:
        """Return every step, in the order in which they are told."""
        rule = self._rule
        steps = [self._quorum(rule.quorum)] if rule.quorum is not None else []
        steps += [self._veto(rule.veto)] if rule.veto is not None else []
        if rule.threshold is not None and rule.method in (None, "yes-no", "consensus", "lazy-consensus"):
            steps += check_threshold(self._facts, rule, self._bodies.size(rule.electorate))
        if rule.min_yes is not None:
            steps.append(self._min_yes(rule.min_yes))
        if rule.method not in (None, "yes-no"):
            steps.append(self._method(rule.method or ""))
        if rule.lazy is not None:
            steps.append(self._lazy(rule.lazy))
        return steps + self._side()

    def _quorum(self, quorum: Quorum) -> Step:
        facts = self._facts
        if quorum.of is None or quorum.of in ("eligible", "electorate"):
            size, of = self._bodies.size(self._rule.electorate), "those who may vote"
        elif quorum.of.isdigit():
            size, of = int(quorum.of), quorum.of
        else:
            size, of = self._bodies.size(quorum.of), quorum.of
        try:
            need = quorum.amount.least(size, strict=quorum.strict)
        except FormulaError as error:
            return Step("quorum", None, f"the quorum cannot be told: {error}")
        if need is None:
            return Step(
                "quorum", None, f"a quorum of {quorum.text} is needed, and the size of {of} is not known"
            )
        number, who = self._taking_part()
        text = f"a quorum of {need} is needed" + (f" ({quorum.text})" if quorum.text != str(need) else "")
        if size is not None and quorum.amount.needs_size:
            text += f" of {size}"
        if number.high is not None and number.high < need:
            return Step("quorum", False, f"{text}, and {number} {who}")
        if number.low >= need:
            return Step("quorum", True, f"{text}, and {number} {who}")
        if facts.unanimous:
            return Step("quorum", None, f"{text}, and no count is stated")
        if self._rule.quorum_counts_abstain is None and facts.abstain.low and number.exact is None:
            return Step(
                "quorum", None, f"{text}, and the rules do not say whether abstentions count for it"
            )
        return Step("quorum", None, f"{text}, and how many {who} is not known ({number})")

    def _taking_part(self) -> tuple[Number, str]:
        """Return who counts for the quorum, and in words."""
        facts, rule = self._facts, self._rule
        measure = rule.quorum.measure if rule.quorum is not None else None
        if measure == "yes" or (measure is None and rule.base == "yes-over-default"):
            return facts.yes, "voted yes"
        if measure == "present" or (measure is None and rule.base == "present"):
            return facts.present, "were present"
        without = facts.yes.plus(facts.no)
        if measure == "cast" or rule.quorum_counts_abstain:
            return facts.cast, "voted, abstentions included"
        if rule.quorum_counts_abstain is False:
            return without, "voted yes or no"
        return Number(without.low, facts.cast.high), "took part"

    def _veto(self, veto: Veto) -> Step:
        facts = self._facts
        if facts.no.high == 0:
            return Step("veto", True, "nobody vetoed it")
        lifted = f"; it can be lifted by {veto.lifted_by}" if veto.lifted_by else ""
        if veto.by is not None or veto.binding:
            blocking = self._blocking(veto.by)
            if blocking:
                return Step("veto", False, f"{', '.join(blocking)} voted no, which is a veto{lifted}")
            named = facts.ballots is not None and len(facts.objectors) >= (
                facts.no.high or facts.no.low + 1
            )
            if named and blocking is not None:
                return Step("veto", True, "nobody who may veto voted no")
            return Step("veto", None, "whether somebody who may veto voted no is not on record")
        if facts.no.low:
            return Step("veto", False, f"{facts.no} voted no, which is a veto{lifted}")
        return Step("veto", None, "whether somebody voted no is not on record")

    def _blocking(self, role: str | None) -> list[str] | None:
        """Return who of those named as voting no may veto; None where the charter does not say who may."""
        body = role if role is not None else self._rule.electorate
        people = None if body is None else self._bodies.of(body)
        if people is None:
            return None
        names = Spellings.of(self._bodies.charter)
        entitled = names.keys(people)
        return [person for person in self._facts.objectors if names.key(person) in entitled]

    def _min_yes(self, least: int) -> Step:
        yes = self._facts.yes
        text = f"at least {least} must vote yes"
        if yes.low >= least:
            return Step("min_yes", True, f"{text}, and {yes} did")
        if yes.high is not None and yes.high < least:
            return Step("min_yes", False, f"{text}, and {yes} did")
        return Step("min_yes", None, f"{text}, and how many did is not stated")

    def _method(self, method: str) -> Step:
        facts = self._facts
        if method in ("consensus", "lazy-consensus"):
            text = "consensus is needed: nobody may object"
            if facts.no.low:
                return Step("method", False, f"{text}, and {facts.no} did")
            if facts.no.high == 0 or facts.method == "consensus":
                return Step("method", True, f"{text}, and nobody did")
            return Step("method", None, f"{text}, and whether somebody did is not stated")
        return Step("method", None, f"it is counted by {method}, and no such ballots are on record")

    def _lazy(self, lazy: Lazy) -> Step:
        facts = self._facts
        text = f"silence is consent ({lazy.text})"
        if facts.no.low > lazy.objections:
            return Step("lazy", False, f"{text}, and {facts.no} objected")
        if lazy.declared and facts.declared is not True:
            held = None if facts.declared is None else False
            return Step("lazy", held, f"{text}, and it is not on record that it was announced so")
        if lazy.after is not None and facts.hours is None:
            return Step("lazy", None, f"{text}, and how long it was open is not on record")
        if lazy.after is not None and facts.hours is not None and facts.hours < lazy.after.hours:
            return Step("lazy", False, f"{text}, and it was open for {facts.hours} hours only")
        if facts.yes.low < lazy.approvals:
            short = facts.yes.high is not None and facts.yes.high < lazy.approvals
            return Step("lazy", False if short else None, f"{text}, and {facts.yes} approved")
        if facts.no.high is None or facts.no.high > lazy.objections:
            return Step("lazy", None, f"{text}, and how many objected is not stated")
        return Step("lazy", True, f"{text}: {facts.yes} approved, {facts.no} objected")

    def _side(self) -> list[Step]:
        """What the rule demands of how a vote is held."""
        rule, facts, steps = self._rule, self._facts, []
        if rule.second is not None:
            try:
                need = rule.second.least(self._bodies.size(rule.electorate))
            except FormulaError:
                need = None
            known = facts.seconds is not None and need is not None
            held = (
                facts.seconds >= need if known and facts.seconds is not None and need is not None else None
            )
            steps.append(Step("second", held, _side_text(f"{rule.second.text} to second it", held)))
        if rule.notice is not None:
            steps.append(Step("notice", None, _side_text(f"notice of {rule.notice.text}", None)))
        if rule.open_for is not None:
            hours = facts.hours
            held = None if hours is None else hours >= rule.open_for.length.hours
            steps.append(Step("open_for", held, _side_text(f"a vote open for {rule.open_for.text}", held)))
        if rule.recusal is not None:
            steps.append(Step("recusal", None, _side_text(f"recusal ({rule.recusal})", None)))
        return steps


def _side_text(what: str, held: bool | None) -> str:
    shown = {True: "it was so", False: "it was not so", None: "the record does not show whether it was so"}
    return f"the rules ask for {what}; {shown[held]}"
