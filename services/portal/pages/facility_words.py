"""Opening hours and rules of use as people say them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext

from services.portal.pages import local_time
from services.portal.pages.words import STAGES
from services.portal.sentences import clock

MONDAY = date(2024, 1, 1)
# Rules that a facility may do without: nothing is said of zero minutes.
OPTIONAL_RULES = {
    "notice_minutes": lazy_gettext("At least %(length)s of notice."),
    "setup_minutes": lazy_gettext("%(length)s before each reservation are kept for setting up."),
    "cleardown_minutes": lazy_gettext("%(length)s after each reservation are kept for clearing down."),
}


def opening_words(opening_hours: Sequence[Sequence[Sequence[int]]]) -> list[tuple[str, str]]:
    """Opening hours as lines: weekdays with the same hours together."""
    lines: list[tuple[int, int, Any]] = []
    for number, hours in enumerate(opening_hours):
        if lines and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], number, hours)
        else:
            lines.append((number, number, hours))
    return [(days_words(first, last), hours_of_day(hours)) for first, last, hours in lines]


def days_words(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return gettext("Every day")
    names = [local_time.weekday_words(MONDAY + timedelta(days=number)) for number in (first, last)]
    return names[0] if first == last else gettext("%(first)s to %(last)s", first=names[0], last=names[1])


def hours_of_day(pairs: Sequence[Sequence[int]]) -> str:
    if not pairs:
        return gettext("closed")
    if [list(pair) for pair in pairs] == [[0, 1440]]:
        return gettext("day and night")
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in pairs)


def length(minutes: int) -> str:
    """A length as rules name it: whole days, else hours, so that 1000 h are not 41 days 16 h."""
    if minutes > 1440 and minutes % 1440 and minutes % 60 == 0:
        return gettext("%(number)d h", number=minutes // 60)
    return local_time.length_words(minutes)


def rules(facility: dict[str, Any]) -> list[str]:
    """The rules of use as sentences."""
    told = [
        gettext(
            "From %(shortest)s to %(longest)s at a time, in steps of %(step)s.",
            shortest=length(facility["shortest_minutes"]),
            longest=length(facility["longest_minutes"]),
            step=length(facility["granularity_minutes"]),
        ),
        gettext("Open for reservations %(days)d days ahead.", days=facility["horizon_days"]),
    ]
    told += [str(text) % {"length": length(facility[name])} for name, text in OPTIONAL_RULES.items() if facility[name]]
    told += said_rules(facility)
    if facility["approval"] == "stages":
        return [*told, *stage_rules(facility)]
    if facility["approval"] == "automatic":
        return [*told, gettext("Requests within the rules are confirmed at once.")]
    deadline = length(facility["decision_hours"] * 60)
    return [*told, gettext("The manager decides within %(length)s; otherwise the request expires.", length=deadline)]


def said_rules(facility: dict[str, Any]) -> list[str]:
    """What a request has to say, and how late it may still be changed."""
    told = []
    if facility["most_people"]:
        told.append(gettext("At most %(num)d people on site at once.", num=facility["most_people"]))
    if any(question.get("required") for question in facility["questions"]):
        told.append(gettext("A request answers some questions."))
    if facility["attachments"] == "required":
        told.append(gettext("A file has to be attached before it can be approved."))
    if facility["change_notice_minutes"]:
        told.append(gettext("Changes up to %(length)s before; shorter always.", length=length(
            facility["change_notice_minutes"])))
    if facility["cancel_notice_minutes"]:
        told.append(gettext("Cancelled by the team up to %(length)s before.", length=length(
            facility["cancel_notice_minutes"])))
    if facility["details"] == "company":
        told.append(gettext("Teams of one company see each other's plans here."))
    return told


def stage_rules(facility: dict[str, Any]) -> list[str]:
    """Who agrees, one after the other, and within which time."""
    deadline = length(facility["decision_hours"] * 60)
    return [
        gettext("Agreed to by: %(stages)s.", stages=stage_words(facility)),
        gettext("Each of them decides within %(length)s.", length=deadline),
    ]


def stage_words(facility: dict[str, Any]) -> str:
    return " → ".join(stage_told(stage) for stage in facility["stages"])


def stage_told(stage: dict[str, Any]) -> str:
    name, above = str(STAGES[stage["by"]]), stage.get("above_minutes") or 0
    conditions = [
        gettext("above %(length)s", length=length(above)) if above else "",
        gettext("with a hazard") if stage.get("on_hazard") else "",
    ]
    told = [each for each in conditions if each]
    return gettext("%(name)s (%(when)s)", name=name, when=", ".join(told)) if told else name
