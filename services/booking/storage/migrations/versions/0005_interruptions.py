"""Bases with their calendars, and the time that outages, maintenance and closures take away."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
    CREATE TABLE sites (
        site text PRIMARY KEY,
        version integer NOT NULL,
        names jsonb NOT NULL,
        days jsonb NOT NULL,
        known_years integer[] NOT NULL
    );

    CREATE TABLE interruptions (
        interruption text PRIMARY KEY,
        version integer NOT NULL,
        kind text NOT NULL,
        site text NOT NULL,
        facility text,
        unit text,
        spans jsonb NOT NULL,
        last_end timestamptz,
        open_end boolean NOT NULL,
        reason jsonb NOT NULL,
        actor text NOT NULL
    );
    CREATE INDEX interruptions_of_facility ON interruptions (facility, last_end);

    CREATE TABLE interrupted (
        interruption text NOT NULL REFERENCES interruptions,
        unit_id integer NOT NULL REFERENCES units,
        period tstzrange NOT NULL
    );
    CREATE INDEX interrupted_of ON interrupted (interruption);
    CREATE INDEX interrupted_units ON interrupted USING gist (unit_id, period);
"""


def upgrade() -> None:
    op.execute(TABLES)
