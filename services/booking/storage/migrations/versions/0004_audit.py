"""The audit trail."""

from alembic import op

from services.contracts.messaging.tables import AUDIT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(AUDIT)
