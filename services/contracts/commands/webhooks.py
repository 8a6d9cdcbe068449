"""What may be asked of notify about programs that are told of reservations."""

from dataclasses import dataclass, field
from typing import Annotated

from services.contracts.commands.notify import NotifyCommand
from services.contracts.values import Code, Identifier, Name, Pattern

WebAddress = Annotated[str, Pattern(r"https?://[A-Za-z0-9.:\[\]-]{1,260}(/[!-~]{0,500})?")]
"""An address that a program listens on: no sign-in in it, no spaces."""

FactName = Annotated[str, Pattern(r"[A-Z][A-Za-z]{1,60}")]


@dataclass(frozen=True, kw_only=True)
class AddWebhook(NotifyCommand):
    """Tell a program of the reservations of a team, or of all of the base, from now on.

    ``facts`` are the names of those it wants; none means every one.
    """

    name: Name
    url: WebAddress
    team: Code | None = None
    facts: list[FactName] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class WebhookCommand(NotifyCommand):
    """A command on one webhook."""

    webhook: Identifier


@dataclass(frozen=True, kw_only=True)
class SwitchWebhook(WebhookCommand):
    """On, or off: what it would have been told while it is off it is never told."""

    active: bool


@dataclass(frozen=True, kw_only=True)
class RotateWebhookSecret(WebhookCommand):
    """Make a new secret; for a day messages are signed with the former one as well."""


@dataclass(frozen=True, kw_only=True)
class ReplayWebhook(WebhookCommand):
    """Send one delivery again, or all that could not be delivered."""

    delivery: Identifier | None = None
