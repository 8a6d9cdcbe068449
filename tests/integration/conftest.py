"""Real servers for the tests of this ring."""

from contextlib import ExitStack

import pytest
from kombu import Connection
from sqlalchemy import create_engine

from services.contracts.messaging import topology
from services.contracts.messaging.client import RpcClient
from tests.integration import servers as real
from tests.integration.processes import ServiceProcess


@pytest.fixture(scope="session")
def servers():
    """Fails, and does not skip, when a server is missing: an untested road is not a green one."""
    try:
        return real.addresses()
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def template_for(servers):
    """template_for("booking") is the name of a migrated database, made once."""
    with ExitStack() as stack:
        made = {}

        def template(service):
            if service not in made:
                made[service] = stack.enter_context(real.template_database(servers, service))
            return made[service]

        yield template


@pytest.fixture
def database_for(servers, template_for):
    """database_for("booking") is the address of a fresh migrated database of that service."""
    with ExitStack() as stack:
        yield lambda service: stack.enter_context(real.copied_database(servers, template_for(service)))


@pytest.fixture
def engine_for(database_for):
    """engine_for("booking") is an SQLAlchemy engine on a fresh migrated database."""
    with ExitStack() as stack:

        def engine(service):
            made = create_engine(real.sqlalchemy_url(database_for(service)))
            stack.callback(made.dispose)
            return made

        yield engine


@pytest.fixture(scope="session")
def declared_broker(servers):
    topology.apply(servers.amqp_url)
    return servers.amqp_url


@pytest.fixture
def broker(declared_broker):
    """The broker's address, all queues declared and empty."""
    with Connection(declared_broker) as connection:
        channel = connection.channel()
        for entity in topology.entities():
            if hasattr(entity, "routing_key"):
                channel.queue_purge(entity.name)
    return declared_broker


@pytest.fixture
def client(broker):
    calls = RpcClient(broker)
    yield calls
    calls.drop()


@pytest.fixture
def run_service(broker, tmp_path):
    """run_service("booking", database_url) starts a worker of a service and waits until it is ready."""
    with ExitStack() as stack:

        def run(name, database_url, target=None, config=None, **environment):
            environment |= {f"{name.upper()}_DATABASE_URL": database_url, f"{name.upper()}_AMQP_URL": broker}
            target = target or f"services.{name}.service:{name.capitalize()}Service"
            process = ServiceProcess(name, target, config or f"services/{name}/config.yml", environment, tmp_path)
            stack.callback(process.kill)
            process.start()
            return process

        yield run
