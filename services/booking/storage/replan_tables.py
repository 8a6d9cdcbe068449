"""Plans for reservations that were hit, and what teams answered; part of tables.py."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID


def replan_tables(metadata: MetaData) -> None:
    replans = Table(
        "replans", metadata,
        Column("replan", UUID(as_uuid=False), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("cause", JSONB, nullable=False),
        Column("hits", ARRAY(UUID(as_uuid=False)), nullable=False),
        *(Column(name, ARRAY(Text), nullable=False) for name in ("places", "facilities")),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("plan", JSONB),
        Column("is_planned", Boolean, nullable=False),
        *(Column(name, JSONB, nullable=False) for name in ("progress", "pins")),
        Column("excluded_reservations", ARRAY(UUID(as_uuid=False)), nullable=False),
        Column("excluded_facilities", ARRAY(Text), nullable=False),
        Column("decided_by", Text, nullable=False),
        *(Column(name, DateTime(timezone=True)) for name in ("decided_at", "taken_until")),
        CheckConstraint(
            "state IN ('computing', 'proposed', 'accepted', 'discarded', 'superseded', 'empty')", name="replans_state"),
    )
    Index("replans_open", replans.c.key, postgresql_where=text("state IN ('computing', 'proposed')"))
    Index("replans_computing", replans.c.created_at, postgresql_where=text("state = 'computing'"))
    displacements = Table(
        "displacements", metadata,
        Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation"), nullable=False),
        Column("replan", UUID(as_uuid=False), ForeignKey("replans.replan"), nullable=False),
        *(Column(name, Text, nullable=False) for name in ("facility", "unit")),
        *(Column(name, DateTime(timezone=True), nullable=False) for name in ("starts_at", "ends_at", "answer_by")),
        *(Column(name, Text, nullable=False) for name in ("reason", "answer")),
        Column("answered_at", DateTime(timezone=True)),
        PrimaryKeyConstraint("reservation", "replan"),
        CheckConstraint(
            "answer IN ('none', 'confirmed', 'chosen', 'declined', 'overtaken')", name="displacements_answer"),
    )
    Index("displacements_of", displacements.c.replan)
    Index(
        "displacements_unanswered", displacements.c.reservation, unique=True,
        postgresql_where=text("answer = 'none'"),
    )
