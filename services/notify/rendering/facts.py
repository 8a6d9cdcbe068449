"""A situation as words for one reader: what templates and layouts may name.

Every kind of message brings these to the layouts: step, language, labels, colour, stem (of the
subject), tag (over the headline), headline, when, by, rows, items, url, open (the button), card (the fields of a WeChat
card, its note apart) and note_field (the name of that). The rest is for its own templates.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.notify.domain import local_time, wechat_fields
from services.notify.domain.audience import MOVED, Part, Situation
from services.notify.domain.copies import Facility, Person, Team
from services.notify.rendering.causes import cause_words
from services.notify.rendering.contention import contention_facts
from services.notify.rendering.marks import COLOURS, PHRASES, WAITS_AGAIN
from services.notify.rendering.words import LABELS

PURPOSE_LONGEST = 160


def one_line(text: str) -> str:
    """Without line breaks and double gaps: a header that had one would be two headers."""
    return " ".join(text.split())


def shortened(text: str, longest: int = PURPOSE_LONGEST) -> str:
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def facts_for(situation: Situation, part: Part, language: str, public_url: str) -> dict[str, Any]:
    """What every template of this step can say to this reader."""
    event, labels, step = situation.event, LABELS[language], situation.step.name
    told = of_reservation(situation, language)
    stem = f"[{labels['thread']} {event.reservation[:8]}]"
    return {
        "step": step,
        "language": language,
        "labels": labels,
        "colour": COLOURS[step],
        "stem": stem,
        "tag": stem,
        "headline": told["facility"],
        "when": told["time"],
        "by": " · ".join(filter(None, (told["team"], told["requester"]))),
        "url": f"{public_url}/reservations/{event.reservation}",
        "open": labels["open_offer" if step == "offered" else "open"],
        "rows": [(labels[name], text) for name, text in rows(situation, language) if text],
        "items": [],
        "card": card(situation, told["facility"], told["team"]),
        "note_field": "thing5",
        "manages": part is Part.MANAGER,
        "leads": part is Part.LEAD,
    } | told | contention_facts(situation, language)


def of_reservation(situation: Situation, language: str) -> dict[str, Any]:
    """What the templates themselves name: the reservation, and what became of it."""
    event = situation.event
    return {
        "facility": one_line(situation.facility.name(language)),
        "time": local_time.span(event.starts_at, event.ends_at, language),
        "starts": local_time.moment(event.starts_at, language),
        "ends": local_time.moment(event.ends_at, language),
        "team": one_line(situation.team.name),
        "requester": name_of(situation.people, event.requester, ""),
        "actor": name_of(situation.people, event.actor, LABELS[language]["system"]),
        "reason": event.reason.strip(),
        "decide_by": decide_by(situation, language),
        "decide_by_in_brief": decide_by(situation, language, local_time.brief_moment),
        "waits": situation.waits,
        "on_list": getattr(event, "waits", False),
        "automatic": getattr(event, "automatic", False),
        "exceptions": len(getattr(event, "waivers", ())),
    }


def rows(situation: Situation, language: str) -> list[tuple[str, str]]:
    """The facts of a reservation in the order in which they are read, under the names of their labels."""
    event, facility = situation.event, situation.facility
    beijing_time = LABELS[language]["beijing_time"]
    until = decide_by(situation, language)
    return [
        ("facility", f"{facility.facility} {one_line(facility.name(language))}"),
        ("unit", one_line(facility.unit_name(event.unit, language))),
        ("location", one_line(facility.location)),
        ("time", local_time.span(event.starts_at, event.ends_at, language) + beijing_time),
        ("former", former(situation, language)),
        *asked_for(event, situation.team, situation.people),
        ("reason", event.reason.strip()),
        ("cause", cause_words(event.cause, language) if hasattr(event, "cause") else ""),
        (until_label(situation.step.name), until and until + beijing_time),
    ]


def asked_for(event: Any, team: Team, people: Mapping[str, Person]) -> list[tuple[str, str]]:
    """For whom, for what and by whom."""
    return [
        ("team", one_line(f"{team.name} · {team.company_name}" if team.company_name else team.name)),
        ("project", one_line(team.projects.get(event.project, event.project)) if event.project else ""),
        ("purpose", shortened(event.purpose)),
        ("requester", name_of(people, event.requester, "")),
    ]


def until_label(step: str) -> str:
    """What has to happen until the instant that a step names."""
    return {"offered": "answer_by", "collected": "decided_at"}.get(step, "decide_by")


def card(situation: Situation, facility: str, team: str) -> dict[str, str]:
    event, step = situation.event, situation.step.name
    return {
        "thing1": short_name(situation.facility, facility),
        "time2": wechat_fields.time_range(event.starts_at, event.ends_at),
        "thing3": team,
        "phrase4": WAITS_AGAIN if step in MOVED and situation.waits else PHRASES[step],
    }


def short_name(facility: Facility, name: str) -> str:
    """A name that a card would cut begins with the code, so that what is left still says which one it is."""
    return name if len(name) <= wechat_fields.THING_LONGEST else f"{facility.facility} {name}"


def former(situation: Situation, language: str) -> str:
    """Where and when it was before a move, or until when before an extension; nothing if it has come back."""
    event = situation.event
    if not hasattr(event, "former_ends_at"):
        return ""
    if not hasattr(event, "former_starts_at"):
        return local_time.span(event.starts_at, event.former_ends_at, language)
    if place_of(event) == former_place_of(event):
        return ""
    place = situation.former_facility or Facility(facility=event.former_facility, names={}, units={})
    where = f"{one_line(place.name(language))} {one_line(place.unit_name(event.former_unit, language))}"
    return f"{local_time.span(event.former_starts_at, event.former_ends_at, language)} · {where}"


def place_of(event: Any) -> tuple[Any, ...]:
    return event.facility, event.unit, event.starts_at, event.ends_at


def former_place_of(event: Any) -> tuple[Any, ...]:
    return event.former_facility, event.former_unit, event.former_starts_at, event.former_ends_at


def decide_by(
    situation: Situation, language: str, words: Callable[[datetime, str], str] = local_time.moment,
) -> str:
    instant = getattr(situation.event, "decide_by", None)
    return words(instant, language) if instant else ""


def name_of(people: Mapping[str, Person], person: str, nobody: str) -> str:
    """A person's name; the sign-in name where no copy has arrived; an empty actor is the system."""
    known = people.get(person)
    return one_line(known.name) if known else person or nobody
