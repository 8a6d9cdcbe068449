"""Copies of the trainings and of who is qualified."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
    CREATE TABLE qualifications (
        qualification text PRIMARY KEY,
        version integer NOT NULL,
        names jsonb NOT NULL
    );

    CREATE TABLE holders (
        person text PRIMARY KEY,
        version integer NOT NULL,
        grants jsonb NOT NULL
    );
"""


def upgrade() -> None:
    op.execute(TABLES)
