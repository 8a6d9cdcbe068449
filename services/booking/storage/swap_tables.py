"""The asks between teams; part of tables.py."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

OPEN = text("state = 'asked'")


def swap_tables(metadata: MetaData) -> None:
    asks = Table(
        "asks", metadata,
        Column("ask", UUID(as_uuid=False), primary_key=True),
        Column("version", Integer, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("kind", "state", "team", "requester")),
        Column("holder", UUID(as_uuid=False), ForeignKey("reservations.reservation"), nullable=False),
        *(Column(name, Text, nullable=False) for name in ("holder_team", "facility", "unit")),
        *(Column(name, DateTime(timezone=True), nullable=False) for name in ("starts_at", "ends_at")),
        Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation")),
        *(Column(name, Text) for name in ("given_facility", "given_unit")),
        *(Column(name, DateTime(timezone=True)) for name in (
            "given_starts_at", "given_ends_at", "wished_from", "wished_until")),
        Column("project", Text),
        Column("purpose", Text, nullable=False),
        Column("run", JSONB, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("note", "reason")),
        *(Column(name, DateTime(timezone=True), nullable=False) for name in ("asked_at", "expires_at")),
        CheckConstraint("(kind = 'swap') = (given_facility IS NOT NULL)", name="asks_offer"),
        CheckConstraint("(kind = 'give_way') = (wished_from IS NOT NULL)", name="asks_wish"),
    )
    Index("asks_once", asks.c.holder, asks.c.team, unique=True, postgresql_where=OPEN)
    Index("asks_open", asks.c.expires_at, postgresql_where=OPEN)
    Index("asks_of_team", asks.c.team, asks.c.asked_at)
    Index("asks_of_holder", asks.c.holder_team, asks.c.asked_at)
