"""Use in memory: coming, staying longer, leaving, and faults."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.errors import InvalidInput, NotAllowed, SlotTaken, WrongState
from services.portal.pages.timeline import ZONE, at


class FakeUse:
    """Expects FakeBooking beside it."""

    def later_ends(self, item: dict[str, Any]) -> list[str]:
        end = datetime.fromisoformat(item["ends_at"])
        return [(end + timedelta(minutes=minutes)).isoformat() for minutes in (30, 60)]

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
