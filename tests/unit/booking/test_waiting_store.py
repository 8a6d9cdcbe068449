"""The store of wait lists in memory does what any store must."""

import pytest

from tests.unit.booking.examples import NOW
from tests.unit.booking.waiting_cases import WaitingCases


class TestInMemory(WaitingCases):
    @pytest.fixture
    def run(self, base):
        return lambda step: base.run(lambda uow, now: step(uow), now=NOW)
