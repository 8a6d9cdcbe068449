"""E13: with a service's own credentials nothing is reached that is not its own."""

import json

import amqp
import psycopg2
import pytest
from psycopg2 import errors

from services.contracts.messaging import broker
from services.contracts.messaging.topology import READERS, SERVICES

USERS = (*SERVICES, "live", "portal")


@pytest.fixture(scope="module")
def credentials(stack):
    """What the stack's processes are told."""
    return json.loads((stack.state_dir / "environment.json").read_text())


# The broker ------------------------------------------------------------------------------


def publish(exchange, key="x"):
    def act(channel):
        channel.confirm_select()
        channel.basic_publish_confirm(amqp.Message("{}"), exchange, key)

    return act


def foreign_acts(user):
    """By name: what this user may not do."""
    others = [service for service in SERVICES if service != user]
    acts = {
        "declare a queue": lambda channel: channel.queue_declare("evil"),
        "declare an exchange": lambda channel: channel.exchange_declare("evil", "fanout"),
        "send past the exchanges": publish("", "booking.facts"),
        "send to the dead": publish("dead", "booking"),
        "delete the calls": lambda channel: channel.queue_delete("booking.calls"),
        "delete the exchange of calls": lambda channel: channel.exchange_delete("calls"),
        "listen to all facts": lambda channel: channel.queue_bind(f"{user}.facts", "facts.accounts", "#"),
        "unbind a reader": lambda channel: channel.queue_unbind("booking.facts", "facts.accounts", "#"),
        "read own dead letters": lambda channel: channel.basic_get("booking.dead"),
        "hear the broker's log": lambda channel: channel.queue_bind(f"{user}.facts", "amq.rabbitmq.log", "#"),
    }
    for other in others:
        acts |= {
            f"take calls of {other}": lambda channel, other=other: channel.basic_get(f"{other}.calls"),
            f"empty calls of {other}": lambda channel, other=other: channel.queue_purge(f"{other}.calls"),
            f"delete calls of {other}": lambda channel, other=other: channel.queue_delete(f"{other}.calls"),
        }
        if other in READERS:
            acts[f"take facts for {other}"] = lambda channel, other=other: channel.basic_get(f"{other}.facts")
            acts[f"empty facts for {other}"] = lambda channel, other=other: channel.queue_purge(f"{other}.facts")
        if other != "notify":
            acts[f"say facts of {other}"] = publish(f"facts.{other}")
    if user != "portal":
        acts["call a service"] = publish("calls", "booking.request_reservation")
    return acts


@pytest.mark.parametrize("user", USERS)
def test_the_broker_refuses_foreign_acts(credentials, user):
    acts = foreign_acts(user)
    connection = broker.connect(credentials[f"{user.upper()}_AMQP_URL"])
    allowed = []
    for name, act in acts.items():
        channel = connection.channel()
        try:
            act(channel)
            allowed.append(name)
        except amqp.AccessRefused:
            continue
    broker.close(connection)
    assert len(acts) >= 20
    assert allowed == []


def test_the_brokers_own_account_is_gone(stack):
    address = stack.description["amqp"].rpartition("@")[2]
    with pytest.raises((amqp.AccessRefused, OSError)):
        broker.connect(f"amqp://guest:guest@{address}")


# The databases ---------------------------------------------------------------------------

FOREIGN_STATEMENTS = (
    "CREATE TABLE public.evil (x int)", "CREATE TEMP TABLE evil (x int)", "CREATE SCHEMA evil", "CREATE ROLE evil",
    "CREATE DATABASE evil", "CREATE EXTENSION dblink", "DROP TABLE outbox", "TRUNCATE outbox", "TRUNCATE processed",
    "ALTER TABLE outbox ADD evil int", "ALTER TABLE outbox DISABLE TRIGGER ALL", "DROP VIEW verify.outbox",
    "UPDATE alembic_version SET version_num = 'x'", "CREATE INDEX ON outbox (id)", "SET ROLE postgres",
    "SET ROLE {service}_owner", "SET SESSION AUTHORIZATION postgres", "ALTER ROLE {service} SUPERUSER",
    "ALTER ROLE verify PASSWORD 'x'", "SELECT rolpassword FROM pg_authid", "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'id'", "COPY outbox TO '/tmp/evil'", "SELECT lo_import('/etc/passwd')",
    "UPDATE audit SET actor = ''", "DELETE FROM audit", "TRUNCATE audit",
    "SELECT pg_reload_conf()", "ALTER SYSTEM SET log_statement = 'all'",
)  # fmt: skip


def attempt(url, statement):
    """Whether the database did it; it is undone."""
    connection = psycopg2.connect(url)
    connection.autocommit = statement.startswith(("CREATE DATABASE", "ALTER SYSTEM"))
    try:
        connection.cursor().execute(statement)
        return True
    except (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState):
        return False
    finally:
        connection.rollback()
        connection.close()


@pytest.mark.parametrize("service", SERVICES)
def test_the_database_refuses_foreign_acts(credentials, service):
    url = credentials[f"{service.upper()}_DATABASE_URL"]
    statements = [statement.format(service=service) for statement in FOREIGN_STATEMENTS]
    assert [statement for statement in statements if attempt(url, statement)] == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("other", SERVICES)
def test_the_databases_of_others_are_closed(credentials, service, other):
    address = credentials[f"{service.upper()}_DATABASE_URL"].rpartition("/")[0]
    if other != service:
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(f"{address}/{other}")


@pytest.mark.parametrize("service", SERVICES)
def test_verify_reads_the_views_and_nothing_else(stack, service):
    url = stack.description["databases"][service]
    foreign = (
        "SELECT 1 FROM public.outbox", "SELECT 1 FROM public.processed", "SELECT body FROM public.inbox",
        "DELETE FROM verify.outbox", "UPDATE verify.outbox SET sent_at = NULL",
        "INSERT INTO verify.processed VALUES ('a', 'b')", "CREATE VIEW verify.evil AS SELECT 1",
        "CREATE TEMP TABLE evil (x int)",
    )  # fmt: skip
    assert [statement for statement in foreign if attempt(url, statement)] == []
    assert attempt(url, "SELECT 1 FROM verify.outbox")
