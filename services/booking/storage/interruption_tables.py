"""The copies of bases with their days, and of what takes time away from units; part of tables.py."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE


def interruption_tables(metadata: MetaData) -> None:
    Table(
        "sites",
        metadata,
        Column("site", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("names", JSONB, nullable=False),
        Column("days", JSONB, nullable=False),
        Column("known_years", ARRAY(Integer), nullable=False),
    )

    interruptions = Table(
        "interruptions",
        metadata,
        Column("interruption", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("site", Text, nullable=False),
        Column("facility", Text),
        Column("unit", Text),
        Column("spans", JSONB, nullable=False),
        Column("last_end", DateTime(timezone=True)),
        Column("open_end", Boolean, nullable=False),
        Column("reason", JSONB, nullable=False),
        Column("actor", Text, nullable=False),
    )
    Index("interruptions_of_facility", interruptions.c.facility, interruptions.c.last_end)

    interrupted = Table(
        "interrupted",
        metadata,
        Column("interruption", Text, ForeignKey("interruptions.interruption"), nullable=False),
        Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
        Column("period", TSTZRANGE, nullable=False),
    )
    Index("interrupted_of", interrupted.c.interruption)
    Index("interrupted_units", interrupted.c.unit_id, interrupted.c.period, postgresql_using="gist")
