"""How reservations stand, what is due at a time, what people chose to hear of; when a delivery is of use."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
    ALTER TABLE reservations
        ADD unit text, ADD state text, ADD starts_at timestamptz, ADD ends_at timestamptz, ADD latest jsonb;
    CREATE INDEX reservations_place ON reservations (facility, unit, starts_at);
    CREATE INDEX reservations_team ON reservations (team, starts_at);

    CREATE TABLE reminders (
        subject text NOT NULL,
        kind text NOT NULL,
        due_at timestamptz NOT NULL,
        stale_at timestamptz NOT NULL,
        PRIMARY KEY (subject, kind)
    );
    CREATE INDEX reminders_due ON reminders (due_at);

    CREATE TABLE preferences (
        person text PRIMARY KEY,
        language text,
        timezone text NOT NULL,
        quiet_from integer,
        quiet_until integer,
        digest text NOT NULL,
        digest_at integer NOT NULL,
        digest_weekday integer NOT NULL,
        switches jsonb NOT NULL
    );

    ALTER TABLE deliveries
        ALTER reservation DROP NOT NULL,
        ADD step text NOT NULL DEFAULT '', ADD category text NOT NULL DEFAULT '',
        ADD critical boolean NOT NULL DEFAULT false, ADD expires_at timestamptz, ADD only_while jsonb,
        DROP CONSTRAINT deliveries_state,
        ADD CONSTRAINT deliveries_state CHECK (
            state IN ('pending', 'sending', 'retry', 'unknown', 'accepted', 'dead', 'held', 'skipped'));
    CREATE INDEX deliveries_held ON deliveries (due_at, recipient) WHERE state = 'held';
"""


def upgrade() -> None:
    op.execute(TABLES)
