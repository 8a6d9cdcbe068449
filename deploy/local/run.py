"""`make run`: one stack in the foreground, from nothing to ready, until Ctrl-C."""

import signal

from deploy.local import description, messages
from deploy.local.assembly import Assembly, CannotStart
from deploy.local.lock import AlreadyRunning, end_leftovers, only_one
from deploy.local.settings import Settings


class Stopped(BaseException):
    """Somebody wants it to end."""


def listen_for_the_end() -> None:
    """Turn the first signal into Stopped; more of them change nothing, stopping has its own deadline."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_number, _frame):
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in numbers:
        signal.signal(number, stop)


def run(settings: Settings) -> int:
    settings.make_folders()
    try:
        with only_one(settings):
            end_leftovers(settings)
            listen_for_the_end()
            return run_locked(settings)
    except AlreadyRunning as other:
        where = description.read(settings).get("portal", "not ready yet")
        messages.fail(f"One is already running here ({other}): {where}. `make down` stops it.")
        return 1


def run_locked(settings: Settings) -> int:
    stack = None
    try:
        stack = Assembly(settings)
        stack.open()
        print(messages.welcome(settings, stack.addresses), flush=True)
        stack.watch()
    except Stopped:
        return 0
    except (CannotStart, TimeoutError, RuntimeError, OSError) as error:
        messages.fail(str(error))
        return 1
    finally:
        if stack:
            stack.close()
    return 0
