"""Databases, roles, rights and the broker's topology, made or brought up to date.

    python -m deploy.local.provisioning

Per service a database owned by <service>_owner, who cannot sign in (the administrator takes its
part for migrations), and a role that the service signs in with, which may only read and write
rows, there and nowhere else. The role ``verify`` reads the schema verify of each database.
Names and passwords are those in <SERVICE>_DATABASE_URL; DATABASE_URL and AMQP_URL are an
administrator's.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from deploy.local import migrations
from deploy.local.broker import password_in
from services.contracts.messaging import topology

SERVICES = topology.SERVICES
VERIFY = "verify"


def beside(url: str, database: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def roles(services: Iterable[str], passwords: Mapping[str, str]) -> Iterator[sql.Composed]:
    """Statements for the server as a whole; ``passwords`` by role, none for those who do not sign in."""
    for name in [*services, *(f"{service}_owner" for service in services), *([VERIFY] if VERIFY in passwords else [])]:
        role, password = sql.Identifier(name), passwords.get(name)
        may = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("NOLOGIN")
        exists = sql.SQL("SELECT FROM pg_roles WHERE rolname = {}").format(sql.Literal(name))
        create = sql.SQL("DO $$ BEGIN IF NOT EXISTS ({}) THEN CREATE ROLE {}; END IF; END $$").format(exists, role)
        yield create
        yield sql.SQL("ALTER ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE {}").format(role, may)


def database_rights(service: str, readers: Iterable[str]) -> Iterator[sql.Composed]:
    """Who may enter a service's database."""
    database, owner = sql.Identifier(service), sql.Identifier(f"{service}_owner")
    yield sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner)
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    for role in (service, *readers):
        yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role))


def schema_rights(service: str, readers: Iterable[str]) -> Iterator[sql.Composed]:
    """Inside it, after the migrations: rows for the service, the views for ``verify``."""
    role = sql.Identifier(service)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)
    yield sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role)
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role)
    yield sql.SQL("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {}").format(role)
    yield sql.SQL("REVOKE UPDATE, DELETE ON audit FROM {}").format(role)
    for reader in map(sql.Identifier, readers):
        yield sql.SQL("GRANT USAGE ON SCHEMA verify TO {}").format(reader)
        yield sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA verify TO {}").format(reader)


def execute(url: str, statements: Iterable[sql.Composed]) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def existing_databases(url: str) -> set[str]:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return {row[0] for row in cursor.fetchall()}
    finally:
        connection.close()


def provision_databases(url: str, passwords: Mapping[str, str]) -> None:
    """Roles, databases, extensions, tables and rights; repeating it changes nothing."""
    services = [service for service in SERVICES if (migrations.folder(service) / "env.py").exists()]
    readers = [VERIFY] if VERIFY in passwords else []
    execute(url, roles(services, passwords))
    absent = sorted(set(services) - existing_databases(url))
    execute(url, [sql.SQL("CREATE DATABASE {}").format(sql.Identifier(service)) for service in absent])
    with ThreadPoolExecutor(len(services)) as pool:
        list(pool.map(lambda service: provision_database(url, service, readers), services))


def provision_database(url: str, service: str, readers: list[str]) -> None:
    inside = beside(url, service)
    execute(url, database_rights(service, readers))
    execute(
        inside,
        [
            sql.SQL("CREATE EXTENSION IF NOT EXISTS btree_gist"),
            sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(f"{service}_owner")),
        ],
    )
    migrations.upgrade(service, inside, role=f"{service}_owner")
    execute(inside, schema_rights(service, readers))


def database_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    wanted = {name: f"{name.upper()}_DATABASE_URL" for name in (*SERVICES, VERIFY)}
    return {name: password_in(environment[key]) for name, key in wanted.items() if environment.get(key)}


def main() -> None:
    provision_databases(os.environ["DATABASE_URL"], database_passwords(os.environ))
    topology.apply(os.environ["AMQP_URL"])
    print("Databases, rights and queues are up to date.")


if __name__ == "__main__":
    main()
