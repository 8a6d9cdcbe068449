"""Ordered steps over several facilities."""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLES = """
    SELECT 1;
"""


def upgrade() -> None:
    op.execute(TABLES)
