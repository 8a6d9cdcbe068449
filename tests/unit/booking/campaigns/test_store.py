"""The store of campaigns in memory does what any store must."""

import pytest

from tests.unit.booking.campaign_cases import CampaignCases
from tests.unit.booking.examples import NOW


class TestInMemory(CampaignCases):
    @pytest.fixture
    def run(self, base):
        return lambda step: base.run(lambda uow, now: step(uow), now=NOW)
