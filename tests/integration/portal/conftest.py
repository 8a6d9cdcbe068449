"""A real Redis, emptied for each test, and the live stream as its own process."""

import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import httpx
import pytest

from services.portal.app import connect
from tests.integration.processes import free_port
from tests.waiting import until

DATABASE = 7


@pytest.fixture(scope="session")
def redis_url(servers):
    return urlsplit(servers.redis_url)._replace(path=f"/{DATABASE}").geturl()


@pytest.fixture
def redis(redis_url):
    client = connect(redis_url)
    client.flushdb()
    yield client
    client.close()


class StreamProcess:
    """granian with the stream, as the stack runs it."""

    def __init__(self, redis_url, log):
        self.address = f"http://127.0.0.1:{free_port()}"
        self.log = log
        environment = os.environ | {"REDIS_URL": redis_url, "PUBLIC_URL": "http://127.0.0.1:8000", "PYTHONPATH": "."}
        port = self.address.rpartition(":")[2]
        command = [
            sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", port,
            "--workers", "1", "--no-ws", "services.portal.live.stream:app",
        ]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(f"{self.address}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


@pytest.fixture(scope="module")
def stream(redis_url, tmp_path_factory):
    process = StreamProcess(redis_url, tmp_path_factory.mktemp("stream") / "log")
    until(process.is_up, seconds=15)
    yield process
    process.stop()
