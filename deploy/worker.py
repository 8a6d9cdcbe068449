"""gunicorn's threaded worker, with an end to every wait for a client.

Who sends a request drop by drop holds a thread, and as many of them as there are threads hold the
portal. So a request that is not all there in time is cut off: soon, when others wait for a thread.
"""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

PATIENT_SECONDS = 10
HURRIED_SECONDS = 1


@dataclass
class Arrival:
    """A request on its way in; it is known as soon as its head is there."""

    began: float = field(default_factory=time.monotonic)
    request: Any = None

    def is_complete(self) -> bool:
        """The reader of a body knows what is still to come: so many bytes, or chunks as long as it has a parser."""
        if self.request is None:
            return False
        reader = self.request.body.reader
        return not (reader.length if hasattr(reader, "length") else reader.parser)


class Worker(ThreadWorker):
    def __init__(self, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.arrivals: dict[Any, Arrival] = {}

    def handle(self, conn: Any) -> Any:
        self.arrivals[conn] = Arrival()
        try:
            return super().handle(conn)
        finally:
            self.arrivals.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        self.arrivals[conn].request = req
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Called in every round of the main loop, at least once a second."""
        super().murder_pending()
        patience = HURRIED_SECONDS if len(self.arrivals) >= self.cfg.threads else PATIENT_SECONDS
        for conn, arrival in list(self.arrivals.items()):
            if time.monotonic() - arrival.began > patience and not arrival.is_complete():
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
