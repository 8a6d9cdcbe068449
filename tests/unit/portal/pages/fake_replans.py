"""Re-plans in memory: one that waits for a decision, one that is being computed, one accepted, one for a case."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from services.contracts.errors import NotAllowed, NotFound, PlanRepaired, StaleVersion
from tests.unit.portal.pages.fake_calendar import OUTAGE

OPEN = "99999999-1111-4333-8444-555555555555"
RUNNING = "99999999-2222-4333-8444-555555555555"
ACCEPTED = "99999999-3333-4333-8444-555555555555"
STARTED = "99999999-4444-4333-8444-555555555555"
NAMES = (
    "replans", "replan", "replans_count", "replanned", "start_replan", "revise_replan", "accept_replan",
    "discard_replan", "confirm_replanned",
)
PLACED = (
    ("LAB-2", "LAB-2-1", timedelta(0), "same_time_elsewhere"),
    ("LAB-1", "LAB-1-3", timedelta(hours=26), "later"),
    None,
)


class FakeReplans:
    """Expects ``now``, ``people``, ``facilities`` and ``reservations`` of the class that mixes it in."""

    def with_replans(self) -> None:
        coming = [each for each in self.reservations.values() if each["facility"] == "LAB-1" and self.is_ahead(each)]
        coming.sort(key=lambda each: (not self.own("member01", each), each["starts_at"]))
        self.hit = coming[:3]
        for each in self.hit:
            each["state"] = "approved"
        items = [self.item(each, placed) for each, placed in zip(self.hit, PLACED, strict=True)]
        cause = {"kind": "outage", "interruption": OUTAGE, "facility": "LAB-1"}
        self.plans = {
            OPEN: self.plan(OPEN, "proposed", cause, items),
            RUNNING: self.plan(RUNNING, "computing", cause, deepcopy(items)) | {
                "method": "greedy", "optimal": False,
                "progress": {"stage": 2, "of": 3, "name": "moved", "elapsed_ms": 1400, "best": 4},
            },
            ACCEPTED: self.plan(ACCEPTED, "accepted", cause, [
                each | {"answer": answer, "answer_by": self.in_hours(20)}
                for each, answer in zip(deepcopy(items), ("confirmed", "none", None), strict=True)
            ]),
        }
        self.moved_by_plan = {
            each["reservation"]: each | {
                "answer": "none", "answer_by": self.in_hours(20), "replan": ACCEPTED,
                "cause": {"kind": "outage", "facility": "LAB-1", "reason": {"zh-Hans": "压缩机故障"}},
            }
            for each in deepcopy(items[:2])
        }

    def is_ahead(self, item: dict[str, Any]) -> bool:
        return datetime.fromisoformat(item["starts_at"]) > self.now + timedelta(hours=12)

    def in_hours(self, hours: int) -> str:
        return (self.now + timedelta(hours=hours)).isoformat()

    def item(self, reservation: dict[str, Any], placed: Any) -> dict[str, Any]:
        before = {name: reservation[name] for name in ("facility", "unit", "starts_at", "ends_at")}
        after, reason, obstacles = None, "no_place", ["outside_opening_hours", "too_little_notice"]
        if placed:
            (facility, unit, later, reason), obstacles = placed, []
            times = {
                name: (datetime.fromisoformat(reservation[name]) + later).isoformat()
                for name in ("starts_at", "ends_at")
            }
            after = {"facility": facility, "unit": unit, **times}
        return {
            "reservation": reservation["id"], "version": reservation["version"], "team": reservation["team"],
            "team_name": reservation["team_name"], "purpose": reservation["purpose"], "priority": "key",
            "campaign": None, "state": reservation["state"], "before": before, "after": after, "reason": reason,
            "obstacles": obstacles, "pinned": False, "excluded": False,
        }

    def plan(self, identifier: str, state: str, cause: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": identifier, "version": 3, "state": state, "cause": cause, "progress": None, "method": "solver",
            "optimal": True, "goals": self.goals(items), "items": items, "excluded_facilities": [],
            "created_at": self.now.isoformat(), "facilities": ["LAB-1"], "places": ["LAB-1"], "hits": len(items),
            "hidden": 0, "is_planned": True,
            "allowed_actions": ["accept", "revise", "discard"] if state in ("computing", "proposed") else [],
        }

    def goals(self, items: list[dict[str, Any]]) -> dict[str, int]:
        moved = [each for each in items if each["after"]]
        return {
            "cancelled": len(items) - len(moved), "moved": len(moved), "teams": len({each["team"] for each in items}),
            "shift_minutes": 570, "unit_changes": 1,
        }

    def settles(self, actor: str) -> bool:
        return bool(self.people[actor]["roles"])

    def replans(self, actor, state=None, interruption=None):
        found = [
            each for each in self.plans.values()
            if state in (None, each["state"]) and interruption in (None, each["cause"].get("interruption"))
        ]
        return {"items": [
            {name: value for name, value in each.items() if name != "items"} for each in found
        ] if self.settles(actor) else []}

    def replans_count(self, actor):
        return {"count": sum(len(self.replans(actor, state)["items"]) for state in ("computing", "proposed"))}

    def replan(self, actor, replan):
        if replan not in self.plans or not self.settles(actor):
            raise NotFound
        return self.plans[replan]

    def found(self, fields: dict[str, Any]) -> dict[str, Any]:
        plan = self.replan(fields["actor"], fields["replan"])
        if plan["version"] != fields["version"]:
            raise StaleVersion(version=plan["version"])
        return plan

    def start_replan(self, **fields):
        if not self.settles(fields["actor"]):
            raise NotAllowed
        cause = {"kind": "priority" if fields["facility"] or fields["reservation"] else "outage"}
        cause |= {name: fields[name] for name in ("interruption", "reservation", "facility")}
        items = [self.item(self.hit[1], PLACED[1])]
        self.plans[STARTED] = self.plan(STARTED, "proposed", cause, items)
        return {"id": STARTED, "state": "proposed", "version": 3}

    def revise_replan(self, **fields):
        plan = self.found(fields)
        for each in plan["items"]:
            each["pinned"] = each["reservation"] in fields["pins"]
            each["excluded"] = each["reservation"] in fields["excluded_reservations"]
        plan |= {"excluded_facilities": fields["excluded_facilities"], "version": plan["version"] + 1,
                 "state": "computing", "progress": {}}
        return {"id": plan["id"], "state": plan["state"], "version": plan["version"]}

    def accept_replan(self, **fields):
        """A plan whose ``stale`` is set is repaired once: its first item goes elsewhere."""
        plan = self.found(fields)
        plan["version"] += 1
        if plan.pop("stale", False):
            plan["items"][0]["after"] |= {"facility": "LAB-1", "unit": "LAB-1-4"}
            repaired = [plan["items"][0]["reservation"]]
            raise PlanRepaired(version=plan["version"], changed=repaired)
        plan |= {"state": "accepted", "allowed_actions": []}
        return {"id": plan["id"], "state": "accepted", "version": plan["version"]}

    def discard_replan(self, **fields):
        plan = self.found(fields)
        plan |= {"state": "discarded", "version": plan["version"] + 1}
        return {"id": plan["id"], "state": "discarded", "version": plan["version"]}

    def replanned(self, actor, reservation=None):
        own = {team["code"] for team in self.people[actor]["teams"]}
        return {"items": [
            each | {"alternatives": self.elsewhere(each)} for each in self.moved_by_plan.values()
            if each["team"] in own and each["answer"] == "none" and reservation in (None, each["reservation"])
        ]}

    def elsewhere(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        start, end = (datetime.fromisoformat(item["after"][name]) for name in ("starts_at", "ends_at"))
        return [
            {"facility": "LAB-1", "unit": "LAB-1-4", "starts_at": (start + shift).isoformat(),
             "ends_at": (end + shift).isoformat(), "why": "later"}
            for shift in (timedelta(days=1), timedelta(days=2))
        ]

    def confirm_replanned(self, **fields):
        item = self.moved_by_plan[fields["reservation"]]
        item["answer"] = "confirmed"
        return {"id": fields["reservation"], "state": "approved", "version": item["version"] + 1}
