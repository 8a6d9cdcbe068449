"""Entrypoints for calls: ``@command(Kind)`` and ``@query``.

A call ends at its deadline, here as at the caller. Whatever the method raises becomes an
answer: a Refusal as it is, anything else as ``unavailable``; nameko logs the latter.
"""

import logging
import time
from functools import partial
from typing import Any

import amqp
from eventlet.semaphore import Semaphore
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from services.contracts import schemas
from services.contracts.commands import Answer, Command
from services.contracts.errors import InvalidInput, NotFound, Refusal, Unavailable
from services.contracts.messaging import broker, encoding
from services.contracts.messaging.client import method_of
from services.contracts.messaging.consumer import Listener
from services.contracts.messaging.metrics import CALLS
from services.contracts.messaging.topology import REPLIES, calls_queue

log = logging.getLogger(__name__)

LONGEST_SECONDS = 10.0


class CallConsumer(SharedExtension, ProviderCollector):
    """Takes calls from the service's queue and hands each to the entrypoint it names."""

    listener = Listener()

    def setup(self):
        self.queue = calls_queue(self.container.service_name)
        self.prefetch_count = self.container.max_workers
        self.replies = Replies(self.container.config["AMQP_URI"])
        self.listener.register_provider(self)

    def stop(self):
        self.listener.unregister_provider(self)

    def handle_message(self, _body, message):
        method = message.delivery_info["routing_key"].partition(".")[2]
        entrypoint = next((each for each in self._providers if each.method_name == method), None)
        if entrypoint is None:
            self.answer(message, {"error": NotFound(f"no method {method}").to_dict()})
        else:
            entrypoint.handle_call(message)

    def answer(self, message, reply):
        self.replies.send(message, reply)
        self.listener.ack_message(message)


class Replies:
    """Sends answers over one connection of its own, transient and without confirms.

    A lost answer looks like a slow one to the caller, who asks again with the same key.
    """

    def __init__(self, url: str):
        self.url = url
        self.channel: amqp.Channel | None = None
        self.turn = Semaphore()

    def send(self, call, reply: dict[str, Any]) -> None:
        if "reply_to" not in call.properties:
            return
        answer = amqp.Message(
            encoding.dumps(reply),
            delivery_mode=1,
            content_type="application/json",
            correlation_id=call.properties.get("correlation_id", ""),
        )
        with self.turn:
            for attempt in (1, 2):
                try:
                    if self.channel is None:
                        self.channel = broker.connect(self.url).channel()
                    self.channel.basic_publish(answer, REPLIES.name, call.properties["reply_to"])
                    return
                except (OSError, amqp.AMQPError):
                    broker.close(self.channel and self.channel.connection)
                    self.channel = None
                    if attempt == 2:
                        log.warning("an answer could not be sent")


class Call(Entrypoint):
    """A method that others may call. Arguments are those of a JSON object."""

    consumer = CallConsumer()

    def __init__(self, kind: type[Command] | None = None, **options: Any):
        self.kind = kind
        super().__init__(**options)

    def setup(self):
        if self.kind and method_of(self.kind) != self.method_name:
            raise TypeError(f"{self.method_name} must be called {method_of(self.kind)}")
        self.consumer.register_provider(self)

    def handle_call(self, message):
        headers = message.headers or {}
        context = {"correlation_id": headers.get("correlation_id"), "seconds": seconds_left(headers)}
        began = time.monotonic()
        try:
            args, kwargs = self.arguments(message.body)
        except Refusal as refusal:
            self.finish(message, began, None, None, (Refusal, refusal, None))
            return
        try:
            self.container.spawn_worker(
                self,
                args,
                kwargs,
                context_data=context,
                handle_result=partial(self.finish, message, began),
            )
        except ContainerBeingKilled:
            self.consumer.listener.requeue_message(message)

    def arguments(self, body: bytes) -> tuple[tuple, dict[str, Any]]:
        """Raises InvalidInput."""
        try:
            data = encoding.loads(body)
        except ValueError as error:
            raise InvalidInput(errors={"body": ["not_json"]}) from error
        if self.kind:
            return (schemas.load(self.kind, data),), {}
        try:
            self.check_signature((), data)
        except Exception as error:
            raise InvalidInput(errors={"body": ["wrong_arguments"]}) from error
        return (), data

    def finish(self, message, began, _worker, result, exc_info):
        reply, outcome = reply_to(result, exc_info)
        CALLS.labels(self.method_name, outcome).observe(time.monotonic() - began)
        self.consumer.answer(message, reply)
        return result, exc_info


def seconds_left(headers: dict[str, Any]) -> float:
    try:
        return min(float(headers.get("seconds", LONGEST_SECONDS)), LONGEST_SECONDS)
    except (TypeError, ValueError):
        return LONGEST_SECONDS


def reply_to(result: Any, exc_info: Any) -> tuple[dict[str, Any], str]:
    """The body of the answer, and the outcome for the metrics."""
    if exc_info is None:
        if isinstance(result, Answer):
            return {"result": result.value, "replayed": result.replayed}, "ok"
        return {"result": result}, "ok"
    error = exc_info[1]
    if isinstance(error, Refusal):
        return {"error": error.to_dict()}, error.code
    return {"error": Unavailable(retry_after=2).to_dict()}, "internal"


def command(kind: type[Command]):
    """Entrypoint for a command; the method gets the loaded message."""
    return Call.decorator(kind=kind, expected_exceptions=(Refusal,))


def query(method):
    """Entrypoint for a question; the method gets the arguments by name."""
    return Call.decorator(expected_exceptions=(Refusal,))(method)
