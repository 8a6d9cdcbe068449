"""Campaigns in memory, for the pages: plans follow each other from the wished day on, and are held as told."""

from datetime import datetime, timedelta
from uuid import UUID

from services.contracts.errors import InvalidInput, NotFound, StepsClash

NAMES = (
    "campaign", "find_campaign", "find_campaign_move", "request_campaign", "move_campaign", "approve_campaign",
    "reject_campaign", "cancel_campaign",
)
DAY = timedelta(days=1)
LIVING = ("requested", "approved")


def instant(value):
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def a_plan(number, steps, first, minutes):
    """A plan like the one before it, a day later, with an hour between the steps."""
    found, start = [], first + number * DAY
    for step, length in zip(steps, minutes, strict=True):
        end = start + timedelta(minutes=length)
        found.append({
            "step": step["step"], "facility": step["facility"], "unit": None, "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
        })
        start = end + timedelta(hours=1)
    return {"why": "later", "starts_at": found[0]["starts_at"], "ends_at": found[-1]["ends_at"], "steps": found}


class FakeCampaigns:
    """Mixed into the fake base beside FakeBooking; ``hindered`` is why nothing is found, ``faster`` who won."""

    hindered, faster = (), False

    def find_campaign(self, actor, steps, starts_at=None, ends_at=None, team=None, project=None, **_more):
        wrong = {
            f"steps.{number}.facility": ["unknown"] for number, each in enumerate(steps)
            if each["facility"] not in self.facilities
        }
        wrong |= {} if starts_at and ends_at else {"ends_at": ["required"]}
        if wrong:
            raise InvalidInput(errors=wrong)
        if self.hindered:
            return {"plans": [], "hindrances": list(self.hindered)}
        numbered = [each | {"step": number} for number, each in enumerate(steps, 1)]
        first = instant(starts_at) + timedelta(hours=9)
        minutes = [each["minutes"] for each in steps]
        return {"plans": [a_plan(number, numbered, first, minutes) for number in range(3)], "hindrances": []}

    def request_campaign(self, actor, request_key, team, purpose, steps, project=None):
        if not purpose.strip():
            raise InvalidInput(errors={"purpose": ["required"]})
        if self.faster:
            told = [{"step": number, "facility": each["facility"], "ok": number != 2, "taken": number == 2,
                     "violations": []} for number, each in enumerate(steps, 1)]
            plan = a_plan(0, told, instant(steps[0]["starts_at"]) + DAY, [120] * len(steps))
            raise StepsClash(steps=told, plans=[plan])
        identifier = str(UUID(int=99 + len(self.campaigned), version=4))
        self.campaigned[identifier] = {"id": identifier, "version": 1, "team": team, "team_name": "海晏光电",
                                       "project": project, "project_name": None, "purpose": purpose,
                                       "requester": actor, "requester_name": "李薇"}
        for number, each in enumerate(steps, 1):
            answer = self.request_reservation(
                actor, f"{identifier}-{number}", each["facility"], *(
                    instant(each[name]).isoformat() for name in ("starts_at", "ends_at")), team, purpose, project)
            kept = {name: each.get(name) for name in ("least_gap_minutes", "most_gap_minutes")}
            self.reservations[answer["id"]] |= {"campaign": identifier, "campaign_step": number, **kept}
        return self.answer_of(identifier)

    def members_in(self, identifier):
        found = [each for each in self.reservations.values() if each.get("campaign") == identifier]
        return sorted(found, key=lambda each: each["campaign_step"])

    def answer_of(self, identifier):
        return {"id": identifier, "version": 1, "state": "waiting", "steps": self.members_in(identifier)}

    def campaign(self, actor, campaign):
        if campaign not in self.campaigned:
            raise NotFound
        members, own = self.members_in(campaign), self.own(actor, self.campaigned[campaign])
        living = [each for each in members if each["state"] in LIVING]
        waiting = [each for each in members if each["state"] == "requested"]
        actions = ["move", "cancel"] if own else ["approve", "reject"] if waiting else []
        return self.campaigned[campaign] | {
            "state": "waiting" if waiting else "granted" if living else "ended", "mine": own,
            "waiting_for": [{"step": each["campaign_step"], "facility": each["facility"], "awaits": "manager",
                             "decide_by": each["decide_by"]} for each in waiting],
            "allowed_actions": actions if living else [],
            "steps": [each | {"step": each["campaign_step"], "seen": own or self.sees(actor, each),
                              "allowed_actions": []} for each in members],
        }

    def find_campaign_move(self, actor, campaign, wished=None, **_more):
        members = [each | {"step": each["campaign_step"]} for each in self.members_in(campaign)]
        first = instant(wished) + timedelta(hours=9) if wished else instant(members[0]["starts_at"]) + DAY
        return {"plans": [a_plan(number, members, first, [120] * len(members)) for number in range(2)]}

    def move_campaign(self, actor, campaign, version, steps, **_fields):
        if self.faster:
            raise StepsClash(steps=[], plans=[])
        for each, target in zip(self.members_in(campaign), steps, strict=True):
            length = instant(each["ends_at"]) - instant(each["starts_at"])
            start = instant(target["starts_at"])
            each |= {"starts_at": start.isoformat(), "ends_at": (start + length).isoformat()}
        return self.answer_of(campaign)

    def become(self, campaign, state):
        for each in self.members_in(campaign):
            each["state"] = state
        return self.answer_of(campaign)

    def approve_campaign(self, campaign, **_fields):
        return self.become(campaign, "approved")

    def reject_campaign(self, campaign, reason, **_fields):
        if not reason.strip():
            raise InvalidInput(errors={"reason": ["required"]})
        return self.become(campaign, "rejected")

    def cancel_campaign(self, campaign, **_fields):
        return self.become(campaign, "withdrawn")
