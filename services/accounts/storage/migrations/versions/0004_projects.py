"""How mature a project is, and in which class it is and why."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE projects
            ADD COLUMN stage text NOT NULL DEFAULT 'prototype',
            ADD COLUMN priority text NOT NULL DEFAULT 'normal',
            ADD COLUMN priority_reason text NOT NULL DEFAULT ''
    """)
