"""Deliveries that arrive or fall back; channels that rest; tokens that senders share."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = """
    ALTER TABLE deliveries
        ADD COLUMN begun_at timestamptz,
        ADD COLUMN arrival text CONSTRAINT deliveries_arrival CHECK (arrival IN ('arrived', 'failed')),
        ADD COLUMN arrived_at timestamptz,
        ADD COLUMN fallback jsonb,
        ADD COLUMN fallback_of uuid REFERENCES deliveries ON DELETE SET NULL;
    CREATE INDEX deliveries_reference ON deliveries (channel, provider_reference) WHERE channel = 'wechat';
    CREATE INDEX deliveries_begun ON deliveries (channel, address, begun_at) WHERE channel IN ('wecom', 'robot');

    CREATE TABLE arrivals (
        channel text NOT NULL,
        reference text NOT NULL,
        status text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (channel, reference)
    );

    CREATE TABLE pauses (
        channel text PRIMARY KEY,
        until timestamptz NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL
    );

    CREATE TABLE access_tokens (
        account text PRIMARY KEY,
        value text NOT NULL,
        expires_at timestamptz NOT NULL
    );
"""


def upgrade() -> None:
    op.execute(STATEMENTS)
