"""What may be asked of notify."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Between, Code, Language, Line, OneOf, Pattern

Clock = Annotated[str, Pattern(r"([01][0-9]|2[0-3]):[0-5][0-9]")]
Timezone = Annotated[
    str,
    OneOf(
        (
            "Asia/Shanghai",
            "Asia/Tokyo",
            "Asia/Singapore",
            "Europe/Berlin",
            "Europe/London",
            "America/New_York",
            "America/Los_Angeles",
            "UTC",
        )
    ),
]
"""Where people of the base happen to work."""

Told = Annotated[
    str,
    OneOf(
        (
            "urgent",
            "requests",
            "decisions",
            "changes",
            "offers",
            "reminders",
            "check_in",
            "use",
            "maintenance",
            "qualifications",
            "quota",
            "reports",
        )
    ),
]
"""What people are told of, by category."""


@dataclass(frozen=True, kw_only=True)
class NotifyCommand(Command):
    service: ClassVar[str] = "notify"


@dataclass(frozen=True, kw_only=True)
class BindChannel(NotifyCommand):
    """Tie a person to an external id on a channel, as an operator; none unties."""

    person: Code
    channel: Annotated[str, OneOf(("wechat", "wecom"))]
    external_id: Line | None


@dataclass(frozen=True, kw_only=True)
class ChooseNotifications(NotifyCommand):
    """What the actor wants to hear of, where and when; what is left out is as for somebody who has chosen nothing.

    Messages follow the language of the pages unless one is given. Quiet hours may cross midnight;
    they and the digest are in the time zone. ``switches`` say by category and channel whether to tell.
    """

    language: Language | None = None
    timezone: Timezone = "Asia/Shanghai"
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    digest: Annotated[str, OneOf(("none", "daily", "weekly"))] = "none"
    digest_at: Clock = "08:00"
    digest_weekday: Annotated[int, Between(1, 7)] = 1
    switches: dict[Told, dict[Annotated[str, OneOf(("email", "wechat", "wecom"))], bool]] = field(default_factory=dict)
