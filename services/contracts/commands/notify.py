"""What may be asked of notify."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Between, Code, Identifier, Instant, Language, Line, OneOf, Pattern, Text

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

BoundChannel = Annotated[str, OneOf(("wechat", "wecom"))]


@dataclass(frozen=True, kw_only=True)
class NotifyCommand(Command):
    service: ClassVar[str] = "notify"


@dataclass(frozen=True, kw_only=True)
class BindChannel(NotifyCommand):
    """Tie a person to an external id on a channel, as an operator; none unties."""

    person: Code
    channel: BoundChannel
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


@dataclass(frozen=True, kw_only=True)
class StartBinding(NotifyCommand):
    """Make a code that the actor's own WeChat is to scan; codes from before are void.

    ``inside``: the actor is inside WeChat or WeCom already, and nothing is to be scanned.
    """

    channel: BoundChannel = "wechat"
    inside: bool = False


@dataclass(frozen=True, kw_only=True)
class ProveBinding(NotifyCommand):
    """The platform's one-time code tells which account has opened the page."""

    code: Identifier
    channel: BoundChannel = "wechat"
    proof: Annotated[str, Text(512, shortest=1)] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ConfirmBinding(NotifyCommand):
    """The actor says that the account which scanned the code is theirs."""

    code: Identifier


@dataclass(frozen=True, kw_only=True)
class DropBinding(NotifyCommand):
    """Untie the actor's own account on a channel."""

    channel: BoundChannel


@dataclass(frozen=True, kw_only=True)
class ConfirmAddress(NotifyCommand):
    """The actor says that mails to their address arrive again."""


@dataclass(frozen=True, kw_only=True)
class Unsubscribe(NotifyCommand):
    """The reader of a mail wants no more of its kind; the link's token says who that is, whoever sends it."""

    token: Line = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class TakeWechatEvent(NotifyCommand):
    """What the platform reports, verified at the portal. The key is the callback's signature: it counts once.

    ``kind`` is the platform's name of the event, ``key`` its EventKey, ``reference`` the message it is about.
    """

    sender: Line
    kind: Line
    sent_at: Instant
    key: Line = ""
    reference: Line = ""
    status: Line = ""


@dataclass(frozen=True, kw_only=True)
class ResendDelivery(NotifyCommand):
    """Send a message that could not be delivered once more, under the same identity."""

    delivery: Identifier
