"""``prove``, ``verify FILE``, ``publish`` through the command line, and the check without our program."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.store.places import Places
from ledger.workflow.prove import prove_record

from .conftest import ORIGIN, User
from .samples import APRIL, MARCH
from .terminal import Terminal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/verify-without-us.md").read_text("utf-8")


@pytest.fixture
def stranger(tmp_path):
    """Somebody on another computer, with no ledger: a directory with a proof, perhaps."""
    other = User(tmp_path / "stranger", tmp_path / "elsewhere")
    other.home.mkdir()
    other.repo.mkdir()
    return other


def key_of(user):
    """The log's verifier key, as the charter has it."""
    return re.search(r"- (\S+\+[0-9a-f]{8}\+\S+)", (user.repo / "GOVERNANCE.md").read_text())[1].strip(
        "\"'"
    )


def hand_over(user, stranger, name="2025-03-05/1"):
    """Make the proof of a record and give it to the stranger."""
    return stranger.write("decision.proof", user.ok("prove", name))


def test_a_proof_is_made_and_checked_elsewhere(user, stranger):
    said = user.ok("prove", "2025-03-05/1", "-o", "decision.proof")
    assert "ledger verify --key NAME+ID+KEY decision.proof" in said
    data = (user.repo / "decision.proof").read_bytes()
    assert data.decode() == user.ok("prove", "2025-03-05/1")
    stranger.write("decision.proof", data)
    output = stranger.ok("verify", "--key", key_of(user), "decision.proof")
    lines = output.splitlines()
    assert lines[0] == "Adopt the Code of Conduct of the town library"
    for words in ("@ann (proposed)", ORIGIN, "#", "named with --key", "everything that was checked held"):
        assert words in output
    assert "not that" not in output
    assert "Whether it still stands only the whole log tells" in " ".join(output.split())
    assert all(len(line) <= 80 for line in lines if "+" not in line)


def test_without_a_key_nothing_is_proved(user, stranger):
    hand_over(user, stranger)
    done = stranger.run("verify", "decision.proof")
    assert (done.returncode, done.stderr) == (3, "")
    words = " ".join(done.stdout.split())
    assert words.startswith("NOT PROVED")
    assert f"It claims to be by {ORIGIN} (key " in words
    assert "ledger verify --key NAME+ID+KEY decision.proof" in words
    assert "The file says that this was recorded." in words
    assert "everything that was checked held" not in words
    report = json.loads(stranger.run("verify", "--json", "decision.proof").stdout)
    assert (report["ok"], report["key"]) == (False, None)
    assert [check["status"] for check in report["checks"]] == ["held", "held", "held", "not-checked"]


def test_what_was_changed_is_wrong(user, stranger):
    good = hand_over(user, stranger).read_text()
    stranger.write("decision.proof", good.replace("town library", "city library", 1))
    for options in (("--key", key_of(user)), ()):
        done = stranger.run("verify", *options, "decision.proof")
        assert (done.returncode, done.stdout) == (1, "")
        assert "decision.proof:1" in done.stderr
        assert "another digest" in done.stderr
        assert "  why: " in done.stderr
        assert "  fix: " in done.stderr
    error = json.loads(stranger.run("verify", "--json", "decision.proof").stdout)["error"]
    assert error["status"] == 1


def test_the_key_of_another_log(user, stranger, tmp_path):
    hand_over(user, stranger)
    other = tmp_path / "other"
    other.mkdir()
    stranger.ok("init", "--group", "Others", "--origin", "example.org/others", cwd=other)
    key = key_of(User(stranger.home, other))
    done = stranger.run("verify", "--key", key, "decision.proof")
    assert done.returncode == 1
    assert "no key of that log was named" in " ".join(done.stderr.split())
    # Next to another group's ledger the proof is as unknown as anywhere.
    assert stranger.run("verify", "decision.proof", "--ledger", other).returncode == 3


def test_verify_takes_several_keys_for_a_proof_and_one_for_a_ledger(user, stranger):
    hand_over(user, stranger)
    key = key_of(user)
    stranger.ok("verify", "--key", key, "--key", key, "decision.proof")
    user.ok("verify", "--key", key)
    assert user.run("verify", "--key", key, "--key", key).returncode == 2


