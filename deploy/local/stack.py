"""The stack from another program: `make up`, `make down`, the tests.

What is started ends with the program that started it, unless told otherwise.

    running = start(state_dir, PORT="0", TIME_SCALE="20")
    running.description["portal"]
    running.stop()
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.local import description
from deploy.local.lifeline import die_with
from deploy.local.lock import end_leftovers, holder
from deploy.local.settings import ROOT, Settings

START_SECONDS = 280
STOP_SECONDS = 60


class NotStarted(Exception):
    """What the stack said before it gave up."""


@dataclass
class Stack:
    """A running stack that this program has started."""

    settings: Settings

    @property
    def description(self) -> dict:
        """stack.json as it is now."""
        return description.read(self.settings)

    def stop(self) -> None:
        stop(self.settings)


def start(state_dir: str | Path, *, outlive_us: bool = False, **environment: str) -> Stack:
    """Start a stack, wait until it is ready. It ends with this program unless told otherwise.

    PORT "0" (as good as always in tests) takes any free range. Raises NotStarted.
    """
    environment = os.environ | {"PORT": "0", "STATE_DIR": str(Path(state_dir).resolve())} | environment
    settings = Settings.from_environment(environment)
    settings.make_folders()
    we = os.getpid()
    with (settings.logs / "supervisor.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "run"],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=None if outlive_us else lambda: die_with(we, signal.SIGTERM),
        )  # fmt: skip
    wait_until_ready(settings, process)
    return Stack(settings)


def wait_until_ready(settings: Settings, process: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        now = description.read(settings)
        if now.get("ready") and now.get("supervisor") == process.pid:
            return
        time.sleep(0.1)
    if process.poll() is None:
        process.terminate()
    raise NotStarted((settings.logs / "supervisor.log").read_text(errors="replace")[-3000:])


def stop(settings: Settings) -> bool:
    """Stop the stack of this STATE_DIR, in order; also cleans up after a crash. Tells whether one ran."""
    supervisor = holder(settings)
    if supervisor:
        os.kill(supervisor, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while holder(settings) == supervisor:
            if time.monotonic() > until:
                os.kill(supervisor, signal.SIGKILL)
            time.sleep(0.05)
    left = end_leftovers(settings)
    settings.description.unlink(missing_ok=True)
    return bool(supervisor or left)
