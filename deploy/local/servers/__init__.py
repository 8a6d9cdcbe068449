"""PostgreSQL, RabbitMQ and Redis of our own, on the loopback, kept under STATE_DIR.

Each class: ``prepare`` makes what must exist, ``programs`` says what to start, ``url`` is an
administrator's address, ``answers`` tells whether it can be used, ``birth`` is other when the
data are not those of the last run.
"""

import time
from collections.abc import Iterator
from typing import Protocol

from deploy.local.ports import Ports
from deploy.local.program import Program
from deploy.local.servers.postgresql import OPTIONS, THROWN_AWAY, PostgreSQL
from deploy.local.servers.rabbitmq import RabbitMQ
from deploy.local.servers.redis import Redis
from deploy.local.settings import Passwords, Settings


class Server(Protocol):
    name: str
    url: str

    def prepare(self) -> None: ...

    def programs(self) -> Iterator[Program]: ...

    def answers(self) -> bool: ...

    def birth(self) -> str: ...


class Servers:
    """Those that the environment does not name are ours."""

    def __init__(self, settings: Settings, passwords: Passwords):
        ports = Ports(settings.state_dir / "ports.json")
        given = {
            PostgreSQL: settings.database_url,
            RabbitMQ: settings.amqp_url,
            Redis: settings.redis_url,
        }
        self.own: list[Server] = [kind(settings, ports, passwords) for kind, url in given.items() if not url]
        urls = {server.name: server.url for server in self.own}
        self.database_url = settings.database_url or urls["postgresql"]
        self.amqp_url = settings.amqp_url or urls["rabbitmq"]
        self.redis_url = settings.redis_url or urls["redis"]

    def start(self, start) -> None:
        """Start all at once; ``start`` takes a Program."""
        for server in self.own:
            server.prepare()
            for program in server.programs():
                start(program)

    def need_not_last(self) -> None:
        """What is in our databases is of no use to anybody after the command that these servers are started for."""
        for server in self.own:
            if isinstance(server, PostgreSQL):
                server.options = OPTIONS | THROWN_AWAY

    def birth(self) -> str:
        """Other when any of the data are not those of the last run, as far as we can know."""
        return " ".join([f"{server.name}={server.birth()}" for server in self.own]) or "given"

    def wait(self, name: str, look, seconds: float = 90) -> None:
        """Wait until our server of this name answers; ``look`` is called meanwhile.

        Raises:
            TimeoutError: it does not.
        """
        for server in self.own:
            if server.name == name:
                until = time.monotonic() + seconds
                while not server.answers():
                    if time.monotonic() > until:
                        raise TimeoutError(f"{name} does not answer after {seconds:.0f} s")
                    look()
                    time.sleep(0.05)
