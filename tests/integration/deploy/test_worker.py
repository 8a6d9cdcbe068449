"""Slow clients may not hold the portal's threads."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.integration.processes import free_port
from tests.waiting import until


def application(environ, start_response):
    body = environ["wsgi.input"].read()
    time.sleep(float(environ.get("HTTP_X_SECONDS", 0)))
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def answers(address):
    try:
        return httpx.post(address, content=b"hello", timeout=10).content == b"hello"
    except httpx.TransportError:
        return False


@pytest.fixture
def port(tmp_path):
    """A gunicorn with two threads, configured as the portal's."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--workers", "1", "--threads", "2",
        "tests.integration.deploy.test_worker:application",
    ]  # fmt: skip
    environment = os.environ | {"PORT": str(port), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    process = subprocess.Popen(command, env=environment)
    until(lambda: answers(f"http://127.0.0.1:{port}"), seconds=15)
    yield port
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx",
    ],
)
def test_others_are_served_while_some_do_not_go_on(port, beginning):
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
    for connection in slow:
        connection.sendall(beginning)
    began = time.monotonic()
    assert answers(f"http://127.0.0.1:{port}")
    assert time.monotonic() - began < 8
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("body", [b"hello", iter([b"hel", b"lo"])])
def test_long_work_is_not_taken_for_a_slow_client(port, body):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"X-Seconds": "2.5"}, timeout=10) as client:
        with ThreadPoolExecutor(2) as pool:
            busy = [pool.submit(client.post, "/", content=body if index else b"") for index in range(2)]
            assert [each.result().status_code for each in busy] == [200, 200]
        # The connections live on.
        assert [client.post("/", headers={"X-Seconds": "0"}).status_code for _ in range(4)] == [200] * 4
