"""Deliveries from a step: for each recipient and each channel that reaches them, the text as it will be sent."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.contracts.events import ReservationMoved
from services.notify.domain import wechat_fields
from services.notify.domain.audience import Invitation, Part, Recipient, Situation
from services.notify.domain.copies import DEFAULT_LANGUAGE
from services.notify.domain.deliveries import Cause, Delivery, identity
from services.notify.domain.notices import Notice
from services.notify.domain.outcomes import State
from services.notify.domain.steps import Step, holding
from services.notify.domain.timing import timing
from services.notify.rendering import invitation, wecom
from services.notify.rendering.entries import entries
from services.notify.rendering.facts import facts_for
from services.notify.rendering.notices import facts_for_notice
from services.notify.rendering.templates import Messages
from services.notify.rendering.words import LANGUAGES

CALENDARS = frozenset({"calendar", "calendars", "published"})
"""What a mail's content may have for the reader's calendar."""

BASE = "base"
"""The group for whatever facility has none of its own."""


Subject = Situation | Notice
"""What people are told of."""


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

    def compose(self, thing: Subject, told: list[Recipient], cause: Cause) -> list[Delivery]:
        """One delivery per recipient and channel. People who read the same text share the work of writing it."""
        made: dict[tuple[Part, str], Texts] = {}

        def texts_for(part: Part, language: str) -> Texts:
            if (part, language) not in made:
                made[part, language] = self.texts(thing, part, language)
            return made[part, language]

        written = []
        for each in told:
            language = each.person.language if each.person.language in LANGUAGES else DEFAULT_LANGUAGE
            written += self.for_person(thing, each, texts_for(each.part, language), cause)
        if any(each.part is Part.MANAGER for each in told):
            written += self.for_group(thing, texts_for(Part.MANAGER, DEFAULT_LANGUAGE), cause)
        return written

    def texts(self, thing: Subject, part: Part, language: str) -> "Texts":
        """What readers of one kind are told of a thing."""
        say = facts_for if isinstance(thing, Situation) else facts_for_notice
        return Texts(self.messages, say(thing, part, language, self.public_url))

    def for_person(self, thing: Subject, to: Recipient, texts: "Texts", cause: Cause) -> list[Delivery]:
        """What one reader is told, and what instead where a phone cannot be reached and no mail was wanted."""
        fallback, written = None, []
        if "email" not in to.addresses and to.person.email and to.addresses:
            fallback = {"address": to.person.email, "content": self.mail(thing, to, texts, cause.at)}
        for channel, address in to.addresses.items():
            content = self.content(channel, thing, to, texts, cause.at)
            if content is not None:
                made = self.delivery(thing, to, channel, address, content, cause)
                if isinstance(thing, Situation) and isinstance(thing.event, ReservationMoved):
                    made = replace(made, content=made.content | {"former": former_of(thing.event)})
                if made.state == State.HELD:
                    made = replace(made, content=made.content | {"line": texts.line()})
                written.append(replace(made, fallback=fallback))
        return written

    def for_group(self, thing: Subject, texts: "Texts", cause: Cause) -> list[Delivery]:
        """What those on duty read in their group: the facility's own, or the base's."""
        group = thing.place if thing.place in self.robots else BASE
        if group not in self.robots:
            return []
        content = wecom.note(*texts.for_wecom())
        return [written_for(thing, cause, f"@{group}", channel="robot", address=group, content=content)]

    def delivery(
        self, thing: Subject, to: Recipient, channel: str, address: str, content: dict[str, Any], cause: Cause
    ) -> Delivery:
        state, due_at = timing(
            to.category,
            to.person.preferences,
            cause.at,
            changes_calendar=not CALENDARS.isdisjoint(content),
            holding=holding(thing.event, cause.at) if isinstance(thing, Situation) else timedelta(),
            expires_at=thing.expires_at,
            time_scale=self.time_scale,
        )
        return written_for(
            thing, cause, to.person.person, channel=channel, address=address, content=content,
            category=to.category, critical=to.critical, state=state, due_at=due_at,
        )

    def content(
        self, channel: str, thing: Subject, to: Recipient, texts: "Texts", now: datetime
    ) -> dict[str, Any] | None:
        """What is sent on a channel; None for a channel on which nothing is said yet."""
        if channel == "email":
            return self.mail(thing, to, texts, now)
        if channel == "wechat":
            return card(thing.step, texts)
        if channel == "wecom":
            return texts.wecom_card()
        return None

    def mail(self, thing: Subject, to: Recipient, texts: "Texts", now: datetime) -> dict[str, Any]:
        mail = self.letter(f"{thing.subject}.{to.person.person}", texts)
        if isinstance(thing, Notice):
            return mail | entries(thing, to, texts.facts["language"], self.public_url, self.sender, now)
        if to.invitation is Invitation.NONE:
            return mail
        event = thing.event
        words = texts.entry(thing)
        entry = invitation.calendar(event, words, to.invitation, self.sender, to.person.email, now)
        return mail | {"calendar": entry, "method": to.invitation.value}

    def letter(self, thread: str, texts: "Texts") -> dict[str, Any]:
        """A mail without an entry for the calendar; all of one thread stay together."""
        return texts.mail() | {"from": self.sender, "from_name": texts.facts["labels"]["base"], "thread": thread}


def written_for(thing: Subject, cause: Cause, recipient: str, *, channel: str, **told: Any) -> Delivery:
    """A delivery that says where it comes from; ``told`` are its other fields."""
    return Delivery(
        id=identity(cause.event_id, recipient, channel),
        event_id=cause.event_id,
        event_type=thing.event_type,
        reservation=thing.reservation,
        version=thing.version,
        recipient=recipient,
        channel=channel,
        correlation_id=cause.correlation_id,
        created_at=cause.at,
        step=thing.step.name,
        expires_at=thing.expires_at,
        only_while=thing.only_while,
        **told,
    )


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

    def card_fields(self) -> dict[str, str]:
        """The fields of a WeChat card, before they are made to fit."""
        return self.facts["card"] | {self.facts["note_field"]: self["note.txt"]}

    def line(self) -> dict[str, str]:
        """What a digest will say of it: kept with it, in the words of its time."""
        brief = [line.strip() for line in self["brief.txt"].splitlines() if line.strip()]
        return {"text": self["title.txt"], "more": " · ".join(brief), "url": self.facts["url"]}

    def wecom_card(self) -> dict[str, Any]:
        return wecom.card(*self.for_wecom())

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


def card(step: Step, texts: Texts) -> dict[str, Any]:
    """A WeChat template message. Which template id the card has is the channel's business."""
    data = {name: {"value": wechat_fields.fitted(name, text)} for name, text in texts.card_fields().items()}
    return {"step": step.card, "url": texts.facts["url"], "data": data}


def former_of(event: ReservationMoved) -> dict[str, Any]:
    """Kept with the message, for the one that may take its place."""
    return {name: value for name, value in vars(event).items() if name.startswith("former_")}
