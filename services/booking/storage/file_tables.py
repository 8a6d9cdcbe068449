"""The files of reservations, and what was reported as broken; part of tables.py."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID


def file_tables(metadata: MetaData) -> None:
    Table(
        "attachments",
        metadata,
        Column("attachment", UUID(as_uuid=False), primary_key=True),
        Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation"), nullable=False, index=True),
        *(Column(name, Text, nullable=False) for name in ("name", "type", "sha256", "added_by")),
        Column("size", Integer, nullable=False),
        Column("added_at", DateTime(timezone=True), nullable=False),
        Column("content", LargeBinary, nullable=False),
        CheckConstraint("size = octet_length(content) AND size <= 700000", name="attachments_size"),
    )
    faults = Table(
        "faults",
        metadata,
        Column("fault", UUID(as_uuid=False), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("facility", Text, nullable=False),
        Column("unit", Text),
        Column("text", Text, nullable=False),
        Column("reporter", Text, nullable=False),
        Column("reported_at", DateTime(timezone=True), nullable=False),
        Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation")),
        Column("closed_at", DateTime(timezone=True)),
        Column("closed_by", Text, nullable=False),
        Column("note", Text, nullable=False),
    )
    Index("faults_of_facility", faults.c.facility, faults.c.reported_at)
