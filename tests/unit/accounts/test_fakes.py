"""The fake does what the real one does."""

import pytest

from tests.unit.accounts.fakes import FakeUnitOfWork
from tests.unit.accounts.repository_cases import RepositoryCases


@pytest.fixture
def uow():
    return FakeUnitOfWork()


class TestFakeUnitOfWork(RepositoryCases):
    pass
