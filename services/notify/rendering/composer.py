"""Deliveries from a step: for each recipient and each channel that reaches them, the text as it will be sent."""

from datetime import datetime
from typing import Any

from services.notify.domain import wechat_fields
from services.notify.domain.audience import Invitation, Part, Recipient, Situation
from services.notify.domain.copies import DEFAULT_LANGUAGE
from services.notify.domain.deliveries import Cause, Delivery, identity
from services.notify.domain.steps import holding
from services.notify.domain.timing import timing
from services.notify.rendering import invitation
from services.notify.rendering.facts import facts_for
from services.notify.rendering.templates import Messages
from services.notify.rendering.words import LANGUAGES, PHRASES, WAITS_AGAIN


class Composer:
    """Made once per process. ``sender`` is the address that mails come from; ``time_scale`` divides every wait."""

    def __init__(self, public_url: str, sender: str, time_scale: float = 1):
        self.public_url = public_url.rstrip("/")
        self.sender = sender
        self.time_scale = time_scale
        self.messages = Messages()

    def compose(self, situation: Situation, told: list[Recipient], cause: Cause) -> list[Delivery]:
        """One delivery per recipient and channel. People who read the same text share the work of writing it."""
        texts: dict[tuple[Part, str], Texts] = {}
        written = []
        for each in told:
            language = each.person.language if each.person.language in LANGUAGES else DEFAULT_LANGUAGE
            key = each.part, language
            if key not in texts:
                texts[key] = Texts(self.messages, facts_for(situation, *key, self.public_url))
            for channel, address in each.addresses.items():
                content = self.content(channel, situation, each, texts[key], cause.at)
                if content is not None:
                    written.append(self.delivery(situation, each, channel, address, content, cause))
        return written
    def delivery(
        self, situation: Situation, to: Recipient, channel: str, address: str, content: dict[str, Any], cause: Cause
    ) -> Delivery:
        event = situation.event
        state, due_at = timing(
            to.category,
            to.person.preferences,
            cause.at,
            changes_calendar=channel == "email" and bool(to.invitation),
            holding=holding(event, cause.at),
            expires_at=situation.expires_at,
            time_scale=self.time_scale,
        )
        return Delivery(
            id=identity(cause.event_id, to.person.person, channel),
            event_id=cause.event_id,
            event_type=situation.event_type,
            reservation=event.reservation,
            version=event.version,
            recipient=to.person.person,
            channel=channel,
            address=address,
            content=content,
            correlation_id=cause.correlation_id,
            created_at=cause.at,
            step=situation.step.name,
            category=to.category,
            critical=to.critical,
            state=state,
            due_at=due_at,
            expires_at=situation.expires_at,
            only_while=situation.only_while,
        )

    def content(
        self, channel: str, situation: Situation, to: Recipient, texts: "Texts", now: datetime
    ) -> dict[str, Any] | None:
        """What is sent on a channel; None for a channel on which nothing is said yet."""
        if channel == "email":
            return self.mail(situation, to, texts, now)
        if channel == "wechat":
            return card(situation, texts)
        return None

    def mail(self, situation: Situation, to: Recipient, texts: "Texts", now: datetime) -> dict[str, Any]:
        event, mail = situation.event, texts.mail()
        thread = f"{event.reservation}.{to.person.person}"
        mail |= {"from": self.sender, "from_name": texts.facts["labels"]["base"], "thread": thread}
        if to.invitation is Invitation.NONE:
            return mail
        words = texts.entry(situation)
        entry = invitation.calendar(event, words, to.invitation, self.sender, to.person.email, now)
        return mail | {"calendar": entry, "method": to.invitation.value}


class Texts:
    """What one kind of reader is told, each text written when it is first wanted."""

    def __init__(self, messages: Messages, facts: dict[str, Any]):
        self.messages = messages
        self.facts = facts
        self.written: dict[str, str] = {}

    def __getitem__(self, layout: str) -> str:
        if layout not in self.written:
            self.written[layout] = self.messages.text(layout, self.facts)
        return self.written[layout]

    def mail(self) -> dict[str, Any]:
        return {"subject": self["subject.txt"], "text": self["mail.txt"], "html": self["mail.html"]}

    def entry(self, situation: Situation) -> dict[str, str]:
        """The words of the calendar entry: the same facts, since some clients show nothing else."""
        labels, facility = self.facts["labels"], self.facts["facility"]
        unit = situation.facility.unit_name(situation.event.unit, self.facts["language"])
        lines = [f"{label}{labels['between']}{value}" for label, value in self.facts["rows"]]
        return {
            "summary": f"{facility} · {self.facts['team']}",
            "description": "\n".join([*lines, "", self.facts["url"]]),
            "location": ", ".join(filter(None, (f"{facility} {unit}", situation.facility.location))),
            "url": self.facts["url"],
        }


def card(situation: Situation, texts: Texts) -> dict[str, Any]:
    """A WeChat template message. Which template id the step has is the channel's business."""
    event, facts, step = situation.event, texts.facts, situation.step
    phrase = WAITS_AGAIN if step.card == "moved" and situation.waits else PHRASES[step.name]
    fields = {
        "thing1": wechat_fields.thing(facts["facility"]),
        "time2": wechat_fields.time_range(event.starts_at, event.ends_at),
        "thing3": wechat_fields.thing(facts["team"]),
        "phrase4": phrase,
        "thing5": wechat_fields.thing(texts["note.txt"]),
    }
    return {"step": step.card, "url": facts["url"], "data": {name: {"value": value} for name, value in fields.items()}}
