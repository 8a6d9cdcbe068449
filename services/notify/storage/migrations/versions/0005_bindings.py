"""Codes that tie a person to an account; bindings that may be suspended; callbacks that were taken."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = """
    ALTER TABLE bindings
        ADD COLUMN state text NOT NULL DEFAULT 'active'
            CONSTRAINT bindings_state CHECK (state IN ('active', 'suspended')),
        ADD COLUMN reason text,
        ADD COLUMN suspended_at timestamptz;

    CREATE TABLE binding_codes (
        code uuid PRIMARY KEY,
        person text NOT NULL,
        channel text NOT NULL,
        address text NOT NULL DEFAULT '',
        external_id text,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        bound_at timestamptz
    );
    CREATE INDEX binding_codes_person ON binding_codes (person, channel);

    CREATE TABLE callbacks (
        channel text NOT NULL,
        key text NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (channel, key)
    );
"""


def upgrade() -> None:
    op.execute(STATEMENTS)
