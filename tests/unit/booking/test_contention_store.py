"""The store of rivals in memory does what any store must."""

import pytest

from tests.unit.booking.contention_cases import ContentionCases
from tests.unit.booking.examples import NOW


class TestInMemory(ContentionCases):
    @pytest.fixture
    def run(self, base):
        return lambda step: base.run(lambda uow, now: step(uow), now=NOW)
