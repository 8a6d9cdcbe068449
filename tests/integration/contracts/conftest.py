"""The sample service with a database of its own."""

import pytest
from sqlalchemy import MetaData, create_engine

from services.contracts.messaging.tables import AUDIT, SHARED_VERIFY_VIEWS, messaging_tables
from tests.integration.contracts.sample.service import TABLES
from tests.integration.servers import administer, beside, sqlalchemy_url


@pytest.fixture
def sample_database(servers):
    name = "test_sample"
    administer(servers.database_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    administer(servers.database_url, f"CREATE DATABASE {name}")
    url = beside(servers.database_url, name)
    engine = create_engine(sqlalchemy_url(url))
    metadata = MetaData()
    messaging_tables(metadata)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in (*SHARED_VERIFY_VIEWS, AUDIT, TABLES):
            connection.exec_driver_sql(statement)
    engine.dispose()
    yield url
    administer(servers.database_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database(sample_database):
    """database("SELECT ...", ...) runs one statement and returns its rows."""
    engine = create_engine(sqlalchemy_url(sample_database), isolation_level="AUTOCOMMIT")

    def run(statement, *arguments):
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement, arguments)
            return result.all() if result.returns_rows else []

    yield run
    engine.dispose()


@pytest.fixture
def sample(run_service, sample_database, tmp_path):
    """sample() starts a worker of the sample service."""

    def start(**environment):
        return run_service(
            "booking",
            sample_database,
            target="tests.integration.contracts.sample.service:SampleService",
            config="tests/integration/contracts/sample/config.yml",
            **environment,
        )

    start.folder = tmp_path
    return start
