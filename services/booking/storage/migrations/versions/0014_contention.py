"""Who competed for what, and why it was decided so."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
    CREATE TABLE draws (
        draw uuid PRIMARY KEY,
        facility text NOT NULL,
        seed text NOT NULL,
        fingerprint text NOT NULL,
        made_at timestamptz NOT NULL
    );
    CREATE TABLE draw_entries (
        draw uuid NOT NULL REFERENCES draws,
        entry integer NOT NULL,
        party text NOT NULL,
        weight double precision,
        key double precision,
        won boolean,
        PRIMARY KEY (draw, entry),
        CONSTRAINT draw_entries_once UNIQUE (draw, party)
    );
    CREATE TABLE contenders (
        reservation uuid PRIMARY KEY REFERENCES reservations,
        party text NOT NULL,
        since timestamptz NOT NULL,
        needed_by text,
        unit text,
        draw uuid,
        entry integer,
        CONSTRAINT contenders_entry FOREIGN KEY (draw, entry) REFERENCES draw_entries
    );
    CREATE INDEX contenders_of_draw ON contenders (draw) WHERE draw IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(TABLES)
