"""Asking the holder of a time to swap or give way."""

from alembic import op

revision = "0016"
down_revision = "0015"

TABLES = """
    SELECT 1;
"""


def upgrade() -> None:
    op.execute(TABLES)
