"""Changing the charter and the log's keys through the real command line and the real ssh-keygen."""

import json
import shutil

import pytest

from tests.log.openssh import make_key, needs_openssh

from .conftest import ORIGIN, User, copy_of, found_group
from .samples import APRIL, MARCH

pytestmark = needs_openssh

GOVERNANCE = """\
---
in_force_from: 2025-01-01
owners: {threshold: 2, handles: ["@ann", "@bob", "@cid"]}
members:
  - handle: "@ann"
    roles: [secretary]
  - handle: "@bob"
  - handle: "@cid"
rules:
  default: {base: yes+no, threshold: 1/2, strict: "true"}
---

# How we decide
"""


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """A group of three owners, whose keys are in the charter, and their keys."""
    root = tmp_path_factory.mktemp("founded")
    user = found_group(root, GOVERNANCE)
    keys = {}
    for name in ("ann", "bob", "cid"):
        folder = root / name
        folder.mkdir()
        keys[name] = make_key(folder)
        user.ok("member", "add", f"@{name}", "--key", f"{keys[name]}.pub", "--yes")
    user.ok("charter", "adopt", "--yes")
    user.git("add", ".")
    user.git("commit", "-q", "-m", "Start")
    return user, keys


class Group:
    """A copy of the group, and short forms of its commands."""

    def __init__(self, user, keys):
        self.user, self.keys = user, keys

    def json(self, *words, user=None):
        return json.loads((user or self.user).ok(*words, "--json"))

    def edit(self, old, new, user=None):
        path = (user or self.user).repo / "GOVERNANCE.md"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def sign(self, *names, user=None):
        for name in names:
            options = ("--by", f"@{name}", "--sign-with", self.keys[name], "--yes")
            assert self.json("sign", "charter", *options, user=user)["result"] == "signed"

    def verify(self, status=0, user=None):
        done = (user or self.user).run("verify", "--json")
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout)

    def version(self):
        return self.json("charter", "show")["version"]

    def new_key(self, user=None):
        (made,) = self.json("key", "new", user=user)["keys"]
        return made["key"]

    def log_keys(self):
        lines = (self.user.repo / "GOVERNANCE.md").read_text().splitlines()
        return [
            line.strip().removeprefix("- ") for line in lines if line.strip().startswith(f"- {ORIGIN}+")
        ]


@pytest.fixture
def group(founded, tmp_path):
    user, keys = founded
    return Group(copy_of(user, tmp_path / "group"), keys)


def test_a_version_is_proposed_until_its_owners_have_signed_it(group):
    user = group.user
    group.edit("threshold: 1/2", "threshold: 2/3")
    shown = user.ok("charter", "adopt", "--dry-run")
    assert "it takes effect once they have signed it" in shown
    said = user.ok("charter", "adopt", "--yes")
    assert "version 3 is proposed; version 2 counts until" in said
    assert "2 of @ann, @bob, @cid (owners by version 2)" in said
    assert "ledger sign charter" in said
    assert group.version() == 2
    shown = group.json("charter", "show")
    assert (shown["file"], shown["rules"][0]["settings"]["threshold"]) == ("proposed", "1/2")
    (proposal,) = shown["proposals"]
    assert (proposal["state"], proposal["owners"][0]["missing"]) == ("waiting", 2)
    assert "waits for 2 of" in user.ok("verify")
    assert "waits for its owners" in user.ok("charter", "show")
    group.sign("cid")
    assert group.json("sequence", "--yes")["result"] == "recorded"
    assert group.version() == 2
    assert "2 of 2" not in user.ok("charter", "show")
    group.sign("ann")
    group.json("sequence", "--yes")
    shown = group.json("charter", "show")
    assert (shown["version"], shown["file"], shown["rules"][0]["settings"]["threshold"]) == (
        3,
        "adopted",
        "2/3",
    )
    assert shown["proposals"][0]["state"] == "effective"
    assert shown["in_effect_since"] > shown["seq"]
    group.verify()
    assert "nothing to adopt" in user.ok("charter", "adopt", "--yes")


