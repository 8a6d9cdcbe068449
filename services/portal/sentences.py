"""Rules, errors and their facts as sentences in the reader's language.

    sentence(refusal)            a Refusal: what happened
    sentence(violation)          {rule, facts, ...}: which rule of use, and what it asks for
    field_sentence(word)         what is wrong with one field ("naive_time", "too_long", ...)

The language is that of the present answer (language.py), or the one given (zh-Hans, en).
Times are those of the base, Asia/Shanghai, with the weekday.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import force_locale, get_locale, gettext, ngettext

from services.contracts.errors import Refusal
from services.portal.language import LOCALES
from services.portal.wording import (
    ACTIONS,
    DETAILS,
    FIELDS,
    INTERRUPTIONS,
    PROFILE,
    QUOTA_PERIODS,
    QUOTA_SCOPES,
    REFUSALS,
    SPECIAL_DAYS,
    STATES,
)

ZONE = ZoneInfo("Asia/Shanghai")


def sentence(subject: Refusal | Mapping[str, Any], language: str | None = None) -> str:
    """What a refusal or a violation says to a person."""
    with in_language(language):
        return of_refusal(subject) if isinstance(subject, Refusal) else of_violation(subject)


def field_sentence(word: str, language: str | None = None) -> str:
    """What is wrong with a field; a word that is not known here comes back as it is."""
    with in_language(language):
        return gettext(FIELDS[word]) if word in FIELDS else word


def in_language(language: str | None) -> Any:
    return force_locale(LOCALES[language]) if language else nullcontext()


def of_refusal(refusal: Refusal) -> str:
    facts = refusal.facts
    if "opens_at" in facts:
        return gettext("Check-in opens on %(moment)s.", moment=moment(facts["opens_at"]))
    if facts.get("reason") in DETAILS:
        return gettext(DETAILS[facts["reason"]])
    if refusal.code == "wrong_state" and facts.get("state") in STATES:
        return of_wrong_state(facts)
    return gettext(REFUSALS.get(refusal.code, "This did not work."))


def of_wrong_state(facts: Mapping[str, Any]) -> str:
    state = gettext(STATES[facts["state"]])
    if facts.get("action") not in ACTIONS:
        return gettext("The reservation is now: %(state)s. This is no longer possible.", state=state)
    action = gettext(ACTIONS[facts["action"]])
    return gettext("The reservation is now: %(state)s. %(action)s is no longer possible.", state=state, action=action)


def of_violation(violation: Mapping[str, Any]) -> str:
    told = VIOLATIONS.get(violation["rule"])
    return told(violation.get("facts", {})) if told else gettext("A rule of use does not allow this time.")


def moment(text: str) -> str:
    """11月26日 周四 09:00 / Thu 26 Nov 09:00."""
    local = datetime.fromisoformat(text).astimezone(ZONE)
    pattern = "EEE d MMM y" if get_locale().language == "en" else "y年M月d日 EEE"
    return f"{format_date(local.date(), pattern, locale=get_locale())} {local:%H:%M}"


def length(minutes: int) -> str:
    """The two largest parts of a length: 1 day 2 h."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [
        ngettext("%(num)d day", "%(num)d days", days) if days else "",
        gettext("%(number)d h", number=hours) if hours else "",
        gettext("%(number)d min", number=left) if left and not days else "",
    ]
    return " ".join(part for part in parts if part) or gettext("%(number)d min", number=0)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def named(names: Mapping[str, str], code: str) -> str:
    """A thing's name in the language of the answer; its code where it has none."""
    return names.get("en" if get_locale().language == "en" else "zh-Hans") or code


def hours(opens: Sequence[Any]) -> str:
    """Opening hours: pairs of minutes, or one list of pairs per day."""
    pairs = [pair for item in opens if item for pair in ([item] if isinstance(item[0], int) else item)]
    told = dict.fromkeys(f"{clock(start)}–{clock(end)}" for start, end in pairs)  # mostly each day is like the other
    return ", ".join(told) or gettext("closed")


