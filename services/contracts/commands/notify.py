"""What may be asked of notify."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from services.contracts.commands.command import Command
from services.contracts.values import Code, Line, OneOf


@dataclass(frozen=True, kw_only=True)
class NotifyCommand(Command):
    service: ClassVar[str] = "notify"


@dataclass(frozen=True, kw_only=True)
class BindChannel(NotifyCommand):
    """Tie a person to an external id on a channel, as an operator; none unties."""

    person: Code
    channel: Annotated[str, OneOf(("wechat", "wecom"))]
    external_id: Line | None
