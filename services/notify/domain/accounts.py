"""What people hear of their own accounts: that one of them does not reach them any more."""

from collections.abc import Mapping
from datetime import datetime

from services.notify.domain.audience import Part
from services.notify.domain.copies import Person
from services.notify.domain.notices import Notice, Told, to
from services.notify.domain.steps import STEPS


def of_suspension(
    person: str, channel: str, reason: str | None, at: datetime, people: Mapping[str, Person]
) -> list[Told]:
    """To whoever is not reached on a channel any more: on the others."""
    step = STEPS["account_suspended"]
    notice = Notice(
        step=step,
        event_type="BindingSuspended",
        subject=f"binding-{person}-{channel}",
        version=1,
        details={"channel": channel, "reason": reason, "at": at},
        people=people,
    )
    return [(notice, to(people, [person], Part.TEAM, step.category))]
