"""Which programs were tried in the last minute."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("DROP INDEX deliveries_begun")
    op.execute(
        "CREATE INDEX deliveries_begun ON deliveries (channel, address, begun_at)"
        " WHERE channel IN ('wecom', 'robot', 'webhook')"
    )
