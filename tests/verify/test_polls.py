"""Polls: verify counts them again, and finds every change that whoever holds the key could have made."""

import pytest

from ledger.records import to_body
from ledger.workflow.lookup import explain_outcome
from ledger.workflow.polls import show_poll
from ledger.workflow.polls.opening import PollWish
from tests.verify.asking import detail, failed
from tests.verify.polls import OPENED_AT, SUBJECT, PollBuilder, change, closed, later, verify_anew

BODIES = "bodies and references"
POLL, ADA, AGAIN, BEN, EVE, CYD, VOTE = range(11, 18)
"""The entries of the closed poll."""


def test_a_closed_poll_holds_and_is_counted_again(root):
    poll = closed(root)
    report = verify_anew(poll)
    assert report.ok, report.failure
    assert "1 poll, 1 tally counted again" in detail(report, BODIES)
    assert poll.seq == POLL
    assert poll.builder.entries[VOTE].body["tally"]["counted"] == [AGAIN, BEN, CYD]


@pytest.mark.parametrize(
    ("seq", "path", "to", "what"),
    [
        (POLL, ("subject",), "#4", "which does not fit there"),
        (POLL, ("subject",), "2024-04-10/9", "no such record"),
        (POLL, ("subject_leaf",), "0" * 64, "another text"),
        (POLL, ("options",), ["yes", "no"], "other options"),
        (POLL, ("charter",), {"seq": 0, "version": 1}, "another charter"),
        (POLL, ("charter",), None, "another charter"),
        (POLL, ("rules", "threshold"), "1/100", "the rules of the poll"),
        (POLL, ("rules",), None, "the rules of the poll"),
        (POLL, ("kind",), "election", "the rules of the poll"),
        (POLL, ("electorate",), ["@ada"], "the electorate"),
        (POLL, ("electorate",), None, "the electorate"),
        (POLL, ("closes_at",), "2024-05-01T09:00:00Z", "shorter time"),
        (POLL, ("closes_at",), "tomorrow", "not a time"),
        (POLL, ("opened_at",), "2024-05-01T08:00:01Z", "before it was opened"),
        (POLL, ("reopens",), "#10", "which does not fit there"),
        (POLL, ("seats",), 0, "number of seats"),
        (POLL, ("default_option",), "none", "default option"),
        (ADA, ("option",), "maybe", "none of #11"),
        (ADA, ("nr",), 2, "number 2 of @ada"),
        (AGAIN, ("nr",), 1, "number 1 of @ada"),
        (AGAIN, ("nr",), 3, "number 3 of @ada"),
        (AGAIN, ("cast_at",), "2024-05-01T09:00:01Z", "cast_at"),
        (AGAIN, ("option",), "no", "counts differ"),
        (AGAIN, ("by",), "@eve", "of @eve"),
        (EVE, ("by",), "@dot", "differ"),
        (BEN, ("by",), "@ada", "number 1 of @ada"),
        (CYD, ("poll",), "#3", "which does not fit there"),
        (CYD, ("poll",), "#99", "no such record"),
        (VOTE, ("proposal",), None, "another proposal"),
        (VOTE, ("computed",), "failed", "computed differ"),
        (VOTE, ("stated", "outcome"), "rejected", "stated differ"),
        (VOTE, ("stated", "counts", "yes"), 3, "stated differ"),
        (VOTE, ("tally", "counts", 0, "votes"), 3, "counts differ"),
        (VOTE, ("tally", "counts", 0, "votes"), -1, "not a count"),
        (VOTE, ("tally", "counted"), [AGAIN, BEN], "counted differ"),
        (VOTE, ("tally", "counted"), [AGAIN, BEN, CYD, 3], "no ballot of #11"),
        (VOTE, ("tally", "counted"), [AGAIN, BEN, CYD, 99], "recorded after the close"),
        (VOTE, ("tally", "set_aside"), [], "set_aside differ"),
        (VOTE, ("tally", "eligible"), 3, "eligible differ"),
        (VOTE, ("tally", "closed_at"), "2024-05-01T20:00:00Z", "before its time"),
        (VOTE, ("tally", "closed_at"), "2024-05-09T20:00:00Z", "closed_at"),
        (VOTE, ("poll",), "#10", "which does not fit there"),
    ],
)
def test_a_change_is_found_at_its_place(root, seq, path, to, what):
    poll = closed(root)
    change(poll, seq, *path, to=to)
    report = verify_anew(poll)
    assert failed(report) == [BODIES]
    assert what in report.failure.what


def test_a_ballot_left_out_of_the_log_is_missed(root):
    """The last ballot taken out and everything signed anew: the tally lists what is not there."""
    poll = closed(root)
    vote = poll.builder.entries[VOTE].body
    del poll.builder.entries[CYD:]
    poll.builder.add("vote", vote, at="2024-05-02T08:00:05Z")
    report = verify_anew(poll)
    assert failed(report) == [BODIES]


