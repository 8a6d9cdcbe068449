"""Who gets time for which several ask, how long an offer is held, and whether a run may be split."""

from alembic import op

revision = "0007"
down_revision = "0006"

FIELDS = """
    ALTER TABLE facilities
        ADD COLUMN allocation text NOT NULL DEFAULT 'first_come',
        ADD COLUMN allocation_hours integer NOT NULL DEFAULT 0,
        ADD COLUMN offer_minutes integer NOT NULL DEFAULT 120,
        ADD COLUMN most_pieces integer NOT NULL DEFAULT 1;
"""


def upgrade() -> None:
    op.execute(FIELDS)
