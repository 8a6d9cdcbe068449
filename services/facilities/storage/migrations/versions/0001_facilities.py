"""Facilities with their units and rules of use, the copy of people, and what delivery needs."""

from alembic import op
from sqlalchemy import MetaData

from services.contracts.messaging.tables import SHARED_VERIFY_VIEWS, messaging_tables

revision = "0001"
down_revision = None

TABLES = """
    CREATE TABLE facilities (
        facility text PRIMARY KEY,
        kind text NOT NULL CONSTRAINT facilities_kind CHECK (kind IN ('line', 'lab', 'platform')),
        names jsonb NOT NULL,
        descriptions jsonb NOT NULL,
        units jsonb NOT NULL,
        opening_hours jsonb NOT NULL,
        granularity_minutes integer NOT NULL,
        shortest_minutes integer NOT NULL,
        longest_minutes integer NOT NULL,
        notice_minutes integer NOT NULL,
        horizon_days integer NOT NULL,
        setup_minutes integer NOT NULL,
        cleardown_minutes integer NOT NULL,
        approval text NOT NULL CONSTRAINT facilities_approval CHECK (approval IN ('automatic', 'manager')),
        decision_hours integer NOT NULL,
        unit_choice boolean NOT NULL,
        equivalents text[] NOT NULL,
        location text NOT NULL,
        active boolean NOT NULL,
        version integer NOT NULL
    );

    CREATE TABLE people (
        person text PRIMARY KEY,
        name text NOT NULL,
        active boolean NOT NULL,
        roles text[] NOT NULL,
        manages text[] NOT NULL,
        version integer NOT NULL
    );
    CREATE INDEX people_manages ON people USING gin (manages);
"""


def upgrade() -> None:
    shared = MetaData()
    messaging_tables(shared)
    shared.create_all(op.get_bind())
    for statement in (TABLES, *SHARED_VERIFY_VIEWS):
        op.execute(statement)
