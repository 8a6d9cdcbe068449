"""No process outlives the one that started it, not even after kill -9.

Linux sends a child the signal it asked for when its parent *thread* ends. The wish
survives exec, and neither fork nor a change of user: so every program asks for itself after
the change of user, and those that fork workers are started through

    python -m deploy.local.lifeline MODULE ARGUMENTS

which makes every forked worker ask as well.
"""

import ctypes
import os
import runpy
import signal
import sys

SET_PARENT_DEATH_SIGNAL = 1
LIBRARY = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, number: int = signal.SIGKILL) -> None:
    """Called in a new child: ``number`` comes when the parent ends."""
    LIBRARY.prctl(SET_PARENT_DEATH_SIGNAL, int(number), 0, 0, 0)
    if os.getppid() != parent:  # it ended before the wish was made
        os.kill(os.getpid(), signal.SIGKILL)


def guard_forks() -> None:
    """From now on every forked child of this process ends with it."""
    forking = []
    os.register_at_fork(
        before=lambda: forking.append(os.getpid()),
        after_in_parent=forking.clear,
        after_in_child=lambda: die_with(forking[-1]),
    )


def main() -> None:
    guard_forks()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
