"""Wait lists in memory, for the pages: whoever joins waits until a test offers something."""

from datetime import timedelta
from uuid import UUID

from services.contracts.errors import InvalidInput, NotFound, WrongState

NAMES = ("wait_list", "wait_entry", "join_wait_list", "leave_wait_list", "accept_offer", "decline_offer", "free_slots")


class FakeWaiting:
    """Mixed into the fake base beside FakeBooking."""

    def waiters(self):
        return self.__dict__.setdefault("wait_entries", {})

    def free_slots(self, actor, facility=None, **_wanted):
        return {"items": self.__dict__.setdefault("free", [])}

    def join_wait_list(self, actor, request_key, facility, starts_at, ends_at, team, purpose, minutes=None, **fields):
        if not purpose.strip():
            raise InvalidInput(errors={"purpose": ["required"]})
        entry = str(UUID(int=500 + len(self.waiters()), version=4))
        starts, ends = (each if isinstance(each, str) else each.isoformat() for each in (starts_at, ends_at))
        self.waiters()[entry] = {
            "id": entry, "version": 1, "state": "waiting", "facility": facility, "team": team, "team_name": "海晏光电",
            "project": fields.get("project"), "project_name": None, "purpose": purpose, "requester": actor,
            "requester_name": "李薇", "run": {}, "minutes": minutes or 120, "starts_at": starts, "ends_at": ends,
            "unit": fields.get("unit"), "unit_names": None, "joined_at": self.now.isoformat(), "rank": 1000,
            "reservation": None, "missed": 0, "facility_names": self.facilities[facility]["names"],
            "position": 1 + len(self.waiters()), "waiting": 1 + len(self.waiters()), "offer": None,
            "allowed_actions": ["leave"],
        }
        return {"id": entry, "version": 1, "state": "waiting"}

    def offer(self, entry):
        """What the service does when time comes free."""
        kept = self.waiters()[entry]
        answer = self.request_reservation(
            kept["requester"], f"offer-{entry}", kept["facility"], kept["starts_at"], kept["ends_at"], kept["team"],
            kept["purpose"])
        until = (self.now + timedelta(minutes=90)).isoformat()
        self.reservations[answer["id"]] |= {"state": "offered", "decide_by": until, "awaits": None}
        kept |= {"state": "offered", "reservation": answer["id"], "position": None,
                 "allowed_actions": ["accept", "decline"]}
        return answer["id"]

    def told(self, actor, kept):
        offer = self.reservations.get(kept["reservation"])
        shown = ("id", "version", "state", "unit", "starts_at", "ends_at", "decide_by")
        return kept | {"mine": self.own(actor, kept), "offer": offer and {name: offer[name] for name in shown}}

    def wait_list(self, actor, facility=None, team=None, mine=False, state="open"):
        items = [self.told(actor, each) for each in self.waiters().values()]
        return {"items": [
            each for each in items if facility in (None, each["facility"]) and (each["mine"] or not mine)
            and (each["mine"] or self.people[actor]["roles"])
            and (state == "all" or each["state"] in ("waiting", "offered"))
        ]}

    def wait_entry(self, actor, wait_entry):
        if wait_entry not in self.waiters():
            raise NotFound
        return self.told(actor, self.waiters()[wait_entry])

    def leave_wait_list(self, wait_entry, **_fields):
        kept = self.waiters()[wait_entry]
        if kept["state"] != "waiting":
            raise WrongState(state=kept["state"], action="leave")
        kept |= {"state": "left", "allowed_actions": []}
        return {name: kept[name] for name in ("id", "version", "state")}

    def accept_offer(self, reservation, **_fields):
        return self.answered(reservation, "requested", "served")

    def decline_offer(self, reservation, **_fields):
        return self.answered(reservation, "declined", "left")

    def answered(self, reservation, state, ended):
        if self.reservations[reservation]["state"] != "offered":
            raise WrongState(state=self.reservations[reservation]["state"], action="accept")
        for kept in self.waiters().values():
            if kept["reservation"] == reservation:
                kept |= {"state": ended, "allowed_actions": []}
        return self.step(reservation, state=state)
