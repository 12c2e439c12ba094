"""Where the ledgers of these tests lie."""

from pathlib import Path

import pytest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory for a ledger, not there yet."""
    return tmp_path / "group"
