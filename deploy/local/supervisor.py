"""Starts programs, starts them again when they end, stops them in order.

All of it in one thread: a child's lifeline hangs on the thread that started it (lifeline.py).
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.messages import say
from deploy.local.program import Program

FIRST_WAIT, LONGEST_WAIT = 0.2, 15.0
SETTLED_AFTER = 10.0
LOG_LIMIT = 20_000_000


def restart_wait(failures: int) -> float:
    """Seconds until the next try after so many failures in a row."""
    return min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)


class Watched:
    """A program and the process it runs in, if it does now."""

    def __init__(self, program: Program, log: Path):
        self.program = program
        self.log = log
        self.failures = 0
        self.retry_at = 0.0
        self.workers: list[int] = []
        self.start()

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.process: subprocess.Popen | None = self.program.start(self.log)
        self.started_at = time.monotonic()

    def note_end(self) -> str | None:
        """When it has ended since the last look: how, for people. Plans the next try."""
        if self.process is None or self.process.poll() is None:
            return None
        code, lived = self.process.returncode, time.monotonic() - self.started_at
        self.process = None
        self.failures = 1 if lived > SETTLED_AFTER else self.failures + 1
        self.retry_at = time.monotonic() + restart_wait(self.failures)
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def look_at_workers(self) -> bool:
        """Whether the processes that do the work are others than at the last look."""
        before = self.workers
        if self.process is None:
            self.workers = []
        elif self.program.forks:
            self.workers = children(self.process.pid)
        else:
            self.workers = [self.process.pid]
        return self.workers != before


class Supervisor:
    """``changed`` is called whenever a worker's process id is another than before."""

    def __init__(self, logs: Path, changed: Callable[[], None] = lambda: None):
        self.logs = logs
        self.changed = changed
        self.watched: dict[str, Watched] = {}

    def start(self, program: Program) -> None:
        found = self.watched[program.name] = Watched(program, self.logs / f"{program.name}.log")
        say(program.name, "started", f"pid {found.process.pid}")

    def look(self) -> None:
        """Note what has ended, start again what is due. To be called several times a second."""
        changed = False
        for name, found in self.watched.items():
            if how := found.note_end():
                say(name, "ended", f"{how}; again in {max(found.retry_at - time.monotonic(), 0):.1f} s")
            if found.process is None and time.monotonic() >= found.retry_at:
                found.start()
                say(name, "restarted", f"pid {found.process.pid}")
            changed |= found.look_at_workers()
        if changed:
            self.changed()

    def workers(self, servers: bool) -> dict[str, list[int]]:
        return {name: found.workers for name, found in self.watched.items() if found.program.server is servers}

    def stop(self, seconds: float = 8) -> None:
        """Last stage first, the servers at the end; who is not gone after ``seconds`` is killed."""
        stages = {(found.program.server, -found.program.stage) for found in self.watched.values()}
        for stage in sorted(stages):
            programs = [
                found for found in self.watched.values() if (found.program.server, -found.program.stage) == stage
            ]
            stop_together(programs, seconds)
        self.watched.clear()


def stop_together(programs: list[Watched], seconds: float) -> None:
    running = [found for found in programs if found.process and found.process.poll() is None]
    for found in running:
        found.process.send_signal(found.program.stops_on)
    until = time.monotonic() + seconds
    for found in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            found.process.wait(max(until - time.monotonic(), 0.01))
        how = "stopped"
        if found.process.poll() is None:
            how = "killed"
            kill_session(found.process.pid)
            found.process.wait()
        say(found.program.name, how)


def kill_session(leader: int) -> None:
    """The leader and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """Children of a process's main thread."""
    try:
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except FileNotFoundError:
        return []
