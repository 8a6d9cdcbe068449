"""For every ring.

Set STACK_JSON to the description of a running stack to have that one asked instead of one that is started for it.
"""

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine may stall for longer than any deadline; what failed can be repeated from what is printed.
settings.register_profile("here", deadline=None, print_blob=True)
settings.load_profile("here")


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """One for the acceptance and the browser ring; an hour of every retry and expiry takes a quarter of a minute."""
    from tests.acceptance.stack import Stack

    if running := os.environ.get("STACK_JSON"):
        yield Stack(json.loads(Path(running).read_text()), Path(running).parent)
        return
    from deploy.local import stack as local

    state_dir = tmp_path_factory.mktemp("stack")
    started = local.start(state_dir, TIME_SCALE="240", PORT="0")
    yield Stack(started.description, state_dir)
    started.stop()
