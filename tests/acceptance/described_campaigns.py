"""Every operation on campaigns, from finding a plan to giving it up."""

from datetime import UTC, datetime, timedelta

ONE = "campaigns/{campaign}"
ROUTE = [
    {"facility": "LAB-3", "minutes": 60},
    {"facility": "LAB-4", "minutes": 60, "least_gap_minutes": 30, "most_gap_minutes": 2880},
]


def campaigns(do):
    first = asked(do)
    do("member27", "GET", ONE, campaign=first)
    plan = do("member27", "POST", f"{ONE}/find", None, campaign=first)["plans"][0]
    moves = [{name: each[name] for name in ("step", "starts_at", "unit")} for each in plan["steps"]]
    do("member27", "PATCH", ONE, {"version": 1, "steps": moves}, campaign=first)
    do("manager-labs", "POST", f"{ONE}/approve", {}, campaign=first)
    do("member27", "POST", f"{ONE}/cancel", {"reason": "样品未到"}, campaign=first)
    do("manager-labs", "POST", f"{ONE}/reject", {"reason": "设备校准"}, campaign=asked(do))


def asked(do):
    """A campaign by the first plan that is found."""
    soon = datetime.now(UTC) + timedelta(days=2)
    window = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(days=30)).isoformat()}
    plan = do("member27", "POST", "campaigns/find", {"team": "team-27", "steps": ROUTE, **window})["plans"][0]
    steps = [
        {name: value for name, value in step.items() if name not in ("step", "minutes")}
        for step in ({**route, **place} for route, place in zip(ROUTE, plan["steps"], strict=True))
    ]
    return do("member27", "POST", "campaigns", {"team": "team-27", "purpose": "银膜", "steps": steps})["id"]
