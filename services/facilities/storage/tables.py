"""What facilities keeps. The revisions in migrations/ make these; a test compares the two."""

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

from services.contracts.messaging.tables import audit_table, messaging_tables

metadata = MetaData()
messaging_tables(metadata)
audit_table(metadata)

facilities = Table(
    "facilities",
    metadata,
    Column("facility", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("names", JSONB, nullable=False),
    Column("descriptions", JSONB, nullable=False),
    Column("units", JSONB, nullable=False),
    Column("opening_hours", JSONB, nullable=False),
    Column("granularity_minutes", Integer, nullable=False),
    Column("shortest_minutes", Integer, nullable=False),
    Column("longest_minutes", Integer, nullable=False),
    Column("notice_minutes", Integer, nullable=False),
    Column("horizon_days", Integer, nullable=False),
    Column("setup_minutes", Integer, nullable=False),
    Column("cleardown_minutes", Integer, nullable=False),
    Column("approval", Text, nullable=False),
    Column("decision_hours", Integer, nullable=False),
    Column("unit_choice", Boolean, nullable=False),
    Column("equivalents", ARRAY(Text), nullable=False),
    Column("location", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("site", Text, nullable=False, server_default=text("'BASE'")),
    Column("date_exceptions", JSONB, nullable=False, server_default=text("'[]'")),
    Column("on_holidays", Text, nullable=False, server_default=text("'closed'")),
    Column("change_notice_minutes", Integer, nullable=False, server_default=text("0")),
    Column("cancel_notice_minutes", Integer, nullable=False, server_default=text("0")),
    Column("priority_horizon_days", Integer, nullable=False, server_default=text("0")),
    Column("families", JSONB, nullable=False, server_default=text("'[]'")),
    Column("changeover", JSONB, nullable=False, server_default=text("'[]'")),
    Column("sharing", JSONB, nullable=False, server_default=text("'{}'")),
    Column("most_people", Integer, nullable=False, server_default=text("0")),
    Column("questions", JSONB, nullable=False, server_default=text("'[]'")),
    Column("attachments", Text, nullable=False, server_default=text("'none'")),
    Column("details", Text, nullable=False, server_default=text("'team'")),
    Column("qualifications", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("stages", JSONB, nullable=False, server_default=text("'[]'")),
    Column("escalation_hours", Integer, nullable=False, server_default=text("0")),
    Column("check_in_minutes", Integer, nullable=False, server_default=text("15")),
    Column("no_show_minutes", Integer, nullable=False, server_default=text("0")),
    Column("elastic_minutes", Integer, nullable=False, server_default=text("0")),
    Column("allocation", Text, nullable=False, server_default=text("'first_come'")),
    Column("allocation_hours", Integer, nullable=False, server_default=text("0")),
    Column("offer_minutes", Integer, nullable=False, server_default=text("120")),
    Column("most_pieces", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("kind IN ('line', 'lab', 'platform')", name="facilities_kind"),
    CheckConstraint("approval IN ('automatic', 'manager', 'stages')", name="facilities_approval"),
)

# A copy of what accounts tells of people.
people = Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("manages", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
)
Index("people_manages", people.c.manages, postgresql_using="gin")

qualifications = Table(
    "qualifications",
    metadata,
    Column("qualification", Text, primary_key=True),
    Column("names", JSONB, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

holders = Table(
    "holders",
    metadata,
    Column("person", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

# ``warned_days``: how many days before the end the last warning was given.
grants = Table(
    "grants",
    metadata,
    Column("person", Text, ForeignKey("holders.person"), nullable=False),
    Column("qualification", Text, ForeignKey("qualifications.qualification"), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("warned_days", Integer),
    PrimaryKeyConstraint("person", "qualification"),
)
Index("grants_until", grants.c.until)

trainings = Table(
    "trainings",
    metadata,
    Column("training", UUID(as_uuid=False), primary_key=True),
    Column("person", Text, nullable=False),
    Column("qualification", Text, ForeignKey("qualifications.qualification"), nullable=False),
    Column("facility", Text),
    Column("note", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('requested', 'granted', 'refused', 'withdrawn')", name="trainings_state"),
)
Index(
    "trainings_waiting", trainings.c.person, trainings.c.qualification, unique=True,
    postgresql_where=text("state = 'requested'"),
)

sites = Table(
    "sites",
    metadata,
    Column("site", Text, primary_key=True),
    Column("names", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)

# Every revision of a year's days is kept; the newest counts.
calendar_years = Table(
    "calendar_years",
    metadata,
    Column("site", Text, ForeignKey("sites.site"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("days", JSONB, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("site", "year", "revision"),
)

interruptions = Table(
    "interruptions",
    metadata,
    Column("interruption", UUID(as_uuid=False), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("facility", Text),
    Column("unit", Text),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("rule", Text, nullable=False),
    Column("open_end", Boolean, nullable=False),
    Column("spans", JSONB, nullable=False),
    Column("last_end", DateTime(timezone=True)),
    Column("known_until", DateTime(timezone=True)),
    Column("reason", JSONB, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    CheckConstraint("kind IN ('outage', 'maintenance', 'closure')", name="interruptions_kind"),
    CheckConstraint("(kind = 'closure') = (facility IS NULL)", name="interruptions_place"),
)
Index("interruptions_shown", interruptions.c.last_end)
Index("interruptions_open", interruptions.c.last_end, postgresql_where=text("open_end"))
Index("interruptions_repeated", interruptions.c.known_until, postgresql_where=text("rule <> ''"))

quotas = Table(
    "quotas",
    metadata,
    Column("quota", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("subject", Text),
    Column("kind", Text),
    Column("per", Text, nullable=False),
    Column("limit", Integer, nullable=False),
    Column("off_peak_percent", Integer, nullable=False),
    Column("peak_hours", JSONB, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("scope IN ('company', 'team', 'person', 'project')", name="quotas_scope"),
    CheckConstraint("per IN ('week', 'month', 'open')", name="quotas_per"),
)
