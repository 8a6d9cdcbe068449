"""What a person has chosen to hear of, on which channel, and when.

A choice is kept only where the person made one; otherwise these defaults count: what asks
for something or decides about one's time comes on every channel, what merely helps comes on
the phone if there is one, else by mail, and reports come by mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.commands import ChooseNotifications
from services.contracts.errors import InvalidInput
from services.notify.domain.steps import Category

CHANNELS = ("email", "wechat", "wecom")
PHONE = ("wechat", "wecom")
MANDATORY = frozenset({Category.URGENT})
LIGHT = frozenset(
    {Category.REMINDERS, Category.CHECK_IN, Category.USE, Category.QUALIFICATIONS, Category.QUOTA, Category.MAINTENANCE}
)
BY_MAIL = frozenset({Category.REPORTS})
DIGESTED = frozenset(Category) - {Category.URGENT, Category.OFFERS, Category.REMINDERS, Category.CHECK_IN}
"""What may wait for a digest. The others lose their worth by then."""

MINUTES_PER_DAY = 1440


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """``quiet_from`` and ``quiet_until`` are minutes after local midnight, the end exclusive, and may wrap it.

    ``digest`` is none, daily or weekly, at ``digest_at`` (minutes) and on ``digest_weekday`` (1: Monday).
    ``language`` is None where messages follow the pages.
    """

    language: str | None = None
    timezone: str = "Asia/Shanghai"
    quiet_from: int | None = None
    quiet_until: int | None = None
    digest: str = "none"
    digest_at: int = 480
    digest_weekday: int = 1
    switches: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    def wants(self, category: Category, channel: str, bound: frozenset[str]) -> bool:
        """Whether to tell of a category on a channel; ``bound`` are the channels that reach the person."""
        if category in MANDATORY:
            return True
        chosen = self.switches.get(category, {}).get(channel)
        return default(category, channel, bound) if chosen is None else chosen

    def takes_digest_of(self, category: Category) -> bool:
        return self.digest != "none" and category in DIGESTED

    def quiet_ends(self, now: datetime) -> datetime | None:
        """The end of the quiet hours if it is quiet now."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return None
        minute = minute_of(now.astimezone(ZoneInfo(self.timezone)))
        since, lasts = (minute - self.quiet_from) % MINUTES_PER_DAY, self.quiet_until - self.quiet_from
        return self.next_time(self.quiet_until, now) if since < lasts % MINUTES_PER_DAY else None

    def next_digest(self, now: datetime) -> datetime:
        """When the next digest is due."""
        return self.next_time(self.digest_at, now, self.digest_weekday if self.digest == "weekly" else None)

    def next_time(self, minute: int, now: datetime, weekday: int | None = None) -> datetime:
        """The next instant after ``now`` at which a local clock shows ``minute``, on that weekday if one is given."""
        zone = ZoneInfo(self.timezone)
        today = now.astimezone(zone).date()
        for ahead in range(9):
            day = today + timedelta(days=ahead)
            found = datetime.combine(day, time(*divmod(minute, 60)), zone).astimezone(UTC)
            if found > now and weekday in (None, day.isoweekday()):
                return found
        raise AssertionError("unreachable: every weekday comes within eight days")


def default(category: Category, channel: str, bound: frozenset[str]) -> bool:
    """What is told on a channel to somebody who has chosen nothing."""
    if category in BY_MAIL:
        return channel == "email" or "email" not in bound
    if category in LIGHT:
        return channel in PHONE or not bound.intersection(PHONE)
    return True


def minute_of(local: datetime) -> int:
    return local.hour * 60 + local.minute


# as people read and write them ----------------------------------------------------------


def shown(chosen: Preferences, bound: frozenset[str]) -> dict[str, Any]:
    """What counts for a person, with every switch as it stands."""
    return {
        "language": chosen.language,
        "timezone": chosen.timezone,
        "quiet_from": clock(chosen.quiet_from),
        "quiet_until": clock(chosen.quiet_until),
        "digest": chosen.digest,
        "digest_at": clock(chosen.digest_at),
        "digest_weekday": chosen.digest_weekday,
        "switches": {
            category.value: {channel: chosen.wants(category, channel, bound) for channel in CHANNELS}
            for category in Category
        },
        "mandatory": sorted(MANDATORY),
        "bound": [channel for channel in CHANNELS if channel in bound],
    }


def chosen_in(message: ChooseNotifications, bound: frozenset[str]) -> Preferences:
    """Only what differs from the defaults is kept, so that they may follow a new channel. Raises InvalidInput."""
    errors = wrong_fields(message)
    if errors:
        raise InvalidInput(errors=errors)
    switches = {
        category: {
            channel: wish for channel, wish in row.items() if wish != default(Category(category), channel, bound)
        }
        for category, row in message.switches.items()
    }
    return Preferences(
        language=message.language,
        timezone=message.timezone,
        quiet_from=minute(message.quiet_from),
        quiet_until=minute(message.quiet_until),
        digest=message.digest,
        digest_at=minute(message.digest_at),
        digest_weekday=message.digest_weekday,
        switches={category: row for category, row in switches.items() if row},
    )


def wrong_fields(message: ChooseNotifications) -> dict[str, list[str]]:
    """Everything that is wrong."""
    errors: dict[str, list[str]] = {}
    for name, other in (("quiet_from", "quiet_until"), ("quiet_until", "quiet_from")):
        if getattr(message, name) is None and getattr(message, other) is not None:
            errors[name] = ["required"]
    if message.quiet_from and message.quiet_from == message.quiet_until:
        errors["quiet_until"] = ["same_time"]
    for category in sorted(MANDATORY):
        if not all(message.switches.get(category, {}).values()):
            errors[f"switches.{category}"] = ["mandatory"]
    return errors


def minute(text: str | None) -> int | None:
    return int(text[:2]) * 60 + int(text[3:]) if text else None


def clock(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
