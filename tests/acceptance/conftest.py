"""The whole stack, seen from outside: HTTP, the mailbox, the stand-in WeChat and the verify views."""

import inspect
from datetime import timedelta

import pytest

from tests.acceptance.facilities import open_facility, put_out_of_use, soon


@pytest.fixture
def api(stack):
    """api("member01") is an HTTP client with that person's token."""
    return stack.api


@pytest.fixture
def own_facility(api):
    """own_facility("SHORT", ...) makes a facility that no other test meets; after the test it is out of use."""
    made = []

    def make(prefix, **fields):
        made.append(open_facility(api, prefix, **fields))
        return made[-1]

    yield make
    for code in made:
        put_out_of_use(api("admin"), code)


@pytest.fixture(scope="session", autouse=True)
def absent(stack):
    """The id of a reservation to which nobody comes.

    It is there from the beginning and its test is the last, so that nobody waits for its time to come.
    """
    start, rules = soon()
    facility = open_facility(stack.api, "ABSENT", **rules)
    span = start, start + 2 * timedelta(minutes=rules["granularity_minutes"])
    made = stack.api("member28").reserve(facility, span, team="team-28")
    assert made.status_code == 201, made.text
    yield made.json()["id"]
    put_out_of_use(stack.api("admin"), facility)


def pytest_collection_modifyitems(items):
    """What needs the one who is absent comes last; all else keeps its order."""
    items.sort(key=lambda item: "absent" in inspect.signature(item.function).parameters)


@pytest.fixture
def verify(stack):
    """verify("booking", "SELECT ...") asks the read-only views."""
    return stack.verify


@pytest.fixture
def slots(stack):
    """slots(facility, minutes) yields free times that no other test uses."""
    return stack.free_slot
