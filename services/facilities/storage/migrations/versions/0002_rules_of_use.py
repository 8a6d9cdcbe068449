"""Rules of use beyond hours and lengths: notice, changeover, sharing, questions, qualifications, stages, usage."""

from alembic import op

revision = "0002"
down_revision = "0001"

RULES = """
    ALTER TABLE facilities
        ADD COLUMN site text NOT NULL DEFAULT 'BASE',
        ADD COLUMN date_exceptions jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN on_holidays text NOT NULL DEFAULT 'closed',
        ADD COLUMN change_notice_minutes integer NOT NULL DEFAULT 0,
        ADD COLUMN cancel_notice_minutes integer NOT NULL DEFAULT 0,
        ADD COLUMN priority_horizon_days integer NOT NULL DEFAULT 0,
        ADD COLUMN families jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN changeover jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN sharing jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN most_people integer NOT NULL DEFAULT 0,
        ADD COLUMN questions jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN attachments text NOT NULL DEFAULT 'none',
        ADD COLUMN details text NOT NULL DEFAULT 'team',
        ADD COLUMN qualifications text[] NOT NULL DEFAULT '{}',
        ADD COLUMN stages jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN escalation_hours integer NOT NULL DEFAULT 0,
        ADD COLUMN check_in_minutes integer NOT NULL DEFAULT 15,
        ADD COLUMN no_show_minutes integer NOT NULL DEFAULT 0,
        ADD COLUMN elastic_minutes integer NOT NULL DEFAULT 0,
        DROP CONSTRAINT facilities_approval,
        ADD CONSTRAINT facilities_approval CHECK (approval IN ('automatic', 'manager', 'stages'))
"""


def upgrade() -> None:
    op.execute(RULES)
