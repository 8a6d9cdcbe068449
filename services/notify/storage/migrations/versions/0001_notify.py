"""Copies of people, teams, facilities and reservations; bindings, deliveries and attempts; what delivery needs."""

from alembic import op
from sqlalchemy import MetaData

from services.contracts.messaging.tables import SHARED_VERIFY_VIEWS, messaging_tables

revision = "0001"
down_revision = None

TABLES = """
    CREATE TABLE people (
        person text PRIMARY KEY,
        name text NOT NULL,
        email text NOT NULL,
        language text NOT NULL,
        active boolean NOT NULL,
        roles text[] NOT NULL,
        manages text[] NOT NULL,
        version integer NOT NULL
    );
    CREATE INDEX people_manages ON people USING gin (manages);
    CREATE INDEX people_roles ON people USING gin (roles);

    CREATE TABLE teams (
        team text PRIMARY KEY,
        name text NOT NULL,
        company_name text NOT NULL,
        leads text[] NOT NULL,
        members text[] NOT NULL,
        projects jsonb NOT NULL,
        version integer NOT NULL
    );

    CREATE TABLE facilities (
        facility text PRIMARY KEY,
        names jsonb NOT NULL,
        units jsonb NOT NULL,
        location text NOT NULL,
        version integer NOT NULL
    );

    CREATE TABLE reservations (
        reservation text PRIMARY KEY,
        team text NOT NULL,
        facility text NOT NULL,
        invited text[] NOT NULL,
        version integer NOT NULL
    );

    CREATE TABLE bindings (
        person text NOT NULL,
        channel text NOT NULL,
        external_id text NOT NULL,
        bound_at timestamptz NOT NULL,
        PRIMARY KEY (person, channel),
        CONSTRAINT bindings_external_id UNIQUE (channel, external_id)
    );

    CREATE TABLE deliveries (
        id uuid PRIMARY KEY,
        event_id uuid NOT NULL,
        event_type text NOT NULL,
        reservation text NOT NULL,
        version integer NOT NULL,
        recipient text NOT NULL,
        channel text NOT NULL,
        address text NOT NULL,
        content jsonb NOT NULL,
        correlation_id text NOT NULL,
        state text NOT NULL DEFAULT 'pending' CONSTRAINT deliveries_state
            CHECK (state IN ('pending', 'sending', 'retry', 'unknown', 'accepted', 'dead')),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz,
        in_doubt_since timestamptz,
        reason text,
        provider_reference text,
        created_at timestamptz NOT NULL,
        accepted_at timestamptz,
        CONSTRAINT deliveries_once UNIQUE (event_id, recipient, channel)
    );
    CREATE INDEX deliveries_due ON deliveries (channel, due_at)
        WHERE state IN ('pending', 'sending', 'retry', 'unknown');
    CREATE INDEX deliveries_conversation ON deliveries (reservation, recipient, channel, version);
    CREATE INDEX deliveries_dead ON deliveries (created_at) WHERE state = 'dead';

    CREATE TABLE attempts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        delivery uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        outcome text,
        code text,
        detail text
    );
    CREATE INDEX attempts_delivery ON attempts (delivery);
"""

VERIFY = """
    CREATE VIEW verify.deliveries AS
        SELECT event_id, recipient, channel, state, attempts, provider_reference FROM deliveries
"""


def upgrade() -> None:
    shared = MetaData()
    messaging_tables(shared)
    shared.create_all(op.get_bind())
    for statement in (TABLES, *SHARED_VERIFY_VIEWS, VERIFY):
        op.execute(statement)
