"""When one may check in at a facility, for the reminder of it."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE facilities ADD check_in_minutes integer NOT NULL DEFAULT 15")
