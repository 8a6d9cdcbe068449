"""Booking in memory: what it answers, and a few weeks of reservations."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.errors import NotFound, RuleBroken, SlotTaken
from services.portal.pages.timeline import ZONE, at, week_of
from tests.unit.portal.pages.fake_catalogue import PURPOSES, TEAMS


class FakeBooking:
    """Expects ``now``, ``people`` and ``facilities`` of the class that mixes it in, and FakeUse beside it."""

    def seeded(self) -> dict[str, dict[str, Any]]:
        """The same plausible weeks every time."""
        chance = random.Random(7)
        monday = week_of(self.now.astimezone(ZONE).date())
        made: dict[str, dict[str, Any]] = {}
        for facility in self.facilities.values():
            for unit in facility["units"]:
                cursor = at(monday - timedelta(days=7), 9 * 60)
                while cursor < at(monday + timedelta(days=14), 0):
                    cursor += timedelta(minutes=30 * chance.randint(2, 60))
                    local = cursor.astimezone(ZONE)
                    length = timedelta(
                        minutes=30 * chance.choice((4, 5, 6, 8, 12, 48 if facility["facility"] == "LAB-1" else 7))
                    )
                    if not 8 <= local.hour < 20 or local.weekday() > 4:
                        cursor = at((local + timedelta(days=1)).date(), 9 * 60)
                        continue
                    if local.hour * 60 + length.seconds // 60 > 1320 and facility["facility"] != "LAB-1":
                        continue
                    self.put(made, chance, facility["facility"], unit["code"], cursor, cursor + length)
                    cursor += length
        return made

    def put(self, made: dict, chance: random.Random, facility: str, unit: str, start: datetime, end: datetime) -> None:
        team = chance.randrange(len(TEAMS))
        state = (
            "in_use"
            if start <= self.now < end
            else "finished"
            if end <= self.now
            else chance.choice(("approved", "approved", "requested"))
        )
        identifier = str(UUID(int=chance.getrandbits(128), version=4))
        made[identifier] = {
            "id": identifier,
            "facility": facility,
            "unit": unit,
            "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
            "state": state,
            "team": f"team-{team:02d}",
            "team_name": TEAMS[team],
            "project": None,
            "purpose": chance.choice(PURPOSES),
            "requester": "member01",
            "requester_name": "李薇",
            "version": 1,
            "decide_by": (self.now + timedelta(hours=chance.randint(1, 23))).isoformat(),
            "requested_at": (self.now - timedelta(hours=chance.randint(1, 30))).isoformat(),
            "reason": "",
            "run": {"elastic_minutes": 120} if facility == "LAB-1" else {},
            "checked_in_at": start.isoformat() if state in ("in_use", "finished") else None,
            "checked_out_at": end.isoformat() if state == "finished" else None,
            "used_minutes": int((end - start).total_seconds()) // 60 if state == "finished" else None,
            "overran": None,
        }

    def sees(self, actor: str, item: dict[str, Any]) -> bool:
        person = self.people[actor]
        return "admin" in person["roles"] or item["facility"] in person["manages"] or self.own(actor, item)

    def own(self, actor: str, item: dict[str, Any]) -> bool:
        return item["team"] in {team["code"] for team in self.people[actor]["teams"]}

    def held(self) -> list[dict[str, Any]]:
        return [
            item
            for item in self.reservations.values()
            if item["state"] in ("requested", "approved", "in_use", "finished")
        ]

    def between(self, starts_at: str, ends_at: str, items: Any) -> list[dict[str, Any]]:
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        return [
            item
            for item in items
            if datetime.fromisoformat(item["starts_at"]) < end and datetime.fromisoformat(item["ends_at"]) > start
        ]

    def board(self, actor, starts_at, ends_at, facility=None):
        items = []
        for item in self.between(starts_at, ends_at, self.held()):
            if facility in (None, item["facility"]):
                shown = {name: item[name] for name in ("facility", "unit", "starts_at", "ends_at")}
                seen = (
                    {name: item[name] for name in ("id", "state", "version", "team", "team_name", "purpose")}
                    if self.sees(actor, item)
                    else {"state": "taken"}
                )
                items.append(shown | seen | {"mine": self.own(actor, item)})
        facilities = [item | {"code": code} for code, item in self.facilities.items() if facility in (None, code)]
        return {"facilities": facilities, "items": [*items, *self.taken_away(starts_at, ends_at, facility)]}

    def check_slot(self, actor, facility, starts_at, ends_at, team=None, unit=None, reservation=None, **run):
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        violations = [] if start > self.now else [{"rule": "in_the_past", "facts": {}, "waivable_by": []}]
        units = [item["code"] for item in self.facilities[facility]["units"] if unit in (None, item["code"])]
        taken = {
            item["unit"]
            for item in self.between(starts_at, ends_at, self.held())
            if item["facility"] == facility and item["id"] != reservation
        }
        free = [code for code in units if code not in taken]
        length = end - start
        alternatives = (
            []
            if free and not violations
            else [
                {
                    "facility": facility,
                    "unit": units[0],
                    "starts_at": (end + step).isoformat(),
                    "ends_at": (end + step + length).isoformat(),
                    "why": why,
                }
                for step, why in ((timedelta(hours=26), "later"), (timedelta(hours=50), "later"))
            ]
        )
        return {
            "ok": bool(free) and not violations,
            "violations": violations,
            "taken": not free,
            "alternatives": alternatives,
            "quotas": self.binding,
            "unit": free[0] if free else None,
        }

    def request_reservation(
        self, actor, request_key, facility, starts_at, ends_at, team, purpose, project=None, unit=None, **run
    ):
        found = self.check_slot(actor, facility, starts_at, ends_at, team, unit)
        if found["violations"]:
            raise RuleBroken(violations=found["violations"], alternatives=found["alternatives"])
        if found["taken"]:
            raise SlotTaken(alternatives=found["alternatives"])
        self.put(
            self.reservations,
            random.Random(request_key),
            facility,
            found["unit"],
            datetime.fromisoformat(starts_at),
            datetime.fromisoformat(ends_at),
        )
        item = list(self.reservations.values())[-1]
        item |= {
            "state": "requested",
            "team": team,
            "team_name": TEAMS[int(team[-2:])],
            "purpose": purpose,
            "project": project,
        }
        return {"id": item["id"], "state": "requested", "version": 1}

    def all_reservations(
        self, actor, team=None, facility=None, state=None, starts_at=None, ends_at=None, cursor=None, limit=50
    ):
        items = [
            item
            for item in self.reservations.values()
            if self.sees(actor, item) and team in (None, item["team"]) and state in (None, item["state"])
        ]
        items = self.between(starts_at or "2000-01-01T00:00:00+00:00", ends_at or "2100-01-01T00:00:00+00:00", items)
        return {
            "items": [
                item | {"mine": self.own(actor, item)} for item in sorted(items, key=lambda item: item["starts_at"])
            ][:limit],
            "next_cursor": None,
        }

    def reservation(self, actor, reservation):
        item = self.reservations.get(reservation)
        if item is None or not self.sees(actor, item):
            raise NotFound
        step = {
            "version": 1,
            "action": "request",
            "actor": "member01",
            "actor_name": "李薇",
            "at": item["requested_at"],
            "reason": "",
        }
        allowed = {
            "requested": ["move", "withdraw"], "approved": ["move", "cancel", "check_in"],
            "in_use": ["extend", "check_out"], "offered": ["accept", "decline"] if self.own(actor, item) else [],
        }.get(item["state"], [])
        deciding = ["approve", "reject"] if item["state"] == "requested" and not self.own(actor, item) else []
        later = (
            [step | {"version": 2, "action": "reject", "reason": item["reason"], "actor_name": "王建国"}]
            if item["reason"]
            else []
        )
        if reservation in self.moved_by_plan:
            later.append(step | {"version": 3, "action": "replan", "actor_name": "王建国"})
        return item | {
            "history": [step, *later],
            "later_ends": self.later_ends(item) if item["state"] == "in_use" else [],
            "pin": "4711" if self.own(actor, item) else None,
            "allowed_actions": deciding + [each for each in allowed if each != "withdraw" or not deciding],
        }

    def approvals(self, actor):
        items = [
            item
            for item in self.reservations.values()
            if item["state"] == "requested" and not self.own(actor, item) and self.sees(actor, item)
        ]
        return {"items": [item | {"rivals": 0} for item in sorted(items, key=lambda item: item["decide_by"])][:8]}

    def approvals_count(self, actor):
        return {"count": len(self.approvals(actor)["items"])}

    def step(self, reservation, **changes):
        self.reservations[reservation] |= changes
        return {
            "id": reservation,
            **{name: self.reservations[reservation][name] for name in ("state", "version", "facility")},
        }

    def approve_reservation(self, **fields):
        return self.step(fields["reservation"], state="approved")

    def reject_reservation(self, **fields):
        return self.step(fields["reservation"], state="rejected", reason=fields["reason"])

    def withdraw_reservation(self, **fields):
        return self.step(fields["reservation"], state="withdrawn")

    def cancel_reservation(self, **fields):
        return self.step(fields["reservation"], state="cancelled")

    def move_reservation(self, **fields):
        changes = {name: fields[name] for name in ("facility", "unit", "starts_at", "ends_at") if fields.get(name)}
        return self.step(fields["reservation"], state="requested", **changes)

    def journey(self, actor, team, project):
        (item,) = self.projects(actor, team)["items"]
        own = [self.reservation(actor, each) for each, found in self.reservations.items() if found["team"] == team]
        stations = [each | {"kind": self.facilities[each["facility"]]["kind"]} for each in own]
        return item | {"stations": sorted(stations, key=lambda each: each["starts_at"])}
