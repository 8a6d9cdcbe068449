"""Whether a person has been told that a binding is suspended."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("ALTER TABLE bindings ADD COLUMN told_at timestamptz")
