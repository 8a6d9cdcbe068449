"""The small base of examples.py, in memory."""

import pytest

from services.booking.handlers import take_fact
from tests.unit.booking.examples import BASE, NOW
from tests.unit.booking.fakes import FakeBase


@pytest.fixture
def base():
    made = FakeBase()
    for fact in BASE:
        made.run(take_fact, fact, now=NOW)
    return made
