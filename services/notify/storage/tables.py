"""Notify's tables: copies of what others own, and the deliveries."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from services.contracts.messaging.tables import audit_table, messaging_tables
from services.notify.storage.sender_tables import sender_tables

metadata = MetaData()
messaging_tables(metadata)
sender_tables(metadata)
audit_table(metadata)

people = Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("manages", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    Column("away", JSONB(none_as_null=True)),
)
Index("people_manages", people.c.manages, postgresql_using="gin")
Index("people_roles", people.c.roles, postgresql_using="gin")

teams = Table(
    "teams",
    metadata,
    Column("team", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("company_name", Text, nullable=False),
    Column("leads", ARRAY(Text), nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("projects", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)

facilities = Table(
    "facilities",
    metadata,
    Column("facility", Text, primary_key=True),
    Column("names", JSONB, nullable=False),
    Column("units", JSONB, nullable=False),
    Column("location", Text, nullable=False),
    Column("check_in_minutes", Integer, nullable=False, server_default=text("15")),
    Column("version", Integer, nullable=False),
)

# Whose reservation it is, for rights; who holds it in their calendar, for what must be taken back;
# and how it stands (``latest`` is the last fact), for reminders. What was told of before that was kept has none.
reservations = Table(
    "reservations",
    metadata,
    Column("reservation", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("facility", Text, nullable=False),
    Column("invited", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    Column("unit", Text),
    Column("state", Text),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("latest", JSONB),
    Column("used_minutes", Integer),
)
Index("reservations_place", reservations.c.facility, reservations.c.unit, reservations.c.starts_at)
Index("reservations_team", reservations.c.team, reservations.c.starts_at)

# What is due at a time rather than after a fact; the row goes when it is told.
reminders = Table(
    "reminders",
    metadata,
    Column("subject", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("stale_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("subject", "kind"),
)
Index("reminders_due", reminders.c.due_at)

# What people were last told of an interruption or of the reservations that it hits, so that a change is told as one.
last_told = Table(
    "last_told",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("what", JSONB, nullable=False),
)

# Only what a person has chosen; without a row the defaults count. Times are minutes after local midnight.
preferences = Table(
    "preferences",
    metadata,
    Column("person", Text, primary_key=True),
    Column("language", Text),
    Column("timezone", Text, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("digest", Text, nullable=False),
    Column("digest_at", Integer, nullable=False),
    Column("digest_weekday", Integer, nullable=False),
    Column("switches", JSONB, nullable=False),
)

# One external id belongs to one person; a channel may be bound that nothing is sent on yet.
bindings = Table(
    "bindings",
    metadata,
    Column("person", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("bound_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'active'")),
    Column("reason", Text),
    Column("suspended_at", DateTime(timezone=True)),
    Column("told_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("person", "channel"),
    UniqueConstraint("channel", "external_id", name="bindings_external_id"),
    CheckConstraint("state IN ('active', 'suspended')", name="bindings_state"),
)

# A code is scanned by one account and confirmed by the person it was made for.
binding_codes = Table(
    "binding_codes",
    metadata,
    Column("code", UUID(as_uuid=False), primary_key=True),
    Column("person", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("external_id", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("bound_at", DateTime(timezone=True)),
)
Index("binding_codes_person", binding_codes.c.person, binding_codes.c.channel)

# E-mail addresses to which nothing is sent, in small letters.
suppressions = Table(
    "suppressions",
    metadata,
    Column("address", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
)

# What a provider has reported, so that a repeat is known.
callbacks = Table(
    "callbacks",
    metadata,
    Column("channel", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("channel", "key"),
)

OPEN = "state IN ('pending', 'sending', 'retry', 'unknown')"

# due_at: when a sender may take it; while it is being sent, when the lease on it ends.
# in_doubt_since: the first try of which nobody knows whether it arrived. begun_at: the last try.
# arrival: what the provider reported after it had accepted, "arrived" or "failed".
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("event_id", UUID(as_uuid=False), nullable=False),
    Column("event_type", Text, nullable=False),
    Column("reservation", Text),
    Column("version", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'pending'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", DateTime(timezone=True)),
    Column("in_doubt_since", DateTime(timezone=True)),
    Column("reason", Text),
    Column("provider_reference", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("accepted_at", DateTime(timezone=True)),
    Column("step", Text, nullable=False, server_default=text("''")),
    Column("category", Text, nullable=False, server_default=text("''")),
    Column("critical", Boolean, nullable=False, server_default=text("false")),
    Column("expires_at", DateTime(timezone=True)),
    Column("only_while", JSONB),
    Column("begun_at", DateTime(timezone=True)),
    Column("arrival", Text),
    Column("arrived_at", DateTime(timezone=True)),
    Column("fallback", JSONB(none_as_null=True)),
    Column("fallback_of", UUID(as_uuid=False), ForeignKey("deliveries.id", ondelete="SET NULL")),
    UniqueConstraint("event_id", "recipient", "channel", name="deliveries_once"),
    CheckConstraint(
        "state IN ('pending', 'sending', 'retry', 'unknown', 'accepted', 'dead', 'held', 'skipped')",
        name="deliveries_state",
    ),
    CheckConstraint("arrival IN ('arrived', 'failed')", name="deliveries_arrival"),
)
Index("deliveries_due", deliveries.c.channel, deliveries.c.due_at, postgresql_where=text(OPEN))
Index(
    "deliveries_conversation",
    deliveries.c.reservation,
    deliveries.c.recipient,
    deliveries.c.channel,
    deliveries.c.version,
)
Index("deliveries_held", deliveries.c.due_at, deliveries.c.recipient, postgresql_where=text("state = 'held'"))
Index(
    "deliveries_reference",
    deliveries.c.channel,
    deliveries.c.provider_reference,
    postgresql_where=text("channel = 'wechat'"),
)
Index(
    "deliveries_begun",
    deliveries.c.channel,
    deliveries.c.address,
    deliveries.c.begun_at,
    postgresql_where=text("channel IN ('wecom', 'robot', 'webhook')"),
)
Index(
    "deliveries_webhook",
    deliveries.c.recipient,
    deliveries.c.created_at,
    postgresql_where=text("channel = 'webhook'"),
)
Index("deliveries_dead", deliveries.c.created_at, postgresql_where=text("state = 'dead'"))

attempts = Table(
    "attempts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("delivery", UUID(as_uuid=False), ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("outcome", Text),
    Column("code", Text),
    Column("detail", Text),
)
Index("attempts_delivery", attempts.c.delivery)
