"""The wait list, and where time became free."""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = """
    SELECT 1;
"""


def upgrade() -> None:
    op.execute(TABLES)
