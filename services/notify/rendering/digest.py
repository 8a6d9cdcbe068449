"""A reader's digest: what waited for it, in one message, by mail where there is an address."""

from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.copies import DEFAULT_LANGUAGE, Person
from services.notify.domain.deliveries import Cause, Delivery, identity
from services.notify.domain.steps import STEPS
from services.notify.rendering.composer import Composer, Texts, card
from services.notify.rendering.lists import MOST_ITEMS
from services.notify.rendering.marks import COLOURS, PHRASES
from services.notify.rendering.words import LABELS, LANGUAGES

DIGEST = STEPS["digest"]


def digest(composer: Composer, person: Person, lines: list[dict[str, str]], cause: Cause) -> list[Delivery]:
    """One delivery; none for somebody who cannot be reached any more."""
    channel, address = next(iter(person.addresses().items()), ("", ""))
    if not channel:
        return []
    language = person.language if person.language in LANGUAGES else DEFAULT_LANGUAGE
    texts = Texts(composer.messages, facts_for_digest(lines, language, cause, composer.public_url))
    content = {
        "email": lambda: composer.letter(f"digest.{person.person}", texts),
        "wechat": lambda: card(DIGEST, texts),
    }.get(channel, texts.wecom_card)()
    delivery = Delivery(
        id=identity(cause.event_id, person.person, channel),
        event_id=cause.event_id,
        event_type="Digest",
        reservation=None,
        version=1,
        recipient=person.person,
        channel=channel,
        address=address,
        content=content,
        correlation_id=cause.correlation_id,
        created_at=cause.at,
        step=DIGEST.name,
    )
    return [delivery]


def facts_for_digest(lines: list[dict[str, str]], language: str, cause: Cause, public_url: str) -> dict[str, Any]:
    labels, today = LABELS[language], local_time.day(cause.at, language)
    return {
        "step": DIGEST.name,
        "language": language,
        "labels": labels,
        "colour": COLOURS[DIGEST.name],
        "stem": f"[{labels['base']}]",
        "tag": "",
        "headline": labels["digest"],
        "when": today,
        "by": "",
        "count": len(lines),
        "rows": [],
        "items": lines[:MOST_ITEMS],
        "left": max(0, len(lines) - MOST_ITEMS),
        "url": f"{public_url}/",
        "open": labels["open_page"],
        "card": {
            "thing1": labels["digest"],
            "time2": wechat_fields.moment(cause.at),
            "phrase3": PHRASES[DIGEST.name],
        },
        "note_field": "thing4",
    }
