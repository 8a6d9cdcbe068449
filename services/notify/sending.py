"""The sender: works off what is due on one channel, each worker one delivery at a time.

    claim (own transaction) ─► send (no transaction) ─► settle, and claim the next ─► ...

Settling and claiming share a transaction (see desk.py), so a sender never holds more than it is
sending. While a message is under way its lease is renewed; a sender that dies lets it lapse,
and the delivery is sent again by another under the same identity.
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
from services.notify import ledger
from services.notify.channels import Channel
from services.notify.desk import Desk
from services.notify.domain.deliveries import Claimed
from services.notify.domain.outcomes import Kind, Outcome, must_not_send, next_step
from services.notify.domain.pauses import Pause, pause_after
from services.notify.metrics import ATTEMPTS
from services.notify.relevance import reasons_to_skip
from services.notify.storage.queue import Report
from services.notify.storage.unit_of_work import NotifyUnitOfWork
from services.notify.unreachable import note_refusals

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
        self.desks: dict[str, Desk] = {}
        self.full_until: dict[str, datetime] = {}

    def first(self, channel: Channel) -> Claimed | None:
        """A delivery to begin with, unless the channel rests or nothing is due."""
        return self.desk(channel).exchange(None, wants=True)

    def work_off(self, channel: Channel, claimed: Claimed | None, seconds: float) -> int:
        """Go on until nothing is due, the channel must rest, or the time is up. Returns how many were tried."""
        ends, count = time.monotonic() + seconds, 0
        try:
            while claimed:
                outcome = self.send(channel, claimed)
                count += 1
                goes_on = not outcome.pause and time.monotonic() < ends
                claimed = self.settle(channel, claimed, outcome, and_claim=goes_on)
        finally:
            channel.close()
        return count

    def send(self, channel: Channel, claimed: Claimed) -> Outcome:
        tracing.begin(claimed.correlation_id, claimed.event_id)
        if must_not_send(claimed.trial, self.clock(), channel.recognised, channel.waits):
            return Outcome(kind=Kind.UNKNOWN, detail="not repeated: the person might read it twice")
        self.under_way.add(claimed.id)
        try:
            with self.within(channel.deadline):
                outcome = channel.send(claimed)
        except Exception as error:  # whatever it is: the message may have gone out before
            # No traceback: it would quote addresses and tokens.
            log.error("a delivery went wrong", extra={"delivery": claimed.id, "error": type(error).__name__})
            outcome = Outcome(kind=Kind.UNKNOWN, detail=type(error).__name__)
        finally:
            self.under_way.discard(claimed.id)
        self.note(channel, claimed, outcome)
        return outcome

    def note(self, channel: Channel, claimed: Claimed, outcome: Outcome) -> None:
        ATTEMPTS.labels(channel.name, outcome.kind.value).inc()
        what = {"delivery": claimed.id, "channel": channel.name, "outcome": outcome.kind.value, "code": outcome.code}
        log.log(logging.INFO if outcome.kind in QUIET else logging.ERROR, "delivery tried", extra=what)

    def settle(self, channel: Channel, claimed: Claimed, outcome: Outcome, and_claim: bool) -> Claimed | None:
        """Write the outcome down, and take the next."""
        jitter = self.chance()
        step = next_step(
            outcome, claimed.trial, self.clock(), jitter, self.time_scale, channel.recognised, channel.waits
        )
        return self.desk(channel).exchange(Report(claimed, outcome, step), and_claim)

    def desk(self, channel: Channel) -> Desk:
        if channel.name not in self.desks:
            self.desks[channel.name] = Desk(partial(self.serve, channel))
        return self.desks[channel.name]

    def serve(self, channel: Channel, reports: list[Report], count: int) -> list[Claimed]:
        """One transaction for the channel's workers. Waits while the database is away: what was sent must be noted."""
        rests = [pause for report in reports if (pause := self.pause(channel, report))]
        work, wait = partial(self.exchange, channel, reports, rests, count), 0.2
        while True:
            try:
                return self.transactions.run(work)
            except Exception as error:
                if not (reports and is_outage(error)):
                    raise
                log.warning("database away, outcomes wait", extra={"count": len(reports)})
                time.sleep(wait)
                wait = min(wait * 2, 5)

    def exchange(
        self,
        channel: Channel,
        reports: list[Report],
        rests: list[Pause],
        count: int,
        uow: NotifyUnitOfWork,
        now: datetime,
    ) -> list[Claimed]:
        if reports:
            ledger.take_note(uow.queue.settle(reports, now), uow, now)
            note_refusals(reports, uow, now)
        for pause in rests:
            uow.queue.pause(pause)
        taken = self.take(channel, count, uow, now) if count else []
        if not taken and (refused := uow.queue.refused(channel.name, now)):
            uow.deliveries.divert(channel.name, refused, now)
        return taken

    def take(self, channel: Channel, count: int, uow: NotifyUnitOfWork, now: datetime) -> list[Claimed]:
        """The next deliveries; what is no longer true is settled here, and others come in its place."""
        taken: list[Claimed] = []
        while len(taken) < count:
            more = uow.queue.claim(channel.name, now, count - len(taken), channel.per_minute, self.time_scale)
            reasons = reasons_to_skip(more, uow, now) if more else {}
            uow.queue.skip(reasons, now)
            taken += [each for each in more if each.id not in reasons]
            if not reasons:
                break
        return taken

    def pause(self, channel: Channel, report: Report) -> Pause | None:
        """How long the channel must rest after this, remembering whether it was full before."""
        outcome, name, now = report.outcome, channel.name, self.clock()
        full_until = self.full_until.get(name)
        again = full_until is not None and report.claimed.trial.started_at >= full_until
        pause = pause_after(name, outcome, now, self.time_scale, again)
        if outcome.kind is Kind.ACCEPTED:
            self.full_until.pop(name, None)
        elif pause and outcome.kind is Kind.RATE and (again or full_until is None):
            self.full_until[name] = pause.until
        return pause

    def renew(self) -> None:
        """Keep the leases of what is under way, and apply the reports that came before their deliveries were noted."""
        ids = sorted(self.under_way)
        self.transactions.run(lambda uow, now: uow.queue.renew(ids, now) if ids else None)
        self.transactions.run(lambda uow, now: uow.deliveries.catch_up(now))
