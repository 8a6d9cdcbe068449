"""Private servers: started, provisioned, used, and gone without a trace."""

import os
import signal
import subprocess
import sys

import psycopg2
import pytest
from amqp.exceptions import AccessRefused

from deploy.local.environment import with_account
from deploy.local.lock import marked
from deploy.local.provisioning import beside, provision_databases
from deploy.local.servers import Servers
from deploy.local.settings import ROOT, Passwords, Settings
from deploy.local.supervisor import Supervisor
from services.contracts.messaging import broker
from services.contracts.messaging.topology import SERVICES
from tests.waiting import until


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    found = Settings.from_environment({"STATE_DIR": str(tmp_path_factory.mktemp("state"))})
    found.make_folders()
    return found


@pytest.fixture(scope="module")
def running(settings):
    """Servers that are started and answer."""
    servers, supervisor = Servers(settings, Passwords(settings)), Supervisor(settings.logs)
    servers.start(supervisor.start)
    for server in servers.own:
        servers.wait(server.name, supervisor.look)
    yield servers
    supervisor.stop()
    assert list(marked(settings.identity)) == []


@pytest.fixture(scope="module")
def provisioned(running):
    passwords = {name: f"password-of-{name}" for name in (*SERVICES, "verify")}
    for _ in range(2):  # repeating it changes nothing
        provision_databases(running.database_url, passwords)
    return running


def signed_in(servers, role, database):
    url = beside(servers.database_url, database)
    connection = psycopg2.connect(url, user=role, password=f"password-of-{role}")
    connection.autocommit = True
    return connection


def ask(servers, role, database, statement):
    connection = signed_in(servers, role, database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()


def test_what_is_accepted_survives(running):
    connection = psycopg2.connect(running.database_url)
    with connection.cursor() as cursor:
        for option in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {option}")
            assert cursor.fetchone() == ("on",)
    connection.close()


def test_a_service_reads_and_writes_its_rows(provisioned):
    assert ask(provisioned, "accounts", "accounts", "SELECT count(*) FROM outbox") == [(0,)]


def test_a_service_changes_no_table(provisioned):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(provisioned, "accounts", "accounts", "CREATE TABLE mine (id integer)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(provisioned, "accounts", "accounts", "DELETE FROM alembic_version")


def test_a_service_enters_no_other_database(provisioned):
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        signed_in(provisioned, "accounts", "booking")


def test_the_verifier_reads_the_views_and_nothing_else(provisioned):
    assert ask(provisioned, "verify", "accounts", "SELECT count(*) FROM verify.outbox") == [(0,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(provisioned, "verify", "accounts", "SELECT * FROM public.outbox")


def test_the_broker_knows_no_guest(running):
    with pytest.raises(AccessRefused):
        broker.connect(with_account(running.amqp_url, "guest", "guest"))


def test_nothing_stays_behind_when_the_supervisor_is_killed(tmp_path):
    state = {"STATE_DIR": str(tmp_path / "killed")}
    settings = Settings.from_environment(state)
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")} | state
    ready = tmp_path / "ready"
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "deploy.local", "servers", "sh", "-c", f"touch {ready}; exec sleep 600"],
        env=environment, cwd=ROOT,
    )  # fmt: skip
    until(ready.exists, seconds=60)
    assert len(list(marked(settings.identity))) >= 4  # epmd, PostgreSQL, RabbitMQ, Redis
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    until(lambda: not list(marked(settings.identity)), seconds=10, why="something stayed behind")
