"""What a provider's answer means, and what happens to the delivery then.

                      ┌► accepted
    pending ─► sending ┼► retry    ─► sending ...      certainly not delivered, worth another try
                      ├► unknown  ─► sending ...      perhaps delivered: repeated with the same identity
                      └► dead                        with a reason; an operator may send it again
    held ─► skipped                                   waited for a digest, and was told in it
    pending ─► skipped                                with a reason: no longer true, of use or wanted

"accepted" means that the provider took it. Nobody knows whether it was read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    RETRY = "retry"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DEAD = "dead"
    HELD = "held"
    SKIPPED = "skipped"


OPEN = (State.PENDING, State.SENDING, State.RETRY, State.UNKNOWN)


class Kind(StrEnum):
    """The class of an answer."""

    ACCEPTED = "accepted"
    RECIPIENT = "recipient"  # this person cannot be reached here
    TOKEN = "token"  # our access token was refused even after a refresh
    CONFIGURATION = "configuration"  # the account, its rights or our settings are wrong
    RATE = "rate"  # too many messages for now
    OUR_BUG = "our_bug"  # the message itself is wrong
    TRANSIENT = "transient"  # certainly not delivered; may work later
    UNKNOWN = "unknown"  # perhaps delivered
    UNCLASSIFIED = "unclassified"  # an answer that nobody has told us about: never success


FINAL = {Kind.RECIPIENT, Kind.OUR_BUG, Kind.UNCLASSIFIED}
CHANNEL_IS_DOWN = timedelta(seconds=10)
RATE_PAUSE = timedelta(minutes=1)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 8, 30, 120, 480, 840))
"""Before the second to the eighth try: a day and forty minutes in all."""

MOST_TRIES = len(WAITS) + 1

PATIENCE_WITH_A_TEMPLATE = 2
"""Tries for a message that only its own settings stop: false refusals have been seen to pass within minutes."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one attempt. ``code`` is the provider's; ``pause`` is for the channel, ``wait`` for this one."""

    kind: Kind
    code: str = ""
    detail: str = ""
    reference: str | None = None
    pause: timedelta = timedelta()
    wait: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An attempt on a delivery: the how-manyeth, and since when it has been in doubt whether it arrived."""

    number: int
    started_at: datetime
    in_doubt_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """The delivery's next state. ``counts`` is whether the attempt uses up one of the tries."""

    state: State
    due_at: datetime | None = None
    reason: str | None = None
    in_doubt_since: datetime | None = None
    counts: bool = True


def next_step(
    outcome: Outcome,
    trial: Trial,
    now: datetime,
    jitter: float,
    time_scale: float,
    recognised: timedelta | None,
    waits: tuple[timedelta, ...] = WAITS,
) -> Step:
    """What to do after an attempt.

    ``jitter`` is between 0 and 1. ``recognised`` is how long the provider recognises a repeat
    of the same message (None: for ever); a delivery in doubt is not repeated after that,
    because the person might read it twice. ``waits`` are those before the second, third, ... try.
    """
    if outcome.kind is Kind.ACCEPTED:
        return Step(state=State.ACCEPTED, in_doubt_since=trial.in_doubt_since)
    reason = f"{outcome.kind} {outcome.code}".strip()
    in_doubt_since = trial.in_doubt_since or (trial.started_at if outcome.kind is Kind.UNKNOWN else None)
    counts = outcome.kind is not Kind.RATE
    if outcome.kind in FINAL or (counts and trial.number >= most_tries(outcome, waits)):
        return Step(state=State.DEAD, reason=reason, in_doubt_since=in_doubt_since)
    wait = max(waits[min(trial.number, len(waits)) - 1], outcome.wait) if counts else RATE_PAUSE
    due_at = now + wait * (1 + jitter / 5) / time_scale
    if in_doubt_since and recognised is not None and due_at >= in_doubt_since + recognised:
        return Step(state=State.DEAD, reason=f"in doubt, {reason}", in_doubt_since=in_doubt_since)
    state = State.UNKNOWN if in_doubt_since else State.RETRY
    return Step(state=state, due_at=due_at, reason=reason, in_doubt_since=in_doubt_since, counts=counts)


def most_tries(outcome: Outcome, waits: tuple[timedelta, ...]) -> int:
    its_own_fault = outcome.kind is Kind.CONFIGURATION and not outcome.pause
    return PATIENCE_WITH_A_TEMPLATE if its_own_fault else len(waits) + 1


def must_not_send(
    trial: Trial, now: datetime, recognised: timedelta | None, waits: tuple[timedelta, ...] = WAITS
) -> bool:
    """Whether a try that is due comes too late, or has already been made too often by senders that died over it."""
    too_late = trial.in_doubt_since is not None and recognised is not None and now >= trial.in_doubt_since + recognised
    return too_late or trial.number > len(waits) + 1
