"""Who stands in for whom, and when."""

from alembic import op

revision = "0003"
down_revision = "0002"

LEAVE = """
    ALTER TABLE persons
        ADD COLUMN delegate text REFERENCES persons,
        ADD COLUMN away_from timestamptz,
        ADD COLUMN away_until timestamptz,
        ADD CONSTRAINT persons_leave CHECK (num_nulls(delegate, away_from, away_until) IN (0, 3));
    CREATE INDEX persons_delegate ON persons (delegate) WHERE delegate IS NOT NULL
"""


def upgrade() -> None:
    op.execute(LEAVE)
