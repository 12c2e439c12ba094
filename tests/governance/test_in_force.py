"""Which charter counts: for a date, and at a place in the log."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.governance.in_force import charter_at, charter_for_rules
from ledger.governance.succession import CharterEntry, follow_charters

KEY = "example.org/readers+c9a5ee5f+AW+sQ"


def body(version, **more):
    ledger = {"origin": "example.org/readers", "keys": [KEY]}
    return {"version": version, "front_matter": {"group": "Readers", "ledger": ledger, **more}}


THREE = [
    (0, "2024-01-10T08:00:00Z", body(1)),
    (7, "2024-03-01T08:00:00Z", body(2, in_force_from="2024-02-01")),
    (9, "2024-03-02T08:00:00Z", body(3, in_force_from="2024-06-01")),
]


def read_versions(entries):
    return follow_charters(CharterEntry(seq, at, "", body) for seq, at, body in entries).effective


def version(charters, date):
    found = charter_for_rules(charters, date)
    return found and found.version


def test_without_a_date_a_charter_is_in_force_from_the_day_it_was_recorded():
    first, second, third = read_versions(THREE)
    assert (first.seq, first.version, first.in_force_from, first.at) == (
        *(0, 1),
        *("2024-01-10", "2024-01-10T08:00:00Z"),
    )
    assert (second.in_force_from, third.in_force_from) == ("2024-02-01", "2024-06-01")
    assert first.charter.group == "Readers"


def test_rules_count_from_the_day_they_are_in_force():
    charters = read_versions(THREE)
    days = (
        "2024-01-09",
        "2024-01-10",
        "2024-01-31",
        "2024-02-01",
        "2024-05-31",
        "2024-06-01",
        "2030-01-01",
    )
    assert [version(charters, day) for day in days] == [None, 1, 1, 2, 2, 3, 3]


def test_of_two_versions_of_one_day_the_later_counts():
    entries = [*THREE, (12, "2024-07-01T00:00:00Z", body(4, in_force_from="2024-06-01"))]
    assert version(read_versions(entries), "2024-06-01") == 4


def test_names_and_keys_count_by_the_place_in_the_log():
    charters = read_versions(THREE)
    found = [charter_at(charters, seq) for seq in (0, 6, 7, 8, 9, 100)]
    assert [one and one.version for one in found] == [1, 1, 2, 2, 3, 3]
    assert charter_at(charters[1:], 3) is None


def test_what_cannot_be_read_is_passed_over():
    bad = [
        (10, "2024-08-01T00:00:00Z", None),
        (11, "2024-08-01T00:00:00Z", {}),
        (12, "2024-08-01T00:00:00Z", {"version": 4, "front_matter": {"group": "Readers"}}),
        (13, "2024-08-01T00:00:00Z", {"version": "4", "front_matter": body(4)["front_matter"]}),
        (14, "2024-08-01T00:00:00Z", body(4, in_force_from="some day")),
    ]
    assert read_versions([*bad, *THREE]) == read_versions(THREE)
    assert read_versions([]) == []
    assert charter_for_rules([], "2024-01-01") is None


@given(st.lists(st.dates(), max_size=6), st.dates())
def test_a_version_that_counts_is_in_force_and_no_later_one_is(starts, day):
    entries = [
        (seq, "2024-01-01T00:00:00Z", body(seq + 1, in_force_from=str(start)))
        for seq, start in enumerate(starts)
    ]
    charters = read_versions(entries)
    found = charter_for_rules(charters, str(day))
    later = charters[found.seq + 1 :] if found else charters
    assert found is None or found.in_force_from <= str(day)
    assert all(one.in_force_from > str(day) for one in later)
