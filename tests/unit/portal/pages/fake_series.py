"""Series in memory, for the pages: every date of a rule is judged by the fake booking's own check."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.errors import DatesClash, NotFound
from services.portal.pages.timeline import ZONE

NAMES = (
    "series", "check_series", "check_series_move", "request_series", "move_series", "add_series_dates",
    "approve_series", "reject_series", "cancel_series",
)


def steps_of(rule: str) -> tuple[timedelta, int]:
    """How far apart and how many; enough of a rule for pages."""
    parts = dict(part.split("=") for part in rule.split(";"))
    step = timedelta(days={"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28}[parts["FREQ"]])
    return step, int(parts.get("COUNT", "4"))


class FakeSeries:
    """Mixed into the fake base beside FakeBooking."""

    def spans_of(self, starts_at: str, ends_at: str, rule: str) -> list[tuple[datetime, datetime]]:
        step, count = steps_of(rule)
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        return [(start + number * step, end + number * step) for number in range(count)]

    def check_series(self, actor, facility, starts_at, ends_at, rule, team=None, unit=None, **_more):
        dates = []
        for start, end in self.spans_of(starts_at, ends_at, rule):
            found = self.check_slot(actor, facility, start.isoformat(), end.isoformat(), team, unit)
            dates.append(found | {
                "date": start.astimezone(ZONE).date().isoformat(), "facility": facility, "unit": found["unit"],
                "starts_at": start.isoformat(), "ends_at": end.isoformat(),
            })
        return {"rule": rule, "zone": "Asia/Shanghai", "dates": dates}

    def request_series(self, actor, request_key, rule, on_clash, choices, purpose, **fields):
        chosen = {each["date"]: each for each in choices}
        found = self.check_series(actor, rule=rule, **fields)["dates"]
        clashes = [each for each in found if not each["ok"] and each["date"] not in chosen]
        if clashes and on_clash == "refuse":
            raise DatesClash(clashes=clashes)
        skipped = {day for day, each in chosen.items() if each.get("action") == "skip"}
        identifier = str(UUID(int=77 + len(self.repeated), version=4))
        first = found[0]
        self.repeated[identifier] = {
            "id": identifier, "version": 1, "rule": rule, "zone": "Asia/Shanghai", "first_date": first["date"],
            "facility": fields["facility"], "unit": None, "clock": "10:00", "length_minutes": 120, "days_later": 0,
            "team": fields["team"], "team_name": "海晏光电", "project": None, "purpose": purpose, "requester": actor,
            "requester_name": "李薇", "skipped": sorted(skipped), "dates": found,
        }
        for each in found:
            if each["date"] not in skipped:
                taken = chosen.get(each["date"], each)
                self.add_member(identifier, each["date"], taken, actor, purpose, fields)
        return self.step_of(identifier)

    def add_member(self, identifier, day, taken, actor, purpose, fields):
        answer = self.request_reservation(
            actor, f"{identifier}-{day}", taken["facility"], *(
                taken[name] if isinstance(taken[name], str) else taken[name].isoformat()
                for name in ("starts_at", "ends_at")),
            fields["team"], purpose)
        self.reservations[answer["id"]] |= {"series": identifier, "series_date": day}

    def members_of(self, identifier: str) -> list[dict[str, Any]]:
        found = [each for each in self.reservations.values() if each.get("series") == identifier]
        return sorted(found, key=lambda each: each["series_date"])

    def step_of(self, identifier: str, members: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        kept = self.repeated[identifier]
        members = self.members_of(identifier) if members is None else members
        return {"id": identifier, "version": kept["version"], "rule": kept["rule"], "skipped": kept["skipped"],
                "members": members}

    def series(self, actor, series):
        if series not in self.repeated:
            raise NotFound
        kept = self.repeated[series]
        members = self.members_of(series)
        living = {each["series_date"] for each in members if each["state"] in ("requested", "approved")}
        own = self.own(actor, kept)
        return {name: value for name, value in kept.items() if name not in ("skipped", "dates")} | {
            "mine": own, "members": [each | {"allowed_actions": ["move"]} for each in members],
            "allowed_actions": ["move", "cancel", "add"] if own else ["approve", "reject", "move"],
            "open_dates": [
                {name: each[name] for name in ("date", "starts_at", "ends_at")} | {
                    "skipped": each["date"] in kept["skipped"]}
                for each in kept["dates"] if each["date"] not in living
            ],
        }

    def check_series_move(self, actor, series, choices=(), from_date=None, clock=None, **change):
        hours, minutes = (int(part) for part in (clock or "10:00").split(":"))
        dates = []
        for each in self.members_of(series):
            if from_date and each["series_date"] < from_date:
                continue
            local = datetime.fromisoformat(each["starts_at"]).astimezone(ZONE)
            start = local.replace(hour=hours, minute=minutes)
            end = start + timedelta(minutes=change.get("length_minutes") or 120)
            found = self.check_slot(
                actor, each["facility"], start.isoformat(), end.isoformat(), reservation=each["id"])
            dates.append(found | {
                "date": each["series_date"], "facility": each["facility"], "unit": each["unit"],
                "starts_at": start.isoformat(), "ends_at": end.isoformat(), "former": each,
            })
        return {"rule": self.repeated[series]["rule"], "zone": "Asia/Shanghai", "dates": dates}

    def move_series(self, actor, request_key, series, version, on_clash, choices, **change):
        kept = {each["date"] for each in choices if each.get("action") == "keep"}
        found = self.check_series_move(actor, series, **change)["dates"]
        clashes = [each for each in found if not each["ok"] and each["date"] not in {one["date"] for one in choices}]
        if clashes and on_clash == "refuse":
            raise DatesClash(clashes=clashes)
        moved = [each for each in found if each["ok"] and each["date"] not in kept]
        for each in moved:
            self.reservations[each["former"]["id"]] |= {name: each[name] for name in ("starts_at", "ends_at")}
        return self.step_of(series, [each["former"] for each in moved])

    def add_series_dates(self, actor, request_key, series, dates=(), more=0, choices=(), on_clash="refuse", **_fields):
        kept = self.repeated[series]
        chosen = {each["date"] for each in choices}
        found = [each for each in kept["dates"] if each["date"] in dates]
        clashes = [each for each in found if not each["ok"] and each["date"] not in chosen]
        if clashes:
            raise DatesClash(clashes=clashes)
        kept["skipped"] = [day for day in kept["skipped"] if day not in dates]
        for each in found:
            self.add_member(series, each["date"], each, actor, kept["purpose"], kept)
        return self.step_of(series, found)

    def decided(self, series, state):
        members = [each for each in self.members_of(series) if each["state"] in ("requested", "approved")]
        for each in members:
            each["state"] = state
        return self.step_of(series, members)

    def approve_series(self, series, **_fields):
        return self.decided(series, "approved")

    def reject_series(self, series, **_fields):
        return self.decided(series, "rejected")

    def cancel_series(self, series, from_date=None, **_fields):
        members = [each for each in self.members_of(series) if not from_date or each["series_date"] >= from_date]
        for each in members:
            each["state"] = "withdrawn"
        return self.step_of(series, members)
