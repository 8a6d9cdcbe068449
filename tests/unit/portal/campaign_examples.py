"""What booking answers about campaigns, and what it is asked."""

from typing import Any

CAMPAIGN = "22222222-2222-4333-8444-555555555555"
MEMBERS = tuple(f"3333333{number}-2222-4333-8444-555555555555" for number in (1, 2, 3))
TIMES = (
    ("2026-11-26T01:00:00+00:00", "2026-11-26T03:00:00+00:00"),
    ("2026-11-26T05:00:00+00:00", "2026-11-26T07:00:00+00:00"),
    ("2026-11-27T01:00:00+00:00", "2026-11-28T01:00:00+00:00"),
)
PLACES = (("PLAT-01", "A"), ("LINE-1", "L1"), ("LAB-1", "C1"))
GAPS = ((0, None), (60, None), (0, 2880))


def a_step(number: int, state: str = "requested") -> dict[str, Any]:
    (facility, unit), (starts_at, ends_at) = PLACES[number - 1], TIMES[number - 1]
    return {
        "step": number, "id": MEMBERS[number - 1], "version": 1, "state": state, "facility": facility, "unit": unit,
        "starts_at": starts_at, "ends_at": ends_at, "decide_by": None, "team": "team-01",
        "awaits": "manager" if state == "requested" else None,
    }


def a_member(number: int, state: str = "requested", **more: Any) -> dict[str, Any]:
    least, most = GAPS[number - 1]
    step = a_step(number, state)
    names = {"zh-Hans": step["facility"], "en": step["facility"]}
    return step | {
        "minutes": 120, "least_gap_minutes": least, "most_gap_minutes": most, "seen": True, "allowed_actions": ["move"],
        "facility_names": names, "unit_names": names, **more,
    }


STEP = {
    "id": CAMPAIGN, "version": 1, "state": "waiting",
    "steps": [a_step(1, "approved"), a_step(2), a_step(3)],
}
SHOWN = {
    "id": CAMPAIGN, "version": 1, "state": "waiting", "team": "team-01", "team_name": "星光芯片", "project": None,
    "project_name": None, "purpose": "银膜与老化", "requester": "lead01", "requester_name": "林一", "mine": True,
    "waiting_for": [{"step": 2, "facility": "LINE-1", "awaits": "manager", "decide_by": TIMES[1][0]}],
    "allowed_actions": ["move", "cancel"], "steps": [a_member(1, "approved"), a_member(2), a_member(3)],
}
PLAN = {
    "why": "later", "starts_at": TIMES[0][0], "ends_at": TIMES[2][1], "steps": [
        {"step": number, "facility": PLACES[number - 1][0], "unit": None, "starts_at": TIMES[number - 1][0],
         "ends_at": TIMES[number - 1][1]} for number in (1, 2, 3)
    ],
}
HINDRANCE = {"step": 2, "facility": "LINE-1", "taken": True, "violations": []}
RULE = "/api/v1/campaigns/<identifier:campaign>"
ANSWERS = {
    **{("booking", f"{name}_campaign"): STEP for name in ("request", "move", "approve", "reject", "cancel")},
    ("booking", "campaign"): SHOWN,
    ("booking", "find_campaign"): {"plans": [PLAN], "hindrances": [HINDRANCE]},
    ("booking", "find_campaign_move"): {"plans": [PLAN]},
}
BODIES = {
    ("POST", "/api/v1/campaigns"): {"team": "team-01", "purpose": "银膜", "steps": [
        {"facility": "PLAT-01", "starts_at": TIMES[0][0], "ends_at": TIMES[0][1]},
        {"facility": "LAB-1", "starts_at": TIMES[2][0], "ends_at": TIMES[2][1], "most_gap_minutes": 2880}]},
    ("POST", "/api/v1/campaigns/find"): {
        "starts_at": TIMES[0][0], "ends_at": TIMES[2][1], "team": "team-01",
        "steps": [{"facility": "PLAT-01", "minutes": 120}, {"facility": "LAB-1", "minutes": 1440}]},
    ("PATCH", RULE): {"version": 1, "shift_minutes": 60},
    ("POST", f"{RULE}/reject"): {"reason": "设备检修"},
    ("POST", f"{RULE}/find"): {"wished": TIMES[0][0]},
}
