"""Everything that people may be told, as it would look: for those who answer for it, before it goes live.

Each sample is written for each kind of reader in both languages, once with usual values and once
with the longest and oddest that people can type; each field of a WeChat card is held against its rule.
"""

from collections.abc import Iterator
from typing import Any

from services.notify.domain import wechat_fields
from services.notify.domain.audience import Part, Recipient, recipients
from services.notify.domain.wecom_texts import DESCRIPTION_BYTES, MARKDOWN_BYTES, TITLE_BYTES
from services.notify.rendering import wecom
from services.notify.rendering.composer import Composer, Subject, Texts
from services.notify.rendering.words import LANGUAGES
from services.notify.samples import notices, steps
from services.notify.samples.worst import worst

STEPS = {make.__name__: make for make in steps.ALL}
NOTICES = {make.__name__: make for make in notices.ALL}
LIMITS = {"title": TITLE_BYTES, "description": DESCRIPTION_BYTES, "markdown": MARKDOWN_BYTES}


def overview(composer: Composer) -> list[dict[str, Any]]:
    """Each sample with what of it a provider would refuse."""
    return [summary(composer, name) for name in (*STEPS, *NOTICES)]


def summary(composer: Composer, name: str) -> dict[str, Any]:
    things = list(told_of(name))
    step = things[0][0].step
    broken = [each for thing, part in things for each in broken_in(composer, thing, part)]
    return {
        "sample": name,
        "step": step.name,
        "category": step.category.value,
        "parts": [part.value for _, part in things],
        "broken": sorted(set(broken)),
        "cut": sorted({each for thing, part in things for each in cut_in(composer, thing, part)}),
    }


def sample(composer: Composer, name: str) -> list[dict[str, Any]] | None:
    """What each kind of reader would get in each language; None where there is no such sample."""
    if name not in STEPS and name not in NOTICES:
        return None
    return [
        written(composer.texts(thing, part, language), thing, part, language)
        | {"worst": fields_of(composer.texts(worst(thing), part, language))}
        for thing, part in told_of(name)
        for language in LANGUAGES
    ]


def told_of(name: str) -> Iterator[tuple[Subject, Part]]:
    """The thing for each kind of reader."""
    if name in STEPS:
        thing = STEPS[name]()
        yield from ((thing, part) for part in parts_of(recipients(thing)))
        return
    seen = set()
    for thing, told in NOTICES[name]():
        for part in parts_of(told):
            if part not in seen:
                seen.add(part)
                yield thing, part


def parts_of(told: list[Recipient]) -> list[Part]:
    return list(dict.fromkeys(each.part for each in told))


def broken_in(composer: Composer, thing: Subject, part: Part) -> Iterator[str]:
    """The names of fields that would be refused, with usual values or the worst, in either language."""
    for language in LANGUAGES:
        for each in (thing, worst(thing)):
            texts = composer.texts(each, part, language)
            yield from (field["name"] for field in fields_of(texts) if field["broken"])
            cards = wecom.card(*texts.for_wecom()) | wecom.note(*texts.for_wecom())
            yield from (name for name, most in LIMITS.items() if len(cards[name].encode()) > most)


def cut_in(composer: Composer, thing: Subject, part: Part) -> Iterator[str]:
    """The names of fields of which a part is lost even with usual values."""
    for language in LANGUAGES:
        fields = fields_of(composer.texts(thing, part, language))
        yield from (field["name"] for field in fields if field["cut"])


def written(texts: Texts, thing: Subject, part: Part, language: str) -> dict[str, Any]:
    return {
        "part": part.value,
        "language": language,
        "mail": texts.mail(),
        "wechat": {"card": thing.step.card, "fields": fields_of(texts)},
        "wecom": texts.wecom_card(),
        "robot": wecom.note(*texts.for_wecom()) if part is Part.MANAGER else None,
    }


def fields_of(texts: Texts) -> list[dict[str, Any]]:
    """The fields of the WeChat card: what was meant, what would be sent, and whether the rule of its kind holds."""
    found = []
    for name, text in texts.card_fields().items():
        value = wechat_fields.fitted(name, text)
        found.append(
            {
                "name": name,
                "rule": wechat_fields.kind_of(name),
                "value": value,
                "cut": wechat_fields.is_cut(text, value),
                "broken": wechat_fields.is_broken(name, value),
            }
        )
    return found
