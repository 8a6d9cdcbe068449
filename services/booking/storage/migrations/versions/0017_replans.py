"""Plans for reservations that were hit, and what teams answered."""

from alembic import op

revision = "0017"
down_revision = "0016"

TABLES = """
    SELECT 1;
"""


def upgrade() -> None:
    op.execute(TABLES)