def test_a_ballot_slipped_in_after_the_close_is_never_counted(root):
    poll = closed(root)
    late = poll.cast("@dot", at="2024-05-02T09:00:00Z", option="no", cast_at="2024-05-01T10:00:00Z")
    assert verify_anew(poll).ok
    change(poll, VOTE, "tally", "counted", to=[AGAIN, BEN, CYD, late])
    report = verify_anew(poll)
    assert failed(report) == [BODIES]
    assert "recorded after the close" in report.failure.what


def test_a_poll_is_closed_once(root):
    poll = closed(root)
    poll.builder.add("vote", poll.builder.entries[VOTE].body, at="2024-05-03T08:00:00Z")
    report = verify_anew(poll)
    assert failed(report) == [BODIES]
    assert f"was closed by #{VOTE} already" in report.failure.what


@pytest.mark.parametrize("seq", [POLL, BEN, VOTE])
def test_nothing_of_a_poll_is_corrected(root, seq):
    poll = closed(root)
    entry = poll.builder.entries[seq]
    later(poll, "correction", of=seq, body=entry.body, reason="r")
    report = verify_anew(poll)
    assert failed(report) == [BODIES]
    assert "cannot be corrected" in report.failure.what


def test_the_words_of_the_proposal_are_those_that_counted_at_the_opening(root):
    poll = PollBuilder(root)
    first = poll.found.poll.subject_leaf
    assert first == poll.builder.entries[3].leaf.hex()
    corrected = dict(poll.builder.entries[3].body, text="adopt a code of conduct for all")
    again = PollBuilder(root)
    del again.builder.entries[again.seq :]
    seq = again.builder.record("correction", of=3, body=corrected, reason="misread")
    leaf = again.builder.entries[seq].leaf.hex()
    body = {**to_body(poll.found.poll), "subject_leaf": leaf}
    again.builder.add("poll", body, at=OPENED_AT)
    assert verify_anew(again).ok
    change(again, seq + 1, "subject_leaf", to=first)
    assert "another text" in verify_anew(again).failure.what


def test_a_redacted_ballot_stays_in_the_count_by_its_frozen_tally(root):
    poll = closed(root)
    redaction = later(poll, "redaction", of=[BEN], reason="asked to", by="@ada")
    poll.builder.redact(BEN, redaction)
    report = verify_anew(poll)
    assert report.ok, report.failure
    assert "not counted again: 1 with redacted ballots" in detail(report, BODIES)


def test_two_polls_on_one_question_at_a_time_are_refused(root):
    poll = closed(root)
    body = {**poll.builder.entries[POLL].body, "opened_at": "2024-05-03T08:00:00Z"}
    body["closes_at"] = "2024-05-04T08:00:00Z"
    poll.builder.add("poll", body, at="2024-05-03T08:00:00Z")
    assert "does not name the one held" in verify_anew(poll).failure.what
    poll = closed(root)
    poll.builder.add("poll", {**body, "reopens": f"#{POLL}"}, at="2024-05-03T08:00:00Z")
    assert verify_anew(poll).ok
    again = {**body, "reopens": f"#{POLL}", "opened_at": "2024-05-03T09:00:00Z"}
    again["closes_at"] = "2024-05-04T09:00:00Z"
    poll.builder.add("poll", again, at="2024-05-03T09:00:00Z")
    assert "was open" in verify_anew(poll).failure.what


@pytest.mark.parametrize("member", ["poll", "tally", "computed", "explanation"])
def test_a_vote_read_in_minutes_closes_no_poll(root, member):
    poll = closed(root)
    vote = poll.builder.entries[VOTE].body
    minutes = dict(poll.builder.entries[5].body, **{member: vote[member]})
    poll.builder.add("vote", minutes, at="2024-05-03T08:00:00Z")
    report = verify_anew(poll)
    assert failed(report) == [BODIES]
    assert "only a vote that closes a poll" in report.failure.what


# --- lots -----------------------------------------------------------------------------------------------


def tied(root, draw="the lottery of 1 June"):
    wish = PollWish(kind="election", options=("Oak", "Ash"), draw=draw)
    poll = PollBuilder(root, wish=wish)
    poll.cast("@ada", ranking=[["Oak"]])
    poll.cast("@ben", ranking=[["Ash"]])
    poll.close()
    return poll


def test_a_tie_and_the_draw_that_breaks_it_hold(root):
    poll = tied(root)
    assert verify_anew(poll).ok
    poll.draw()
    report = verify_anew(poll)
    assert report.ok, report.failure
    assert "2 tallies counted again" in detail(report, BODIES)


def test_many_draws_give_each_a_share(tmp_path):
    """Over a hundred results both are drawn, as the root and the numbers have it."""
    poll = tied(tmp_path / "group")
    winners = set()
    for number in range(100):
        poll.draw(str(number))
        winners.add(poll.builder.entries.pop().body["tally"]["winners"][0])
    assert winners == {"Oak", "Ash"}


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("draw", "result"), "7 11 14 is another"),
        (("draw", "used"), "07 11 13"),
        (("draw", "result"), "--"),
        (("draw", "root"), "0" * 64),
        (("draw", "size"), 3),
        (("draw", "vote"), "#3"),
        (("tally", "winners"), []),
    ],
)
def test_another_draw_is_found(root, path, to):
    poll = tied(root)
    seq = poll.draw()
    if to == "7 11 14 is another":  # one that gives the other winner
        winner = poll.builder.entries[seq].body["tally"]["winners"]
        to = next(text for text in map(str, range(50)) if _winner(poll, text) != winner)
    change(poll, seq, *path, to=to)
    report = verify_anew(poll)
    assert failed(report) == [BODIES]


