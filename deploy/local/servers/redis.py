"""A private Redis that keeps nothing on disk: it holds only what may be lost."""

import os
import shutil
from collections.abc import Iterator

import redis

from deploy.local.ports import Ports
from deploy.local.program import STACK_MARK, Program
from deploy.local.settings import Passwords, Settings, write_private

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory 128mb
maxmemory-policy volatile-lru
"""


class Redis:
    name = "redis"

    def __init__(self, settings: Settings, ports: Ports, passwords: Passwords):
        self.settings = settings
        self.folder = settings.state_dir / self.name
        self.port = ports.port(self.name)
        self.password = passwords[self.name]
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        text = CONFIGURATION.format(port=self.port, password=self.password, folder=self.folder)
        write_private(self.folder / "redis.conf", text)

    def programs(self) -> Iterator[Program]:
        command = [shutil.which("redis-server"), str(self.folder / "redis.conf")]
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", STACK_MARK: self.settings.identity}
        yield Program(self.name, command, environment, server=True)

    def birth(self) -> str:
        return "empty"

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return client.ping()
        except redis.RedisError:
            return False
