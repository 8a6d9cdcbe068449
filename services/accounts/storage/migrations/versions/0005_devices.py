"""Screens at doors and in the hall."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE devices (
            device uuid PRIMARY KEY,
            name text NOT NULL,
            facility text,
            created_by text NOT NULL REFERENCES persons,
            created_at timestamptz NOT NULL,
            code_hash text UNIQUE,
            code_until timestamptz NOT NULL,
            hash text UNIQUE,
            paired_at timestamptz,
            revoked_at timestamptz
        )""")
