"""The verbs behind the Makefile.

    run                  the stack in the foreground
    up, down             the same in the background, and its end
    with COMMAND ...     a command with the settings of the running stack
    servers COMMAND ...  a command with DATABASE_URL, AMQP_URL and REDIS_URL of servers started for it alone

Exit codes: 0 done; 1 it did not work, and why; 2 wrong words; of `with` and `servers` the command's own.
"""

import json
import os
import subprocess
import sys

from deploy.local import description, messages, stack
from deploy.local.lifeline import die_with
from deploy.local.lock import holder
from deploy.local.run import Stopped, listen_for_the_end, run
from deploy.local.servers import Servers
from deploy.local.settings import Passwords, Settings
from deploy.local.supervisor import Supervisor


def up(settings: Settings) -> int:
    if holder(settings):
        print(f"It is running: {description.read(settings).get('portal', 'not ready yet')}")
        return 0
    try:
        started = stack.start(settings.state_dir, outlive_us=True, PORT=str(settings.port))
    except stack.NotStarted as error:
        messages.fail(str(error).strip())
        return 1
    print(messages.welcome(settings, started.description))
    return 0


def down(settings: Settings) -> int:
    print("Stopped." if stack.stop(settings) else "Nothing was running.")
    return 0


def with_settings(settings: Settings, command: list[str]) -> int:
    if not holder(settings):
        messages.fail("No stack is running here: `make up` starts one.")
        return 1
    environment = os.environ | json.loads(settings.environment.read_text())
    os.execvpe(command[0], command, environment)


def with_servers(settings: Settings, command: list[str]) -> int:
    """Servers that the environment names already are not started."""
    settings.make_folders()
    listen_for_the_end()
    servers = Servers(settings, Passwords(settings))
    servers.need_not_last()
    supervisor = Supervisor(settings.logs)
    try:
        servers.start(supervisor.start)
        for server in servers.own:
            servers.wait(server.name, supervisor.look)
        addresses = {
            "DATABASE_URL": servers.database_url,
            "AMQP_URL": servers.amqp_url,
            "REDIS_URL": servers.redis_url,
        }
        we = os.getpid()
        dependent = subprocess.Popen(command, env=os.environ | addresses, preexec_fn=lambda: die_with(we))
        return dependent.wait()
    except Stopped:
        return 130
    finally:
        supervisor.stop()


def main(words: list[str]) -> int:
    settings = Settings.from_environment()
    match words:
        case ["run"]:
            return run(settings)
        case ["up"]:
            return up(settings)
        case ["down"]:
            return down(settings)
        case ["with", _, *_]:
            return with_settings(settings, words[1:])
        case ["servers", _, *_]:
            return with_servers(settings, words[1:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
