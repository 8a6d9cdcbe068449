"""Addresses to which no mail is sent."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLE = """
    CREATE TABLE suppressions (
        address text PRIMARY KEY,
        reason text NOT NULL,
        since timestamptz NOT NULL
    );
"""


def upgrade() -> None:
    op.execute(TABLE)