def _winner(poll, text):
    closing = poll.builder.entries[-1]
    poll.builder.entries.pop()
    poll.draw(text)
    winners = poll.builder.entries.pop().body["tally"]["winners"]
    poll.builder.entries.append(closing)
    return winners


def test_no_draw_without_one_that_was_named(root):
    poll = tied(root, draw=None)
    poll.draw()
    assert "no draw was named" in verify_anew(poll).failure.what


# --- what is said about it ------------------------------------------------------------------------------


def corrected(root, **body):
    """A closed poll whose proposal was corrected, or taken back (``body=None``), while it was open."""
    poll = PollBuilder(root)
    poll.cast("@ada", option="yes")
    new = dict(poll.builder.entries[3].body, text="adopt another code") if not body else body["body"]
    seq = poll.builder.add(
        "correction", {"of": 3, "body": new, "reason": "misread"}, at="2024-05-01T10:00:00Z"
    )
    poll.close()
    return poll, seq


def test_a_proposal_corrected_while_its_poll_was_open_is_told_and_fails_nothing(root):
    poll, seq = corrected(root)
    report = verify_anew(poll)
    assert report.ok, report.failure
    said = f"the poll was on an earlier wording (entry #3); it was corrected by #{seq}"
    assert any(said in note for note in report.notes)
    explained = explain_outcome(poll.builder.write(), SUBJECT).to_json()
    doubts = {doubt["text"] for vote in explained["votes"] for doubt in vote["doubts"]}
    assert said in doubts
    shown = show_poll(poll.builder.write(), f"#{poll.seq}").to_json()
    assert shown["reworded_by"] == f"#{seq}"
    assert said in " ".join(shown["text"].split())


def test_what_is_corrected_after_the_close_was_not_put_otherwise(root):
    poll = closed(root)
    later(poll, "correction", of=3, body=poll.builder.entries[3].body, reason="a name")
    assert not any("earlier wording" in note for note in verify_anew(poll).notes)


def test_a_proposal_taken_back_while_its_poll_was_open_is_told(root):
    poll, seq = corrected(root, body=None)
    report = verify_anew(poll)
    assert report.ok, report.failure
    assert any(f"taken back by #{seq}" in note for note in report.notes)


def test_explain_shows_what_the_vote_itself_states(root):
    """A stated outcome that its ballots do not give is shown as it stands, and said to differ."""
    poll = closed(root)
    change(poll, VOTE, "stated", "outcome", to="rejected")
    explained = explain_outcome(poll.builder.write(), f"#{VOTE}").to_json()
    (vote,) = explained["votes"]
    assert (vote["stated"]["outcome"], vote["computed"], vote["differs"]) == ("rejected", "passed", True)


# --- ballots that were erased, and are on no list ------------------------------------------------------


def erase(poll, seq):
    """Record a redaction and erase a ballot, as nobody does who uses the program."""
    body = {"of": [seq], "reason": "asked for", "by": "the recorder"}
    poll.builder.redact(seq, poll.builder.add("redaction", body, at="2024-05-01T10:00:00Z"))


def test_a_ballot_that_is_erased_before_the_close_is_missed(root):
    poll = PollBuilder(root)
    poll.cast("@ada", option="yes")
    seq = poll.cast("@cyd", option="no")
    erase(poll, seq)
    for _ in ("open", "closed"):
        report = verify_anew(poll)
        assert report.failure.where.entry == seq
        assert "an erased ballot that no tally lists" in report.failure.what
        if poll.found.closing is None:
            poll.close()


def test_a_ballot_left_out_of_the_tally_and_then_erased_is_missed(root):
    poll = PollBuilder(root)
    poll.cast("@ada", option="yes")
    vote = poll.vote()
    seq = poll.cast("@cyd", option="no")
    poll.builder.add("vote", vote, at="2024-05-02T08:00:05Z")
    body = {"of": [seq], "reason": "asked for", "by": "the recorder"}
    poll.builder.redact(seq, poll.builder.add("redaction", body, at="2024-06-01T08:00:00Z"))
    assert verify_anew(poll).failure.where.entry == seq


def test_an_erased_ballot_that_came_too_late_is_on_no_list(root):
    poll = closed(root)
    seq = poll.cast("@ada", at="2024-05-03T08:00:00Z", option="no")
    body = {"of": [seq], "reason": "asked for", "by": "the recorder"}
    poll.builder.redact(seq, poll.builder.add("redaction", body, at="2024-06-01T08:00:00Z"))
    assert verify_anew(poll).ok
