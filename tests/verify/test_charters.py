"""The charters in a log."""

import json

import pytest

from ledger.store.pins import pin_path
from tests.log.ledgers import ORIGIN, Builder, signing_key
from tests.verify.asking import charter_body, failed, verify


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"version": 2}, "version 2"),
        ({"version": 0}, "version 0"),
        ({"previous": {"seq": 0, "leaf": "0" * 64}}, "charter before"),
        ({"origin": "example.org/other"}, "key's name"),
        ({"keys": []}, "no key"),
        ({"file_sha256": 5}, "does not fit"),
        ({"front_matter": {}}, "cannot be used"),
        ({"front": {"in_force_from": "2024-13-01"}}, "not a day"),
    ],
)
def test_first_charters_that_break_a_rule(root, changes, what):
    builder = Builder(root)
    builder.add("charter", charter_body(**changes))
    report = verify(builder)
    assert "charters" in failed(report)
    details = [check.detail for check in report.checks if check.status == "failed"]
    assert any(what in detail for detail in details), details


def test_later_charters(root):
    builder = Builder(root)
    builder.add_charter(in_force_from="2024-01-01")
    builder.add_charter(in_force_from="2024-02-01")
    seq = builder.add_charter()
    report = verify(builder)
    assert report.ok
    assert next(check for check in report.checks if check.name == "charters").count == 3
    good = json.loads(builder.entries[seq].line)["body"]
    for change, what in (
        ({"version": 4}, "version 4"),
        ({"previous": {"seq": 0, "leaf": good["previous"]["leaf"]}}, "charter before"),
        ({"previous": {"seq": 1, "leaf": "0" * 64}}, "charter before"),
        ({"front_matter": good["front_matter"] | {"in_force_from": "2024-01-31"}}, "in force before"),
        (
            {
                "front_matter": charter_body(
                    keys=[signing_key().vkey.encode(), signing_key(bytes(32)).vkey.encode()]
                )["front_matter"]
            },
            "handover",
        ),
    ):
        pin_path(ORIGIN).unlink(missing_ok=True)
        builder.entries.pop()
        builder.add("charter", good | change)
        report = verify(builder)
        assert failed(report) == ["handovers" if what == "handover" else "charters"]
        assert what in report.failure.what
