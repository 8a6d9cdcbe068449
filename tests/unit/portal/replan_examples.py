"""What booking answers about re-plans."""

REPLAN = "99999999-1111-4333-8444-555555555555"
RESERVATION = "3f2a9c1d-6b1e-4c57-9f0a-2f6f4c8a1b77"
ONE = "/api/v1/replans/<identifier:replan>"
STARTS, ENDS, LATER = "2026-11-26T01:00:00+00:00", "2026-11-26T03:00:00+00:00", "2026-11-26T05:00:00+00:00"
BEFORE = {"facility": "LAB-1", "unit": "C1", "starts_at": STARTS, "ends_at": ENDS}
AFTER = {"facility": "LAB-1", "unit": "C2", "starts_at": ENDS, "ends_at": LATER}
ITEM = {
    "reservation": RESERVATION, "version": 2, "team": "team-01", "team_name": "芯光", "purpose": "老化试验",
    "project": None, "priority": "key", "campaign": None, "state": "approved", "before": BEFORE, "after": AFTER,
    "reason": "later", "obstacles": [], "shift_minutes": 120, "pinned": False, "excluded": False, "answer": None,
    "answer_by": None,
}
HEAD = {
    "id": REPLAN, "version": 3, "state": "proposed", "cause": {"kind": "outage", "facility": "LAB-1"}, "progress": {},
    "method": "greedy", "optimal": False, "is_planned": True, "excluded_facilities": [], "created_at": STARTS,
    "facilities": ["LAB-1"], "places": ["LAB-1"], "hits": 1, "decided_by": None, "decided_at": None,
    "allowed_actions": ["accept", "revise", "discard"],
    "goals": {"cost": 0, "cancelled": 0, "moved": 1, "teams": 1, "shift_minutes": 120, "unit_changes": 1},
}
STEP = {"id": REPLAN, "state": "computing", "version": 1}
DISPLACED = {
    "reservation": RESERVATION, "version": 3, "state": "approved", "team": "team-01", "purpose": "老化试验",
    "project": None, "replan": REPLAN, "cause": HEAD["cause"], "before": BEFORE, "after": AFTER, "reason": "later",
    "answer_by": ENDS, "alternatives": [{**AFTER, "why": "later"}],
}
ANSWERS = {
    ("booking", "replans"): {"items": [HEAD]},
    ("booking", "replan"): HEAD | {"items": [ITEM, ITEM | {"after": None, "reason": "no_place"}], "hidden": 0},
    ("booking", "replanned"): {"items": [DISPLACED]},
    **{("booking", f"{step}_replan"): STEP for step in ("start", "revise", "accept", "discard")},
}
BODIES = {
    ("POST", "/api/v1/replans"): {"facility": "LAB-1", "starts_at": STARTS, "ends_at": ENDS, "team": "team-01",
                                  "purpose": "节点试验", "reason": "重大专项"},
    ("PATCH", ONE): {"version": 3, "pins": [RESERVATION], "excluded_facilities": ["LAB-2"]},
    ("POST", f"{ONE}/accept"): {"version": 3},
    ("POST", f"{ONE}/discard"): {"version": 3},
}
