"""The whole stack, seen from outside: HTTP, the mailbox, the stand-in WeChat and the verify views.

Set STACK_JSON to the description of a running stack to use that one instead.
"""

import json
import os
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """One stack for all tests of the ring; an hour of every retry and expiry takes a quarter of a minute."""
    if running := os.environ.get("STACK_JSON"):
        yield Stack(json.loads(Path(running).read_text()), Path(running).parent)
        return
    from deploy.local import stack as local

    state_dir = tmp_path_factory.mktemp("stack")
    started = local.start(state_dir, TIME_SCALE="240", PORT="0")
    yield Stack(started.description, state_dir)
    started.stop()


@pytest.fixture
def api(stack):
    """api("member01") is an HTTP client with that person's token."""
    return stack.api


@pytest.fixture
def verify(stack):
    """verify("booking", "SELECT ...") asks the read-only views."""
    return stack.verify


@pytest.fixture
def slots(stack):
    """slots(facility, minutes) yields free times that no other test uses."""
    return stack.free_slot
