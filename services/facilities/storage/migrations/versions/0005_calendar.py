"""Bases with their calendars; outages, maintenance and closures."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
    CREATE TABLE sites (
        site text PRIMARY KEY,
        names jsonb NOT NULL,
        version integer NOT NULL
    );
    INSERT INTO sites (site, names, version)
    VALUES ('BASE', '{"zh-Hans": "中试基地", "en": "Pilot base"}', 1);

    CREATE TABLE calendar_years (
        site text NOT NULL REFERENCES sites,
        year integer NOT NULL,
        revision integer NOT NULL,
        source text NOT NULL,
        days jsonb NOT NULL,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (site, year, revision)
    );

    CREATE TABLE interruptions (
        interruption uuid PRIMARY KEY,
        version integer NOT NULL,
        kind text NOT NULL CONSTRAINT interruptions_kind CHECK (kind IN ('outage', 'maintenance', 'closure')),
        site text NOT NULL,
        facility text,
        unit text,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        rule text NOT NULL,
        open_end boolean NOT NULL,
        spans jsonb NOT NULL,
        last_end timestamptz,
        known_until timestamptz,
        reason jsonb NOT NULL,
        note text NOT NULL,
        actor text NOT NULL,
        CONSTRAINT interruptions_place CHECK ((kind = 'closure') = (facility IS NULL))
    );
    CREATE INDEX interruptions_shown ON interruptions (last_end);
    CREATE INDEX interruptions_open ON interruptions (last_end) WHERE open_end;
    CREATE INDEX interruptions_repeated ON interruptions (known_until) WHERE rule <> '';
"""


def upgrade() -> None:
    op.execute(TABLES)
