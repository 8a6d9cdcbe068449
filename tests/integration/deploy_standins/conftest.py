"""The stand-ins as processes, started the way the stack starts them."""

import os
import socket
import ssl
import subprocess
import sys

import httpx
import pytest

from tests.integration.processes import free_port
from tests.waiting import until


class Standin:
    """One process. `client` speaks to its HTTP side, trusting the certificate `tls`; `process` may be looked at."""

    def __init__(self, name: str, variables: dict[str, int], tls: str | None = None, **more: str):
        self.ports = variables
        environment = os.environ | {variable: str(port) for variable, port in variables.items()} | more
        secure = tls is not None and name == "wechat"
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"deploy.standins.{name}"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        address = f"{'https' if secure else 'http'}://127.0.0.1:{next(iter(variables.values()))}"
        trusted = ssl.create_default_context(cafile=tls) if secure else True
        self.client = httpx.Client(base_url=address, timeout=5, verify=trusted)
        until(self.is_ready, why=f"{name} did not start")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.process.stdout.read()
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        self.client.close()
        self.process.terminate()
        return self.process.wait(5)


@pytest.fixture(scope="session")
def mailbox_process():
    standin = Standin("mailbox", {"MAILBOX_HTTP_PORT": free_port(), "MAILBOX_SMTP_PORT": free_port()})
    yield standin
    assert standin.stop() == 0


@pytest.fixture(scope="session")
def wechat_process():
    standin = Standin("wechat", {"WECHAT_PORT": free_port()})
    yield standin
    assert standin.stop() == 0


@pytest.fixture
def mailbox(mailbox_process):
    yield mailbox_process
    mailbox_process.client.delete("/api/messages")
    mailbox_process.client.delete("/api/faults")


@pytest.fixture
def wechat(wechat_process):
    yield wechat_process
    for path in ("/api/messages", "/api/requests", "/api/faults"):
        wechat_process.client.delete(path)


def reachable(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
