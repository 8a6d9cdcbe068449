"""Programs that die are started again; none outlives its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.program import Program
from deploy.local.settings import ROOT
from deploy.local.supervisor import Supervisor
from tests.waiting import until

FORKING = "tests.integration.deploy.local.forking"
STUBBORN = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"


@pytest.fixture
def changes():
    return []


@pytest.fixture
def supervisor(tmp_path, changes):
    found = Supervisor(tmp_path, changed=lambda: changes.append(found.workers(servers=False)))
    yield found
    found.stop(seconds=1)


def program(name, *command, **more):
    return Program(name, list(command), {"PATH": os.environ["PATH"]}, **more)


def is_gone(pid):
    return not Path(f"/proc/{pid}").exists()


def workers_of(supervisor, name):
    """Look once, then tell who works."""
    supervisor.look()
    return supervisor.workers(servers=False)[name]


def test_a_killed_program_is_started_again_and_told_of(supervisor, changes):
    supervisor.start(program("sleeper", "sleep", "600"))
    [first] = workers_of(supervisor, "sleeper")
    os.kill(first, signal.SIGKILL)
    [second] = until(lambda: [pid for pid in workers_of(supervisor, "sleeper") if pid != first])
    assert changes[0] == {"sleeper": [first]}
    assert changes[-1] == {"sleeper": [second]}


def test_the_workers_are_told_and_not_their_parent(supervisor):
    supervisor.start(program("forking", sys.executable, "-m", "deploy.local.lifeline", FORKING, forks=True))
    parent = supervisor.watched["forking"].process.pid
    first = until(lambda: workers_of(supervisor, "forking"))
    assert parent not in first
    assert len(first) == 2


def test_forked_workers_end_with_their_parent(supervisor):
    supervisor.start(program("forking", sys.executable, "-m", "deploy.local.lifeline", FORKING, forks=True))
    workers = until(lambda: workers_of(supervisor, "forking"))
    os.kill(supervisor.watched["forking"].process.pid, signal.SIGKILL)
    until(lambda: all(is_gone(pid) for pid in workers), why="a worker outlived its parent")


def test_who_does_not_listen_is_killed(supervisor):
    supervisor.start(program("stubborn", "sh", "-c", STUBBORN))
    log = supervisor.logs / "stubborn.log"
    until(lambda: log.exists() and "deaf" in log.read_text())
    pid = supervisor.watched["stubborn"].process.pid
    supervisor.stop(seconds=0.3)
    assert is_gone(pid)


def test_nothing_outlives_a_killed_supervisor(tmp_path):
    code = f"""
import time
from pathlib import Path
from deploy.local.program import Program
from deploy.local.supervisor import Supervisor
supervisor = Supervisor(Path({str(tmp_path)!r}))
supervisor.start(Program("sleeper", ["sleep", "600"], {{}}))
print(supervisor.watched["sleeper"].process.pid, flush=True)
time.sleep(600)
"""
    supervisor = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    _started, pid = supervisor.stdout.readline(), int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    until(lambda: is_gone(pid), why="the program outlived its supervisor")
