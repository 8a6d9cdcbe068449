"""The table of campaigns; their steps' times are those of the reservations that are their members."""

from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID


def campaign_tables(metadata: MetaData) -> None:
    Table(
        "campaigns",
        metadata,
        Column("campaign", UUID(as_uuid=False), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("team", Text, nullable=False),
        Column("project", Text),
        Column("purpose", Text, nullable=False),
        Column("requester", Text, nullable=False),
        Column("steps", JSONB, nullable=False),
    )
