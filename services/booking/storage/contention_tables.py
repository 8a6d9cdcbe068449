"""Who competes, and the draws; part of tables.py.

The seed of a draw is secret until nobody who takes part in it competes any more.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID


def contention_tables(metadata: MetaData) -> None:
    Table(
        "draws", metadata,
        Column("draw", UUID(as_uuid=False), primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("facility", "seed", "fingerprint")),
        Column("made_at", DateTime(timezone=True), nullable=False),
    )
    Table(
        "draw_entries", metadata,
        Column("draw", UUID(as_uuid=False), ForeignKey("draws.draw"), primary_key=True),
        Column("entry", Integer, primary_key=True, autoincrement=False),
        Column("party", Text, nullable=False),
        Column("weight", Double),
        Column("key", Double),
        Column("won", Boolean),
        UniqueConstraint("draw", "party", name="draw_entries_once"),
    )
    contenders = Table(
        "contenders", metadata,
        Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation"), primary_key=True),
        Column("party", Text, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False),
        *(Column(name, Text) for name in ("needed_by", "unit")),
        Column("draw", UUID(as_uuid=False)),
        Column("entry", Integer),
        ForeignKeyConstraint(["draw", "entry"], ["draw_entries.draw", "draw_entries.entry"], name="contenders_entry"),
    )
    Index("contenders_of_draw", contenders.c.draw, postgresql_where=text("draw IS NOT NULL"))
