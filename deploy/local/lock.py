"""One stack per STATE_DIR. The kernel lets go of the lock when its holder ends, however it ends."""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.program import STACK_MARK
from deploy.local.settings import Settings


class AlreadyRunning(Exception):
    """Another supervisor holds the lock; the text says which."""


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the lock. Raises AlreadyRunning."""
    with open(settings.state_dir / "lock", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"supervisor {holder(settings)}") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(settings: Settings) -> int | None:
    """The process id of the running supervisor."""
    path = settings.state_dir / "lock"
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0) or None
    return None


def end_leftovers(settings: Settings) -> list[int]:
    """Kill whatever an earlier supervisor of this STATE_DIR left behind; usually nothing is.

    Only processes that carry this stack's mark in their environment are ours to end.
    """
    left = list(marked(settings.identity))
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in left) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def marked(identity: str) -> Iterator[int]:
    mark = f"{STACK_MARK}={identity}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)
