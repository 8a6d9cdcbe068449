"""The four tables that delivery needs in every service's database, and what `verify` sees of them.

outbox          facts that are true here and on their way to the broker
inbox           facts of others: handled, waiting for an earlier one, or parked with the error
inbox_position  how far each aggregate has been read
processed       request keys with the answer they got, kept for seven days
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import UUID


def messaging_tables(metadata: MetaData) -> None:
    """Add the tables to a service's metadata."""
    outbox = Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", UUID(as_uuid=False), nullable=False, unique=True),
        Column("type", Text, nullable=False),
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("aggregate_version", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("sent_at", DateTime(timezone=True)),
    )
    Index("outbox_unsent", outbox.c.id, postgresql_where=text("sent_at IS NULL"))
    inbox = Table(
        "inbox",
        metadata,
        Column("reader", Text, nullable=False),
        Column("event_id", UUID(as_uuid=False), nullable=False),
        Column("type", Text, nullable=False),
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("aggregate_version", Integer, nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("handled_at", DateTime(timezone=True)),
        Column("parked", Boolean, nullable=False, server_default=text("false")),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("next_attempt_at", DateTime(timezone=True)),
        Column("error", Text),
        Column("body", Text),
        PrimaryKeyConstraint("reader", "event_id"),
    )
    Index(
        "inbox_unhandled",
        inbox.c.aggregate_type,
        inbox.c.aggregate_id,
        inbox.c.aggregate_version,
        postgresql_where=text("handled_at IS NULL"),
    )
    Table(
        "inbox_position",
        metadata,
        Column("reader", Text, nullable=False),
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", Text, nullable=False),
        Column("version", Integer, nullable=False),
        PrimaryKeyConstraint("reader", "aggregate_type", "aggregate_id"),
    )
    processed = Table(
        "processed",
        metadata,
        Column("person", Text, nullable=False),
        Column("request_key", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("person", "request_key"),
    )
    Index("processed_created_at", processed.c.created_at)


def audit_table(metadata: MetaData) -> None:
    """Add the table of the audit trail (audit.py) to a service's metadata."""
    Table(
        "audit",
        metadata,
        Column("chain", Text, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("object", Text, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("previous_hash", Text, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("chain", "sequence"),
    )


AUDIT = """
    CREATE TABLE audit (
        chain text NOT NULL,
        sequence integer NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        at timestamptz NOT NULL,
        object text NOT NULL,
        correlation_id text NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL,
        PRIMARY KEY (chain, sequence)
    );
    CREATE VIEW verify.audit AS
    SELECT sequence, chain, actor, action, object, at, previous_hash, hash FROM audit"""
"""What a service's revision runs to begin its audit trail."""

SHARED_VERIFY_VIEWS = (
    "CREATE SCHEMA IF NOT EXISTS verify",
    """CREATE VIEW verify.outbox AS
       SELECT event_id, type, aggregate_type, aggregate_id, aggregate_version AS version, created_at, sent_at
         FROM outbox""",
    "CREATE VIEW verify.inbox AS SELECT reader, event_id, handled_at, parked FROM inbox",
    "CREATE VIEW verify.processed AS SELECT request_key, person FROM processed",
)
"""What the first revision of every service runs after its tables exist."""
