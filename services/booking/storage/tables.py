"""What booking keeps. The revisions in migrations/ make these; a test compares the two.

    persons, teams, members   copies of what accounts says
    facilities, units         copies of what facilities says; a unit keeps its number for ever
    sites, interruptions      the same of bases with their days, and of outages, maintenance, closures
    interrupted               the unit and period that each interruption takes away
    qualifications, holders   copies of it too: the trainings, and who is qualified until when
    reservations              who has what when, as it is now
    series                    what repeats, by which rule; its members are reservations
    campaigns                 ordered steps over several facilities; its members too
    claims                    the unit, period and places that each holds, buffers included
    asks                      what teams ask of each other: to swap, or to give way
    attachments               the files of reservations
    wait_entries, freed       who waits for time, and the facilities at which it may have come free
    quotas, quota_warnings    copies of how much may be reserved; who was warned in which period
    replans, displacements    plans for those who were hit; where they were before, and what they answered
    reservation_history       every step of every reservation
    faults                    what was reported as broken
    contenders, draws         who competes since when; the draws, and (draw_entries) who takes part in them
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
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
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INT4RANGE, JSONB, TSTZRANGE, UUID, ExcludeConstraint

from services.booking.domain.states import SHOWN, WAITING, State
from services.booking.storage.campaign_tables import campaign_tables
from services.booking.storage.contention_tables import contention_tables
from services.booking.storage.file_tables import file_tables
from services.booking.storage.interruption_tables import interruption_tables
from services.booking.storage.quota_tables import quota_tables
from services.booking.storage.replan_tables import replan_tables
from services.booking.storage.swap_tables import swap_tables
from services.booking.storage.waiting_tables import waiting_tables
from services.contracts.messaging.tables import audit_table, messaging_tables

NO_OVERLAP = "claims_do_not_overlap"
"""The last word on double booking."""


def quoted(states: frozenset[State]) -> str:
    """A set of states as SQL, always in the same order: a partial index serves the very same words only."""
    return ", ".join(f"'{state}'" for state in State if state in states)


PIN = "lpad((('x' || substr(gen_random_uuid()::text, 1, 8))::bit(32)::bigint % 10000)::text, 4, '0')"
"""Four random digits, the same for as long as the reservation lives."""

metadata = MetaData()
messaging_tables(metadata)
quota_tables(metadata)
waiting_tables(metadata)
interruption_tables(metadata)
file_tables(metadata)
swap_tables(metadata)
campaign_tables(metadata)
replan_tables(metadata)
contention_tables(metadata)
audit_table(metadata)

persons = Table(
    "persons",
    metadata,
    Column("person", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("manages", ARRAY(Text), nullable=False),
    Column("delegate", Text),
    *(Column(name, DateTime(timezone=True)) for name in ("away_from", "away_until")),
)
Index("persons_delegate", persons.c.delegate, postgresql_where=text("delegate IS NOT NULL"))

teams = Table(
    "teams",
    metadata,
    Column("team", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("projects", JSONB, nullable=False),
    Column("company", Text, nullable=False, server_default=text("''")),
)

Index("teams_company", teams.c.company)

members = Table(
    "members",
    metadata,
    Column("person", Text, nullable=False),
    Column("team", Text, ForeignKey("teams.team"), nullable=False),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("person", "team"),
)
Index("members_team", members.c.team)

facilities = Table(
    "facilities",
    metadata,
    Column("facility", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("snapshot", JSONB, nullable=False),
    Column("no_show_since", DateTime(timezone=True)),
)

qualifications = Table(
    "qualifications",
    metadata,
    Column("qualification", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("names", JSONB, nullable=False),
)

holders = Table(
    "holders",
    metadata,
    Column("person", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("grants", JSONB, nullable=False),
)

units = Table(
    "units",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("facility", Text, ForeignKey("facilities.facility"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("facility", "unit", name="units_facility_unit_key"),
)

series = Table(
    "series",
    metadata,
    Column("series", UUID(as_uuid=False), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("team", Text, nullable=False),
    Column("project", Text),
    Column("purpose", Text, nullable=False),
    Column("requester", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("first_date", Date, nullable=False),
    Column("patterns", JSONB, nullable=False),
    Column("skipped", ARRAY(Date), nullable=False),
    Column("run", JSONB, nullable=False, server_default=text("'{}'")),
)

reservations = Table(
    "reservations",
    metadata,
    Column("reservation", UUID(as_uuid=False), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("facility", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("team", Text, nullable=False),
    Column("project", Text),
    Column("purpose", Text, nullable=False),
    Column("requester", Text, nullable=False),
    Column("decide_by", DateTime(timezone=True)),
    Column("run", JSONB, nullable=False, server_default=text("'{}'")),
    Column("checked_in_at", DateTime(timezone=True)),
    Column("checked_out_at", DateTime(timezone=True)),
    Column("overran", DateTime(timezone=True)),
    Column("pin", Text, nullable=False, server_default=text(PIN)),
    Column("pin_tries", Integer, nullable=False, server_default=text("0")),
    Column("series", UUID(as_uuid=False), ForeignKey("series.series")),
    Column("series_date", Date),
    CheckConstraint("(series IS NULL) = (series_date IS NULL)", name="reservations_member"),
    Column("awaits", Text),
    Column("route", JSONB, nullable=False, server_default=text("'{}'")),
    Column("waivers", JSONB, nullable=False, server_default=text("'[]'")),
    Column("exception", Text, nullable=False, server_default=text("''")),
    CheckConstraint("starts_at < ends_at", name="reservations_last"),
    CheckConstraint(f"state IN ({quoted(frozenset(State))})", name="reservations_state"),
    Column("campaign", UUID(as_uuid=False), ForeignKey("campaigns.campaign")),
    Column("campaign_step", Integer),
    CheckConstraint("(campaign IS NULL) = (campaign_step IS NULL)", name="reservations_step"),
    CheckConstraint(f"(state IN ({quoted(WAITING)})) = (decide_by IS NOT NULL)", name="reservations_wait"),
    CheckConstraint("(state = 'requested') = (awaits IS NOT NULL)", name="reservations_await"),
)
Index(
    "reservations_shown", func.tstzrange(reservations.c.starts_at, reservations.c.ends_at),
    postgresql_using="gist", postgresql_where=text(f"state IN ({quoted(SHOWN)})"),
)
Index("reservations_waiting", reservations.c.decide_by, postgresql_where=text("state = 'requested'"))
Index(
    "reservations_coming", reservations.c.facility, reservations.c.starts_at,
    postgresql_where=text("state = 'approved'"),
)
Index(
    "reservations_in_use", reservations.c.facility, reservations.c.unit, reservations.c.ends_at,
    postgresql_where=text("state = 'in_use'"),
)
Index("reservations_of_team", reservations.c.team, reservations.c.starts_at, reservations.c.reservation)
Index("reservations_of_requester", reservations.c.requester, reservations.c.starts_at)
Index("reservations_of_facility", reservations.c.facility, reservations.c.starts_at, reservations.c.reservation)

Index(
    "reservations_once_a_step", reservations.c.campaign, reservations.c.campaign_step, unique=True,
    postgresql_where=text("campaign IS NOT NULL"),
)
Index(
    "reservations_open", reservations.c.state, reservations.c.decide_by,
    postgresql_where=text("state IN ('competing', 'offered')"),
)
Index(
    "reservations_of_series", reservations.c.series, reservations.c.series_date,
    postgresql_where=text("series IS NOT NULL"),
)
Index(
    "reservations_once_a_date", reservations.c.series, reservations.c.series_date, unique=True,
    postgresql_where=text(f"series IS NOT NULL AND state IN ({quoted(SHOWN)})"),
)

# One row, or pieces of time where a run that shares changes its places; without upper bound it is the whole unit.
claims = Table(
    "claims",
    metadata,
    Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation"), nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("period", TSTZRANGE, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("places", INT4RANGE, nullable=False, server_default=text("'[1,)'")),
    Column("family", Text),
    Column("run", TSTZRANGE),
    Column("profile", JSONB),
    PrimaryKeyConstraint("reservation", "period", "places"),
    ExcludeConstraint(
        ("unit_id", "="), ("period", "&&"), ("places", "&&"), using="gist", where=text("held"), name=NO_OVERLAP,
    ),
)

reservation_history = Table(
    "reservation_history",
    metadata,
    Column("reservation", UUID(as_uuid=False), ForeignKey("reservations.reservation"), nullable=False),
    Column("version", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("action", "actor")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    *(Column(name, JSONB, nullable=False) for name in ("former", "changed", "basis")),
    PrimaryKeyConstraint("reservation", "version"),
)
