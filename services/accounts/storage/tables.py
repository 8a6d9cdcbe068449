"""What accounts keeps. The first revision in migrations/ makes these; a test compares the two."""

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
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.contracts.messaging.tables import audit_table, messaging_tables

metadata = MetaData()
messaging_tables(metadata)
audit_table(metadata)

companies = Table(
    "companies",
    metadata,
    Column("company", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("team", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("company", Text, ForeignKey("companies.company"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    Column("project", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", Text, ForeignKey("teams.team"), nullable=False, index=True),
    Column("stage", Text, nullable=False, server_default=text("'prototype'")),
    Column("priority", Text, nullable=False, server_default=text("'normal'")),
    Column("priority_reason", Text, nullable=False, server_default=text("''")),
)

persons = Table(
    "persons",
    metadata,
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("manages", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    Column("password_hash", Text),
    Column("password_set_at", DateTime(timezone=True)),
    Column("delegate", Text, ForeignKey("persons.person")),
    Column("away_from", DateTime(timezone=True)),
    Column("away_until", DateTime(timezone=True)),
    CheckConstraint("num_nulls(delegate, away_from, away_until) IN (0, 3)", name="persons_leave"),
)
Index("persons_delegate", persons.c.delegate, postgresql_where=text("delegate IS NOT NULL"))

memberships = Table(
    "memberships",
    metadata,
    Column("team", Text, ForeignKey("teams.team"), nullable=False),
    Column("person", Text, ForeignKey("persons.person"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("team", "person"),
    CheckConstraint("role IN ('member', 'lead')", name="memberships_role"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token", UUID(as_uuid=False), primary_key=True),
    Column("person", Text, ForeignKey("persons.person"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
)

devices = Table(
    "devices",
    metadata,
    Column("device", UUID(as_uuid=False), primary_key=True),
    Column("name", Text, nullable=False),
    Column("facility", Text),
    Column("created_by", Text, ForeignKey("persons.person"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("code_hash", Text, unique=True),
    Column("code_until", DateTime(timezone=True), nullable=False),
    Column("hash", Text, unique=True),
    Column("paired_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)

# Failed tries to sign in: per person (address empty), per address (person empty), or of a person at a known address.
tries = Table(
    "tries",
    metadata,
    Column("person", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("forget_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("person", "address"),
)
Index("tries_forget_at", tries.c.forget_at)
