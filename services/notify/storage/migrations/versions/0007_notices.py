"""Who stands in for whom, how long facilities were used, and what people were last told of a thing."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
    ALTER TABLE people ADD away jsonb;
    ALTER TABLE reservations ADD used_minutes integer;

    CREATE TABLE last_told (
        subject text PRIMARY KEY,
        what jsonb NOT NULL
    );
"""


def upgrade() -> None:
    op.execute(TABLES)
