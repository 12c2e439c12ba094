"""What the project says of itself is true: commands in the documents, links, schemas, pins, licence."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing
from hypothesis import given
from hypothesis import strategies as st

from ledger import schema
from ledger.minutes import read_minutes
from ledger.records import KINDS, Vote, to_body

ROOT = Path(__file__).parents[1]
THREATS = ROOT / "docs/threat-model.md"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def project_files() -> list[Path]:
    """Return every file that git keeps or would keep."""
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git repository")
    paths = [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


# --- the files speak only of the project --------------------------------------------------------------

# The brackets keep this file from holding what it looks for.
FORBIDDEN = {
    "a registry's host": rb"pyp[i]\.org|pythonhoste[d]|registr[y]\.npmjs",
    "a path of somebody's machine": rb"(?<![\w.])/(?:wor[k]/|roo[t]/|hom[e]/\w|User[s]/\w)",
    "a private key": rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{path.relative_to(ROOT)}:{data.count(bytes([10]), 0, match.start()) + 1}"
        for path in project_files()
        if (data := path.read_bytes())
        for match in [pattern.search(data)]
        if match
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    text = read(name).replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9-]+==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def test_requirements_hold_what_pyproject_names() -> None:
    def names(lines: list[str]) -> set[str]:
        return {
            re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in lines if line[:1].isalnum()
        }

    groups = PYPROJECT["dependency-groups"]
    runtime = names(PYPROJECT["project"]["dependencies"] + groups["build"])
    pinned = names(read("requirements.txt").splitlines())
    pinned_dev = names(read("requirements-dev.txt").splitlines())
    assert runtime <= pinned
    assert pinned | names(groups["dev"]) <= pinned_dev


def test_the_decision_on_dependencies_names_each() -> None:
    page = read("docs/decisions/0001-dependencies.md")
    groups = PYPROJECT["dependency-groups"]
    for requirement in PYPROJECT["project"]["dependencies"] + groups["build"] + groups["dev"]:
        name = re.match(r"[\w.-]+", requirement)[0]
        assert f"\n| {name} | " in page


# --- documents ----------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """Return the fragments of a page's headings, as forges make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), target
        if fragment:
            assert fragment in anchors(path), target


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", read("docs/decisions/README.md")))
    assert listed == {path.name for path in ROOT.glob("docs/decisions/0*.md")}


def test_readme_names_the_two_commands_and_make_knows_them() -> None:
    makefile = read("Makefile")
    for target in ("demo", "test"):
        assert f"make {target}" in read("README.md")
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def commands_shown(page: str) -> list[str]:
    """Return the command lines of a page: ``$ ledger …`` in examples, with continued lines joined."""
    text = read(page).replace("\\\n", " ")
    return re.findall(r"^\s*\$ (?:\S*/)?ledger (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_commands_shown_exist_with_their_options(page: str) -> None:
    shown = commands_shown(page)
    assert shown
    helps: dict[str, str] = {}
    for line in shown:
        words = line.split()
        command = words[0]
        if command not in helps:
            run = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "ledger",
                    *([command, "--help"] if command[0] != "-" else [command]),
                ],
                capture_output=True,
                text=True,
                env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
            )
            assert run.returncode == 0, line
            helps[command] = run.stdout
        for option in re.findall(r"(?<= )--[a-z][a-z-]+", line):
            assert option in helps[command], f"{option} in: {line}"


def test_changelog_has_an_entry_for_the_version() -> None:
    version = PYPROJECT["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\]", read("CHANGELOG.md"), re.MULTILINE)


def test_licence_is_the_complete_text() -> None:
    """Compared with the copy that the cryptography package carries, addresses and white space aside."""

    def words(text: str) -> list[str]:
        return text.replace("https://", "http://").split()

    files = metadata.files("cryptography") or []
    other = next(file for file in files if file.name == "LICENSE.APACHE")
    ours = words(read("LICENSE"))
    assert ours[-1] == "License."
    assert ours == words(other.read_text())
    assert PYPROJECT["project"]["license"] == "Apache-2.0"


# --- schema/ ------------------------------------------------------------------------------------------


def registry() -> referencing.Registry:
    return referencing.Registry().with_resources(
        (path.name, referencing.Resource.from_contents(json.loads(path.read_bytes())))
        for path in (ROOT / "schema").glob("*.json")
    )


def validator(name: str) -> jsonschema.Draft202012Validator:
    contents = json.loads((ROOT / "schema" / name).read_bytes())
    return jsonschema.Draft202012Validator(contents, registry=registry())


def test_schema_matches_the_code() -> None:
    assert schema.compare_schemas(ROOT / "schema") == []


