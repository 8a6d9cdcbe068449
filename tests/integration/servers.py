"""Where the tests' PostgreSQL, RabbitMQ and Redis are, and databases made from templates."""

import os
import uuid
from contextlib import contextmanager
from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text


@dataclass(frozen=True)
class Servers:
    """Administrators' addresses of the three servers."""

    database_url: str
    amqp_url: str
    redis_url: str


def addresses() -> Servers:
    """From the environment, which `make test-integration` sets. Raises LookupError naming what is missing."""
    names = ("DATABASE_URL", "AMQP_URL", "REDIS_URL")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise LookupError(f"{', '.join(missing)} not set: run `make test-integration`, which starts the three servers")
    return Servers(*(os.environ[name] for name in names))


def sqlalchemy_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1)


def beside(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return f"{url.rsplit('/', 1)[0]}/{name}"


def administer(url: str, statement: str) -> None:
    engine = create_engine(sqlalchemy_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def migrate(service: str, url: str) -> None:
    """Bring a database to the newest revision of a service."""
    config = Config()
    config.set_main_option("script_location", f"services/{service}/storage/migrations")
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url))
    command.upgrade(config, "head")


@contextmanager
def template_database(servers: Servers, service: str):
    """A migrated database that others are copied from: copying is much quicker than migrating."""
    name = f"template_{service}_{uuid.uuid4().hex[:8]}"
    administer(servers.database_url, f'CREATE DATABASE "{name}"')
    try:
        administer(beside(servers.database_url, name), "CREATE EXTENSION IF NOT EXISTS btree_gist")
        migrate(service, beside(servers.database_url, name))
        yield name
    finally:
        administer(servers.database_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def copied_database(servers: Servers, template: str):
    """A fresh copy of a template; yields its address."""
    name = f"test_{uuid.uuid4().hex}"
    administer(servers.database_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield beside(servers.database_url, name)
    finally:
        administer(servers.database_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
