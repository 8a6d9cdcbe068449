"""Who competed for what, and why it was decided so."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
    SELECT 1;
"""


def upgrade() -> None:
    op.execute(TABLES)