def test_schema_command_writes_and_compares(tmp_path: Path) -> None:
    target = tmp_path / "schema"
    assert schema.main(["--check", str(target)]) == 1
    assert schema.main([str(target)]) == 0
    assert schema.main(["--check", str(target)]) == 0
    (target / "old-kind.json").write_text("{}")
    (target / "vote.json").write_text("{}")
    assert schema.compare_schemas(target) == ["old-kind.json", "vote.json"]
    assert schema.main([str(target)]) == 0
    assert schema.compare_schemas(target) == []
    assert schema.main(["--write", str(target)]) == 2
    assert schema.main([]) == 2


@pytest.mark.parametrize("path", sorted((ROOT / "schema").glob("*.json")), ids=lambda path: path.stem)
def test_schemas_are_schemas(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_bytes()))


VOTE = {
    "source": {"seq": 1, "lines": [79, 79], "quote": "Vote: Unanimously **in favor**."},
    "proposal": "2024-04-10/3",
    "stated": {"text": "Unanimously **in favor**.", "outcome": "adopted", "counts": None},
    "method": "unanimous",
}


def test_schema_takes_a_body_and_refuses_what_is_not_one() -> None:
    check = validator("vote.json")
    assert check.is_valid(VOTE)
    assert not check.is_valid({**VOTE, "tally": 5})
    assert not check.is_valid({**VOTE, "stated": {**VOTE["stated"], "outcome": "probably"}})
    assert not check.is_valid({**VOTE, "stated": {**VOTE["stated"], "counts": {"yes": "5"}}})
    assert not check.is_valid({**VOTE, "source": {**VOTE["source"], "lines": [79]}})
    assert not check.is_valid({key: value for key, value in VOTE.items() if key != "stated"})


@given(
    text=st.text(),
    counts=st.none()
    | st.fixed_dictionaries(
        {name: st.none() | st.integers(0, 2**53 - 1) for name in ("yes", "no", "abstain")}
    ),
)
def test_schema_takes_every_vote_that_the_code_makes(
    text: str, counts: dict[str, int | None] | None
) -> None:
    import msgspec

    vote = msgspec.convert({"proposal": None, "stated": {"text": text, "counts": counts}}, Vote)
    validator("vote.json").validate(to_body(vote))


def test_entry_schema_takes_real_entries_and_refuses_others() -> None:
    from ledger.log.entry import ZERO, encode_entry, redact_entry

    check = validator("entry.json")
    at = "2024-04-12T09:30:00Z"
    entry = encode_entry(seq=0, kind="vote", id=None, at=at, prev=ZERO, body=VOTE, salt=bytes(16))
    line = json.loads(entry.line)
    assert check.is_valid(line)
    assert check.is_valid(json.loads(redact_entry(entry, 7).line))
    assert not check.is_valid({**line, "redacted": 7})
    assert not check.is_valid({**line, "salt": "0" * 31})
    assert not check.is_valid({**line, "body": {**VOTE, "tally": 5}})
    assert not check.is_valid({**line, "head": {**line["head"], "prev": "A" * 64}})
    assert not check.is_valid({**line, "head": {**line["head"], "note": ""}})
    later = encode_entry(seq=0, kind="petition", id=None, at=at, prev=ZERO, body={"of": 1}, salt=bytes(16))
    assert check.is_valid(json.loads(later.line)), "a kind of a later version has any body"


