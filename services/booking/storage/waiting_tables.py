"""The wait lists, and the facilities at which time may have come free; part of tables.py."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID


def waiting_tables(metadata: MetaData) -> None:
    entries = Table(
        "wait_entries", metadata,
        Column("wait_entry", UUID(as_uuid=False), primary_key=True),
        Column("version", Integer, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("state", "facility", "team")),
        Column("project", Text),
        *(Column(name, Text, nullable=False) for name in ("purpose", "requester")),
        Column("run", JSONB, nullable=False, server_default=text("'{}'")),
        Column("minutes", Integer, nullable=False),
        *(Column(name, DateTime(timezone=True), nullable=False) for name in ("starts_at", "ends_at")),
        Column("unit", Text),
        Column("joined_at", DateTime(timezone=True), nullable=False),
        Column("rank", Integer, nullable=False),
        Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation")),
        Column("missed", Integer, nullable=False),
    )
    Index(
        "wait_entries_waiting", entries.c.facility, entries.c.rank, entries.c.joined_at, entries.c.wait_entry,
        postgresql_where=text("state = 'waiting'"),
    )
    Index("wait_entries_of_team", entries.c.team, entries.c.joined_at)
    Index("wait_entries_of_offer", entries.c.reservation, postgresql_where=text("reservation IS NOT NULL"))
    freed = Table(
        "freed", metadata,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("facility", Text, nullable=False),
        Column("due", DateTime(timezone=True), nullable=False),
    )
    Index("freed_due", freed.c.due)
