"""How much a company, team, person or project may reserve."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLE = """
    CREATE TABLE quotas (
        quota text PRIMARY KEY,
        scope text NOT NULL CONSTRAINT quotas_scope CHECK (scope IN ('company', 'team', 'person', 'project')),
        subject text,
        kind text,
        per text NOT NULL CONSTRAINT quotas_per CHECK (per IN ('week', 'month', 'open')),
        "limit" integer NOT NULL,
        off_peak_percent integer NOT NULL,
        peak_hours jsonb NOT NULL,
        active boolean NOT NULL,
        version integer NOT NULL
    )
"""


def upgrade() -> None:
    op.execute(TABLE)
