"""What is to be run in a reservation, and the company of a team."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE reservations ADD COLUMN run jsonb NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE teams ADD COLUMN company text NOT NULL DEFAULT ''")
