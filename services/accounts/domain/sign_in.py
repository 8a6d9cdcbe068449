"""How often somebody may try to sign in.

Every try counts as failed until it has succeeded, so that many at once cannot slip through.

    failures in a row   1 ... 9   10       11       12    ...      100
    wait after the last    none   15 min   30 min   1 h   ≤ 1 day  a month, or until a new password is set

They are counted per person and per address. A person who has signed in from an address in
the last month is counted apart there: whoever guesses from elsewhere cannot lock them out.
While the wait lasts even the right password is refused, and refused tries do not count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Annotated

from services.contracts.errors import TooManyRequests
from services.contracts.values import Name, Text

FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Somebody says who they are; ``address`` is where from."""

    name: Name
    password: Annotated[str, Text(200)]
    address: Name


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many failures are free, after how many it ends for good, and how long a calm makes them forgotten."""

    free: int
    most: int
    calm: timedelta


PERSON = Limit(free=10, most=100, calm=timedelta(days=30))
# A whole office may share one address, and no one person stands behind it.
ADDRESS = Limit(free=100, most=2**31, calm=timedelta(minutes=15))


@dataclass(frozen=True, kw_only=True)
class Tries:
    """Failures in a row of a person, of an address, or (both given) of a person at a known address."""

    person: str
    address: str
    failures: int
    last_at: datetime
    forget_at: datetime

    @property
    def limit(self) -> Limit:
        return PERSON if self.person else ADDRESS


def wait_after(failures: int, limit: Limit) -> timedelta:
    """How long nobody may try after the last of so many failures."""
    if failures < limit.free:
        return timedelta(0)
    doublings = min(failures - limit.free, 16)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def count(tries: Tries, now: datetime, time_scale: float = 1) -> Tries:
    """One more failure. Raises TooManyRequests with ``retry_after`` (seconds) while the wait lasts.

    ``now`` may lie a little before ``last_at``: of two at once, the later one may have been counted first.
    """
    closed = tries.failures >= tries.limit.most
    wait = wait_after(tries.failures, tries.limit) / time_scale
    opens_at = (now if closed else tries.last_at) + wait
    if wait and now < opens_at:
        raise TooManyRequests(retry_after=ceil((opens_at - now).total_seconds()))
    failures = tries.failures + 1
    kept = (wait_after(failures, tries.limit) + tries.limit.calm) / time_scale
    return Tries(
        person=tries.person, address=tries.address, failures=failures, last_at=now, forget_at=now + kept,
    )


def known(person: str, address: str, now: datetime) -> Tries:
    """The row that says: this person has signed in from here."""
    return Tries(person=person, address=address, failures=0, last_at=now, forget_at=now + PERSON.calm)
