"""The index is a cache: a function of the log, never half made, never believed against the log."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite as sqlite_dialect

from ledger.errors import VerificationError
from ledger.log.entry import encode_entry
from ledger.lookup import intake, schema
from ledger.lookup.index import open_index
from ledger.lookup.search import find
from ledger.records import (
    Action,
    Comment,
    Decision,
    Mention,
    Proposal,
    Report,
    SourceFile,
    Stated,
    Vote,
    to_body,
)
from ledger.store.tables import create_statements
from tests.lookup.garden import GOVERNANCE, correction, garden, third_meeting
from tests.lookup.small_ledger import Log, places_at

QUESTIONS = (
    "code of conduct",
    "compost heap",
    "tomatoes",
    "@ada",
    "honey",
    "website",
    "union",
    "2024-05-01",
)
DATABASE = f"index-{schema.FORMAT}.sqlite"
NOTE = f"index-{schema.FORMAT}.json"


def answers(places, log):
    with open_index(places, log) as index:
        return [find(index, question).to_json() for question in QUESTIONS]


def contents(places, log):
    """Everything in an index: rows, and each word of the full text with its place."""
    with open_index(places, log) as index:
        tables = {
            name: index.rows(f"SELECT * FROM {name} ORDER BY 1, 2")
            for name in ("record", "role", "link", "meta")
        }
        connection = sqlite3.connect(":memory:")
        connection.execute("ATTACH ? AS made", (str(places.cache / DATABASE),))
        for name in schema.FULL_TEXT:
            connection.execute(
                f"CREATE VIRTUAL TABLE temp.w_{name} USING fts5vocab(made, {name}, instance)"
            )
            tables[name] = sorted(connection.execute(f"SELECT * FROM w_{name}").fetchall())
        connection.close()
        return tables


def age_of(path):
    return path.stat().st_mtime_ns, path.stat().st_ino


def test_tables_are_what_sqlmodel_makes_of_their_classes():
    tables, indices = create_statements(sqlite_dialect.dialect())
    assert tables == list(schema.TABLES)
    assert sorted(indices) == sorted((*schema.EARLY_INDICES, *schema.LATE_INDICES))


def test_a_fresh_index_is_used_as_it_is(places):
    log = garden()
    first = answers(places, log)
    age = age_of(places.cache / DATABASE)
    assert answers(places, log) == first
    assert age_of(places.cache / DATABASE) == age
    assert sorted(path.name for path in places.cache.iterdir()) == [NOTE, DATABASE]


def test_deleting_it_loses_nothing(places):
    log = garden()
    first = answers(places, log)
    for name in (DATABASE, NOTE):
        (places.cache / name).unlink()
        assert answers(places, log) == first
        assert (places.cache / name).exists()


@pytest.mark.parametrize("name", [DATABASE, NOTE])
def test_every_kind_of_damage_is_mended(places, name):
    log = garden()
    first = answers(places, log)
    path = places.cache / name
    data = path.read_bytes()
    step = max(len(data) // 25, 1)
    damaged = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(0, len(data), step)]
    damaged += [b"", data[: len(data) // 2], data + b"x", b"[]", b"null", os.urandom(4096), b"[" * 100_000]
    for bad in damaged:
        path.write_bytes(bad)
        assert answers(places, log) == first


def test_the_index_of_another_log_is_not_believed(places, tmp_path):
    log = garden()
    first = answers(places, log)
    other = places_at(tmp_path / "other", GOVERNANCE)
    false = Log().add(
        *[("proposal", f"2024-03-01/{n}", Proposal(title="honey", text="honey")) for n in range(19)]
    )
    answers(other, false)
    for name in (DATABASE, NOTE):
        (places.cache / name).write_bytes((other.cache / name).read_bytes())
    assert answers(places, log) == first


def test_rows_that_the_log_does_not_hold_never_answer(places):
    """Even an index whose note was forged to fit: it points at entries, and these do not agree."""
    log = garden()
    first = answers(places, log)
    for change in (
        "UPDATE record SET id = '2024-03-01/9' WHERE seq = 3",
        "UPDATE record SET leaf = zeroblob(32) WHERE seq = 3",
        "UPDATE record SET body = 4 WHERE seq = 3",
        "UPDATE record SET body = 99999 WHERE seq = 3",
        "DELETE FROM meta",
    ):
        forge(places, change)
        assert answers(places, log) == first


def forge(places, *changes):
    """Change the index and make its note fit the change."""
    from hashlib import sha256

    connection = sqlite3.connect(places.cache / DATABASE)
    with connection:
        for change in changes:
            connection.execute(change)
    connection.close()
    note = json.loads((places.cache / NOTE).read_text())
    note["state"] = sha256((places.cache / DATABASE).read_bytes()).hexdigest()
    (places.cache / NOTE).write_text(json.dumps(note))


def test_damage_in_the_middle_of_a_question_is_mended(places):
    log = garden()
    first = answers(places, log)
    with open_index(places, log) as index:
        index._sql.close()
        index._sql = sqlite3.connect(":memory:")  # no table is there any more
        assert find(index, QUESTIONS[0]).to_json() == first[0]


def test_an_index_of_another_version_is_left_alone_and_not_read(places):
    places.cache.mkdir()
    (places.cache / "index-0.sqlite").write_bytes(b"old")
    answers(places, garden())
    assert (places.cache / "index-0.sqlite").read_bytes() == b"old"
    note = json.loads((places.cache / NOTE).read_text())
    (places.cache / NOTE).write_text(json.dumps({**note, "format": schema.FORMAT + 1}))
    age = age_of(places.cache / DATABASE)
    answers(places, garden())
    assert age_of(places.cache / DATABASE) != age


def test_a_log_that_grew_is_extended_to_what_a_rebuild_gives(places, tmp_path, monkeypatch):
    log = garden()
    answers(places, log)
    started = []
    from ledger.lookup import build

    monkeypatch.setattr(build, "scan_changes", lambda lines: started.append("rebuilt"))
    third_meeting(log)
    grown = contents(places, log)
    assert not started
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert grown == contents(places_at(tmp_path / "anew", GOVERNANCE), log)


def test_a_log_that_was_rewritten_is_not_extended(places):
    log = garden()
    answers(places, log)
    other = Log(log.all[:-1]).add(("report", None, Report(text="a fork about zinnias")))
    third_meeting(other)
    with open_index(places, other) as index:
        assert find(index, "zinnias").found
        assert not find(index, "PR#7").found


def test_a_log_that_does_not_lead_to_its_head_is_refused(places):
    log = garden()
    entry = log.all[13]
    changed = encode_entry(seq=13, kind=entry.kind, id=None, at=entry.at, prev=entry.prev,
                           body={**entry.body, "outcome": "rejected"}, salt=entry.salt)  # fmt: skip

    class Tampered(Log):
        def head(self):
            return garden().head()

    for line in (changed.line, entry.line.replace(b"Fridays", b"Mondays"), b"{}", b"not JSON", b"", b"[]"):
        tampered = Tampered(log.all)
        tampered.all[13] = type("Line", (), {"line": line})()
        with pytest.raises(VerificationError, match="signed head") as caught:
            open_index(places, tampered)
        assert caught.value.fix == "run: ledger verify"
    tampered = Tampered(log.all[:12])
    with pytest.raises(VerificationError):
        open_index(places, tampered)


def test_an_entry_changed_behind_a_fresh_index_never_answers(places):
    log = garden()
    answers(places, log)
    entry = log.all[13]
    log.all[13] = encode_entry(seq=13, kind=entry.kind, id=None, at=entry.at, prev=entry.prev,
                               body={**entry.body, "outcome": "rejected"}, salt=entry.salt)  # fmt: skip
    head = garden().head()
    log.head = lambda: head
    with open_index(places, log) as index, pytest.raises(VerificationError):
        find(index, "tomatoes")


def test_a_directory_may_have_any_name(tmp_path):
    places = places_at(tmp_path / "100% sure? #1 é", GOVERNANCE)
    first = answers(places, garden())
    assert first[0]["verdict"] == "found"
    age = age_of(places.cache / DATABASE)
    assert answers(places, garden()) == first
    assert age_of(places.cache / DATABASE) == age


def test_an_empty_log_has_nothing_on_record(places):
    with open_index(places, Log()) as index:
        result = find(index, "code of conduct")
        assert (result.verdict, result.span) == ("nothing-on-record", (0, None, None))


def test_where_the_ledger_cannot_be_written_the_users_cache_is_used(places, tmp_path):
    places.cache.write_text("a file stands in the way")
    first = answers(places, garden())
    assert list((tmp_path / "cache" / "ledger").rglob(DATABASE))
    assert answers(places, garden()) == first


def test_where_nothing_can_be_written_it_stays_in_memory(places, tmp_path):
    places.cache.write_text("a file stands in the way")
    (tmp_path / "cache").write_text("and here")
    assert answers(places, garden())[0]["verdict"] == "found"


def test_a_full_disk_does_not_stop_an_answer(places, monkeypatch):
    from ledger.lookup import index_files

    real = index_files.sqlite3.connect

    def connect(path, **options):
        connection = real(path, **options)
        if str(path).endswith(".tmp"):
            connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(index_files.sqlite3, "connect", connect)
    assert answers(places, garden())[0]["verdict"] == "found"
    assert not list(places.cache.glob("*.tmp"))


def test_what_killed_builds_left_is_swept_after_a_day(places):
    places.cache.mkdir()
    old, new = places.cache / "index-1-aa.tmp", places.cache / "index-2-bb.tmp"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    answers(places, garden())
    assert (old.exists(), new.exists()) == (False, True)


def test_many_readers_at_once_get_the_same_answers(places):
    log, results, lock = garden(), [], threading.Lock()

    def ask():
        got = answers(places, log)
        with lock:
            results.append(got)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert all(result == results[0] for result in results)


def test_the_reading_path_loads_no_heavy_library(places, tmp_path):
    """Neither when the index is fresh nor when it has to be made."""
    program = """
