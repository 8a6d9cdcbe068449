"""A rival's sum, a draw and a decision among rivals in the reader's language. Rivals are numbers, never names."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from services.portal.pages import local_time
from services.portal.pages.words import PRIORITY_NAMES

PARTS = {
    "priority": lazy_gettext("Class of the project"),
    "fair_share": lazy_gettext("Fair share"),
    "deadline": lazy_gettext("Deadline"),
    "waiting": lazy_gettext("Waiting time"),
    "regret": lazy_gettext("Other ways"),
}
HINTS = {
    "priority": lazy_gettext("Key projects and urgent work come first."),
    "fair_share": lazy_gettext("The less of late was used of what the company is entitled to, the more points."),
    "deadline": lazy_gettext("The nearer the date by which it is needed, the more points."),
    "waiting": lazy_gettext("The longer ago it was asked for, the more points."),
    "regret": lazy_gettext("The further away the best other time, the more points."),
}


def part_told(part: Mapping[str, Any]) -> str:
    """The figures behind the points; nothing where they are not told."""
    facts = part.get("facts") or {}
    return TOLD[part["part"]](facts) if facts else ""


def told_of_class(facts: Mapping[str, Any]) -> str:
    return str(PRIORITY_NAMES.get(facts["class"], facts["class"]))


def told_of_share(facts: Mapping[str, Any]) -> str:
    if not facts["used_minutes"]:
        return gettext("nothing used lately")
    return gettext(
        "%(used)s used lately, entitled to %(entitled)s; what is longer ago counts less",
        used=local_time.length_words(facts["used_minutes"]),
        entitled=local_time.length_words(facts["entitled_minutes"]),
    )


def told_of_deadline(facts: Mapping[str, Any]) -> str:
    if not facts["needed_by"]:
        return gettext("no deadline given")
    return gettext("needed by %(day)s", day=local_time.day_words(local_time.day_of(facts["needed_by"])))


def told_of_waiting(facts: Mapping[str, Any]) -> str:
    return gettext("asked on %(moment)s", moment=local_time.moment_words(local_time.instant(facts["since"])))


def told_of_regret(facts: Mapping[str, Any]) -> str:
    shift = facts["shift_minutes"]
    if shift is None:
        return gettext("no other time within a week")
    if not shift:
        return gettext("the same time elsewhere")
    away = local_time.length_words(shift)
    if facts["elsewhere"]:
        return gettext("the best other time is %(length)s away, elsewhere", length=away)
    return gettext("the best other time is %(length)s away", length=away)


TOLD = {
    "priority": told_of_class, "fair_share": told_of_share, "deadline": told_of_deadline, "waiting": told_of_waiting,
    "regret": told_of_regret,
}


def sum_told(parts: list[Mapping[str, Any]], total: float) -> str:
    """The sum in one line: Class of the project 30 + Fair share 12.5 = 42.5."""
    added = " + ".join(f"{PARTS[part['part']]} {points(part['points'])}" for part in parts)
    return f"{added} = {points(total)}"


def points(value: float) -> str:
    return f"{value:g}"


def place_told(kept: Mapping[str, Any]) -> str:
    """Who or what decided, and in which place the request was."""
    if kept["of"] == 1:
        return gettext("Nobody else asked for the time.")
    told = {"rank": kept["rank"], "of": kept["of"]}
    if kept["by"] == "draw":
        return gettext("A draw decided. The request was in place %(rank)d of %(of)d.", **told)
    if kept["by"] == "manager":
        return gettext("A manager decided. In the ranking the request was in place %(rank)d of %(of)d.", **told)
    return gettext(
        "Nobody decided in time, so the ranking did. The request was in place %(rank)d of %(of)d.", **told)


def explained(kept: Mapping[str, Any]) -> list[str]:
    """A decision among rivals, sentence by sentence."""
    told = [place_told(kept)]
    if kept.get("reason"):
        told.append(gettext("Reason: %(reason)s", reason=kept["reason"]))
    if kept.get("parts"):
        told.append(gettext("Its sum: %(sum)s points.", sum=sum_told(kept["parts"], kept["total"])))
    if kept.get("draw"):
        told.append(gettext("Its number: %(ticket)s.", ticket=ticket_told(kept["draw"])))
    told += winner_told(kept["winner"], kept["rank"]) if kept.get("winner") else []
    if kept.get("violations"):
        told.append(gettext("By then it would have broken a rule of use, so it could not be placed."))
    return told


def winner_told(winner: Mapping[str, Any], rank: int) -> list[str]:
    """Whom it had to give way to, without a name."""
    if winner.get("draw"):
        return [gettext("The request that got the time drew: %(ticket)s.", ticket=ticket_told(winner["draw"]))]
    told = [gettext(
        "The request that got the time was in place %(rank)d: %(sum)s points.",
        rank=winner["rank"], sum=sum_told(winner["parts"], winner["total"]),
    )]
    if winner["rank"] > rank:
        told.append(gettext("The manager departed from the ranking."))
    return told


def ticket_told(ticket: Mapping[str, Any]) -> str:
    return gettext(
        "entry %(entry)d, weight %(weight)s, key %(key)s",
        entry=ticket["entry"], weight=points(ticket["weight"]), key=f"{ticket['key']:.6f}",
    )


def collected_told(kept: Mapping[str, Any]) -> list[str]:
    """How it began: with whom, and until when."""
    moment = local_time.moment_words(local_time.instant(kept["decide_by"]))
    how = gettext("by draw") if kept["allocation"] == "draw" else gettext("by a manager, or else by the ranking")
    told = [gettext("The request was collected, to be decided %(how)s on %(moment)s.", how=how, moment=moment)]
    if kept["rivals"]:
        told.append(ngettext(
            "Then there was %(num)d rival.", "Then there were %(num)d rivals.", kept["rivals"]))
    return told
