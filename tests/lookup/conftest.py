from __future__ import annotations

import pytest

from ledger.lookup.index import open_index
from tests.lookup.garden import GOVERNANCE, garden
from tests.lookup.small_ledger import places_at


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The places of a ledger with the garden club's charter, and no cache elsewhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return places_at(tmp_path / "club", GOVERNANCE)


@pytest.fixture
def index(places):
    """The index of the garden club's log."""
    with open_index(places, garden()) as opened:
        yield opened
