"""What the supervisor can start: a command with all that belongs to it."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.lifeline import die_with
from deploy.local.settings import ROOT

STACK_MARK = "PILOT_BASE_STACK"
"""Environment variable that tells to which stack a process belongs."""


@dataclass(frozen=True)
class Program:
    """``user``: who runs it (None: we). ``ends_with``: what it gets when the supervisor dies."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    user: str | None = None
    nice: int = 0
    stops_on: signal.Signals = signal.SIGTERM
    ends_with: signal.Signals = signal.SIGKILL
    forks: bool = False
    stage: int = 1
    server: bool = False

    def start(self, log: Path) -> subprocess.Popen:
        """Start it in a session of its own: Ctrl-C reaches the supervisor, which stops all in order."""
        supervisor = os.getpid()

        def prepare() -> None:
            be_patient(self.nice)
            die_with(supervisor, self.ends_with)

        with log.open("ab") as output:
            return subprocess.Popen(
                self.command,
                cwd=ROOT if self.user is None else "/",
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=prepare,
                **as_user(self.user),
            )


def be_patient(nice: int) -> None:
    """Called in a new child. Where Linux groups processes by session, the group has a niceness of its own."""
    os.nice(nice)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice))


def as_user(user: str | None) -> dict:
    """Arguments for subprocess that change the user."""
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}
