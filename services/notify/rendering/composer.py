"""Deliveries from a step: for each recipient and each channel that reaches them, the text as it will be sent."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.notify.domain import wechat_fields
from services.notify.domain.audience import Invitation, Part, Recipient, Situation
from services.notify.domain.copies import DEFAULT_LANGUAGE
from services.notify.domain.deliveries import Cause, Delivery, identity
from services.notify.domain.steps import holding
from services.notify.domain.timing import timing
from services.notify.rendering import invitation, wecom
from services.notify.rendering.facts import facts_for
from services.notify.rendering.templates import Messages
from services.notify.rendering.words import LANGUAGES, PHRASES, WAITS_AGAIN

BASE = "base"
"""The group for whatever facility has none of its own."""


class Composer:
    """Made once per process. ``sender`` is the address that mails come from; ``time_scale`` divides every wait.

    ``robots`` are the groups that have one: codes of facilities, and BASE for all the others.
    """

    def __init__(self, public_url: str, sender: str, time_scale: float = 1, robots: Iterable[str] = ()):
        self.public_url = public_url.rstrip("/")
        self.sender = sender
        self.time_scale = time_scale
        self.robots = frozenset(robots)
        self.messages = Messages()

    def compose(self, situation: Situation, told: list[Recipient], cause: Cause) -> list[Delivery]:
        """One delivery per recipient and channel. People who read the same text share the work of writing it."""
        texts: dict[tuple[Part, str], Texts] = {}

        def texts_for(part: Part, language: str) -> Texts:
            if (part, language) not in texts:
                texts[part, language] = Texts(self.messages, facts_for(situation, part, language, self.public_url))
            return texts[part, language]

        written = []
        for each in told:
            language = each.person.language if each.person.language in LANGUAGES else DEFAULT_LANGUAGE
            written += self.for_person(situation, each, texts_for(each.part, language), cause)
        if any(each.part is Part.MANAGER for each in told):
            written += self.for_group(situation, texts_for(Part.MANAGER, DEFAULT_LANGUAGE), cause)
        return written

    def for_person(self, situation: Situation, to: Recipient, texts: "Texts", cause: Cause) -> list[Delivery]:
        """What one reader is told, and what instead where a phone cannot be reached and no mail was wanted."""
        fallback, written = None, []
        if "email" not in to.addresses and to.person.email and to.addresses:
            fallback = {"address": to.person.email, "content": self.mail(situation, to, texts, cause.at)}
        for channel, address in to.addresses.items():
            content = self.content(channel, situation, to, texts, cause.at)
            if content is not None:
                made = self.delivery(situation, to, channel, address, content, cause)
                written.append(replace(made, fallback=fallback))
        return written

    def for_group(self, situation: Situation, texts: "Texts", cause: Cause) -> list[Delivery]:
        """What those on duty read in their group: the facility's own, or the base's."""
        event = situation.event
        group = event.facility if event.facility in self.robots else BASE
        if group not in self.robots:
            return []
        recipient = f"@{group}"
        return [
            Delivery(
                id=identity(cause.event_id, recipient, "robot"),
                event_id=cause.event_id,
                event_type=situation.event_type,
                reservation=event.reservation,
                version=event.version,
                recipient=recipient,
                channel="robot",
                address=group,
                content=wecom.note(*texts.for_wecom()),
                correlation_id=cause.correlation_id,
                created_at=cause.at,
                step=situation.step.name,
                expires_at=situation.expires_at,
                only_while=situation.only_while,
            )
        ]

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
        if channel == "wecom":
            return wecom.card(*texts.for_wecom())
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

    def for_wecom(self) -> tuple[str, str, str, str]:
        """Title, brief, address and language."""
        return self["title.txt"], self["brief.txt"], self.facts["url"], self.facts["language"]

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
