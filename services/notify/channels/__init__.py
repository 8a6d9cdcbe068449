"""The ways to reach people, each one file behind one small interface; none is imported by another.

A channel sends one delivery and says what came of it, as an Outcome: it decides on the
provider's own answer, and what it cannot be sure of is ``unknown``, never a failure.
"""

from datetime import timedelta
from typing import Protocol

from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import Outcome


class Channel(Protocol):
    """One connection's worth of a channel; each worker has its own.

    ``deadline`` is the longest that one ``send`` may take, in seconds. ``recognised`` is how
    long the provider recognises a repeat of the same delivery; None: for ever.
    """

    name: str
    deadline: float
    recognised: timedelta | None

    def send(self, delivery: Delivery) -> Outcome:
        """Send it once. Raises nothing that is expected of a network or a provider."""

    def close(self) -> None:
        """Let go of the connection, because there is nothing more to send for now."""
