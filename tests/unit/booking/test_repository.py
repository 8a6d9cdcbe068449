"""The store in memory does what any store must."""

import pytest

from tests.unit.booking.copies_cases import CopiesCases
from tests.unit.booking.examples import NOW
from tests.unit.booking.replan_cases import ReplanCases
from tests.unit.booking.repository_cases import RepositoryCases


class TestInMemory(RepositoryCases, CopiesCases, ReplanCases):
    @pytest.fixture
    def run(self, base):
        return lambda step: base.run(lambda uow, now: step(uow), now=NOW)
