"""Files that belong to reservations, and who is of one company."""

from alembic import op

revision = "0010"
down_revision = "0009"

ATTACHMENTS = """
    CREATE TABLE attachments (
        attachment uuid PRIMARY KEY,
        reservation uuid NOT NULL REFERENCES reservations,
        name text NOT NULL,
        type text NOT NULL,
        size integer NOT NULL,
        sha256 text NOT NULL,
        added_by text NOT NULL,
        added_at timestamptz NOT NULL,
        content bytea NOT NULL,
        CONSTRAINT attachments_size CHECK (size = octet_length(content) AND size <= 700000)
    );
    CREATE INDEX ix_attachments_reservation ON attachments (reservation);
    CREATE INDEX teams_company ON teams (company)
"""


def upgrade() -> None:
    op.execute(ATTACHMENTS)
