"""Plans for reservations that were hit, and what teams answered."""

from alembic import op

revision = "0017"
down_revision = "0016"

TABLES = """
    CREATE TABLE replans (
        replan uuid PRIMARY KEY,
        version integer NOT NULL,
        state text NOT NULL,
        key text NOT NULL,
        cause jsonb NOT NULL,
        hits uuid[] NOT NULL,
        places text[] NOT NULL,
        facilities text[] NOT NULL,
        created_at timestamptz NOT NULL,
        plan jsonb,
        is_planned boolean NOT NULL,
        progress jsonb NOT NULL,
        pins jsonb NOT NULL,
        excluded_reservations uuid[] NOT NULL,
        excluded_facilities text[] NOT NULL,
        decided_by text NOT NULL,
        decided_at timestamptz,
        taken_until timestamptz,
        CONSTRAINT replans_state CHECK (
            state IN ('computing', 'proposed', 'accepted', 'discarded', 'superseded', 'empty'))
    );
    CREATE INDEX replans_open ON replans (key) WHERE state IN ('computing', 'proposed');
    CREATE INDEX replans_computing ON replans (created_at) WHERE state = 'computing';

    CREATE TABLE displacements (
        reservation uuid NOT NULL REFERENCES reservations,
        replan uuid NOT NULL REFERENCES replans,
        facility text NOT NULL,
        unit text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        answer_by timestamptz NOT NULL,
        reason text NOT NULL,
        answer text NOT NULL,
        answered_at timestamptz,
        PRIMARY KEY (reservation, replan),
        CONSTRAINT displacements_answer CHECK (answer IN ('none', 'confirmed', 'chosen', 'declined', 'overtaken'))
    );
    CREATE INDEX displacements_of ON displacements (replan);
    CREATE UNIQUE INDEX displacements_unanswered ON displacements (reservation) WHERE answer = 'none';
"""


def upgrade() -> None:
    op.execute(TABLES)
