"""Connections to RabbitMQ for those who send: plain, with an end to every wait."""

import amqp
from kombu.utils.url import parse_url

CONNECT_SECONDS = 3


def connect(url: str, seconds: float = CONNECT_SECONDS) -> amqp.Connection:
    """Open a connection to ``amqp://user:password@host:port/vhost``. Raises OSError, amqp.AMQPError."""
    parts = parse_url(url)
    connection = amqp.Connection(
        host=f"{parts['hostname']}:{parts['port'] or 5672}",
        userid=parts["userid"],
        password=parts["password"],
        virtual_host=parts["virtual_host"] or "/",
        connect_timeout=seconds,
        read_timeout=None,
        write_timeout=seconds,
    )
    connection.connect()
    return connection


def close(connection: amqp.Connection | None) -> None:
    """Close, whatever state it is in."""
    if connection is None:
        return
    try:
        connection.collect()
    except Exception:  # a broken connection may fail in any way while it is let go
        return


class Confirmed:
    """Publishes facts and tells which of them the broker has taken over."""

    def __init__(self, url: str):
        self.url = url
        self.connection: amqp.Connection | None = None
        self.channel: amqp.Channel | None = None
        self.tag = 0
        self.waiting: dict[int, str] = {}
        self.refused: set[str] = set()

    def publish(self, exchange: str, messages: list[tuple[str, str, bytes]], seconds: float = 10) -> set[str]:
        """Publish (event id, routing key, body) and return the ids that a queue holds for good.

        All are sent before the first confirm is awaited: one by one is a third as fast. What
        no queue took (mandatory) comes back before its confirm, and is not counted.

        Raises:
            OSError, amqp.AMQPError: the broker is away or silent; then nothing is known.
        """
        try:
            self.open()
            for event_id, routing_key, body in messages:
                self.tag += 1
                self.waiting[self.tag] = event_id
                self.channel.basic_publish(persistent(event_id, body), exchange, routing_key, mandatory=True)
            while self.waiting:
                self.connection.drain_events(timeout=seconds)
        except BaseException:
            self.close()
            raise
        return {event_id for event_id, _key, _body in messages} - self.refused

    def open(self) -> None:
        """Have a channel with confirms; delivery tags count from one on each."""
        if self.connection is None:
            self.connection = connect(self.url)
            self.channel = self.connection.channel()
            self.channel.confirm_select()
            self.channel.events["basic_ack"].add(self.settle)
            self.channel.events["basic_nack"].add(self.refuse)
            self.channel.events["basic_return"].add(self.returned)
            self.tag = 0
        self.waiting, self.refused = {}, set()

    def close(self) -> None:
        close(self.connection)
        self.connection = self.channel = None

    def settle(self, tag: int, multiple: bool) -> list[str]:
        tags = [known for known in self.waiting if known == tag or (multiple and known < tag)]
        return [self.waiting.pop(known) for known in tags]

    def refuse(self, tag: int, multiple: bool) -> None:
        self.refused.update(self.settle(tag, multiple))

    def returned(self, _error: Exception, _exchange: str, _key: str, message: amqp.Message) -> None:
        self.refused.add(message.message_id)


def persistent(event_id: str, body: bytes) -> amqp.Message:
    return amqp.Message(
        body, message_id=event_id, delivery_mode=2, content_type="application/json", content_encoding="utf-8"
    )
