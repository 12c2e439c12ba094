"""Which version of the charter takes effect with which entry: known answers, and a slow second opinion."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.succession import Agreement, CharterEntry, follow_charters, owners_consent
from tests.log.members import Person

ORIGIN = "example.org/readers"
LOG_KEY = f"{ORIGIN}+c9a5ee5f+AW+sQ"
OTHER_KEY = f"{ORIGIN}+c9a5ee60+AW+sQ"
ANN, BOB, CID, DEE, EVE = (Person(name) for name in ("@ann", "@bob", "@cid", "@dee", "@eve"))
ANN_TOO = Person("@ann", 1)


def member(person, *keys, **more):
    keys = keys or (person,)
    return {"handle": person.handle, "keys": [one.key.text for one in keys], **more}


def at(seq):
    return f"2031-01-{seq + 1:02}T08:00:00Z"


@dataclass
class Log:
    """A log of charters and agreements, one entry after the other."""

    charters: list = field(default_factory=list)
    agreements: list = field(default_factory=list)
    size: int = 0

    def charter(self, *members, owners=None, threshold=1, keys=(LOG_KEY,), version=None, **front):
        front = {"group": "Readers", "ledger": {"origin": ORIGIN, "keys": list(keys)}, **front}
        front["members"] = list(members)
        if owners is not None:
            front["owners"] = {"threshold": str(threshold), "handles": list(owners)}
        body = {"version": version or len(self.charters) + 1, "front_matter": front}
        self.charters.append(CharterEntry(self.size, at(self.size), f"{self.size:064x}", body))
        self.size += 1
        return self.size - 1

    def agree(self, person, seq=None, **changes):
        about = self.charters[-1] if seq is None else next(c for c in self.charters if c.seq == seq)
        told = Agreement(
            self.size, at(self.size), person.handle, person.key.text, ORIGIN, f"#{about.seq}", about.leaf
        )
        self.agreements.append(told._replace(**changes))
        self.size += 1
        return self.size - 1

    def follow(self):
        def between(first, stop):
            return (a for a in self.agreements if a.seq >= first and (stop is None or a.seq < stop))

        return follow_charters(self.charters, between)

    def since(self):
        """From which entry each version counts, None for never."""
        return [one.since for one in self.follow().versions]


def test_without_owners_every_version_counts_at_once():
    log = Log()
    log.charter(member(ANN))
    log.charter(member(BOB))
    assert log.since() == [0, 1]
    assert log.follow().waiting is None
    assert log.follow().proposals == ()


def test_owners_whose_agreement_cannot_be_checked_bind_nobody():
    log = Log()
    log.charter(member(ANN), {"handle": "@bob"}, owners=["@ann", "@bob"], threshold=2)
    log.charter(member(ANN), owners=["@ann"])
    log.charter(member(ANN))
    # Of the first version's owners one has a key, and two must agree; the second one's owner is bound.
    assert log.since() == [0, 1, None]


def test_one_of_one():
    log = Log()
    log.charter(member(ANN), owners=["@ann"])
    log.charter(member(ANN))
    assert log.since() == [0, None]
    waiting = log.follow().waiting
    assert (waiting.old.waits_for, waiting.old.missing, waiting.new) == (("@ann",), 1, None)
    assert log.follow().current.version == 1
    done = log.agree(ANN)
    assert log.since() == [0, done]
    assert log.follow().waiting is None
    assert (log.follow().at(done - 1).version, log.follow().at(done).version) == (1, 2)


def test_two_of_three():
    log = Log()
    people = [member(ANN), member(BOB), member(CID)]
    owners = ["@ann", "@bob", "@cid"]
    log.charter(*people, owners=owners, threshold=2)
    log.charter(*people, owners=owners, threshold=2)
    log.agree(CID)
    assert log.since() == [0, None]
    (old, new) = log.follow().waiting.consents
    assert (old.agreed, old.missing, old.waits_for) == ((("@cid", 2),), 1, ("@ann", "@bob"))
    assert (new.version, new.agreed) == (2, (("@cid", 2),))
    done = log.agree(ANN)
    log.agree(BOB)
    assert log.since() == [0, done]


def test_new_owners_have_to_agree_too_each_by_the_keys_of_their_own_charter():
    log = Log()
    log.charter(member(ANN), member(BOB), owners=["@ann", "@bob"], threshold=2)
    log.charter(member(CID), member(DEE), owners=["@cid", "@dee"], threshold=1)
    log.agree(ANN)
    log.agree(BOB)
    assert log.since() == [0, None]
    assert [one.missing for one in log.follow().waiting.consents] == [0, 1]
    done = log.agree(DEE)
    assert log.since() == [0, done]


def test_persons_count_and_not_keys():
    log = Log()
    log.charter(member(ANN, ANN, ANN_TOO), member(BOB), owners=["@ann", "@bob"], threshold=2)
    log.charter(member(ANN))
    log.agree(ANN)
    log.agree(ANN_TOO)
    log.agree(ANN)
    assert log.since() == [0, None]
    assert log.agree(BOB) == log.since()[1]


def test_other_names_are_the_same_person():
    log = Log()
    first = member(ANN, also=["Annie"])
    log.charter(first, member(BOB), owners=["@ann", "Annie", "@bob"], threshold=2)
    log.charter(member(ANN))
    log.agree(ANN, by="Annie")
    log.agree(ANN)
    assert log.since() == [0, None]
    assert log.follow().waiting.old.owners == ("@ann", "@bob")
    # Three handles, two people: with a threshold of three nobody could ever agree.
    log = Log()
    log.charter(first, member(BOB), owners=["@ann", "Annie", "@bob"], threshold=3)
    log.charter(member(ANN))
    assert log.since() == [0, 1]


def test_one_key_of_two_people_makes_no_charter():
    log = Log()
    log.charter(member(ANN), owners=["@ann"])
    log.charter(member(ANN), member(BOB, ANN), owners=["@ann", "@bob"], threshold=2)
    assert log.since() == [0]


def test_a_name_that_is_not_the_keys_own_does_not_count():
    log = Log()
    log.charter(member(ANN), member(BOB), owners=["@ann", "@bob"], threshold=2)
    log.charter(member(ANN))
    log.agree(ANN)
    log.agree(ANN, by="@bob")
    log.agree(EVE, by="@bob")
    assert log.since() == [0, None]


def test_what_is_not_about_this_charter_does_not_count():
    log = Log()
    log.charter(member(ANN), owners=["@ann"])
    second = log.charter(member(ANN), owners=["@ann"])
    for changes in ({"leaf": "f" * 64}, {"subject": "#0"}, {"subject": "#9"}, {"origin": "example.org/x"}):
        log.agree(ANN, **changes)
    assert log.since() == [0, None]
    log.agree(ANN, seq=0)
    assert log.since() == [0, None]
    third = log.charter(member(ANN), owners=["@ann"])
    # What was said to the second one is no agreement to the third, whenever it is played again.
    log.agree(ANN, seq=second)
    assert log.since() == [0, None, None]
    assert log.agree(ANN, seq=third) == log.since()[2]


def test_a_version_that_is_overtaken_never_counts():
    log = Log()
    log.charter(member(ANN), owners=["@ann"])
    second = log.charter(member(ANN), member(BOB))
    third = log.charter(member(ANN), owners=["@ann"])
    log.agree(ANN, seq=second)
    log.agree(ANN, seq=third)
    assert log.since() == [0, None, 4]
    first, last = log.follow().proposals
    assert (first.overtaken, first.is_waiting, last.overtaken) == (third, False, None)
    assert [one.version for one in log.follow().before(4)] == [1]


def test_agreements_are_judged_by_the_keys_in_force_at_their_place():
    log = Log()
    log.charter(member(ANN), member(BOB), owners=["@ann", "@bob"], threshold=1)
    # @bob's key is taken away: what he said before stands, and what he says later does not count.
    revoked = {"handle": "@bob", "keys": [], "revoked": [{"key": BOB.key.text}]}
    log.charter(member(ANN), revoked, owners=["@ann"], threshold=1)
    log.agree(BOB)
    assert log.since() == [0, None]
    assert [one.missing for one in log.follow().waiting.consents] == [0, 1]
    log.agree(ANN)
    assert log.since() == [0, 3]
    log.charter(member(ANN), owners=["@ann"])
    log.agree(BOB)
    assert log.since() == [0, 3, None]
    log.agree(ANN)
    assert log.since() == [0, 3, 6]


def test_a_new_key_of_an_owner_counts_for_the_new_charter_only():
    log = Log()
    log.charter(member(ANN), owners=["@ann"])
    log.charter(member(ANN, ANN_TOO), owners=["@ann"])
    log.agree(ANN_TOO)
    assert [one.missing for one in log.follow().waiting.consents] == [1, 0]
    log.agree(ANN)
    assert log.since() == [0, 3]


def test_the_day_from_which_rules_count():
    log = Log()
    log.charter(member(ANN), owners=["@ann"], in_force_from="2030-01-01")
    log.charter(member(ANN), owners=["@ann"])
    log.agree(ANN)
    log.charter(member(ANN), owners=["@ann"], in_force_from="2031-02-01")
    days = [one.in_force_from for one in log.follow().effective]
    assert days == ["2030-01-01", at(2)[:10]]
    assert log.follow().for_rules("2031-03-01").version == 2
    log.agree(ANN)
    assert log.follow().for_rules("2031-03-01").version == 3


def test_epochs_of_log_keys():
    log = Log()
    log.charter(member(ANN))
    log.charter(member(ANN), owners=["@ann"])
    log.charter(member(ANN), owners=["@ann"], keys=(LOG_KEY, OTHER_KEY))
    assert [(one.charter, one.since) for one in log.follow().epochs()] == [(0, 0)]
    done = log.agree(ANN)
    log.charter(member(ANN), owners=["@ann"], keys=(OTHER_KEY, LOG_KEY))
    log.agree(ANN)
    log.charter(member(ANN), owners=["@ann"], keys=(OTHER_KEY,))
    last = log.agree(ANN)
    succession = log.follow()
    found = [(one.charter, one.since, len(one.keys), one.agreed) for one in succession.epochs()]
    assert found == [(0, 0, 1, False), (2, done, 2, True), (6, last, 1, True)]
    both = (LOG_KEY, OTHER_KEY)
    assert [succession.signers(size) for size in (0, 1, done, done + 1, last, last + 1)] == [
        (),
        (LOG_KEY,),
        (LOG_KEY,),
        both,
        both,
        (OTHER_KEY, LOG_KEY),
    ]
    assert succession.signers(last + 2) == (OTHER_KEY,)


def test_what_cannot_be_read_overtakes_all_the_same():
    log = Log()
    log.charter(member(ANN), owners=["@ann"])
    second = log.charter(member(ANN))
    log.charters.append(CharterEntry(2, at(2), "0" * 64, {"version": 3, "front_matter": {"group": ""}}))
    log.size = 3
    log.agree(ANN, seq=second)
    assert log.since() == [0, None]
    assert log.follow().proposal(second).overtaken == 2
    assert log.follow().waiting is None


def test_nobody_is_asked_where_nobody_waits():
    def never(first, stop):
        raise AssertionError((first, stop))

    log = Log()
    log.charter(member(ANN))
    log.charter(member(ANN), owners=["@ann"])
    assert len(follow_charters(log.charters, never).effective) == 2


# --- a second opinion -----------------------------------------------------------------------------------

PEOPLE = (ANN, BOB, CID)
RINGS = {0: PEOPLE, 1: tuple(Person(one.handle, 1) for one in PEOPLE)}


@st.composite
def logs(draw):
    """Random charters and agreements by three people with two keys each."""
    log, model = Log(), []
    for _ in range(draw(st.integers(1, 12))):
        if not log.charters or draw(st.booleans()):
            rings = [draw(st.sampled_from(((), (0,), (1,), (0, 1)))) for _ in PEOPLE]
            owners = draw(st.lists(st.integers(0, 2), unique=True))
            threshold = draw(st.integers(1, max(len(owners), 1)))
            people = [
                {"handle": one.handle, "keys": [RINGS[ring][place].key.text for ring in rings[place]]}
                for place, one in enumerate(PEOPLE)
            ]
            handles = [PEOPLE[place].handle for place in owners] or None
            seq = log.charter(*people, owners=handles, threshold=threshold)
            model.append(("charter", seq, rings, owners, threshold))
        else:
            place, ring = draw(st.integers(0, 2)), draw(st.integers(0, 1))
            about = draw(st.sampled_from(log.charters)).seq
            seq = log.agree(RINGS[ring][place], seq=about)
            model.append(("agree", seq, place, ring, about))
    return log, model


def slow_since(model):
    """The same again by the words of the format: entry by entry, everything counted anew each time."""

    def binds(charter):
        _, _, rings, owners, threshold = charter
        return bool(owners) and sum(bool(rings[one]) for one in owners) >= threshold

    def has_enough(charter, about, entries):
        _, _, rings, owners, threshold = charter
        people = {
            place
            for kind, _, *told in entries
            if kind == "agree"
            for place, ring, subject in [told]
            if subject == about and place in owners and ring in rings[place]
        }
        return not owners or len(people) >= threshold

    since, in_force, open_one = {}, None, None
    for place, entry in enumerate(model):
        if entry[0] == "charter":
            since[entry[1]], open_one = None, None
            if in_force is None or not binds(in_force):
                since[entry[1]], in_force = entry[1], entry
            else:
                open_one = entry
        elif open_one is not None:
            said = model[model.index(open_one) : place + 1]
            seq = open_one[1]
            if has_enough(in_force, seq, said) and has_enough(open_one, seq, said):
                since[seq], in_force, open_one = entry[1], open_one, None
    return [since[entry[1]] for entry in model if entry[0] == "charter"]


@given(logs())
def test_against_a_slow_model(case):
    log, model = case
    assert log.since() == slow_since(model)


@given(logs())
def test_what_comes_later_never_changes_what_counted(case):
    log, _ = case
    whole = log.follow()
    for size in range(1, log.size):
        part = Log(
            [one for one in log.charters if one.seq < size],
            [one for one in log.agreements if one.seq < size],
        ).follow()
        now, then = whole.at(size - 1), part.at(size - 1)
        assert (now and now.seq) == (then and then.seq)
        assert whole.signers(size) == part.signers(size)


def test_consent_of_a_charter_without_owners():
    log = Log()
    log.charter(member(ANN))
    version = log.follow().versions[0]
    assert owners_consent(1, version.charter) is None
