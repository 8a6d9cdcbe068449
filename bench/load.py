"""Clients that ask as fast as they are answered, each with one kept connection."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Result:
    """What a run of requests came to; latencies in milliseconds, sorted."""

    clients: int
    seconds: float
    latencies: list[float]
    statuses: dict[int, int]

    def at(self, share: float) -> float:
        """The latency that this share of the requests kept."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


class Connection:
    """One kept HTTP connection. The standard library's: it costs the two cores less than richer ones."""

    def __init__(self, address: str, token: str):
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> int:
        self.connection.request(method, path, body, self.headers | headers)
        response = self.connection.getresponse()
        response.read()
        return response.status


def run(clients: int, requests: Iterator[Callable[[Connection], int]], connect: Callable[[], Connection]) -> Result:
    """Let clients work off the requests, which are shared out one by one."""
    turn, latencies, statuses = threading.Lock(), [], {}

    def work() -> None:
        connection = connect()
        barrier.wait()
        while True:
            with turn:
                request = next(requests, None)
            if request is None:
                return
            began = time.perf_counter()
            status = request(connection)
            took = (time.perf_counter() - began) * 1000
            with turn:
                latencies.append(took)
                statuses[status] = statuses.get(status, 0) + 1

    barrier = threading.Barrier(clients + 1)
    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return Result(clients, time.perf_counter() - began, sorted(latencies), statuses)
