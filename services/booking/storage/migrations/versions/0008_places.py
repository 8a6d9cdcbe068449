"""Which places of a unit a claim holds, and what its neighbours must know of the run."""

from alembic import op

revision = "0008"
down_revision = "0007"

# Without an upper bound it is the whole unit, however many places it comes to have.
PLACES = """
    ALTER TABLE claims
        ADD COLUMN places int4range NOT NULL DEFAULT '[1,)',
        ADD COLUMN family text,
        ADD COLUMN run tstzrange,
        ADD COLUMN profile jsonb,
        DROP CONSTRAINT claims_pkey,
        ADD PRIMARY KEY (reservation, period, places),
        DROP CONSTRAINT claims_do_not_overlap,
        ADD CONSTRAINT claims_do_not_overlap
            EXCLUDE USING gist (unit_id WITH =, period WITH &&, places WITH &&) WHERE (held)
"""

OCCUPANCY = """
    CREATE OR REPLACE VIEW verify.occupancy AS
    SELECT r.reservation AS reservation_id, r.facility, r.unit, r.starts_at, r.ends_at, c.held, r.state, r.version,
           r.team, CASE WHEN c.shares THEN (r.run ->> 'places')::integer END AS places
      FROM reservations r
      JOIN LATERAL (SELECT bool_or(c.held) AS held, bool_and(NOT upper_inf(c.places)) AS shares
                      FROM claims c WHERE c.reservation = r.reservation) AS c ON true
"""


def upgrade() -> None:
    op.execute(PLACES)
    op.execute(OCCUPANCY)