import sys
from pathlib import Path
from tests.lookup.garden import garden
from ledger.store.places import Places
log = garden()
before = set(sys.modules)
from ledger.lookup.index import open_index
from ledger.lookup.search import find
from ledger.lookup.show import show
from ledger.lookup.listing import list_records
for _ in range(2):
    with open_index(Places(Path(sys.argv[1])), log) as index:
        assert find(index, "coc").found and show(index, "#3").raw and list_records(index, "people").items
heavy = "sqlmodel sqlalchemy yaml markdown_it rich pydantic jinja2 asyncio email multiprocessing"
heavy = set(heavy.split())
assert not heavy & {name.partition(".")[0] for name in sys.modules}, heavy & set(sys.modules)
"""
    subprocess.run(
        [sys.executable, "-c", program, str(places.root)], check=True, cwd=Path(__file__).parents[2]
    )


# --- a long log is read by another process ------------------------------------------------------------


def long_log():
    log = garden()
    for number in range(1, 420):
        name = f"2024-03-01/{number + 10}"
        log.add(
            (
                "proposal",
                name,
                Proposal(title=f"Plant tree {number}", text="Plant a tree", proposer="@ada"),
            ),
            ("comment", None, Comment(text="once more", by=["@bob"], on=name)),
            ("vote", None, Vote(proposal=name, stated=Stated(text="yes", outcome="adopted"))),
        )
    return log.add(correction(3, None, "taken back"))


def test_another_process_reads_the_same(places, tmp_path, monkeypatch):
    log = long_log()
    assert log.size() > intake.BLOCK
    here = contents(places, log)
    monkeypatch.setattr(intake, "MANY", 0)
    monkeypatch.setattr(intake, "_processors", lambda: 2)
    assert contents(places_at(tmp_path / "apart", GOVERNANCE), log) == here
    started = []
    monkeypatch.setattr(intake, "_start_process", lambda store, changes: started.append("tried"))
    assert contents(places_at(tmp_path / "refused", GOVERNANCE), log) == here
    assert started


def test_another_process_tells_what_is_wrong(places, monkeypatch):
    monkeypatch.setattr(intake, "MANY", 0)
    monkeypatch.setattr(intake, "_processors", lambda: 2)
    log = long_log()
    head = log.head()
    log.all[1100] = type("Line", (), {"line": log.all[1100].line.replace(b"once", b"ONCE")})()
    log.head = lambda: head
    with pytest.raises(VerificationError, match="1100 has another digest"):
        open_index(places, log)


# --- extending and rebuilding give the same -----------------------------------------------------------

NAMES = st.integers(1, 4).map(lambda number: f"2024-03-01/{number}") | st.integers(0, 30).map(
    lambda n: f"#{n}"
)
TEXT = st.sampled_from(("plant a tree", "mend the fence", "honey", "the tree again", ""))
OUTCOMES = st.sampled_from(("adopted", None, "rejected"))
DECIDED = st.sampled_from(("adopted", "repealed", "undetermined"))


def a_proposal(name, text):
    return ("proposal", name, Proposal(title=text, text=text, proposer="@ada"))


RECORDS = st.one_of(
    st.builds(a_proposal, NAMES, TEXT),
    st.builds(lambda on, text: ("comment", None, Comment(text=text, by=["@bob"], on=on)), NAMES, TEXT),
    st.builds(
        lambda on, said: ("vote", None, Vote(proposal=on, stated=Stated(text="v", outcome=said))),
        NAMES,
        OUTCOMES,
    ),
    st.builds(
        lambda on, said: ("decision", None, Decision(text="d", outcome=said, on=on)),
        NAMES | st.none(),
        DECIDED,
    ),
    st.builds(
        lambda of, text: ("mention", None, Mention(of=of, text=text, reason="r", done=True)), NAMES, TEXT
    ),
    st.builds(
        lambda on, text: ("action", None, Action(text=text, on=on, done=False)), NAMES | st.none(), TEXT
    ),
    st.builds(lambda text, raised: ("report", None, Report(text=text, raised=raised)), TEXT, st.booleans()),
)
MEETINGS = st.lists(st.lists(RECORDS, max_size=6), min_size=1, max_size=4)


def recorded(meetings):
    """Return the log of meetings and its size after each."""
    log, sizes = Log(), []
    for number, records in enumerate(meetings, 1):
        seq = log.size()
        log.add(
            (
                "source",
                None,
                SourceFile(
                    path=f"records/minutes/{number}.md", sha256="0" * 64, meeting=f"2024-0{number}-01"
                ),
            )
        )
        for kind, name, record in records:
            body = to_body(record)
            body["source"] = {"seq": seq, "lines": [1, 1], "quote": "q"}
            log.add((kind, name, body))
        sizes.append(log.size())
    return log, sizes


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(meetings=MEETINGS)
def test_extending_gives_what_rebuilding_gives(meetings, tmp_path_factory):
    log, sizes = recorded(meetings)
    grown = places_at(tmp_path_factory.mktemp("grown"))
    for size in sizes:
        with open_index(grown, log.up_to(size)):
            pass
    assert contents(grown, log) == contents(places_at(tmp_path_factory.mktemp("anew")), log)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(meetings=MEETINGS, of=st.integers(0, 12), body=st.none() | RECORDS)
def test_the_status_in_the_index_is_the_one_that_the_answer_gives(meetings, of, body, tmp_path_factory):
    from ledger.lookup.thread import read_rows, read_thread

    log, _ = recorded(meetings)
    log.add(correction(of, to_body(body[2]) if body is not None else None))
    with open_index(places_at(tmp_path_factory.mktemp("l")), log) as index:
        for row in read_rows(
            index, "root = seq AND body IS NOT NULL AND kind IN ('proposal', 'decision', 'action')"
        ):
            assert row.status == read_thread(index, row).standing.status
