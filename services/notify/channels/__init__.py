"""The ways to reach people, each one file behind one small interface; none is imported by another.

A channel sends one delivery and says what came of it, as an Outcome: it decides on the
provider's own answer, and what it cannot be sure of is ``unknown``, never a failure.
"""

from datetime import timedelta
from typing import Protocol

from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import WAITS, Outcome


class Channel(Protocol):
    """One connection's worth of a channel; each worker has its own."""

    name: str
    deadline: float
    """The longest that one ``send`` may take, in seconds."""
    recognised: timedelta | None
    """How long the provider recognises a repeat of the same delivery; None: for ever."""
    waits: tuple[timedelta, ...] = WAITS
    """Before the second, third, ... try."""
    workers: int = 3
    """How many of a process send at the same time."""
    per_minute: int | None = None
    """The most that one address may get in a minute, below what the provider allows."""

    def send(self, delivery: Delivery) -> Outcome:
        """Send it once. Raises nothing that is expected of a network or a provider."""

    def close(self) -> None:
        """Let go of the connection, because there is nothing more to send for now."""
