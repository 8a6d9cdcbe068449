"""The portal's way to the services: one call to one service, with a deadline.

    gateway().call("booking", "board", {"actor": ..., ...})   a query's answer
    gateway().send(RequestReservation(...))                   Answer(value, replayed)

Both raise a Refusal as the service meant it, and Unavailable when no answer came in time.
A page or a route asks each service at most once.
"""

from time import monotonic
from typing import Any, Protocol

from flask import current_app

from services.contracts.commands import Answer, Command
from services.contracts.errors import Refusal
from services.portal.metrics import CALLS

DEADLINE = 5.0


class Client(Protocol):
    """What is needed of services.contracts.messaging.client.RpcClient."""

    def call(self, service: str, method: str, arguments: dict[str, Any] | None, deadline: float) -> Any: ...

    def send(self, command: Command, deadline: float) -> Answer: ...


class Gateway:
    """Calls services and counts how it went."""

    def __init__(self, client: Client):
        self.client = client

    def call(
        self, service: str, method: str, arguments: dict[str, Any] | None = None, deadline: float = DEADLINE
    ) -> Any:
        with Observed(service):
            return self.client.call(service, method, arguments, deadline)

    def send(self, command: Command, deadline: float = DEADLINE) -> Answer:
        with Observed(command.service):
            return self.client.send(command, deadline)


class Observed:
    """Measures one call: its length, and its outcome (ok, a refusal's code, failed)."""

    def __init__(self, service: str):
        self.service = service

    def __enter__(self) -> None:
        self.began = monotonic()

    def __exit__(self, _kind: Any, error: BaseException | None, _traceback: Any) -> None:
        outcome = "ok" if error is None else error.code if isinstance(error, Refusal) else "failed"
        CALLS.labels(self.service, outcome).observe(monotonic() - self.began)


def gateway() -> Gateway:
    """The gateway of the running application."""
    return current_app.extensions["gateway"]
