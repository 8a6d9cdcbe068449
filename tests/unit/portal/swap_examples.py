"""What booking answers about asks between teams, as an example of each; merged into examples.py."""

from typing import Any

ASK = "77777777-2222-4333-8444-555555555555"
RESERVATION = "11111111-2222-4333-8444-555555555555"
PLACE = {"facility": "LAB-1", "unit": "C1", "starts_at": "2026-11-26T01:00:00+00:00",
         "ends_at": "2026-11-26T03:00:00+00:00"}
LATER = PLACE | {"starts_at": "2026-11-26T05:00:00+00:00", "ends_at": "2026-11-26T07:00:00+00:00"}


def an_ask(side: str = "asked", kind: str = "swap", state: str = "asked", **more: Any) -> dict[str, Any]:
    mine, theirs = (PLACE, LATER) if side == "asked" else (LATER, PLACE)
    is_asking, is_swap = side == "asking", kind == "swap"
    allowed = ["withdraw"] if is_asking else ["accept", "decline"]
    return {
        "id": ASK, "version": 1, "kind": kind, "state": state, "side": side, "team": "team-00",
        "team_name": "海晏光电", "requester": "member01" if is_asking else None, "reservation": RESERVATION,
        "note": "晶圆中午才到", "reason": "",
        "asked_at": "2026-11-25T01:00:00+00:00", "expires_at": "2026-11-26T00:00:00+00:00",
        "before": mine if is_swap or not is_asking else None,
        "after": theirs if is_swap or is_asking else None, "slot": PLACE,
        "wished_from": None if is_swap else LATER["starts_at"], "wished_until": None if is_swap else LATER["ends_at"],
        "allowed_actions": allowed if state == "asked" else [], **more,
    }


STEP = {
    "id": RESERVATION, "state": "requested", "version": 3, "facility": "LAB-1", "unit": "C1",
    "starts_at": LATER["starts_at"], "ends_at": LATER["ends_at"],
}
SWAP_STEP = {
    "id": ASK, "version": 2, "kind": "swap", "state": "accepted", "expires_at": LATER["ends_at"], "reservation": STEP,
}
WAYS = [{"facility": "LAB-1", "unit": "C1", "why": "later", **{name: LATER[name] for name in ("starts_at", "ends_at")}}]
ANSWERS = {
    ("booking", "ask_holder"): SWAP_STEP | {"state": "asked", "reservation": None},
    ("booking", "accept_ask"): SWAP_STEP,
    ("booking", "decline_ask"): SWAP_STEP | {"state": "declined", "reservation": None},
    ("booking", "withdraw_ask"): SWAP_STEP | {"state": "withdrawn", "reservation": None},
    ("booking", "asks"): {"items": [an_ask()]},
    ("booking", "ask"): an_ask(kind="give_way") | {"alternatives": WAYS},
    ("booking", "asks_count"): {"count": 0},
}
ONE = "/api/v1/swaps/<identifier:ask>"
BODIES = {
    ("POST", "/api/v1/swaps"): {
        "kind": "swap", "reservation": RESERVATION, "facility": "LAB-1", "unit": "C1", "starts_at": PLACE["starts_at"],
        "note": "晶圆中午才到",
    },
    ("POST", f"{ONE}/accept"): {"starts_at": LATER["starts_at"]},
    ("POST", f"{ONE}/decline"): {"reason": "下午才到样品"},
    ("POST", f"{ONE}/withdraw"): {"version": 1},
}
VALUES = {"<identifier:ask>": ASK}
