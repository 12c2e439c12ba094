"""The tables of the index, as SQLModel classes.

SQLModel owns their definition; it is imported only where tables are created in a database that has no
ready statement for them (PostgreSQL) and where a test compares: on SQLite the index is created from
:data:`ledger.lookup.schema.TABLES`, which a test holds equal to what these classes give, because importing
SQLModel takes longer than building the index of a small ledger.

The index is a cache. It holds what is needed to find and filter; every word of an answer is read from
the log.
"""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Field, SQLModel


class RecordRow(SQLModel, table=True):
    """One entry of the log, as far as look-up needs it.

    ``id`` is the identifier for people; ``date`` (ISO) and ``meeting`` are those of the meeting that
    states it. ``root`` is the record whose thread it belongs to (itself where it begins one), ``about``
    the thread that an action or a lone decision came from, or the entry that a correction corrects.
    ``body`` is the entry that holds its latest body, null where it was retracted or redacted; ``leaf`` its
    own leaf hash. ``status`` is the computed status, or on a vote and a decision about another record
    what it says about that one's status.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index("record_id", "id", sqlite_where=text("id IS NOT NULL")),
        Index("record_root", "root", sqlite_where=text("root <> seq")),
        Index("record_about", "about", sqlite_where=text("about IS NOT NULL")),
        Index("record_kind", "kind", "date"),
    )

    seq: int | None = Field(default=None, primary_key=True)
    kind: str
    id: str | None = None
    date: str
    meeting: str | None = None
    root: int
    about: int | None = None
    body: int | None = None
    leaf: bytes
    status: str | None = None


class RoleRow(SQLModel, table=True):
    """What a person is to a record: ``proposed``, ``present``, ``chair`` … ``person`` is the name as
    spelled, folded (no ``@``, no case)."""

    __tablename__ = "role"
    __table_args__ = (Index("role_person", "person", "seq"), {"sqlite_with_rowid": False})

    seq: int = Field(primary_key=True)
    person: str = Field(primary_key=True)
    role: str = Field(primary_key=True)


class LinkRow(SQLModel, table=True):
    """What decision ``seq`` says beside its outcome: that what it is on ``supersedes`` (``amends`` …) the
    record called ``target``, or ``expires_on`` the day ``target``."""

    __tablename__ = "link"
    __table_args__ = ({"sqlite_with_rowid": False},)

    seq: int = Field(primary_key=True)
    relation: str = Field(primary_key=True)
    target: str = Field(primary_key=True)


class MetaRow(SQLModel, table=True):
    """What the index was made from: one named text each."""

    __tablename__ = "meta"

    name: str = Field(primary_key=True)
    value: str


def create_statements(dialect: Dialect) -> tuple[list[str], list[str]]:
    """Return the SQL that creates the tables, and that of their indices, for a database of ``dialect``."""
    tables = [SQLModel.metadata.tables[name] for name in ("record", "role", "link", "meta")]
    indices = [
        index for table in tables for index in sorted(table.indexes, key=lambda item: str(item.name))
    ]
    creating = [CreateTable(table) for table in tables], [CreateIndex(index) for index in indices]
    made = [[" ".join(str(sql.compile(dialect=dialect)).split()) for sql in group] for group in creating]
    return made[0], made[1]
