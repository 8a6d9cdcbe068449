"""The fake does what the real one does."""

import pytest

from tests.unit.facilities.fakes import FakeUnitOfWork
from tests.unit.facilities.repository_cases import RepositoryCases


@pytest.fixture
def uow():
    return FakeUnitOfWork()


class TestFakeUnitOfWork(RepositoryCases):
    pass