def in_reader(names: Mapping[str, str]) -> str:
    """A text that is given per language: the reader's, or else the one that there is."""
    wanted = "en" if get_locale().language == "en" else "zh-Hans"
    return names.get(wanted) or next((text for text in names.values() if text), "")


def outside(facts: Mapping[str, Any]) -> str:
    """Outside the opening hours, and which of the days keep other hours than usual."""
    told = gettext("This lies outside the opening hours (%(hours)s).", hours=hours(facts.get("opens", [])))
    if not facts.get("special"):
        return told
    days = ", ".join(f"{day['date']} {special_day(**day)}" for day in facts["special"])
    return gettext("%(told)s Days with hours of their own: %(days)s.", told=told, days=days)


def special_day(kind: str, names: Mapping[str, str], **_rest: Any) -> str:
    return in_reader(names) or gettext(SPECIAL_DAYS[kind])


def interrupted(facts: Mapping[str, Any]) -> str:
    """Why nothing can be run there, and until when."""
    kind, reason = facts["kind"], in_reader(facts["reason"]).rstrip("。.")
    told = {"kind": gettext(INTERRUPTIONS[kind]), "moment": moment(facts["until"]), "reason": reason}
    if facts.get("open_end"):
        return gettext("%(kind)s, probably until %(moment)s: %(reason)s.", **told)
    return gettext("%(kind)s until %(moment)s: %(reason)s.", **told)


def listed(things: Sequence[Mapping[str, Any]]) -> str:
    """Things with their names per language, in the reader's."""
    return joined(in_reader(thing["names"]) or thing["code"] for thing in things)


def joined(parts: Iterable[str]) -> str:
    return (", " if get_locale().language == "en" else "、").join(parts)


def exceeded(facts: Mapping[str, Any]) -> str:
    """Which quota is used up, by how much."""
    scope, per = facts["scope"], facts["per"]
    told = {"whose": gettext(QUOTA_SCOPES[scope]), "subject": facts["subject"]}
    if per == "open":
        return ngettext(
            "%(whose)s %(subject)s may have %(num)d reservation open at a time, and has it.",
            "%(whose)s %(subject)s may have %(num)d reservations open at a time, and has them.",
            facts["limit"], **told)
    figures = {name: weighted(facts[name]) for name in ("limit", "used", "asked")}
    told |= figures | {"period": gettext(QUOTA_PERIODS[per]), "first": day(facts["starts_at"])}
    return gettext(
        "%(whose)s %(subject)s may use %(limit)s h %(period)s (from %(first)s); %(used)s h are used, and this takes "
        "%(asked)s h.", **told)


def weighted(minutes: int) -> str:
    """Minutes as hours, with a decimal where they are not whole."""
    return f"{round(minutes / 60, 1):g}"


def day(text: str) -> str:
    local = datetime.fromisoformat(text).astimezone(ZONE)
    return format_date(local.date(), "d MMM" if get_locale().language == "en" else "M月d日", locale=get_locale())


