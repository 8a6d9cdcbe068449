"""The store in memory does what any store must."""

import pytest

from tests.unit.booking.examples import NOW
from tests.unit.booking.repository_cases import RepositoryCases


class TestInMemory(RepositoryCases):
    @pytest.fixture
    def run(self, base):
        return lambda step: base.run(lambda uow, now: step(uow), now=NOW)
