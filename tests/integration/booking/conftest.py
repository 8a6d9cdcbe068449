"""Booking on PostgreSQL, with the small base of examples.py, and many people at once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.contracts.errors import Refusal
from tests.integration.booking.service import Booking


@pytest.fixture
def booking(database_for):
    made = Booking(database_for("booking"))
    yield made
    assert made.overlaps() == []
    assert made.gaps() == []
    made.engine.dispose()


@pytest.fixture
def at_once():
    """at_once([call, ...]) starts all behind a barrier; a Counter of how they came out, by the code of the refusal."""

    def run(calls):
        barrier = threading.Barrier(len(calls))

        def one(call):
            barrier.wait()
            try:
                call()
            except Refusal as refusal:
                return refusal.code
            return "done"

        with ThreadPoolExecutor(len(calls)) as pool:
            return Counter(pool.map(one, calls))

    return run
