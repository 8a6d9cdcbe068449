"""The order in which a stack comes up: servers, databases and queues, processes, demo base."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from deploy.local import description, environment, messages, ports
from deploy.local.migrations import fingerprint
from deploy.local.processes import PORT_OFFSETS, PROCESSES, Process, command_of, environment_of
from deploy.local.program import Program
from deploy.local.provisioning import provision_databases
from deploy.local.servers import Servers
from deploy.local.settings import ROOT, Passwords, Settings, ensure_demo_password, write_private
from deploy.local.supervisor import Supervisor
from services.contracts.messaging import topology

READY_SECONDS = 90
HOPELESS_AFTER = 6
"""So many ends of one process before the stack is ready, and we give up."""


class CannotStart(Exception):
    """Why, for people."""


class Assembly:
    """Everything that belongs to one stack. ``open``, then ``watch`` until somebody stops it, then ``close``."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.passwords = Passwords(settings)
        self.servers = Servers(settings, self.passwords)
        self.supervisor = Supervisor(settings.logs, changed=self.describe)
        self.port = choose_port(settings)
        self.told = environment.everything(settings, self.servers, self.passwords, self.port)
        self.addresses = description.addresses(settings, self.servers, self.passwords, self.port)
        self.ready = False

    def open(self) -> None:
        """Return when the portal says that it is ready. Raises CannotStart, TimeoutError, RuntimeError."""
        ensure_demo_password(self.settings)
        tools = environment.for_tools(self.told, self.servers, self.passwords)
        write_private(self.settings.environment, json.dumps(tools, indent=1))
        self.servers.start(self.supervisor.start)
        self.provision()
        self.servers.wait("redis", self.supervisor.look)
        for process in PROCESSES:
            self.supervisor.start(self.program(process))
        self.wait_until_ready()
        self.seed()
        self.ready = True
        self.describe()

    def program(self, process: Process) -> Program:
        command = command_of(process, self.port)
        told = environment_of(process, self.told)
        return Program(process.name, command, told, nice=process.nice, forks=process.forks, stage=process.stage)

    def provision(self) -> None:
        """Skipped when nothing it depends on has changed since it was last done."""
        note = self.settings.state_dir / "provisioned"
        now = provisioned_for() + self.servers.birth()
        needed = not note.exists() or note.read_text() != now
        self.servers.wait("postgresql", self.supervisor.look)
        if needed:
            names = (*topology.SERVICES, "verify")
            provision_databases(self.servers.database_url, {name: self.passwords[f"database.{name}"] for name in names})
            messages.say("databases", "ready")
        self.servers.wait("rabbitmq", self.supervisor.look)
        if needed:
            topology.apply(self.servers.amqp_url)
            messages.say("queues", "ready")
            note.write_text(now)

    def wait_until_ready(self) -> None:
        waiting = {process.name: process for process in PROCESSES}
        until = time.monotonic() + READY_SECONDS
        while waiting:
            self.supervisor.look()
            hopeless = [name for name in waiting if self.supervisor.watched[name].failures >= HOPELESS_AFTER]
            if hopeless or time.monotonic() > until:
                raise CannotStart(self.last_words(hopeless or list(waiting)))
            for name, process in list(waiting.items()):
                if is_healthy(environment.local(self.port + process.health) + process.path):
                    del waiting[name]
            time.sleep(0.05)

    def last_words(self, names: list[str]) -> str:
        """What those that do not get ready wrote last."""
        lines = []
        for name in names:
            log = self.settings.logs / f"{name}.log"
            last = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
            lines.append(f"{name} does not get ready ({log}): {' '.join(last)[-300:]}")
        return "\n".join(lines)

    def seed(self) -> None:
        """The demo base, once, into empty databases."""
        note = self.settings.state_dir / "seeded"
        if note.exists() and note.read_text() == self.servers.birth():
            return
        with (self.settings.logs / "seed.log").open("wb") as log:
            seeding = subprocess.Popen(
                [sys.executable, "-m", "deploy.demo.seed"], cwd=ROOT, env=self.told,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
            while seeding.poll() is None:
                self.supervisor.look()
                time.sleep(0.05)
        if seeding.returncode:
            raise CannotStart(self.last_words(["seed"]))
        messages.say("demo base", "ready")
        note.write_text(self.servers.birth())

    def describe(self) -> None:
        description.write(self.settings.description, self.addresses, self.supervisor, self.ready)

    def watch(self) -> None:
        while True:
            self.supervisor.look()
            time.sleep(0.1)

    def close(self) -> None:
        self.supervisor.changed = lambda: None
        self.supervisor.stop()
        self.settings.description.unlink(missing_ok=True)


def choose_port(settings: Settings) -> int:
    """PORT, or any free range for 0. Raises CannotStart."""
    if settings.port == 0:
        return ports.Ports(settings.state_dir / "ports.json").port("product", PORT_OFFSETS)
    taken = [settings.port + offset for offset in PORT_OFFSETS if not ports.is_free(settings.port + offset)]
    if taken:
        numbers = ", ".join(map(str, taken))
        raise CannotStart(f"Taken by another program: port {numbers}. Choose others: PORT={settings.port + 100}")
    return settings.port


def provisioned_for() -> str:
    """Changes when migrations, rights or topology do."""
    return fingerprint(
        [
            *ROOT.glob("services/*/storage/migrations/**/*.py"),
            *(ROOT / "deploy" / "local").glob("*.py"),
            Path(topology.__file__),
        ]
    )


def is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return answer.status == 200
    except OSError:
        return False
