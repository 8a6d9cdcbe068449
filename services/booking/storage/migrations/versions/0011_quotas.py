"""How much may be reserved, who was warned in which period, and the way to what a person has reserved."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLES = """
    CREATE TABLE quotas (
        quota text PRIMARY KEY,
        version integer NOT NULL,
        active boolean NOT NULL,
        snapshot jsonb NOT NULL
    );

    CREATE TABLE quota_warnings (
        quota text NOT NULL,
        subject text NOT NULL,
        starts_at timestamptz NOT NULL,
        PRIMARY KEY (quota, subject, starts_at)
    );
    CREATE INDEX reservations_of_requester ON reservations (requester, starts_at)
"""


def upgrade() -> None:
    op.execute(TABLES)
