"""Ordered steps over several facilities."""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLES = """
    CREATE TABLE campaigns (
        campaign uuid PRIMARY KEY,
        version integer NOT NULL,
        team text NOT NULL,
        project text,
        purpose text NOT NULL,
        requester text NOT NULL,
        steps jsonb NOT NULL
    );

    ALTER TABLE reservations
        ADD CONSTRAINT reservations_campaign_fkey FOREIGN KEY (campaign) REFERENCES campaigns;
    DROP INDEX reservations_of_campaign;
    CREATE UNIQUE INDEX reservations_once_a_step ON reservations (campaign, campaign_step)
     WHERE campaign IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(TABLES)
