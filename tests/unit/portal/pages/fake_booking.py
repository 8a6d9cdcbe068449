"""Booking in memory: what it answers, and a few weeks of reservations."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, SlotTaken, WrongState
from services.portal.pages.timeline import ZONE, at, week_of
from tests.unit.portal.pages.fake_catalogue import PURPOSES, TEAMS


class FakeBooking:
    """Expects ``now``, ``people`` and ``facilities`` of the class that mixes it in."""

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

    def later_ends(self, item: dict[str, Any]) -> list[str]:
        end = datetime.fromisoformat(item["ends_at"])
        return [(end + timedelta(minutes=minutes)).isoformat() for minutes in (30, 60)]

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

    def check_in_reservation(self, **fields):
        return self.step(fields["reservation"], state="in_use", checked_in_at=self.now.isoformat())

    def check_out_reservation(self, **fields):
        changes = {"checked_out_at": self.now.isoformat(), "used_minutes": 93, "reason": fields.get("fault", "")}
        return self.step(fields["reservation"], state="finished", **changes)

    def extend_reservation(self, **fields):
        item = self.reservations[fields["reservation"]]
        if fields["ends_at"] not in self.later_ends(item):
            latest = {
                name: item[name] for name in ("facility", "unit", "starts_at")
            } | {"ends_at": self.later_ends(item)[-1], "why": "shorter"}
            raise SlotTaken(alternatives=[latest])
        return self.step(fields["reservation"], ends_at=fields["ends_at"])

    def mark_no_show(self, **fields):
        return self.step(fields["reservation"], state="no_show")

    def day_of_use(self, actor, facility=None, mine=False):
        today = self.now.astimezone(ZONE).date()
        items = self.between(at(today, 0).isoformat(), at(today, 1440).isoformat(), self.held())
        return {"items": [self.used(actor, item) for item in items if item["state"] != "requested" and (
            self.own(actor, item) if mine else self.sees(actor, item)) and facility in (None, item["facility"])]}

    def used(self, actor, item):
        late = item["state"] == "approved" and datetime.fromisoformat(item["starts_at"]) <= self.now
        allowed = {"approved": ["check_in"], "in_use": ["extend", "check_out"]}.get(item["state"], [])
        return item | {
            "late": late, "overdue": item["state"] == "in_use" and datetime.fromisoformat(item["ends_at"]) <= self.now,
            "allowed_actions": allowed + (["mark_no_show"] if late and not self.own(actor, item) else []),
            "mine": self.own(actor, item), "facility_names": self.facilities[item["facility"]]["names"],
            "unit_names": None,
        }

    def faults(self, actor, state="open", facility=None):
        found = [each for each in self.reported.values() if each["state"] == state]
        return {"items": found if self.people[actor]["roles"] else []}

    def report_fault(self, **fields):
        if not fields["text"].strip():
            raise InvalidInput(errors={"text": ["required"]})
        fault = str(UUID(int=900 + len(self.reported)))
        self.reported[fault] = {
            "fault": fault, "state": "open", "facility": fields["facility"], "unit": fields.get("unit"),
            "facility_names": self.facilities[fields["facility"]]["names"], "text": fields["text"],
            "reporter": fields["actor"], "reporter_name": "李薇", "reported_at": self.now.isoformat(),
            "reservation": None, "closed_at": None, "closed_by": "", "closed_by_name": None, "note": "", "version": 1,
        }
        return {"fault": fault, "state": "open", "version": 1}

    def close_fault(self, **fields):
        fault = self.reported[fields["fault"]]
        if fault["state"] == "closed":
            raise WrongState(state="closed", action="close", reason="fault_closed")
        fault |= {"state": "closed", "closed_at": self.now.isoformat(), "closed_by": fields["actor"],
                  "note": fields["note"]}
        return {"fault": fields["fault"], "state": "closed", "version": 2}

    def overrun_risk(self, actor, facility):
        if not self.people[actor]["roles"]:
            raise NotAllowed
        return {"runs": 12, "late": 3, "late_minutes": 25, "percent": 25}

    def move_reservation(self, **fields):
        changes = {name: fields[name] for name in ("facility", "unit", "starts_at", "ends_at") if fields.get(name)}
        return self.step(fields["reservation"], state="requested", **changes)

    def journey(self, actor, team, project):
        (item,) = self.projects(actor, team)["items"]
        own = [self.reservation(actor, each) for each, found in self.reservations.items() if found["team"] == team]
        stations = [each | {"kind": self.facilities[each["facility"]]["kind"]} for each in own]
        return item | {"stations": sorted(stations, key=lambda each: each["starts_at"])}
