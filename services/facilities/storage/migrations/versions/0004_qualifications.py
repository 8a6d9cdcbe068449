"""Trainings, who has passed them until when, and who asks for one."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
    CREATE TABLE qualifications (
        qualification text PRIMARY KEY,
        names jsonb NOT NULL,
        active boolean NOT NULL,
        version integer NOT NULL
    );

    CREATE TABLE holders (
        person text PRIMARY KEY,
        version integer NOT NULL
    );

    CREATE TABLE grants (
        person text NOT NULL REFERENCES holders,
        qualification text NOT NULL REFERENCES qualifications,
        until timestamptz NOT NULL,
        warned_days integer,
        PRIMARY KEY (person, qualification)
    );
    CREATE INDEX grants_until ON grants (until);

    CREATE TABLE trainings (
        training uuid PRIMARY KEY,
        person text NOT NULL,
        qualification text NOT NULL REFERENCES qualifications,
        facility text,
        note text NOT NULL,
        state text NOT NULL
            CONSTRAINT trainings_state CHECK (state IN ('requested', 'granted', 'refused', 'withdrawn')),
        actor text NOT NULL,
        reason text NOT NULL,
        version integer NOT NULL,
        changed_at timestamptz NOT NULL
    );
    CREATE UNIQUE INDEX trainings_waiting ON trainings (person, qualification) WHERE state = 'requested';
"""


def upgrade() -> None:
    op.execute(TABLES)
