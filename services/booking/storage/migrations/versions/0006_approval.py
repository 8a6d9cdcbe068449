"""Who decides a request at which stage, what it is excused from, and who stands in for whom."""

from alembic import op

revision = "0006"
down_revision = "0005"

STAGES = """
    ALTER TABLE persons
        ADD COLUMN delegate text,
        ADD COLUMN away_from timestamptz,
        ADD COLUMN away_until timestamptz;
    CREATE INDEX persons_delegate ON persons (delegate) WHERE delegate IS NOT NULL;
    ALTER TABLE reservations
        ADD COLUMN awaits text,
        ADD COLUMN route jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN waivers jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN exception text NOT NULL DEFAULT '';
    UPDATE reservations SET awaits = 'manager', route = '{"stages": ["manager"]}' WHERE state = 'requested';
    ALTER TABLE reservations
        ADD CONSTRAINT reservations_await CHECK ((state = 'requested') = (awaits IS NOT NULL))
"""


def upgrade() -> None:
    op.execute(STAGES)
