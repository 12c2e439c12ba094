"""The index's SQL: tables as :mod:`ledger.store.tables` defines them, and full text by FTS5.

The tables and indices are what SQLModel gives for SQLite (a test compares them). The full text is
kept without its words (``content=''``): the log has them.
"""

from __future__ import annotations

FORMAT = 5
"""Version of everything in the index; raise it with any change of tables, tokens or texts."""

_TABLES = """
CREATE TABLE record (
  seq INTEGER NOT NULL, kind VARCHAR NOT NULL, id VARCHAR, date VARCHAR NOT NULL, meeting VARCHAR,
  root INTEGER NOT NULL, about INTEGER, body INTEGER, leaf BLOB NOT NULL, status VARCHAR, PRIMARY KEY (seq)
);
CREATE TABLE role (
  seq INTEGER NOT NULL, person VARCHAR NOT NULL, role VARCHAR NOT NULL, PRIMARY KEY (seq, person, role)
) WITHOUT ROWID;
CREATE TABLE link (
  seq INTEGER NOT NULL, relation VARCHAR NOT NULL, target VARCHAR NOT NULL,
  PRIMARY KEY (seq, relation, target)
) WITHOUT ROWID;
CREATE TABLE meta (
  name VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (name)
)
"""
TABLES = tuple(" ".join(statement.split()) for statement in _TABLES.split(";"))

EARLY_INDICES = ("CREATE INDEX record_id ON record (id) WHERE id IS NOT NULL",)
"""Needed while the tables are filled, to follow links."""

LATE_INDICES = (
    "CREATE INDEX record_about ON record (about) WHERE about IS NOT NULL",
    "CREATE INDEX record_kind ON record (kind, date)",
    "CREATE INDEX record_root ON record (root) WHERE root <> seq",
    "CREATE INDEX role_person ON role (person, seq)",
)
"""Cheaper to make once the tables are full."""

TOKENIZER = "porter unicode61 remove_diacritics 2"

# ``motion`` holds what is put to the group, ``note`` everything else: decisions are searched first.
FULL_TEXT = ("motion", "note")

COLUMNS = ("title", "text", "discussion", "context")


def full_text_statements() -> tuple[str, ...]:
    """Return the SQL that creates the full-text tables; the row id is an entry's sequence number."""
    options = f"content='', columnsize=0, tokenize='{TOKENIZER}'"
    return tuple(
        f"CREATE VIRTUAL TABLE {name} USING fts5({', '.join(COLUMNS)}, {options})" for name in FULL_TEXT
    )