def test_every_recorded_entry_fits_the_schema() -> None:
    check = validator("entry.json")
    for path in sorted((ROOT / "records" / "log" / "entries").rglob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            check.validate(json.loads(line))


def test_front_matter_of_this_repository_fits_its_schema() -> None:
    from ledger.charter import read_governance

    matter = read_governance((ROOT / "GOVERNANCE.md").read_bytes())
    assert matter is not None
    values = {
        "ledger": {"origin": "example.org/x", "keys": ["example.org/x+00000000+AA=="]},
        **matter.values,
    }
    check = validator("charter-front-matter.json")
    check.validate(values)
    assert not check.is_valid({**values, "group": ""})
    assert not check.is_valid({**values, "ledger": {"origin": "example.org/x"}})
    assert not check.is_valid({**values, "members": [{"also": ["x"]}]})


def test_format_page_names_every_field_of_every_kind() -> None:
    page = read("docs/format.md")
    common = page.partition("### `charter`")[0]
    for kind, record in KINDS.items():
        section = page.partition(f"\n### `{kind}`\n")[2].partition("\n### ")[0]
        assert section, kind
        for field in record.__struct_fields__:
            assert f"`{field}`" in section or f"`{field}`" in common, f"{kind}.{field}"


# --- the demonstration --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bin_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with a ``ledger`` command that runs this code with this interpreter."""
    directory = tmp_path_factory.mktemp("bin")
    program = directory / "ledger"
    words = [f"PYTHONPATH={shlex.quote(str(ROOT))}", "exec", shlex.quote(sys.executable), "-m ledger"]
    program.write_text(f'#!/bin/sh\n{" ".join(words)} "$@"\n')
    program.chmod(0o755)
    return directory


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, bin_directory: Path) -> tuple[str, Path]:
    """Run the script of ``make demo``; return its output and the ledger that it made."""
    kept = tmp_path_factory.mktemp("demo")
    run = subprocess.run(
        ["sh", str(ROOT / "samples" / "demo.sh"), str(bin_directory), str(kept)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout, kept


def test_demo_records_verifies_and_answers(demo: tuple[str, Path]) -> None:
    output, _ = demo
    steps = re.split(r"^\$ ledger ", output, flags=re.MULTILINE)[1:]
    assert [step.split()[0] for step in steps][:4] == ["init", "record", "verify", "find"]
    answer = steps[3]
    assert answer.startswith("find code of conduct\n")
    for fact in ("adopted", "2024-04-10", "@sjn", "Unanimously", "TPRF"):
        assert fact in answer
    assert "5" not in re.findall(r"\b\d+\b(?=\s*(?:votes?|yes|in favor|:0|–0))", answer)


def test_readme_shows_the_answer_that_is_given(demo: tuple[str, Path]) -> None:
    output, _ = demo
    answer = output.partition("$ ledger find code of conduct\n")[2].strip()
    page = "\n".join(line.removeprefix("    ") for line in read("README.md").splitlines())
    assert answer
    assert answer in page


def test_the_program_of_the_format_page_checks_the_demo_log(demo: tuple[str, Path], tmp_path: Path) -> None:
    _, ledger = demo
    program = tmp_path / "check.py"
    program.write_text(re.search(r"```python\n(.*?)```", read("docs/format.md"), re.DOTALL)[1], "utf-8")

    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, str(program), str(ledger)], capture_output=True, text=True)

    checkpoint = (ledger / "records" / "log" / "checkpoint").read_text("utf-8").split("\n")
    held = check()
    assert held.returncode == 0, held.stderr
    assert held.stdout == f"{checkpoint[0]}: {checkpoint[1]} entries, root {checkpoint[2]}\n"
    entries = ledger / "records" / "log" / "entries" / "000.jsonl"
    good = entries.read_bytes()
    entries.write_bytes(good.replace(b"Unanimously", b"Anonymously", 1))
    try:
        changed = check()
    finally:
        entries.write_bytes(good)
    assert changed.returncode != 0
    assert "the body was changed" in changed.stderr


