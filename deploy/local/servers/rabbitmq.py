"""A private RabbitMQ node with a port mapper of its own, every listener on 127.0.0.1.

Users and their rights are imported at every start, before the node listens; so the broker's
own guest user never exists.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator

from deploy.local.broker import ADMINISTRATOR, definitions
from deploy.local.packages import RABBITMQ_SERVER
from deploy.local.ports import Ports, answers
from deploy.local.program import STACK_MARK, Program
from deploy.local.settings import Passwords, Settings, write_private
from services.contracts.messaging import broker

# The log of quorum queues is kept in memory up to this size as well.
CONFIGURATION = """\
listeners.tcp.default = 127.0.0.1:{port}
load_definitions = {folder}/definitions.json
log.console.level = warning
raft.wal_max_size_bytes = 33554432
"""


class RabbitMQ:
    name = "rabbitmq"

    def __init__(self, settings: Settings, ports: Ports, passwords: Passwords):
        self.settings = settings
        self.passwords = passwords
        self.folder = settings.state_dir / self.name
        self.port = ports.port("amqp")
        self.mapper_port = ports.port("epmd")
        self.node_port = ports.port("erlang")
        self.url = f"amqp://{ADMINISTRATOR}:{passwords['broker.' + ADMINISTRATOR]}@127.0.0.1:{self.port}//"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        text = CONFIGURATION.format(port=self.port, folder=self.folder)
        (self.folder / "rabbitmq.conf").write_text(text)
        (self.folder / "plugins").write_text("[].\n")
        birth = self.folder / "birth"
        if not birth.exists():
            birth.touch()
        write_private(self.folder / "definitions.json", json.dumps(definitions(self.passwords), indent=1))

    def programs(self) -> Iterator[Program]:
        environment = self.environment()
        mapper = [shutil.which("epmd"), "-port", str(self.mapper_port), "-address", "127.0.0.1"]
        yield Program("epmd", mapper, environment, server=True, stage=0)
        # Without a listening mapper the node would start one that outlives it.
        wait_for_port(self.mapper_port)
        yield Program(self.name, [str(RABBITMQ_SERVER)], environment, server=True)

    def environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": folder,  # for the cookie
            "LANG": "C.UTF-8",
            STACK_MARK: self.settings.identity,
            "ERL_EPMD_PORT": str(self.mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"pilot-base-{self.settings.identity}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.node_port),
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            # Makes the start script replace itself by the node instead of staying as its parent.
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
        }

    def birth(self) -> str:
        return str((self.folder / "birth").stat().st_mtime_ns)

    def answers(self) -> bool:
        if not answers(self.port):
            return False
        try:
            broker.close(broker.connect(self.url))
        except OSError:
            return False
        return True


def wait_for_port(port: int) -> None:
    for _ in range(200):
        if answers(port):
            return
        time.sleep(0.02)
    raise TimeoutError(f"epmd does not listen on {port}")
