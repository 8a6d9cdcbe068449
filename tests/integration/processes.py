"""Services as their own processes, so that a test may kill them as the world does."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.waiting import until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServiceProcess:
    """One worker of a service, started the way the stack starts it."""

    def __init__(self, name: str, target: str, config: str, environment: dict[str, str], folder: Path):
        self.target = target
        self.config = config
        self.port = free_port()
        self.environment = os.environ | {"PYTHONPATH": "."} | environment
        self.environment[f"{name.upper()}_HTTP_ADDRESS"] = f"127.0.0.1:{self.port}"
        self.log = folder / f"{name}-{self.port}.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "services.contracts.messaging.run", self.target, "--config", self.config]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, env=self.environment, stdout=output, stderr=output)
        until(self.is_ready, seconds=15, why=lambda: f"{self.target} did not start:\n{self.log.read_text()[-3000:]}")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def get(self, path: str):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2)

    def kill(self) -> None:
        """kill -9, as a bad day does it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """SIGTERM: work in hand is finished first."""
        self.process.terminate()
        self.process.wait(15)