def test_a_proposed_version_changes_nothing_anywhere(group):
    user = group.user
    group.edit('threshold: 1/2, strict: "true"', 'threshold: 1/2, strict: "true", electorate: ["@zoe"]')
    group.edit('- handle: "@cid"', '- handle: "@zoe"\n    roles: [chair]\n  - handle: "@cid"')
    group.edit("rules:", "terms:\n  - [shelf, armoire]\nrules:")
    assert user.ok("charter", "check")
    user.ok("charter", "adopt", "--yes")

    def said():
        answers = [user.run(*words).stdout for words in (("find", "armoire"), ("member", "list"))]
        return [
            *answers,
            user.run("who", "chair", "--json").stdout,
            user.run("explain", "2025-03-05/1").stdout,
        ]

    proposed = said()
    assert "travel books" not in proposed[0]
    assert not any("@zoe" in answer for answer in proposed[1:])
    opened = group.json("poll", "open", "2025-03-05/2", "--yes")
    assert opened["records"][0]["body"]["electorate"] is None
    group.verify()
    group.sign("ann", "bob")
    group.json("sequence", "--yes")
    now = said()
    assert "travel books" in now[0]
    assert "@zoe" in now[1]
    assert "@zoe" in now[2]
    group.verify()


def test_an_overtaken_version_never_counts(group):
    group.edit("threshold: 1/2", "threshold: 2/3")
    group.user.ok("charter", "adopt", "--yes")
    group.sign("ann")
    group.edit("threshold: 2/3", "threshold: 3/4")
    group.user.ok("charter", "adopt", "--yes")
    group.sign("bob")
    group.json("sequence", "--yes")
    shown = group.json("charter", "show", "--version", "3")
    assert (shown["in_effect_since"], shown["proposals"][0]["state"]) == (None, "overtaken")
    assert group.version() == 2
    group.verify()
    group.sign("cid")
    group.json("sequence", "--yes")
    assert group.version() == 4
    assert group.json("charter", "show")["rules"][0]["settings"]["threshold"] == "3/4"
    group.verify()


def test_owners_who_could_never_agree_are_refused(group):
    group.edit('handles: ["@ann", "@bob", "@cid"]', 'handles: ["@ann", "@dee", "@eve"]')
    done = group.user.run("charter", "adopt", "--yes")
    assert done.returncode != 0
    assert "could never take effect" in done.stderr
    assert "GOVERNANCE.md:" in done.stderr
    assert "ledger member add" in done.stderr


def test_owners_without_keys_are_warned_about(fresh):
    text = (fresh.repo / "GOVERNANCE.md").read_text()
    owners = 'owners: {threshold: 1, handles: ["@ann"]}\nledger:'
    fresh.write("GOVERNANCE.md", text.replace("ledger:", owners, 1))
    assert "nobody's agreement can be checked" in fresh.ok("charter", "check")
    fresh.ok("charter", "adopt", "--yes")
    assert json.loads(fresh.ok("charter", "show", "--json"))["version"] == 2


def second_user(group, tmp_path):
    """Somebody at another machine with a clone of the same repository."""
    other = User(tmp_path / "other-home", tmp_path / "other-repo")
    other.home.mkdir()
    shutil.copytree(group.user.repo, other.repo)
    shutil.rmtree(other.repo / ".ledger")
    return other


def move(source, target):
    """What git pull does: the files of the one become those of the other."""
    for name in ("records", "GOVERNANCE.md"):
        path = target.repo / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        copy = shutil.copytree if (source.repo / name).is_dir() else shutil.copy
        copy(source.repo / name, path)


def test_a_second_recorder_with_a_key_of_his_own(group, tmp_path):
    other = second_user(group, tmp_path)
    assert group.verify()["ok"]
    other.write("april.md", APRIL)
    done = other.run("record", "--yes", "april.md")
    assert done.returncode == 3
    assert "ledger key new" in done.stderr
    key = group.new_key(other)
    assert group.json("key", "show", user=other)["keys"][0]["state"] == "not in the charter"
    first = group.log_keys()[0]
    group.edit(first, f"{first}\n    - {key}")
    said = group.user.ok("charter", "adopt", "--yes")
    assert "keys that sign the log" in said
    move(group.user, other)
    assert group.json("key", "show", user=other)["keys"][0]["state"] == "proposed"
    done = other.run("record", "--yes", "april.md")
    assert done.returncode != 0
    assert "waits for the owners" in done.stderr
    move(other, group.user)
    group.sign("ann", "bob")
    group.json("sequence", "--yes")
    seq = group.json("charter", "show")["seq"]
    assert (group.user.repo / f"records/log/handover/{seq}").is_file()
    group.verify()
    move(group.user, other)
    assert group.json("key", "show", user=other)["keys"][0]["state"] == "in force"
    other.ok("record", "--yes", "april.md")
    report = group.verify(user=other)
    assert (report["key"], report["not_in_log"]) == (key, [])
    move(other, group.user)
    report = group.verify()
    assert "pinned" in report["key_reason"]
    assert report["key"] == key
    group.user.ok("decide", "2025-03-05/1", "--amends", "2025-03-05/2", "--reason", "both", "--yes")
    group.verify()
    move(group.user, other)
    group.verify(user=other)


