"""What booking answers about wait lists, and what it is asked."""

ENTRY = "44444444-2222-4333-8444-555555555555"
OFFERED = "55555555-2222-4333-8444-555555555555"
TIMES = {"starts_at": "2026-11-26T01:00:00+00:00", "ends_at": "2026-11-26T03:00:00+00:00"}
STEP = {
    "id": ENTRY, "version": 1, "state": "waiting", "facility": "LAB-1", "unit": None, "team": "team-01",
    "minutes": 120, **TIMES, "reservation": None,
}
OFFER = {
    "id": OFFERED, "version": 1, "state": "offered", "unit": "C1", **TIMES, "decide_by": "2026-11-25T23:00:00+00:00",
}
SHOWN = STEP | {
    "project": None, "purpose": "老化", "requester": "lead01", "run": {}, "joined_at": "2026-11-25T01:00:00+00:00",
    "missed": 0, "rank": 1000, "position": 2, "waiting": 5, "offer": None, "mine": True, "allowed_actions": ["leave"],
}
AT_HAND = SHOWN | {
    "state": "offered", "reservation": OFFERED, "position": None, "offer": OFFER,
    "allowed_actions": ["accept", "decline"],
}
ANSWERS = {
    ("booking", "join_wait_list"): STEP,
    ("booking", "leave_wait_list"): STEP | {"version": 2, "state": "left"},
    ("booking", "wait_entry"): AT_HAND,
    ("booking", "wait_list"): {"items": [SHOWN, AT_HAND]},
}
BODIES = {
    ("POST", "/api/v1/waitlist"): {
        "facility": "LAB-1", "team": "team-01", "purpose": "老化", "minutes": 120,
        "starts_at": "2026-11-26T09:00:00+08:00", "ends_at": "2026-11-28T18:00:00+08:00"},
}