def test_growth(user, stranger):
    shutil.copy(user.repo / "records/log/checkpoint", user.repo / "march.checkpoint")
    user.write("april.md", APRIL)
    user.ok("record", "--yes", "april.md")
    said = user.ok("prove", "--since", "march.checkpoint", "-o", "growth.proof")
    assert "still begins with" in " ".join(said.split())
    shutil.copy(user.repo / "growth.proof", stranger.repo)
    output = stranger.ok("verify", "growth.proof", "--key", key_of(user))
    assert output.startswith("The log has only grown")
    value = json.loads(user.ok("prove", "--since", "march.checkpoint", "--json"))
    assert value["proof"].startswith("ledger/consistency@v1\n")
    assert value["since"]["size"] < value["size"]


def test_json(user):
    value = json.loads(user.ok("prove", "2025-03-05/1", "--json"))
    assert (value["id"], value["kind"], value["origin"], value["file"]) == (
        *("2025-03-05/1", "proposal", ORIGIN, None),
    )
    assert value["proof"] == user.ok("prove", "2025-03-05/1")
    report = json.loads(user.ok("verify", "--json", "/dev/stdin", stdin=piped(value["proof"])))
    assert (report["ok"], report["entry"]["id"]) == (True, "2025-03-05/1")
    assert report["entry"]["body"]["proposer"] == "@ann"