def documented(section: str) -> set[str]:
    """Return the field names in the first column of the tables of a section of docs/json.md."""
    page = read("docs/json.md")
    assert f"\n## {section}\n" in page
    text = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([a-z_.]+)`", cell)}


def test_json_page_names_what_the_commands_print(demo: tuple[str, Path], tmp_path: Path) -> None:
    _, ledger = demo
    home = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "LEDGER_DIR"):
        home.pop(name, None)

    def answer(*words: str) -> Any:
        command = [sys.executable, "-m", "ledger", *words, "--json"]
        run = subprocess.run(command, capture_output=True, cwd=ledger, env=home)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    preview = answer("record", "--dry-run", "minutes/2024-04-10.md")
    names = documented("`ledger record --dry-run --json FILE`")
    assert {"records", "diagnostics"} | {f"coverage.{name}" for name in preview["coverage"]} == names
    assert {"records", "diagnostics", "coverage"} <= preview.keys()
    assert documented("`ledger verify --json`") <= answer("verify").keys()
    found = answer("find", "code", "of", "conduct")
    assert documented("`ledger find --json WORDS…`") <= found.keys() | found["answers"][0].keys()
    for kind in ("decisions", "proposals", "meetings", "people", "actions", "events"):
        items = answer("list", kind)
        assert items
        assert {"id", "title", "status", "date"} <= items[0].keys()
    assert documented("`ledger charter show --json`") == answer("charter", "show").keys()
    assert documented("`ledger charter check --json`") == answer("charter", "check").keys()
    assert documented("`ledger witness list --json`") == answer("witness", "list").keys()
    witness = "example.org/witness+cacf2e50+BGbguFjkYqYJ5m/nE3DIFtiEb/ED1UmaIqf+w3/bxCSn"
    ask = ("--key", witness, "--url", "https://witness.example.org/", "--dry-run")
    assert documented("`ledger witness request --json`") == answer("witness", "request", *ask).keys()
    name = (witness, *ask[2:])
    assert documented("`ledger witness add --json`") == answer("witness", "add", *name).keys()
    stamp = ("--tsa", "https://tsa.example.org/", "--dry-run")
    assert documented("`ledger witness timestamp --json`") == answer("witness", "timestamp", *stamp).keys()
    proof = tmp_path / "decision.proof"
    proved = answer("prove", "2024-04-10/3", "-o", str(proof))
    assert documented("`ledger prove --json ID`") == proved.keys()
    assert documented("`ledger verify --json FILE`") == answer("verify", str(proof)).keys()
    assert documented("`ledger publish --json DIR`") == answer("publish", str(tmp_path / "public")).keys()
    assert documented("`ledger show ID --json`") <= answer("show", "2024-04-10/3").keys()


def test_tutorial_works_as_written(tmp_path: Path, bin_directory: Path) -> None:
    """Every line that begins with ``$`` is run, after the set-up of the program itself."""
    page = read("docs/tutorial.md").replace("\\\n", " ")
    lines = re.findall(r"^    \$ (.+)$", page, re.MULTILINE)
    start = next(index for index, line in enumerate(lines) if line.startswith("mkdir ~/"))
    script = "\n".join(["set -e", f"samples={shlex.quote(str(ROOT / 'samples'))}", *lines[start:]])
    # Where a person would be asked, the answers are given beforehand.
    asking = "record|charter adopt|poll open|poll close|ballot cast"
    script = re.sub(rf"^ledger ({asking})(?! --dry-run)", r"ledger \1 --yes", script, flags=re.MULTILINE)
    environment = {
        "PATH": f"{bin_directory}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LEDGER_PASSPHRASE": "correct horse",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@example.org",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@example.org",
    }
    run = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "corrected" in run.stdout
    assert run.stdout.count("everything that was checked held") == 3
    printed = {line.rstrip() for line in run.stdout.splitlines()}
    shown = re.findall(r"^    ([^$\n].*)$", page, re.MULTILINE)
    # Keys, paths of keys and what was left out cannot be the same.
    shown = [line for line in shown if not re.search(r"^ *…$|ledger\+|^private key", line)]
    assert len(shown) > 40
    assert [line for line in shown if line not in printed] == []


def test_minutes_page_shows_what_is_read(tmp_path: Path) -> None:
    """The example of the page, and every vote of its table, are read as the page says."""
    page = read("docs/minutes.md")
    example = re.search(r"```markdown\n(.*?)```", page, re.DOTALL)[1]
    preview = re.search(r"```text\n(.*?)```", page, re.DOTALL)[1]
    (tmp_path / "2031-03-05.md").write_text(example, "utf-8")
    command = [sys.executable, "-m", "ledger", "record", "--dry-run", "2031-03-05.md"]
    home = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    home.pop("LEDGER_DIR", None)
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=home)
    assert run.returncode == 0, run.stderr
    assert run.stdout == preview
    table = page.partition("| the vote |")[2].partition("\n\n")[0]
    votes = re.findall(r"^\| `Vote: (.+?)` \| (.*) \|$", table, re.MULTILINE)
    assert len(votes) == 4
    for words, means in votes:
        text = (
            f"# Minutes 2031-03-05\n\n## Operating changes\n\n- @ann - Proposal: Bees\n  - Vote: {words}\n"
        )
        [vote] = [draft.record for draft in read_minutes(text.encode()).drafts if draft.kind == "vote"]
        assert isinstance(vote, Vote)
        counts = vote.stated.counts
        said = {"yes": "yes", "no": "no", "abstain": "abstain", "cast": "cast", "eligible": "who may vote"}
        numbers = {name: re.search(rf"(\d+) {word}\b", means) for name, word in said.items()}
        for name, number in numbers.items():
            assert getattr(counts, name, None) == (int(number[1]) if number else None), (words, name)
        assert vote.stated.outcome == ("adopted" if "adopted" in means else None), words


def test_this_repository_is_a_ledger_that_holds_and_answers(tmp_path: Path) -> None:
    """As in a fresh clone: without a key, without an index, without anything remembered."""
    for name in ("GOVERNANCE.md", "records"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    run = [sys.executable, "-m", "ledger", "--ledger", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    verified = subprocess.run([*run, "verify", "--json"], capture_output=True, text=True, env=environment)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    report = json.loads(verified.stdout)
    assert (report["ok"], report["notes"], report["not_in_log"]) == (True, [], [])
    command = [*run, "find", "--json", "code", "of", "conduct"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    answer = json.loads(found.stdout)["answers"][0]
    assert (answer["status"], answer["date"], answer["proposer"]) == ("adopted", "2024-04-10", "@sjn")
    assert (answer["stated"], answer["counts"]) == ("Unanimously in favor.", None)


def test_page_of_commands_is_what_help_says(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "commands.py"), "--check"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stderr


def test_the_tests_that_the_threat_model_names_exist():
    named = set(re.findall(r"`([a-z_]+/test_[a-z_]+\.py)(?:::(test_[a-z_0-9]+))?`", THREATS.read_text()))
    assert len(named) > 30
    for path, name in sorted(named):
        text = (ROOT / "tests" / path).read_text()
        assert not name or f"def {name}(" in text, f"{path}::{name}"
