"""The whole stack, seen from outside: HTTP, the mailbox, the stand-in WeChat and the verify views.

Set STACK_JSON to the description of a running stack to use that one instead.
"""

import json
import os
import uuid
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack
from tests.waiting import until

NAMES = {"zh-Hans": "自用", "en": "One's own"}


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
def own_facility(api):
    """own_facility("SHORT", ...) makes a lab with one unit that no other test meets, and returns its code.

    It is open day and night and grants at once unless told otherwise; after the test it is out of use.
    """
    made = []

    def make(prefix, **fields):
        code = f"{prefix}-{uuid.uuid4().hex[:6]}"
        answer = api("admin").post("facilities", json={
            "facility": code, "kind": "lab", "names": NAMES, "descriptions": NAMES, "approval": "automatic",
            "units": [{"code": "A", "names": NAMES}], "opening_hours": [[[0, 1440]]] * 7, "on_holidays": "open",
            **fields,
        })  # fmt: skip
        assert answer.status_code == 201, answer.text
        made.append(code)
        question = {"facility": code, "minutes": 60}
        until(lambda: api("member01").get("free-slots", params=question).is_success, 30)
        return code

    yield make
    for code in made:
        put_out_of_use(api("admin"), code)


def put_out_of_use(admin, facility):
    """So that nobody else meets it; nothing when there is none."""
    found = admin.get(f"facilities/{facility}")
    if found.status_code == 200 and found.json()["active"]:
        body = {"version": found.json()["version"], "active": False}
        changed = admin.patch(f"facilities/{facility}", json=body)
        assert changed.is_success, changed.text


@pytest.fixture
def verify(stack):
    """verify("booking", "SELECT ...") asks the read-only views."""
    return stack.verify


@pytest.fixture
def slots(stack):
    """slots(facility, minutes) yields free times that no other test uses."""
    return stack.free_slot