def piped(text):
    """Return the reading end of a pipe that holds ``text``."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


def test_what_cannot_be_meant(user):
    for arguments, words in (
        ((), "what is to be proved"),
        (("#1", "--since", "x"), "what is to be proved"),
        (("--since", "missing"), "no such file"),
        (("#1", "-o", "GOVERNANCE.md"), "is no proof"),
    ):
        done = user.run("prove", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
    done = user.run("prove", "2031-01-01/1")
    assert done.returncode == 1
    assert "no record called 2031-01-01/1" in done.stderr


def test_a_terminal_is_not_steered(user):
    user.write("april.md", APRIL.replace("the long waiting list", "the \x1b[2J\u202e list"))
    user.ok("record", "--yes", "april.md")
    terminal = Terminal(user, "prove", "2025-04-02/1.1")
    assert terminal.wait() == 0
    assert "\x1b[2J" not in terminal.seen
    assert "\u202e" not in terminal.seen


def test_publish(user):
    before = user.ledger_bytes()
    planned = user.ok("publish", "public", "--dry-run")
    assert "would be published" in planned
    assert not (user.repo / "public").exists()
    output = user.ok("publish", "public")
    assert "written: 5" in output
    value = json.loads(user.ok("publish", "public", "--json"))
    assert (value["written"], value["removed"], value["unchanged"]) == ([], [], 5)
    assert {path: data for path, data in user.ledger_bytes().items() if "/state/" not in path} == {
        path: data for path, data in before.items() if "/state/" not in path
    }
    done = user.run("publish", "records")
    assert (done.returncode, done.stdout) == (2, "")


# --- without our program ----------------------------------------------------------------------------------

TOOLS = (
    "bash",
    "jq",
    "openssl",
    "sha256sum",
    "sed",
    "awk",
    "base64",
    "od",
    "cut",
    "tail",
    "grep",
    "mktemp",
)
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
needs_tools = pytest.mark.skipif(
    bool(MISSING), reason=f"NOT RUN: the check without our program needs {', '.join(MISSING)}"
)


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """Exactly the lines of the page."""
    [block] = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    assert len([line for line in block.splitlines() if line and line[0] != "#"]) <= 31
    path = tmp_path_factory.mktemp("script") / "check.sh"
    path.write_text(block, "utf-8")
    return path


def check(script, stranger, key, data=None):
    if data is not None:
        stranger.write("decision.proof", data)
    return subprocess.run(
        ["bash", script, "decision.proof", key],
        cwd=stranger.repo,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(stranger.home)},
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


@needs_tools
@pytest.mark.parametrize("name", ["2025-03-05/1", "#0", "#1", "2025-03-05"])
def test_the_lines_of_the_page_accept_what_prove_makes(user, stranger, script, name):
    hand_over(user, stranger, name)
    done = check(script, stranger, key_of(user))
    assert (done.returncode, done.stderr) == (0, "")
    first, _, body = done.stdout.partition("\n")
    assert first.startswith(f"{ORIGIN} recorded this on 2")
    line = json.loads((stranger.repo / "decision.proof").read_text().split("\n")[0])
    assert json.loads(body) == line["body"]
    assert list(stranger.home.iterdir()) == [], "no file is left behind"


@needs_tools
def test_the_lines_of_the_page_at_every_place_of_a_log(fresh, stranger, script):
    """The charter alone, and every entry of logs of two further sizes."""
    key = key_of(fresh)
    sizes = []
    for minutes in (None, MARCH, APRIL):
        if minutes is not None:
            fresh.write("minutes.md", minutes)
            fresh.ok("record", "--yes", "minutes.md")
        size = int((fresh.repo / "records/log/checkpoint").read_text().split("\n")[1])
        sizes.append(size)
        for seq in range(size):
            proof = prove_record(Places(fresh.repo), f"#{seq}")
            done = check(script, stranger, key, proof.data)
            assert (done.returncode, done.stderr) == (0, ""), (seq, size)
    assert sizes[0] == 1 < sizes[1] < sizes[2]


TAMPERED = {
    "a word": (r"town library", "city library"),
    "the salt": (r'"salt":"\w{8}', '"salt":"00000000'),
    "when": (r'"at":"20\d\d', '"at":"1999'),
    "the identifier": (r'"id":"2025-03-05/1"', '"id":"2025-03-05/7"'),
    "the stated digest": (r'"head":\{(.*?)"body":"\w{8}', r'"head":{\1"body":"00000000'),
    "the place in the entry": (r'"seq":(\d+),"v"', r'"seq":1\1,"v"'),
    "the place in the proof": (r"\nindex (\d+)\n", r"\nindex 1\1\n"),
    "an index that is no number": (r"\nindex (\d+)\n", r"\nindex a[$(touch pwned)]\n"),
    "a size that is no number": (rf"\n({ORIGIN})\n\d+\n", r"\n\1\na[$(touch pwned)]\n"),
    "the kind of proof": (r"tlog-proof@v1", "tlog-proof@v2"),
    "a hash": (r"(index \d+\n)....", r"\1AAAA"),
    "a hash less": (r"(index \d+\n).*\n", r"\1"),
    "a hash more": (r"(index \d+\n)(.*\n)", r"\1\2\2"),
    "the origin": (rf"\n{ORIGIN}\n", "\nexample.org/others\n"),
    "the size": (rf"\n({ORIGIN})\n(\d+)\n", r"\n\1\n1\2\n"),
    "the root": (r"\n....(.*)\n\n—", r"\nAAAA\1\n\n—"),
    "the key's id": (r"(\n— \S+ )....", r"\1AAAA"),
    "the signature": (r"(\n— \S+ .{20})....", r"\1AAAA"),
    "the signer": (r"\n— \S+ ", "\n— example.org/others "),
    "no signature": (r"\n— .*\n", "\n"),
    "no head": (r"\n\n[\s\S]*\Z", "\n"),
    "nothing": (r"\A[\s\S]*\Z", ""),
}


@needs_tools
@pytest.mark.parametrize("what", TAMPERED)
def test_the_lines_of_the_page_refuse_what_was_changed(user, stranger, script, what):
    good = hand_over(user, stranger).read_text()
    pattern, words = TAMPERED[what]
    changed, count = re.subn(pattern, re.sub(r"\\(\d)", r"\\g<\1>", words), good, count=1)
    assert count == 1
    assert changed != good
    done = check(script, stranger, key_of(user), changed)
    assert done.returncode == 1, done.stdout
    assert done.stdout == ""
    assert not (stranger.repo / "pwned").exists()
    # Our own program says so too.
    assert stranger.run("verify", "--key", key_of(user), "decision.proof").returncode == 1


@needs_tools
def test_the_lines_of_the_page_refuse_another_key(user, stranger, script, tmp_path):
    hand_over(user, stranger)
    key = key_of(user)
    name, key_id, public = key.split("+", 2)
    others = [f"{name}+{key_id}+AS{'A' * (len(public) - 2)}", f"{name}+00000000+{public}"]
    others += [f"example.org/others+{key_id}+{public}", "", "nonsense"]
    for other in others:
        done = check(script, stranger, other)
        assert done.returncode == 1, other
        assert done.stdout == ""
