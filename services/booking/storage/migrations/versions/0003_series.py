"""What repeats by a rule, and which reservations are its members."""

from alembic import op

revision = "0003"
down_revision = "0002"

SERIES = """
    CREATE TABLE series (
        series uuid PRIMARY KEY,
        version integer NOT NULL,
        team text NOT NULL,
        project text,
        purpose text NOT NULL,
        requester text NOT NULL,
        rule text NOT NULL,
        zone text NOT NULL,
        first_date date NOT NULL,
        patterns jsonb NOT NULL,
        skipped date[] NOT NULL,
        run jsonb NOT NULL DEFAULT '{}'
    );

    ALTER TABLE reservations
        ADD COLUMN series uuid REFERENCES series,
        ADD COLUMN series_date date,
        ADD CONSTRAINT reservations_member CHECK ((series IS NULL) = (series_date IS NULL));
    CREATE INDEX reservations_of_series ON reservations (series, series_date) WHERE series IS NOT NULL;
    CREATE UNIQUE INDEX reservations_once_a_date ON reservations (series, series_date)
        WHERE series IS NOT NULL AND state IN ('requested', 'approved', 'in_use', 'finished');
"""


def upgrade() -> None:
    op.execute(SERIES)
