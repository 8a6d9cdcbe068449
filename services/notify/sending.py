"""The sender: works off what is due on one channel, one delivery at a time.

    claim (own transaction) ─► send (no transaction) ─► settle, and claim the next ─► ...

Settling and claiming share a transaction, so a sender never holds more than it is sending.
While a message is under way its lease is renewed; a sender that dies lets it lapse, and the
delivery is sent again by another under the same identity.
"""

import logging
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial

from services.contracts.messaging import tracing
from services.contracts.messaging.database import is_outage
from services.contracts.messaging.unit_of_work import Transactions
from services.notify.channels import Channel
from services.notify.domain.deliveries import Claimed
from services.notify.domain.outcomes import Kind, Outcome, must_not_send, next_step
from services.notify.metrics import ATTEMPTS
from services.notify.relevance import reasons_to_skip
from services.notify.storage.unit_of_work import NotifyUnitOfWork

log = logging.getLogger(__name__)

QUIET = {Kind.ACCEPTED, Kind.TRANSIENT, Kind.UNKNOWN, Kind.RATE}


class Sender:
    """``within(seconds)`` ends what takes longer, by an exception."""

    def __init__(
        self,
        transactions: Transactions,
        time_scale: float = 1,
        within: Callable[[float], AbstractContextManager] = lambda seconds: nullcontext(),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ):
        self.transactions = transactions
        self.time_scale = time_scale
        self.within = within
        self.clock = clock
        self.chance = chance
        self.under_way: set[str] = set()
        self.rests_until: dict[str, float] = {}

    def first(self, channel: Channel) -> Claimed | None:
        """A delivery to begin with, unless the channel rests or nothing is due."""
        if time.monotonic() < self.rests_until.get(channel.name, 0):
            return None
        return self.claim(channel)

    def work_off(self, channel: Channel, claimed: Claimed | None, seconds: float) -> int:
        """Send until nothing is due, the channel must rest, or the time is up. Returns how many were tried."""
        ends, count = time.monotonic() + seconds, 0
        try:
            while claimed:
                outcome = self.send(channel, claimed)
                count += 1
                rests = self.note(channel, claimed, outcome)
                goes_on = not rests and time.monotonic() < ends
                claimed = self.settle(channel, claimed, outcome, and_claim=goes_on)
        finally:
            channel.close()
        return count

    def send(self, channel: Channel, claimed: Claimed) -> Outcome:
        tracing.begin(claimed.correlation_id, claimed.event_id)
        if must_not_send(claimed.trial, self.clock(), channel.recognised):
            return Outcome(kind=Kind.UNKNOWN, detail="not repeated: the person might read it twice")
        self.under_way.add(claimed.id)
        try:
            with self.within(channel.deadline):
                return channel.send(claimed)
        except Exception as error:  # whatever it is: the message may have gone out before
            log.exception("a delivery went wrong", extra={"delivery": claimed.id, "channel": channel.name})
            return Outcome(kind=Kind.UNKNOWN, detail=type(error).__name__)
        finally:
            self.under_way.discard(claimed.id)

    def note(self, channel: Channel, claimed: Claimed, outcome: Outcome) -> bool:
        """Count and log an attempt. Returns whether the channel must rest."""
        ATTEMPTS.labels(channel.name, outcome.kind.value).inc()
        what = {"delivery": claimed.id, "channel": channel.name, "outcome": outcome.kind.value, "code": outcome.code}
        log.log(logging.INFO if outcome.kind in QUIET else logging.ERROR, "delivery tried", extra=what)
        if outcome.pause:
            self.rests_until[channel.name] = time.monotonic() + outcome.pause.total_seconds() / self.time_scale
        return bool(outcome.pause)

    def claim(self, channel: Channel) -> Claimed | None:
        return self.transactions.run(partial(claim, channel.name))

    def settle(self, channel: Channel, claimed: Claimed, outcome: Outcome, and_claim: bool) -> Claimed | None:
        """Write the outcome down, and take the next. Waits while the database is away: what was sent must be noted."""
        jitter = self.chance()

        def work(uow, now):
            step = next_step(outcome, claimed.trial, now, jitter, self.time_scale, channel.recognised)
            uow.deliveries.settle(claimed, outcome, step, now)
            return claim(channel.name, uow, now) if and_claim else None

        pause = 0.2
        while True:
            try:
                return self.transactions.run(work)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("database away, an outcome waits", extra={"delivery": claimed.id})
                time.sleep(pause)
                pause = min(pause * 2, 5)

    def renew(self) -> None:
        """Keep the leases of what is under way."""
        ids = sorted(self.under_way)
        if ids:
            self.transactions.run(lambda uow, now: uow.deliveries.renew(ids, now))


def claim(channel: str, uow: NotifyUnitOfWork, now: datetime) -> Claimed | None:
    """The next that is still true; the others are settled with the reason and passed over."""
    while claimed := uow.deliveries.claim(channel, now):
        reason = reasons_to_skip([claimed], uow, now).get(claimed.id)
        if reason is None:
            return claimed
        uow.deliveries.skip(claimed, reason, now)
    return None