VIOLATIONS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "not_whole_grid": lambda facts: gettext(
        "Start and end must lie on the facility's grid of %(length)s.", length=length(facts["granularity_minutes"])),
    "too_short": lambda facts: gettext("At least %(length)s are needed.", length=length(facts["shortest_minutes"])),
    "too_long": lambda facts: gettext("At most %(length)s are possible.", length=length(facts["longest_minutes"])),
    "too_elastic": lambda facts: gettext(
        "A run may end at most %(length)s later than planned here.", length=length(facts["elastic_minutes"]))
        if facts["elastic_minutes"] else gettext("Runs end when they were planned to here."),
    "in_the_past": lambda _facts: gettext("This time has already begun."),
    "too_little_notice": lambda facts: gettext(
        "This facility wants %(length)s of notice: the earliest start is %(moment)s.",
        length=length(facts["notice_minutes"]), moment=moment(facts["earliest"])),
    "beyond_horizon": lambda facts: gettext(
        "Reservations open %(days)d days ahead: the latest is %(moment)s.",
        days=facts["horizon_days"], moment=moment(facts["latest"])),
    "outside_opening_hours": outside,
    "interrupted": interrupted,
    "facility_inactive": lambda _facts: gettext("This facility takes no reservations at present."),
    "not_qualified": lambda facts: gettext(
        "This facility requires the training “%(training)s”. Ask for it, or name an operator who has it.",
        training=named(facts["names"], facts["qualification"])),
    "qualification_ends": lambda facts: gettext(
        "The operator's training “%(training)s” ends on %(moment)s, before the run does.",
        training=named(facts["names"], facts["qualification"]), moment=moment(facts["until"])),
    "too_late_to_change": lambda facts: gettext(
        "Changes want %(length)s of notice; that was until %(moment)s. You may still make it shorter.",
        length=length(facts["notice_minutes"]), moment=moment(facts["until"])),
    "too_late_to_cancel": lambda facts: gettext(
        "Cancelling wants %(length)s of notice; that was until %(moment)s. Ask the facility's manager to cancel it.",
        length=length(facts["notice_minutes"]), moment=moment(facts["until"])),
    "too_many_people": lambda facts: gettext(
        "At most %(most)d people may be on site at once; there is room for %(left)d then.",
        most=facts["most_people"], left=facts["left"]),
    "answer_missing": lambda facts: gettext(
        "Please answer: %(questions)s",
        questions="; ".join(named(each["names"], each["code"]) for each in facts["questions"])),
    "attachment_missing": lambda _facts: gettext("A file has to be attached before it can be approved."),
    "unit_not_choosable": lambda _facts: gettext("The unit is chosen by the system here; leave it open."),
    "family_missing": lambda facts: gettext(
        "Say which product family is run: %(names)s.", names=listed(facts["families"])),
    "unknown_family": lambda facts: gettext(
        "This product family is not run here; choose one of: %(names)s.", names=listed(facts["families"])),
    "profile_missing": lambda facts: gettext(
        "To share a unit, say what your run does to its neighbours. Missing: %(names)s.",
        names=joined(gettext(PROFILE[name]) for name in facts["missing"])),
    "unknown_contamination": lambda facts: gettext(
        "This contamination class is not known here; choose one of: %(names)s.", names=joined(facts["classes"])),
    "quota_exceeded": exceeded,
    "no_room_there": lambda _facts: gettext("Your reservation does not fit there: the time before or after is taken."),
    "impossible_for_other": lambda _facts: gettext("It would not be possible for the other team."),
    "campaign_order": lambda facts: gettext(
        "The steps of a campaign run in their order, and step %(step)d is from %(starts)s to %(ends)s.",
        step=facts["step"], starts=moment(facts["starts_at"]), ends=moment(facts["ends_at"])),
    "gap_too_short": lambda facts: gettext(
        "At least %(length)s must lie between this and step %(step)d (from %(starts)s to %(ends)s).",
        length=length(facts["least_gap_minutes"]), step=facts["step"], starts=moment(facts["starts_at"]),
        ends=moment(facts["ends_at"])),
    "gap_too_long": lambda facts: gettext(
        "At most %(length)s may lie between this and step %(step)d (from %(starts)s to %(ends)s).",
        length=length(facts["most_gap_minutes"]), step=facts["step"], starts=moment(facts["starts_at"]),
        ends=moment(facts["ends_at"])),
    "still_collected": lambda facts: gettext(
        "Requests for this time are collected until %(moment)s and then decided together; ask for it with the others.",
        moment=moment(facts["until"])),
    "too_many_rivals": lambda facts: gettext(
        "%(number)d requests and more compete for this time already; take another time, or wait for this one on the "
        "list.", number=facts["most"]),
    "too_many_places": lambda facts: ngettext(
        "A unit has only %(num)d place here.", "A unit has at most %(num)d places here.", facts["places"]),
}
