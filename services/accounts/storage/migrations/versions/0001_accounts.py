"""Companies, teams, projects, persons, memberships, tokens and tries, and what delivery needs."""

from alembic import op
from sqlalchemy import MetaData

from services.contracts.messaging.tables import SHARED_VERIFY_VIEWS, messaging_tables

revision = "0001"
down_revision = None

TABLES = """
    CREATE TABLE companies (company text PRIMARY KEY, name text NOT NULL);

    CREATE TABLE teams (
        team text PRIMARY KEY,
        name text NOT NULL,
        company text NOT NULL REFERENCES companies,
        version integer NOT NULL
    );
    CREATE INDEX ix_teams_company ON teams (company);

    CREATE TABLE projects (
        project text PRIMARY KEY,
        name text NOT NULL,
        team text NOT NULL REFERENCES teams
    );
    CREATE INDEX ix_projects_team ON projects (team);

    CREATE TABLE persons (
        person text PRIMARY KEY,
        name text NOT NULL,
        email text NOT NULL,
        language text NOT NULL,
        active boolean NOT NULL,
        roles text[] NOT NULL,
        manages text[] NOT NULL,
        version integer NOT NULL,
        password_hash text,
        password_set_at timestamptz
    );

    CREATE TABLE memberships (
        team text NOT NULL REFERENCES teams,
        person text NOT NULL REFERENCES persons,
        role text NOT NULL CONSTRAINT memberships_role CHECK (role IN ('member', 'lead')),
        PRIMARY KEY (team, person)
    );
    CREATE INDEX ix_memberships_person ON memberships (person);

    CREATE TABLE tokens (
        token uuid PRIMARY KEY,
        person text NOT NULL REFERENCES persons,
        name text NOT NULL,
        prefix text NOT NULL,
        hash text NOT NULL UNIQUE,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        last_used_at timestamptz
    );
    CREATE INDEX ix_tokens_person ON tokens (person);

    CREATE TABLE tries (
        person text NOT NULL,
        address text NOT NULL,
        failures integer NOT NULL,
        last_at timestamptz NOT NULL,
        forget_at timestamptz NOT NULL,
        PRIMARY KEY (person, address)
    );
    CREATE INDEX tries_forget_at ON tries (forget_at);
"""


def upgrade() -> None:
    shared = MetaData()
    messaging_tables(shared)
    shared.create_all(op.get_bind())
    for statement in (TABLES, *SHARED_VERIFY_VIEWS):
        op.execute(statement)
