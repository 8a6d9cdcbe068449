"""Asking the holder of a time to swap or give way."""

from alembic import op

revision = "0016"
down_revision = "0015"

TABLES = """
    CREATE TABLE asks (
        ask uuid PRIMARY KEY,
        version integer NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        team text NOT NULL,
        requester text NOT NULL,
        holder uuid NOT NULL REFERENCES reservations,
        holder_team text NOT NULL,
        facility text NOT NULL,
        unit text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        reservation uuid REFERENCES reservations,
        given_facility text,
        given_unit text,
        given_starts_at timestamptz,
        given_ends_at timestamptz,
        wished_from timestamptz,
        wished_until timestamptz,
        project text,
        purpose text NOT NULL,
        run jsonb NOT NULL,
        note text NOT NULL,
        reason text NOT NULL,
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT asks_offer CHECK ((kind = 'swap') = (given_facility IS NOT NULL)),
        CONSTRAINT asks_wish CHECK ((kind = 'give_way') = (wished_from IS NOT NULL))
    );
    CREATE UNIQUE INDEX asks_once ON asks (holder, team) WHERE state = 'asked';
    CREATE INDEX asks_open ON asks (expires_at) WHERE state = 'asked';
    CREATE INDEX asks_of_team ON asks (team, asked_at);
    CREATE INDEX asks_of_holder ON asks (holder_team, asked_at)
"""


def upgrade() -> None:
    op.execute(TABLES)
