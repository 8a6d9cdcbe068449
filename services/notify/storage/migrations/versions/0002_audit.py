"""The audit trail."""

from alembic import op

from services.contracts.messaging.tables import AUDIT

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(AUDIT)
