"""When a reservation was really used, who did not come, and what is broken."""

from alembic import op

revision = "0009"
down_revision = "0008"

USE = """
    ALTER TABLE reservations
        ADD COLUMN checked_in_at timestamptz,
        ADD COLUMN checked_out_at timestamptz,
        ADD COLUMN overran timestamptz,
        ADD COLUMN pin text NOT NULL
            DEFAULT lpad((('x' || substr(gen_random_uuid()::text, 1, 8))::bit(32)::bigint % 10000)::text, 4, '0'),
        ADD COLUMN pin_tries integer NOT NULL DEFAULT 0;
    ALTER TABLE facilities ADD COLUMN no_show_since timestamptz;
    CREATE INDEX reservations_coming ON reservations (facility, starts_at) WHERE state = 'approved';
    CREATE INDEX reservations_in_use ON reservations (facility, unit, ends_at) WHERE state = 'in_use';

    UPDATE reservation_history SET action = 'check_out' WHERE action = 'finish';
    UPDATE reservations r SET checked_in_at = h.at FROM reservation_history h
     WHERE h.reservation = r.reservation AND h.action = 'check_in';
    UPDATE reservations r SET checked_out_at = h.at FROM reservation_history h
     WHERE h.reservation = r.reservation AND h.action = 'check_out';

    CREATE TABLE faults (
        fault uuid PRIMARY KEY,
        version integer NOT NULL,
        facility text NOT NULL,
        unit text,
        text text NOT NULL,
        reporter text NOT NULL,
        reported_at timestamptz NOT NULL,
        reservation uuid REFERENCES reservations,
        closed_at timestamptz,
        closed_by text NOT NULL,
        note text NOT NULL
    );
    CREATE INDEX faults_of_facility ON faults (facility, reported_at);
"""


def upgrade() -> None:
    op.execute(USE)
