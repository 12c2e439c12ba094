"""Members' keys, statements and the inbox, through the real command line and the real ssh-keygen."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.log.statement import Signed, decode_signed, encode_signed, encode_statement, inbox_name
from ledger.store.git import read_setting
from ledger.store.openssh import own_keys
from tests.log.openssh import keygen_sign, make_key, needs_openssh, read_key

from .conftest import copy_of, found_group
from .samples import APRIL
from .terminal import Terminal

pytestmark = needs_openssh

GOVERNANCE = """\
---
in_force_from: 2025-01-01
members:
  - handle: "@ann"
    roles: [chair]   # since 2024
  - handle: "@bob"
    also: [Bobby]
  - handle: "@cid"
rules:
  default:
    {electorate: members, base: yes+no, threshold: 1/2, strict: "true", open_for: "7d, early if all voted"}
  minutes: {approvals: "2"}
---

# How we decide
"""
MEETING, PROPOSAL, POLL = "2025-03-05", "2025-03-05/1", "#13"


def keys_of(tmp):
    folder = tmp / "keys"
    folder.mkdir()
    return {
        "ann": make_key(folder),
        "bob": make_key(folder, "ecdsa", "256"),
        "eve": make_key(folder, "ecdsa", "521"),
    }


@pytest.fixture(scope="session")
def keyed(tmp_path_factory):
    """A group whose charter names keys of @ann and @bob, with an open poll, and the three keys."""
    root = tmp_path_factory.mktemp("keyed")
    user = found_group(root, GOVERNANCE)
    keys = keys_of(root)
    for name in ("ann", "bob"):
        user.ok("member", "add", f"@{name}", "--key", f"{keys[name]}.pub", "--yes")
    user.ok("charter", "adopt", "--yes")
    user.ok("poll", "open", PROPOSAL, "--yes")
    user.git("add", ".")
    user.git("commit", "-q", "-m", "Start")
    return user, keys


@pytest.fixture
def group(keyed, tmp_path):
    user, keys = keyed
    return Group(copy_of(user, tmp_path / "group"), keys)


class Group:
    """A copy of the group, and short forms of its commands."""

    def __init__(self, user, keys):
        self.user, self.keys = user, keys

    @property
    def inbox(self):
        return self.user.repo / "records/inbox"

    def waiting(self):
        return sorted(path.name for path in self.inbox.iterdir()) if self.inbox.exists() else []

    def json(self, *words):
        return json.loads(self.user.ok(*words, "--json"))

    def sign(self, what, name="ann", *words):
        return self.json("sign", what, "--by", f"@{name}", "--sign-with", self.keys[name], "--yes", *words)

    def cast(self, choice, name="ann"):
        words = ("ballot", "cast", PROPOSAL, choice, "--by", f"@{name}", "--sign-with", self.keys[name])
        return self.json(*words, "--yes")

    def sequence(self, *words):
        return self.json("sequence", "--yes", *words)

    def put(self, statement, name="ann", namespace="ledger-v1"):
        """Sign a statement as somebody could who has no good intentions, and put it into the inbox."""
        signature = keygen_sign(self.keys[name], encode_statement(statement), namespace)
        self.inbox.mkdir(exist_ok=True)
        path = self.inbox / inbox_name(statement)
        path.write_bytes(encode_signed(Signed(statement, signature)))
        return path

    def statement(self, what=PROPOSAL, name="ann"):
        """A good statement, taken out of the inbox again."""
        path = self.user.repo / self.sign(what, name)["file"]
        statement = decode_signed(path.read_bytes()).statement
        path.unlink()
        return statement

    def refused(self):
        """What ``sequence`` refuses of an inbox that holds nothing good: the code, and why."""
        before = self.waiting()
        done = self.user.run("sequence", "--yes", "--json")
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["result"]) == (1, "refused"), done.stdout
        assert self.waiting() == before
        (one,) = answer["refused"]
        assert one["fix"]
        return one["code"], one["reason"]


def test_from_the_signers_to_the_log(group):
    user = group.user
    assert group.cast("yes")["result"] == "signed"
    group.cast("no", "bob")
    group.sign(MEETING)
    group.sign(MEETING, "bob")
    group.sign(PROPOSAL, "bob", "--text", "as we said it")
    group.sign("charter")
    group.sign("HEAD", "bob")
    names = group.waiting()
    assert len(names) == 7
    preview = user.ok("sequence", "--dry-run")
    assert "@ann: yes (in #13, signed by @ann, key SHA256:" in " ".join(preview.split())
    assert group.waiting() == names
    answer = group.sequence()
    assert (answer["result"], len(answer["accepted"]), answer["refused"]) == ("recorded", 7, [])
    assert sorted(answer["removed"]) == names
    assert group.waiting() == []
    verified = user.ok("verify")
    assert "7 signatures by 2 people hold" in verified
    minutes = " ".join(user.ok("show", MEETING).split())
    assert "approved by 2" in minutes
    assert "the rule asks for 2: enough" in minutes
    fingerprint = read_key(group.keys["ann"]).fingerprint
    shown = " ".join(user.ok("show", PROPOSAL).split())
    assert "“as we said it”" in shown
    assert shown.count("(signed by @") == 4, "two ballots, in the poll and in the history"
    assert "signed by @bob on" in shown
    assert fingerprint in user.ok("poll", "show", PROPOSAL)
    assert group.json("poll", "show", PROPOSAL)["ballots"][0]["key"].startswith("SHA256:")
    assert "nothing waits" in user.ok("sequence", "--yes")


def test_a_second_copy_is_ignored_and_removed(group):
    answer = group.sign(PROPOSAL)
    path = group.user.repo / answer["file"]
    data = path.read_bytes()
    assert group.sign(PROPOSAL)["result"] == "waiting"
    group.sequence()
    path.write_bytes(data)
    answer = group.sequence()
    assert answer["on_record_already"] == [path.name]
    assert group.waiting() == []
    assert group.sign(PROPOSAL)["result"] == "recorded-already"
    assert group.waiting() == []


def test_two_branches_with_statements_merge_and_are_sequenced(group):
    user = group.user
    for name, choice in (("ann", "yes"), ("bob", "no")):
        user.git("checkout", "-q", "-b", name, "main")
        made = group.cast(choice, name)
        user.git("add", made["file"])
        user.git("commit", "-q", "-m", f"Vote of {name}")
    user.git("checkout", "-q", "main")
    user.git("merge", "-q", "--no-edit", "ann", "bob")
    answer = group.sequence()
    assert [one["kind"] for one in answer["accepted"]] == ["ballot", "ballot"]
    assert answer["commit"] == 'git add records && git commit -m "Record signed statements"'
    user.git("add", "records")
    user.git("commit", "-q", "-m", "Record signed statements")
    assert group.waiting() == []
    assert "2 signatures by 2 people hold" in user.ok("verify")


def test_record_takes_the_inbox_first(group):
    group.cast("yes")
    group.user.write("april.md", APRIL)
    out = group.user.ok("record", "--yes", "april.md")
    assert "signed statements: 1 recorded as #14" in out
    assert group.waiting() == []
    group.cast("no", "bob")
    (group.inbox / "junk").write_text("junk")
    answer = group.json("record", "--yes", "april.md")
    assert answer["result"] == "unchanged"
    assert len(answer["sequenced"]["accepted"]) == len(answer["sequenced"]["refused"]) == 1
    assert group.waiting() == ["junk"]
    assert "2 signatures" in group.user.ok("verify")


def test_changed_minds_and_unsigned_ballots(group):
    group.cast("no")
    group.cast("yes")
    answer = group.sequence()
    assert len(answer["accepted"]) == 2
    out = group.user.ok("ballot", "cast", PROPOSAL, "no", "--by", "@ann", "--entered", "--yes")
    assert "is not signed, and #15 by the same person is" in " ".join(out.split())
    group.user.ok("ballot", "cast", PROPOSAL, "no", "--by", "Bobby", "--entered", "--yes")
    group.user.ok("ballot", "cast", PROPOSAL, "yes", "--by", "@cid", "--yes")
    shown = group.json("poll", "show", PROPOSAL)
    told = [(one["by"], one["option"], one["set_aside"], one["signed"]) for one in shown["ballots"]]
    assert told == [
        ("@ann", "no", "superseded", True),
        ("@ann", "yes", None, True),
        ("@ann", "no", "unsigned", False),
        ("Bobby", "no", None, False),
        ("@cid", "yes", None, False),
    ]
    assert shown["ballots"][3]["label"] == "entered by the recorder, although Bobby has a key"
    assert shown["ballots"][4]["label"] == "entered by the recorder"
    preview = group.user.ok("poll", "close", PROPOSAL, "--dry-run")
    assert "1 signed by their voters, 2 entered by others" in " ".join(preview.split())
    closed = group.json("poll", "close", PROPOSAL, "--yes")["records"][0]["body"]
    assert closed["tally"]["counted"] == [15, 17, 18]
    assert {one["code"] for one in closed["tally"]["set_aside"]} == {"superseded", "unsigned"}
    group.user.ok("verify")


def test_poll_show_and_verify_tell_of_ballots_that_wait(group):
    before = group.json("poll", "show", PROPOSAL)["in_inbox"]
    group.cast("yes")
    assert (before, group.json("poll", "show", PROPOSAL)["in_inbox"]) == (0, 1)
    assert "in inbox     1 signed" in group.user.ok("poll", "show", PROPOSAL)
    seen = " ".join(group.user.ok("verify").split())
    assert seen.count("records/inbox") == 1
    assert "1 file waits in records/inbox, not part of the log until the recorder runs" in seen


def test_a_close_warns_of_ballots_that_wait(group):
    group.cast("yes")
    for name in ("@ann", "@bob", "@cid"):
        group.user.ok("ballot", "cast", PROPOSAL, "yes", "--by", name, "--entered", "--yes")
    out = group.user.ok("poll", "close", PROPOSAL, "--dry-run")
    assert "1 signed ballot waits in records/inbox" in " ".join(out.split())
    group.user.ok("poll", "close", PROPOSAL, "--yes")
    late = group.sequence()
    assert "late: the poll was closed by #17" in late["diagnostics"][0]["message"]
    group.user.ok("verify")


# --- refused ------------------------------------------------------------------------------------------


BAD = {
    "origin": ({"origin": "example.org/other"}, "ann", "for the log example.org/other"),
    "subject": ({"subject": "2025-03-05/9"}, "ann", "no such entry is on record"),
    "leaf": ({"subject_leaf": bytes(32)}, "ann", "another text of 2025-03-05/1"),
    "head": ({"root": bytes(32)}, "ann", "REWRITTEN PAST"),
    "a later head": ({"size": 99}, "ann", "more than stand before it"),
    "key": ({}, "bob", "a key of @bob, not of @ann"),
    "a stranger's key": ({}, "eve", "does not name for @ann"),
    "another person": ({"by": "@cid"}, "ann", "a key of @ann, not of @cid"),
    "a kind that does not fit": (
        {"kind": "approval"},
        "ann",
        "of kind approval about 2025-03-05/1, a proposal",
    ),
    "another poll": ({"kind": "ballot", "value": {"option": "yes"}}, "ann", "of kind ballot"),
}


def test_what_is_refused_and_why(group):
    good = group.statement()
    for name, (changes, signer, why) in BAD.items():
        path = group.put(replace(good, **changes), signer)
        code, reason = group.refused()
        assert why in reason, name
        assert code in ("origin", "subject", "leaf", "head", "key"), name
        path.unlink()
    group.put(good, namespace="git").replace(group.inbox / inbox_name(good))
    code, reason = group.refused()
    assert code == "signature"
    assert "for 'git', not for 'ledger-v1'" in reason


def test_an_old_statement_is_refused(group):
    group.cast("yes")
    old = next(group.inbox.iterdir())
    data, name = old.read_bytes(), old.name
    group.sequence()
    group.cast("no")
    group.sequence()
    statement = decode_signed(data).statement
    group.put(replace(statement, value={"option": "abstain"}))
    code, reason = group.refused()
    assert code == "nr"
    assert "an old statement cannot be played again" in reason
    shutil.rmtree(group.inbox)
    group.inbox.mkdir()
    (group.inbox / name).write_bytes(data)
    assert group.sequence()["on_record_already"] == [name]


def test_what_others_put_into_the_inbox_says_nothing_for_the_signer(group):
    path = group.user.repo / group.cast("yes")["file"]
    statement = decode_signed(path.read_bytes()).statement
    path.unlink()
    group.put(statement, "eve")
    group.put(replace(statement, nr=2**53 - 1, value={"option": "no"}), "eve")
    assert group.cast("yes")["result"] == "signed"
    assert decode_signed(path.read_bytes()).statement == statement
    answer = json.loads(group.user.run("sequence", "--yes", "--json").stdout)
    assert [one["by"] for one in answer["accepted"]] == ["@ann"]
    assert [one["code"] for one in answer["refused"]] == ["key"]


def test_a_new_name_does_not_let_an_old_statement_in_again(group):
    group.cast("no")
    old = decode_signed(next(group.inbox.iterdir()).read_bytes()).statement
    group.sequence()
    group.cast("yes")
    group.sequence()
    text = (group.user.repo / "GOVERNANCE.md").read_text()
    group.user.write("GOVERNANCE.md", text.replace('"@ann"', '"@anna"\n    also: ["@ann"]', 1))
    group.user.ok("charter", "adopt", "--yes")
    path = group.put(replace(old, value={"option": "abstain"}))
    assert group.refused()[0] == "nr"
    path.unlink()
    group.keys = {**group.keys, "anna": group.keys["ann"]}
    made = group.user.repo / group.cast("abstain", "anna")["file"]
    assert decode_signed(made.read_bytes()).statement.nr == 3
    group.sequence()
    assert "3 signatures by 2 people hold" in group.user.ok("verify")


def test_one_statement_that_cannot_be_recorded_stops_no_other(group):
    ballot = group.user.repo / group.cast("yes")["file"]
    content = ballot.read_bytes()
    ballot.unlink()
    long = group.put(replace(group.statement(MEETING), value={"text": "x" * 600_000}))
    group.user.ok("redact", POLL, "--reason", "asked for", "--yes")
    ballot.write_bytes(content)
    group.sign(PROPOSAL, "bob")
    answer = json.loads(group.user.run("sequence", "--yes", "--json").stdout)
    assert [one["by"] for one in answer["accepted"]] == ["@bob"]
    told = {one["name"]: one["reason"] for one in answer["refused"]}
    assert "the words of the poll #13 were erased" in told[ballot.name]
    assert "are allowed" in told[long.name]
    group.user.ok("verify")


def test_minutes_are_approved_by_their_own_name(group):
    group.put(replace(group.statement(MEETING), subject="#2"))
    code, reason = group.refused()
    assert code == "subject"
    assert "it calls 2025-03-05 #2" in reason


def test_a_ballot_without_a_choice_of_the_poll(group):
    group.cast("yes")
    path = next(group.inbox.iterdir())
    statement = decode_signed(path.read_bytes()).statement
    path.unlink()
    group.put(replace(statement, value={"option": "perhaps"}))
    code, reason = group.refused()
    assert code == "choice"
    assert "'perhaps' is none of: yes, no, abstain" in reason


def test_a_stranger_with_a_key_is_recorded_and_set_aside(group):
    user = group.user
    text = (user.repo / "GOVERNANCE.md").read_text()
    assert "@eve" not in text
    user.ok("member", "add", "@eve", "--key", f"{group.keys['eve']}.pub", "--yes")
    user.ok("charter", "adopt", "--yes")
    group.cast("yes", "eve")
    answer = group.sequence()
    assert "stranger" in answer["diagnostics"][0]["message"]
    assert group.json("poll", "show", PROPOSAL)["ballots"][0]["set_aside"] == "stranger"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("note.txt", b"hello"),
        ("0" * 64 + ".json", b"{}\n"),
        ("0" * 64 + ".json", None),
        ("big.json", bytes(2 << 20)),
    ],
)
def test_what_is_no_statement(group, name, data):
    if data is None:
        group.sign(PROPOSAL)
        next(group.inbox.iterdir()).rename(group.inbox / name)
    else:
        group.inbox.mkdir()
        (group.inbox / name).write_bytes(data)
    assert group.refused()[0] == "form"


def test_good_ones_are_taken_beside_bad_ones(group):
    bad = group.put(replace(group.statement(), origin="example.org/other"))
    group.sign(MEETING)
    (group.inbox / ".half.json.tmp").write_text("{")
    done = group.user.run("sequence", "--yes")
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    assert "1 not accepted, kept in records/inbox" in text
    assert "it is for the log example.org/other" in text
    assert group.waiting() == [".half.json.tmp", bad.name]


def test_whoever_declines_leaves_everything_as_it_was(group):
    group.sign(PROPOSAL)
    before = group.user.ledger_bytes()
    terminal = Terminal(group.user, "sequence")
    assert terminal.expect("Record this?").send("n").wait() == 1
    assert group.user.run("sequence").returncode == 2
    assert group.user.ledger_bytes() == before
    group.user.git("checkout", "-q", "-b", "other")
    assert group.user.run("sequence", "--yes").returncode == 2
    assert group.user.ledger_bytes() == before


def test_an_inbox_that_outlives_a_crash(group):
    """The checkpoint is written and the files are still there: as if the power had failed in between."""
    group.cast("yes")
    group.sign(PROPOSAL, "bob")
    kept = {path.name: path.read_bytes() for path in group.inbox.iterdir()}
    group.sequence()
    for name, data in kept.items():
        (group.inbox / name).write_bytes(data)
    group.sign(MEETING)
    answer = group.sequence()
    assert len(answer["accepted"]) == 1
    assert answer["on_record_already"] == sorted(kept)
    assert group.waiting() == []
    assert "3 signatures by 2 people hold" in group.user.ok("verify")


# --- signing --------------------------------------------------------------------------------------------


def test_nothing_is_signed_over_a_ledger_that_does_not_hold(group):
    path = group.user.repo / "records/log/entries/000.jsonl"
    path.write_bytes(path.read_bytes().replace(b"second shelf", b"second shelX"))
    done = group.user.run("sign", "HEAD", "--by", "@ann", "--sign-with", group.keys["ann"], "--yes")
    assert done.returncode == 1
    assert "the ledger does not hold, and nothing was signed" in " ".join(done.stderr.split())
    assert group.waiting() == []


def test_the_key_that_git_signs_with(group):
    user = group.user
    user.git("config", "gpg.format", "ssh")
    user.git("config", "user.signingKey", f"{group.keys['bob']}.pub")
    assert read_setting(user.repo, "gpg.format") == "ssh"
    shutil.copy(group.keys["bob"], user.home / "id")
    answer = group.json("sign", MEETING, "--yes")
    assert answer["statement"]["by"] == "@bob"
    assert answer["key"] == read_key(group.keys["bob"]).fingerprint
    done = user.run("sign", MEETING, "--by", "@ann", "--yes")
    assert done.returncode == 1
    assert "it names it for @bob" in " ".join(done.stderr.split())


def test_the_one_key_at_home_that_the_charter_names(group, monkeypatch):
    user = group.user
    folder = user.home / ".ssh"
    done = user.run("sign", MEETING, "--by", "@ann", "--yes")
    assert (done.returncode, "no key on this computer" in done.stderr) == (3, True)
    folder.mkdir()
    for name in ("ann", "eve"):
        for end in ("", ".pub"):
            shutil.copy(f"{group.keys[name]}{end}", folder / f"id_{name}{end}")
    (folder / "junk.pub").write_text("ssh-dss AAAA\n")
    assert group.json("sign", MEETING, "--yes")["statement"]["by"] == "@ann"
    for end in ("", ".pub"):
        shutil.copy(f"{group.keys['bob']}{end}", folder / f"id_bob{end}")
    done = user.run("sign", PROPOSAL, "--yes")
    assert (done.returncode, "more than one key" in " ".join(done.stderr.split())) == (3, True)
    assert group.json("sign", PROPOSAL, "--by", "Bobby", "--yes")["statement"]["by"] == "@bob"
    monkeypatch.setenv("HOME", str(user.home))
    assert [key.path.name for key in own_keys()] == ["id_ann", "id_bob", "id_eve"]


def test_a_key_that_only_the_agent_holds(group, tmp_path):
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        environment = {"SSH_AUTH_SOCK": str(socket)}
        for _ in range(200):
            if socket.exists():
                break
            subprocess.run(["sleep", "0.05"])
        added = subprocess.run(
            ["ssh-add", "-q", group.keys["ann"]], env={**os.environ, **environment}, capture_output=True
        )
        assert added.returncode == 0, added.stderr
        public = Path(shutil.copy(f"{group.keys['ann']}.pub", tmp_path / "only.pub"))
        words = ("sign", MEETING, "--sign-with", public, "--yes", "--json")
        answer = json.loads(group.user.ok(*words, env=environment))
        assert answer["statement"]["by"] == "@ann"
        group.user.git("config", "gpg.format", "ssh")
        group.user.git("config", "user.signingKey", f"key::{public.read_text().strip()}")
        assert json.loads(group.user.ok("sign", "HEAD", "--yes", "--json", env=environment))["file"]
    finally:
        agent.terminate()
        agent.wait()
    done = group.user.run(*words[:-1], "--text", "again")
    assert done.returncode == 3
    assert "ssh-keygen could not sign" in done.stderr


def test_ssh_keygen_asks_for_its_passphrase(group, tmp_path):
    user, folder = group.user, tmp_path / "locked"
    folder.mkdir()
    path = make_key(folder, passphrase="open sesame")
    user.ok("member", "add", "@cid", "--key", path, "--yes")
    user.ok("charter", "adopt", "--yes")
    terminal = Terminal(user, "sign", MEETING, "--sign-with", path)
    terminal.expect("I approve the minutes of 2025-03-05").expect("Sign this?").send("y")
    terminal.expect("passphrase").send("open sesame")
    assert terminal.expect("signed by @cid").wait() == 0
    terminal = Terminal(user, "sign", PROPOSAL, "--sign-with", path, "--yes")
    terminal.expect("passphrase").send("wrong")
    assert terminal.expect("ssh-keygen could not sign").wait() == 3
    assert len(group.waiting()) == 1


@pytest.mark.parametrize(
    ("words", "status", "what"),
    [
        (("sign", MEETING, "--by", "@cid"), 1, "names no key for @cid"),
        (("sign", MEETING, "--sign-with", "nothing"), 2, "cannot read the key"),
        (("sign", MEETING, "--sign-with", "march.md"), 2, "holds no key to sign with"),
        (("sign", MEETING, "--text", "a\nb"), 2, "not a line of text"),
        (
            ("ballot", "cast", PROPOSAL, "yes", "--by", "@cid", "--sign-with", "x"),
            1,
            "names no key for @cid",
        ),
        (
            ("ballot", "cast", PROPOSAL, "yes", "--by", "@ann", "--sign-with", "x", "--entered"),
            2,
            "contradict",
        ),
        (
            ("ballot", "cast", PROPOSAL, "yes", "--by", "@ann", "--cast-at", "2026-01-01T00:00:00Z"),
            2,
            "no other time",
        ),
    ],
)
def test_signing_that_cannot_be_meant(group, words, status, what):
    done = group.user.run(*words, "--yes")
    assert done.returncode == status, done.stderr
    assert what in " ".join(done.stderr.split())
    assert group.waiting() == []


def test_a_wrong_choice_is_told_before_anything_is_signed(group):
    words = ("ballot", "cast", PROPOSAL, "perhaps", "--by", "@ann", "--sign-with", group.keys["ann"])
    done = group.user.run(*words, "--yes")
    assert (done.returncode, "not an option of this poll" in done.stderr) == (2, True)
    assert group.waiting() == []


def test_previews_and_refusals_of_the_signer(group):
    done = group.user.run("sign", "2025-09-09", "--sign-with", group.keys["ann"], "--yes")
    assert (done.returncode, "no record is called" in done.stderr) == (1, True)
    words = ("sign", MEETING, "--sign-with", group.keys["ann"])
    assert "dry run" in group.user.ok(*words, "--dry-run")
    assert group.user.run(*words).returncode == 2
    terminal = Terminal(group.user, *words)
    assert terminal.expect("Sign this?").send("n").wait() == 1
    assert group.waiting() == []


# --- keys in the charter --------------------------------------------------------------------------------


def test_members_are_named_in_the_charter(group):
    user = group.user
    text = (user.repo / "GOVERNANCE.md").read_text()
    assert "roles: [chair]   # since 2024" in text, "comments stay"
    assert read_key(group.keys["ann"]).text in text
    assert "a test key" not in text, "the comment of a key names a machine"
    listed = user.ok("member", "list")
    assert read_key(group.keys["ann"]).fingerprint in listed
    assert "since version 2 (#12)" in listed
    assert "none: what they say is entered by the recorder" in listed
    out = user.ok("member", "add", "@ann", "--key", f"{group.keys['ann']}.pub", "--yes")
    assert "says so already" in out
    out = user.ok("member", "add", "ann", "--key", f"{group.keys['ann']}.pub", "--yes")
    assert "says so already" in out, "without its @ a handle is the same person's"
    assert "was not changed" in user.ok("member", "add", "@dee", "--also", "Dora", "--dry-run")
    out = user.ok("member", "add", "@dee", "--also", "Dora", "--role", "librarian", "--yes")
    assert "ledger charter adopt" in out
    assert "was edited and is not adopted" in " ".join(user.ok("member", "list").split())
    assert not any(one["level"] == "error" for one in group.json("charter", "check")["findings"])


def test_a_key_of_somebody_else_cannot_be_added(group):
    before = (group.user.repo / "GOVERNANCE.md").read_bytes()
    done = group.user.run("member", "add", "@cid", "--key", f"{group.keys['ann']}.pub", "--yes")
    assert done.returncode == 1
    assert "stands for two people, @ann and @cid" in " ".join(done.stderr.split())
    for text in ("ssh-dss AAAA", "ssh-ed25519 AAAA", "nowhere.pub"):
        assert group.user.run("member", "add", "@cid", "--key", text, "--yes").returncode == 2
    assert (group.user.repo / "GOVERNANCE.md").read_bytes() == before


def test_a_revoked_key(group):
    user, fingerprint = group.user, read_key(group.keys["ann"]).fingerprint
    group.cast("yes")
    group.sign(PROPOSAL)
    group.sequence()
    waiting = group.sign(MEETING)["file"]
    day = "2025-01-01"
    out = user.ok("member", "revoke", "@ann", fingerprint, "--suspect-since", day, "--yes")
    assert "ledger charter adopt" in out
    user.ok("charter", "adopt", "--yes")
    code, reason = group.refused()
    assert (code, "was revoked" in reason) == ("key", True)
    verified = " ".join(user.ok("verify").split())
    assert "2 signatures by 1 person hold" in verified
    assert "2 signatures are disputed (#14, #15)" in verified
    assert f"in doubt since {day}" in verified
    assert f"disputed: the key {fingerprint} of @ann was revoked" in " ".join(
        user.ok("show", PROPOSAL).split()
    )
    assert "disputed" in user.ok("poll", "show", PROPOSAL)
    assert f"revoked by version 3, in doubt since {day}" in " ".join(user.ok("member", "list").split())
    done = user.run("sign", PROPOSAL, "--sign-with", group.keys["ann"], "--yes")
    assert "it was revoked" in " ".join(done.stderr.split())
    # What she signed is the key's word and not another's: a new key signs the same anew.
    (user.repo / waiting).unlink()
    user.ok("member", "add", "@ann", "--key", f"{group.keys['eve']}.pub", "--yes")
    user.ok("charter", "adopt", "--yes")
    answer = group.json("sign", MEETING, "--by", "@ann", "--sign-with", group.keys["eve"], "--yes")
    assert answer["statement"]["nr"] == 1
    group.sequence()
    assert "3 signatures by 1 person hold" in user.ok("verify")


def test_a_key_that_nobody_could_sign_with_is_not_adopted(group):
    path = group.user.repo / "GOVERNANCE.md"
    good = read_key(group.keys["ann"]).text
    weak = good[:-6] + "AAAA" + good[-2:]
    path.write_text(path.read_text().replace(good, weak))
    done = group.user.run("charter", "check")
    assert done.returncode == 1
    assert "a key of @ann cannot be used" in " ".join(done.stdout.split())
    assert group.user.run("charter", "adopt", "--yes").returncode == 1
    done = group.user.run("member", "revoke", "@bob", "SHA256:nothing", "--yes")
    assert (done.returncode, "has no key SHA256:nothing" in " ".join(done.stderr.split())) == (1, True)


# --- documentation --------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("jq") is None, reason="NOT RUN: jq is missing; install jq")
def test_the_check_of_a_signature_without_us(group):
    page = (Path(__file__).parents[2] / "docs/members.md").read_text()
    script = page.partition("```sh\n")[2].partition("```")[0]
    group.cast("yes")
    group.sign(PROPOSAL, "bob", "--text", "für mich auch – „gut“")
    group.sequence()
    kinds = {}
    for entry in (14, 15):
        line = (group.user.repo / "records/log/entries/000.jsonl").read_bytes().splitlines()[entry]
        body = json.loads(line)["body"]
        statement = (body if "signature" in body else body["statement"])["statement"]
        kinds[entry] = statement["kind"]
        lines = script.replace("entry=14 who=@ann", f"entry={entry} who={statement['by']}")
        assert lines != script or statement["by"] == "@ann"
        done = subprocess.run(
            ["sh", "-ec", lines], cwd=group.user.repo, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        assert f'Good "ledger-v1" signature for {statement["by"]}' in done.stdout
        assert json.loads(done.stdout.splitlines()[-1]) == statement
        other = "@bob" if statement["by"] == "@ann" else "@ann"
        wrong = script.replace("entry=14 who=@ann", f"entry={entry} who={other}")
        assert (
            subprocess.run(["sh", "-ec", wrong], cwd=group.user.repo, capture_output=True).returncode != 0
        )
    assert sorted(kinds.values()) == ["attestation", "ballot"]
