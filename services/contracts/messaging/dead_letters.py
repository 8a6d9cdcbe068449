"""Dead letters: messages that no reader could read, or that came back too often.

They stay on the broker, whole, in <reader>.dead until an operator decides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import amqp

from services.contracts.messaging import broker, encoding


class DeadLetters:
    """The dead letters of one reader, on a channel that gives back what was only looked at."""

    def __init__(self, connection: amqp.Connection, reader: str):
        self.channel = connection.channel()
        self.channel.confirm_select()
        self.connection = connection
        self.reader = reader

    def matching(self, event_id: str | None) -> Iterator[amqp.Message]:
        """Each letter once, or only the one with this message id."""
        while (letter := self.channel.basic_get(f"{self.reader}.dead")) is not None:
            if event_id in (None, letter.properties.get("message_id")):
                yield letter

    def redrive(self, letter: amqp.Message) -> None:
        """Put it back before the reader; it leaves the dead only when the broker has confirmed."""
        settled: list[int] = []
        returned: list[Any] = []
        self.channel.events["basic_ack"].add(lambda tag, multiple: settled.append(tag))
        self.channel.events["basic_return"].add(lambda *what: returned.append(what))
        self.channel.basic_publish(
            amqp.Message(letter.body, **letter.properties), "", f"{self.reader}.facts", mandatory=True
        )
        while not settled:
            self.connection.drain_events(timeout=10)
        if returned:
            raise LookupError(f"the queue {self.reader}.facts is not there; the letter stays where it is")
        self.discard(letter)

    def discard(self, letter: amqp.Message) -> None:
        self.channel.basic_ack(letter.delivery_tag)


@contextmanager
def opened(amqp_url: str, reader: str) -> Iterator[DeadLetters]:
    """The dead letters of a reader; what is neither redriven nor discarded goes back on leaving."""
    connection = broker.connect(amqp_url)
    try:
        yield DeadLetters(connection, reader)
    finally:
        connection.close()


def described(reader: str, letter: amqp.Message) -> dict[str, Any]:
    """What an operator wants to know of a letter."""
    headers = letter.headers or {}
    deaths = headers.get("x-death") or [{}]
    body = letter.body if isinstance(letter.body, bytes) else str(letter.body).encode()
    try:
        kind = encoding.loads(body).get("type")
    except (ValueError, AttributeError):
        kind = None
    return {
        "reader": reader,
        "event_id": letter.properties.get("message_id", "-"),
        "type": kind,
        "error": f"{deaths[0].get('reason', '?')}, {deaths[0].get('count', '?')} time(s)",
        "headers": headers,
        "body": body.decode("utf-8", "backslashreplace"),
    }
