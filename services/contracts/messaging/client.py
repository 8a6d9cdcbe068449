"""Calls from the outside in: one service, one answer, one deadline.

    client = RpcClient(amqp_url)
    client.call("booking", "board", {...})      a query's answer
    client.send(RequestReservation(...))        a command's Answer (value, replayed)

Requests are transient and expire with their deadline: nobody waits for a stored command,
and one that arrives late all the same is found again by its request key. Each thread keeps
its connection and reply queue; opening one costs more than thirty calls.
"""

import re
import threading
import time
import uuid
from typing import Any

import amqp

from services.contracts import schemas
from services.contracts.commands import Answer, Command
from services.contracts.errors import Refusal, Unavailable
from services.contracts.messaging import broker, encoding
from services.contracts.messaging.topology import CALLS, REPLIES
from services.contracts.messaging.tracing import correlation_id

DEADLINE = 5.0


def method_of(kind: type[Command]) -> str:
    """RequestReservation → request_reservation."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


class RpcClient:
    """Calls services over RabbitMQ. Safe to share between threads, not between processes."""

    def __init__(self, url: str):
        self.url = url
        self.local = threading.local()

    def call(
        self, service: str, method: str, arguments: dict[str, Any] | None = None, deadline: float = DEADLINE
    ) -> Any:
        """Ask a query. Raises Refusal; Unavailable when no answer came within ``deadline`` seconds."""
        return self.request(service, method, arguments or {}, deadline)["result"]

    def send(self, command: Command, deadline: float = DEADLINE) -> Answer:
        """Give a command. Raises Refusal; after Unavailable it is safe to repeat with the same key."""
        reply = self.request(command.service, method_of(type(command)), schemas.dump(command), deadline)
        return Answer(reply["result"], reply.get("replayed", False))

    def request(self, service: str, method: str, arguments: dict[str, Any], deadline: float) -> dict[str, Any]:
        ends = time.monotonic() + deadline
        body = encoding.dumps(arguments)
        for attempt in (1, 2):
            try:
                reply = self.link().ask(f"{service}.{method}", body, ends)
                break
            except TimeoutError as error:
                raise Unavailable(retry_after=1) from error
            except (OSError, amqp.AMQPError) as error:
                # A kept connection may have died while idle. Once more on a fresh one: queries
                # change nothing, and a command is recognised by its key.
                self.drop()
                if attempt == 2:
                    raise Unavailable(retry_after=2) from error
        if "error" in reply:
            raise Refusal.from_dict(reply["error"])
        return reply

    def link(self) -> "Link":
        found = getattr(self.local, "link", None)
        if found is None:
            found = self.local.link = Link(self.url)
        return found

    def drop(self) -> None:
        """Let go of this thread's connection."""
        found = getattr(self.local, "link", None)
        self.local.link = None
        if found is not None:
            broker.close(found.connection)


class Link:
    """One thread's connection with its reply queue."""

    def __init__(self, url: str):
        self.connection = broker.connect(url)
        self.channel = self.connection.channel()
        self.reply_to = f"reply.{uuid.uuid4()}"
        self.channel.queue_declare(self.reply_to, durable=False, exclusive=True, auto_delete=True)
        self.channel.queue_bind(self.reply_to, REPLIES.name, self.reply_to)
        self.channel.basic_consume(self.reply_to, no_ack=True, callback=self.receive)
        self.channel.events["basic_return"].add(self.returned)
        self.expected = ""
        self.reply: dict[str, Any] | None = None

    def ask(self, routing_key: str, body: bytes, ends: float) -> dict[str, Any]:
        """Send and wait. Raises TimeoutError, OSError, amqp.AMQPError, Unavailable (no such queue)."""
        self.expected, self.reply = uuid.uuid4().hex, None
        left = max(ends - time.monotonic(), 0.001)
        message = amqp.Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            expiration=str(int(left * 1000)),
            reply_to=self.reply_to,
            correlation_id=self.expected,
            application_headers={"correlation_id": correlation_id.get(), "seconds": f"{left:.3f}"},
        )
        self.channel.basic_publish(message, CALLS.name, routing_key, mandatory=True)
        while self.reply is None:
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                self.connection.drain_events(timeout=left)
            except TimeoutError as error:
                raise TimeoutError from error
        return self.reply

    def receive(self, message: amqp.Message) -> None:
        # An answer to an earlier call that timed out is let go.
        if message.properties.get("correlation_id") == self.expected:
            self.reply = encoding.loads(message.body)

    def returned(self, _error: Exception, _exchange: str, _key: str, message: amqp.Message) -> None:
        if message.properties.get("correlation_id") == self.expected:
            self.reply = {"error": Unavailable().to_dict()}