def test_without_owners_a_key_is_handed_over_at_once(fresh, tmp_path):
    group = Group(fresh, {})
    group.verify()
    old, key = group.log_keys()[0], group.new_key()
    group.edit(old, key)
    fresh.ok("charter", "adopt", "--yes")
    assert (fresh.repo / "records/log/handover/1").read_bytes() == (
        fresh.repo / "records/log/checkpoint"
    ).read_bytes()
    assert group.verify()["key"] == old
    fresh.write("march.md", MARCH)
    fresh.ok("record", "--yes", "march.md")  # by the new key, which lies beside the old one
    report = group.verify()
    assert (report["key"], report["ok"]) == (key, True)
    states = {one["key"]: one["state"] for one in group.json("key", "show")["keys"]}
    assert states == {old: "former", key: "in force"}
    # The old key is gone from this machine: nothing is missed.
    next(path for path in (fresh.home / "config").rglob("*.pem") if "+" not in path.name).unlink()
    fresh.write("april.md", APRIL)
    fresh.ok("record", "--yes", "april.md")
    group.verify()


def test_a_lost_key_is_replaced(group):
    user = group.user
    group.verify()
    (lost,) = (user.home / "config").rglob("*.pem")
    lost.unlink()
    user.write("april.md", APRIL)
    assert user.run("record", "--yes", "april.md").returncode == 3
    old, key = group.log_keys()[0], group.new_key()
    group.edit(old, key)
    assert user.run("charter", "adopt", "--yes").returncode != 0
    user.ok("charter", "adopt", "--lost-key", "--yes")
    report = group.verify(1)
    assert report["failure"]["check"] == "handovers"
    assert "waits for 2 of @ann, @bob, @cid" in report["waiting"]
    done = user.run("record", "--yes", "april.md")
    assert done.returncode == 3
    assert "waits for the owners to agree" in done.stderr
    group.sign("ann")
    group.json("sequence", "--yes")
    assert "waits for 1 of @bob, @cid" in group.verify(1)["waiting"]
    group.sign("cid")
    group.json("sequence", "--yes")
    report = group.verify()
    assert (report["key"], report["waiting"]) == (key, None)
    assert "by its owners' agreement" in next(
        check["detail"] for check in report["checks"] if check["name"] == "handovers"
    )
    user.ok("record", "--yes", "april.md")
    group.verify()
    assert not (user.repo / "records/log/handover").exists()


def test_nobody_replaces_a_key_where_nobody_can_vouch(fresh):
    group = Group(fresh, {})
    old, key = group.log_keys()[0], group.new_key()
    group.edit(old, key)
    done = fresh.run("charter", "adopt", "--lost-key", "--yes")
    assert done.returncode != 0
    assert "a lost key cannot be replaced" in done.stderr
    assert group.verify()["size"] == 1


def test_a_stolen_key_is_taken_away(group):
    user = group.user
    old, key = group.log_keys()[0], group.new_key()
    group.edit(old, key)
    user.ok("charter", "adopt", "--yes")  # signed by the old key: the thief is not alone in having it
    group.sign("ann", "bob")
    group.json("sequence", "--yes")
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "april.md")
    assert group.verify()["key"] == key
    # The thief's machine has the old key only.
    for path in (user.home / "config").rglob("*+*.pem"):
        path.unlink()
    user.write("other.md", MARCH.replace("5th", "6th").replace("03-05", "03-06"))
    done = user.run("record", "--yes", "other.md")
    assert done.returncode != 0
    assert "does not fit this ledger" in done.stderr


def test_new_owners_sign_with_the_keys_of_the_new_charter(group, tmp_path):
    folder = tmp_path / "dee"
    folder.mkdir()
    group.keys["dee"] = make_key(folder)
    group.user.ok("member", "add", "@dee", "--key", f"{group.keys['dee']}.pub", "--yes")
    group.edit('{threshold: 2, handles: ["@ann", "@bob", "@cid"]}', '{threshold: 1, handles: ["@dee"]}')
    group.user.ok("charter", "adopt", "--yes")
    group.sign("ann", "bob")
    group.json("sequence", "--yes")
    assert group.version() == 2
    group.sign("dee")
    group.json("sequence", "--yes")
    assert group.version() == 3
    group.verify()
