"""Time in a log never goes back, and a clock that did is told of."""

from pathlib import Path

from .making import AT, append, make_ledger, reports


def test_a_clock_that_went_back(tmp_path: Path):
    store, key = make_ledger(tmp_path / "ledger")
    assert append(store, key) == []
    with store.writing() as findings:
        store.append(reports(2), signer=key, at="2031-01-01T00:00:00Z")
    assert [finding.code for finding in findings] == ["clock-behind"]
    assert AT in findings[0].what
    assert "2031-01-01T00:00:00Z" in findings[0].what
    assert [store.entry(seq).at for seq in (1, 2, 3)] == [AT] * 3
    assert append(store, key) == []
