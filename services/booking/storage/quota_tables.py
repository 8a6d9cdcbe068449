"""The copies of quotas, and who was warned in which period; part of tables.py."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB


def quota_tables(metadata: MetaData) -> None:
    Table(
        "quotas", metadata,
        Column("quota", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("snapshot", JSONB, nullable=False),
    )
    Table(
        "quota_warnings", metadata,
        *(Column(name, Text, primary_key=True) for name in ("quota", "subject")),
        Column("starts_at", DateTime(timezone=True), primary_key=True),
    )
