"""Find a time: where, how long and between which dates; the best times, or what stands in the way and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext

from services.contracts.errors import InvalidInput
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.draft import local_moment
from services.portal.pages.numbers import number, whole
from services.portal.pages.pieces import pieces_of
from services.portal.pages.requesting import projects, teams
from services.portal.pages.timeline import MINUTES_PER_DAY, at
from services.portal.pages.waiting_draft import USUAL_LENGTHS
from services.portal.pages.waiting_words import may_wait
from services.portal.pages.words import KINDS

PARTS = {
    "morning": lazy_gettext("in the morning (6–12)"),
    "afternoon": lazy_gettext("in the afternoon (12–18)"),
    "evening": lazy_gettext("in the evening (18–24)"),
    "night": lazy_gettext("at night (0–6)"),
}
RUN = ("people", "family", "places", "temperature", "ramp", "contamination")
"""What the reservation's form takes over from here."""

USUAL_DAYS, MOST_DAYS, MOST_FOUND = 30, 92, 8
ANYWHERE = "kind:"


@dataclass(frozen=True)
class Sought:
    """The form as typed, with what it means where it can be read."""

    place: str
    minutes: int
    first: date
    last: date
    texts: Mapping[str, str]

    @property
    def facility(self) -> str | None:
        return None if self.place.startswith(ANYWHERE) else self.place

    @property
    def kind(self) -> str | None:
        kind = self.place.removeprefix(ANYWHERE)
        return kind if kind != self.place and kind in KINDS else None

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()[:200]

    def number(self, name: str) -> int | str | None:
        return number(self.text(name)) if self.text(name) else None


def sought(arguments: Mapping[str, str], facilities: list[dict[str, Any]]) -> Sought:
    """What an address asks for; what it leaves out is proposed."""
    first = max(day_in(arguments, "from") or local_time.today(), local_time.today())
    last = day_in(arguments, "to") or first + timedelta(days=USUAL_DAYS)
    places = [f"{ANYWHERE}{kind}" for kind in KINDS] + [item["code"] for item in facilities]
    chosen = arguments.get("place") or arguments.get("facility") or ""
    minutes = whole(arguments.get("minutes", ""))
    return Sought(
        place=chosen if chosen in places else next(item["code"] for item in facilities if item["active"]),
        minutes=minutes if 0 < minutes <= 527040 else 120,
        first=first, last=min(max(last, first), first + timedelta(days=MOST_DAYS - 1)), texts=arguments,
    )


def day_in(arguments: Mapping[str, str], name: str) -> date | None:
    moment = local_moment(f"{arguments.get(name, '')}T00:00")
    return moment and local_time.local_day(moment)


def question_of(asked: Sought) -> dict[str, Any]:
    """The fields of the query that booking answers."""
    profile = {name: asked.number(name) for name in ("temperature", "ramp") if asked.text(name)}
    if asked.text("contamination"):
        profile["contamination"] = asked.text("contamination")
    return {
        "minutes": asked.minutes, "facility": asked.facility, "kind": asked.kind,
        "starts_at": at(asked.first, 0).isoformat(), "ends_at": at(asked.last, MINUTES_PER_DAY).isoformat(),
        "equivalents": bool(asked.text("equivalents")), "team": asked.text("team") or None,
        "project": asked.text("project") or None, "part": asked.text("part") or None,
        "people": asked.number("people") or 1, "family": asked.text("family") or None,
        "places": asked.number("places"), "profile": profile, "limit": MOST_FOUND,
    }


@blueprint.get("/find")
def find() -> Response:
    facilities = [item for item in backend.facilities() if item["active"]]
    own = teams()
    arguments = request.args.to_dict()
    arguments.setdefault("team", own[0]["code"] if own else "")
    asked, errors, found = sought(arguments, facilities), {}, None
    if "minutes" in request.args:
        try:
            found = backend.ask("booking", "find_times", **question_of(asked))
        except InvalidInput as refusal:
            errors = refusal.facts.get("errors", {})
    return make_response(render_template(
        "finding/page.html", **shown(asked, facilities), teams=own, projects=projects(asked.text("team")),
        found=found and [told(each, asked) for each in found["items"]], errors=errors,
        in_the_way=found["in_the_way"] if found else (), wait=wait_address(asked, found),
    ), 422 if errors else 200)


def shown(asked: Sought, facilities: list[dict[str, Any]]) -> dict[str, Any]:
    facility = next((item for item in facilities if item["code"] == asked.facility), None)
    return {
        "asked": asked, "facility": facility, "facilities": facilities, "kinds": KINDS, "parts": PARTS,
        "lengths": sorted({*USUAL_LENGTHS, asked.minutes}),
        "facility_names": {item["code"]: item["names"] for item in facilities},
        "unit_names": {unit["code"]: unit.get("names") for item in facilities for unit in item["units"]},
        "classes": sorted({each for group in (facility or {}).get("sharing", {}).get("contamination", ())
                           for each in group}),
        "most_places": max((unit.get("places", 1) for unit in facility["units"]), default=1) if facility else 1,
        "earliest_day": local_time.today(),
    }


def told(item: dict[str, Any], asked: Sought) -> dict[str, Any]:
    """A time with the address of the form that asks for it, everything filled in that was said here."""
    kept = {name: asked.text(name) for name in ("team", "project", *RUN) if asked.text(name)}
    if pieces := item.get("pieces"):
        return item | {"address": url_for(
            "pages.split_form", facility=item["facility"], piece=pieces_of(pieces), **kept)}
    start, end = (local_time.local_text(local_time.instant(item[name])) for name in ("starts_at", "ends_at"))
    return item | {"address": url_for(
        "pages.new_reservation", facility=item["facility"], unit=item["unit"], start=start, end=end, **kept)}


def wait_address(asked: Sought, found: Mapping[str, Any] | None) -> str | None:
    """Where one waits for the facility, if waiting may help."""
    blocked = found["in_the_way"] if found else ()
    if asked.facility is None or not any(each["facility"] == asked.facility and may_wait(each) for each in blocked):
        return None
    kept = {name: asked.text(name) for name in ("team", "project") if asked.text(name)}
    return url_for(
        "pages.new_wait_entry", facility=asked.facility, minutes=asked.minutes, to=asked.last.isoformat(),
        **{"from": asked.first.isoformat()}, **kept)
