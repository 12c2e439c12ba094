"""``init --github``: a workflow that previews minutes in a pull request and checks every push."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.errors import UsageError
from ledger.store.durable import disk_error, make_dirs, write_file
from ledger.store.file_bytes import read_file
from ledger.store.git import run_git
from ledger.store.places import Places

WORKFLOW = ".github/workflows/ledger.yml"
_MOST = 1 << 20

_TEXT = """\
# Written by: ledger init --github. It is yours now: change it as you like.
#
# On every push and pull request the log is checked, and that it extends the one before. On a pull request
# the minutes that it adds or changes are shown as they would be recorded, in the summary of the run.
# Nothing is recorded here: that happens on the default branch, by somebody who has a key.
name: ledger

on:
  push:
  pull_request:

permissions:
  contents: read

env:
  # What pip installs: ledger is on no package index yet (another project may have that name there), so
  # say where yours is from, for example: ledger @ git+https://example.org/ledger.git@<whole commit id>
  LEDGER_PACKAGE: ""
  # The minutes that people write: a pathspec of git.
  MINUTES: @MINUTES@
  LEDGER_DIR: @PLACE@

jobs:
  ledger:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0 # the commit to compare with must be there
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.12"

      - name: Install ledger
        shell: bash
        run: |
          if [[ -z "$LEDGER_PACKAGE" ]]; then
            echo "::error::say in @WORKFLOW@ what LEDGER_PACKAGE is"
            exit 1
          fi
          python -m pip install --quiet "$LEDGER_PACKAGE"

      - name: Check the log, and that it extends the one before
        shell: bash
        env:
          BASE: ${{ github.event.pull_request.base.sha || github.event.before }}
        run: |
          if [[ "$BASE" =~ ^0*$ ]]; then # a new branch: there is nothing before
            ledger verify
            exit
          fi
          # After a forced push the commit before is on no branch any more.
          git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet origin "$BASE"
          ledger verify --base "$BASE"

      - name: Show the minutes as they would be recorded
        if: ${{ !cancelled() && github.event_name == 'pull_request' }}
        shell: bash
        env:
          BASE: ${{ github.event.pull_request.base.sha }}
        run: |
          git diff -z --name-only --diff-filter=d "$BASE...HEAD" -- "$MINUTES" >"$RUNNER_TEMP/minutes"
          files=()
          while IFS= read -r -d '' file; do
            if [[ -f "$file" && ! -L "$file" ]]; then
              files+=("./$file")
            fi
          done <"$RUNNER_TEMP/minutes"
          if ((${#files[@]} == 0)); then
            echo "No minutes are added or changed." >>"$GITHUB_STEP_SUMMARY"
            exit
          fi
          if ! ledger record --dry-run --markdown -- "${files[@]}" >>"$GITHUB_STEP_SUMMARY"; then
            echo "The minutes cannot be recorded as they are: the log of this step says why." \\
              >>"$GITHUB_STEP_SUMMARY"
            exit 1
          fi
"""


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """The workflow: where it lies (``path``), its ``text``, and whether it had to be ``written``.

    ``top`` is the directory that ``path`` is relative to: that of the git repository.
    """

    top: Path
    path: str
    text: str
    written: bool


def plan_workflow(places: Places, *, show: bool = False) -> WorkflowFile:
    """Return the workflow for the ledger at ``places``, not written yet.

    Raises UsageError where the ledger's directory cannot be named in it, and, unless it is only to be
    shown, where another file has its name.
    """
    top, place = _find_top(places.root)
    if "${{" in place or any(ord(char) < 32 for char in place):
        raise UsageError(f"the directory {place!r} cannot be named in a workflow", fix="rename it")
    minutes = f":(glob){place}/minutes/**/*.md" if place else ":(glob)minutes/**/*.md"
    text = (
        _TEXT.replace("@MINUTES@", json.dumps(minutes))
        .replace("@PLACE@", json.dumps(place or "."))
        .replace("@WORKFLOW@", WORKFLOW)
    )
    path = top / WORKFLOW
    there = path.exists() or path.is_symlink()
    if there and not show and read_file(top, WORKFLOW, _MOST) != text.encode():
        raise UsageError(
            f"{WORKFLOW} is there already, and is another one",
            why="what you changed in it is not overwritten",
            fix="see ours with: ledger init --github --dry-run; move yours away to have it",
        )
    return WorkflowFile(top, WORKFLOW, text, written=False)


def write_workflow(places: Places) -> WorkflowFile:
    """Write the workflow into the repository around the ledger, unless it is there already.

    Raises what :func:`plan_workflow` raises, and StoreError for the disk.
    """
    plan = plan_workflow(places)
    path = plan.top / plan.path
    if path.exists():
        return plan
    try:
        make_dirs(path.parent)
        write_file(path, plan.text.encode())
    except OSError as error:
        raise disk_error(error, f"write {path}") from error
    return replace(plan, written=True)


def _find_top(root: Path) -> tuple[Path, str]:
    """Return the directory of the repository around ``root``, and the way from there to ``root``."""
    output = run_git(root, "rev-parse", "--show-cdup", "--show-prefix")
    if output is None:
        return root, ""
    up, prefix = output.decode(errors="surrogateescape").split("\n")[:2]
    return (root / up).resolve() if up else root, prefix.rstrip("/")
