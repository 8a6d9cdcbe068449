"""What packages may do to the machine while they are installed."""

import subprocess

import pytest

from deploy.local.packages import missing, no_service_starts


def test_what_is_not_there_is_named():
    assert missing({"found": lambda: "/usr/bin/found", "lost": lambda: None}) == ["lost"]


def test_no_service_may_start_meanwhile_and_the_old_policy_comes_back(tmp_path):
    policy = tmp_path / "policy"
    policy.write_text("#!/bin/sh\nexit 0\n")
    policy.chmod(0o744)
    with no_service_starts(policy):
        assert subprocess.run([policy], check=False).returncode == 101
    assert subprocess.run([policy], check=False).returncode == 0
    assert policy.stat().st_mode & 0o777 == 0o744


def test_a_policy_that_was_not_there_is_gone_again_even_after_a_failure(tmp_path):
    with pytest.raises(OSError, match="apt"), no_service_starts(tmp_path / "policy"):
        raise OSError("apt")
    assert list(tmp_path.iterdir()) == []
