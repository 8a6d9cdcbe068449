"""The tables behind the channels: who is told besides people, what rests, what was reported."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID


def sender_tables(metadata: MetaData) -> None:
    """Add them to the service's own."""
    # Programs that are told of reservations; ``changes`` counts those of the secret, which itself is nowhere.
    Table(
        "webhooks",
        metadata,
        Column("webhook", UUID(as_uuid=False), primary_key=True),
        Column("name", Text, nullable=False),
        Column("url", Text, nullable=False),
        Column("team", Text),
        Column("facts", ARRAY(Text), nullable=False),
        Column("active", Boolean, nullable=False),
        Column("reason", Text),
        Column("changes", Integer, nullable=False),
        Column("changed_at", DateTime(timezone=True)),
        Column("created_by", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
    )

    # What a provider reported about a message before its acceptance was noted here.
    Table(
        "arrivals",
        metadata,
        Column("channel", Text, nullable=False),
        Column("reference", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("channel", "reference"),
    )

    # Channels that rest, for all senders; the row stays after the rest is over.
    Table(
        "pauses",
        metadata,
        Column("channel", Text, primary_key=True),
        Column("until", DateTime(timezone=True), nullable=False),
        Column("kind", Text, nullable=False),
        Column("reason", Text, nullable=False),
    )

    # The tokens of our accounts with the platforms; locking a row is the turn to renew it.
    Table(
        "access_tokens",
        metadata,
        Column("account", Text, primary_key=True),
        Column("value", Text, nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
    )
