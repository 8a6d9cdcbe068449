"""Qualifications, trainings, quotas and use as words for the person, the managers or the leads."""

from typing import Any

from services.contracts.events import QuotaNearlyUsed
from services.notify.domain import local_time
from services.notify.domain.audience import Part
from services.notify.domain.notices import Notice
from services.notify.rendering.facts import name_of, one_line, shortened
from services.notify.rendering.lists import Words, listed
from services.notify.rendering.words import ACCOUNTS, LABELS, PERIODS, SCOPES, hours


def qualification(notice: Notice, part: Part, language: str) -> Words:
    details = notice.details
    name = named(details["names"], language)
    until = local_time.moment(details["until"], language)
    return {
        "headline": name,
        "when": until,
        "card_times": (details["until"], None),
        "days": details["days"],
        "until": until,
        "path": "/trainings",
        "rows": [("qualification", name), ("until", until + LABELS[language]["beijing_time"])],
    }


def training(notice: Notice, part: Part, language: str) -> Words:
    details, facility = notice.details, notice.facility
    name, person = named(details["names"], language), name_of(notice.people, details["person"], "")
    where = one_line(facility.name(language)) if facility else ""
    return {
        "headline": name,
        "when": where,
        "card_times": (details["at"], None),
        "by": person,
        "person": person,
        "actor": name_of(notice.people, details["actor"], LABELS[language]["system"]),
        "reason": details["reason"].strip(),
        "path": "/trainings",
        "rows": [
            ("qualification", name),
            ("facility", where),
            ("person", person if part is Part.MANAGER else ""),
            ("note", shortened(details["note"])),
            ("reason", details["reason"].strip()),
        ],
    }


def account(notice: Notice, part: Part, language: str) -> Words:
    details = notice.details
    at = local_time.moment(details["at"], language)
    return {
        "headline": ACCOUNTS[language][details["channel"]],
        "when": at,
        "card_times": (details["at"], None),
        "unfollowed": details["reason"] == "unfollowed",
        "path": "/account/channels",
        "rows": [("time", at + LABELS[language]["beijing_time"])],
    }


def quota(notice: Notice, part: Part, language: str) -> Words:
    event, labels = notice.details["event"], LABELS[language]
    scope, period = SCOPES[language][event.scope], PERIODS[language][event.per]
    used, limit = counted(event.used, event.per, language), counted(event.limit, event.per, language)
    team, whose = one_line(notice.team.name), whose_quota(notice, event)
    return {
        "headline": f"{scope} · {whose}",
        "when": f"{used} / {limit} · {period}",
        "card_times": (event.starts_at, None),
        "card_title": whose,
        "whose": whose,
        "used": used,
        "limit": limit,
        "period": period,
        "share": round(100 * event.used / event.limit) if event.limit else 100,
        "path": "/reservations",
        "open": labels["open_reservations"],
        "rows": [
            ("team", team),
            ("scope", f"{scope} · {whose}"),
            ("period", since(event, period, language)),
            ("used", used),
            ("limit", limit),
        ],
    }


def whose_quota(notice: Notice, event: QuotaNearlyUsed) -> str:
    if event.scope == "person":
        return name_of(notice.people, event.subject, "")
    if event.scope == "project":
        return one_line(notice.team.projects.get(event.subject, event.subject))
    return one_line(notice.team.company_name if event.scope == "company" else notice.team.name)


def since(event: QuotaNearlyUsed, period: str, language: str) -> str:
    if event.per == "open":
        return period
    return LABELS[language]["since"].format(period=period, day=local_time.day(event.starts_at, language))


def counted(amount: int, per: str, language: str) -> str:
    """A number of open reservations, or weighted minutes as hours."""
    return LABELS[language]["count"].format(number=amount) if per == "open" else hours(amount, language)


def use(notice: Notice, part: Part, language: str) -> Words:
    details, team, labels = notice.details, one_line(notice.team.name), LABELS[language]
    first, last = details["period"]
    total = {name: sum(row[name] for row in details["rows"]) for name in FIGURES}
    booked, used = hours(total["booked_minutes"], language), hours(total["used_minutes"], language)
    when = f"{local_time.day(first, language)} – {local_time.day(local_time.day_before(last), language)}"
    return {
        "headline": team,
        "team": team,
        "when": when,
        "card_times": (first, last),
        "booked": booked,
        "used": used,
        "count": total["reservations"],
        "no_shows": total["no_shows"],
        "cancelled": total["cancelled"],
        "path": "/reservations?show=past",
        "open": labels["open_reservations"],
        "items": listed([use_line(row, details["facilities"], language) for row in details["rows"]], language),
        "rows": [
            ("team", team),
            ("period", when),
            ("reservations", str(total["reservations"])),
            ("booked", booked),
            ("used", used),
            ("no_shows", str(total["no_shows"] or "")),
            ("cancelled", str(total["cancelled"] or "")),
        ],
    }


FIGURES = ("reservations", "booked_minutes", "used_minutes", "no_shows", "cancelled")


def use_line(row: dict[str, Any], facilities: dict[str, Any], language: str) -> str:
    facility, labels = facilities.get(row["facility"]), LABELS[language]
    name = one_line(facility.name(language)) if facility else row["facility"]
    booked = f"{labels['booked']} {hours(row['booked_minutes'], language)}"
    used = f"{labels['used']} {hours(row['used_minutes'], language)}"
    return f"{name}{labels['between']}{booked}{labels['comma']}{used}"


def named(names: dict[str, str], language: str) -> str:
    return one_line(names.get(language) or names.get("zh-Hans") or next(iter(names.values()), ""))
