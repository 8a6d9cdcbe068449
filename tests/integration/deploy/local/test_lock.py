"""One stack per folder."""

import os

import pytest

from deploy.local.lock import AlreadyRunning, holder, only_one
from deploy.local.settings import Passwords, Settings, ensure_demo_password


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"STATE_DIR": str(tmp_path)})


def test_a_second_one_is_told_who_runs(settings):
    with only_one(settings):
        assert holder(settings) == os.getpid()
        with pytest.raises(AlreadyRunning, match=str(os.getpid())), only_one(settings):
            pass


def test_afterwards_nobody_holds_it(settings):
    with only_one(settings):
        pass
    assert holder(settings) is None


def test_passwords_are_kept_and_read_by_their_owner_only(settings):
    ensure_demo_password(settings)
    kept = Passwords(settings)["redis"]
    assert Passwords(settings)["redis"] == kept
    assert {path.stat().st_mode & 0o777 for path in settings.state_dir.iterdir()} == {0o600}
