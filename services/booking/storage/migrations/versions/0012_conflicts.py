"""Reservations that are offered or compete, and that are steps of a campaign."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATES = """
    ALTER TABLE reservations
        ADD COLUMN campaign uuid,
        ADD COLUMN campaign_step integer,
        ADD CONSTRAINT reservations_step CHECK ((campaign IS NULL) = (campaign_step IS NULL)),
        DROP CONSTRAINT reservations_state,
        DROP CONSTRAINT reservations_wait;
    ALTER TABLE reservations
        ADD CONSTRAINT reservations_state CHECK (state IN (
            'requested', 'approved', 'in_use', 'finished', 'rejected', 'withdrawn', 'expired', 'cancelled', 'no_show',
            'competing', 'offered', 'declined')),
        ADD CONSTRAINT reservations_wait CHECK (
            (state IN ('requested', 'competing', 'offered')) = (decide_by IS NOT NULL));
    CREATE INDEX reservations_of_campaign ON reservations (campaign) WHERE campaign IS NOT NULL;
    CREATE INDEX reservations_open ON reservations (state, decide_by) WHERE state IN ('competing', 'offered');

    DROP INDEX reservations_shown;
    CREATE INDEX reservations_shown ON reservations USING gist (tstzrange(starts_at, ends_at))
     WHERE state IN ('requested', 'approved', 'in_use', 'finished', 'offered');
    DROP INDEX reservations_once_a_date;
    CREATE UNIQUE INDEX reservations_once_a_date ON reservations (series, series_date)
     WHERE series IS NOT NULL AND state IN ('requested', 'approved', 'in_use', 'finished', 'offered');
"""


def upgrade() -> None:
    op.execute(STATES)
