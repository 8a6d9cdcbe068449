"""Programs that are told of reservations."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = """
    CREATE TABLE webhooks (
        webhook uuid PRIMARY KEY,
        name text NOT NULL,
        url text NOT NULL,
        team text,
        facts text[] NOT NULL,
        active boolean NOT NULL,
        reason text,
        changes integer NOT NULL,
        changed_at timestamptz,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL
    );
    CREATE INDEX deliveries_webhook ON deliveries (recipient, created_at) WHERE channel = 'webhook';
"""


def upgrade() -> None:
    op.execute(STATEMENTS)
