"""Whether a person has been told that a binding is suspended."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE bindings ADD COLUMN told_at timestamptz")
