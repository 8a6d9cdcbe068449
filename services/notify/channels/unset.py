"""A channel that the settings say nothing of: what is written for it goes by mail, and an operator is told."""

from datetime import timedelta

from services.notify.channels import Channel
from services.notify.domain.deliveries import Delivery
from services.notify.domain.outcomes import RATE_PAUSE, Kind, Outcome


class UnsetChannel(Channel):
    deadline = 1.0
    recognised: timedelta | None = None
    workers = 1

    def __init__(self, name: str):
        self.name = name

    def send(self, delivery: Delivery) -> Outcome:
        return Outcome(kind=Kind.CONFIGURATION, code="unset", detail="no account is set", pause=RATE_PAUSE)

    def close(self) -> None:
        """There is no connection."""
