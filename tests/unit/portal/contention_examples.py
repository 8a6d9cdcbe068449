"""What booking answers about rivals and draws, as an example of each; merged into examples.py."""

from typing import Any

DRAW = "66666666-2222-4333-8444-555555555555"
RESERVATION = "11111111-2222-4333-8444-555555555555"
STARTS, ENDS, DECIDED = "2026-11-26T01:00:00+00:00", "2026-11-26T03:00:00+00:00", "2026-11-25T01:00:00+00:00"
FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def parts(*points: float) -> list[dict[str, Any]]:
    facts = (
        {"class": "key"}, {"used_minutes": 1200, "entitled_minutes": 900}, {"needed_by": "2026-12-01"},
        {"since": "2026-11-20T01:00:00+00:00"}, {"shift_minutes": 180, "elsewhere": False},
    )
    named = (("priority", 40), ("fair_share", 25), ("deadline", 15), ("waiting", 10), ("regret", 10))
    return [
        {"part": name, "points": own, "of": most, "facts": told}
        for (name, most), told, own in zip(named, facts, points or (30.0, 9.9, 12.5, 3.6, 0.2), strict=True)
    ]


def a_rival(rank: int | None = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": RESERVATION, "version": 1, "state": "competing", "unit": None, "starts_at": STARTS, "ends_at": ENDS,
        "team": "team-01", "team_name": "海晏光电", "project": None, "project_name": None, "purpose": "老化试验",
        "requester": "member01", "requester_name": "李薇", "needed_by": "2026-12-01",
        "since": "2026-11-20T01:00:00+00:00", "entry": None, "rank": rank, "gets_room": rank == 1, "weight": None,
        "total": 56.2, "parts": parts(), "allowed_actions": ["allocate"], **more,
    }


def a_group(*rivals: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "facility": "LAB-3", "facility_names": {"zh-Hans": "电磁兼容", "en": "EMC"}, "allocation": "manager",
        "decided_at": DECIDED, "starts_at": STARTS, "ends_at": ENDS, "rivals": max(len(rivals) - 1, 0),
        "contended": len(rivals) > 1, "own_team": False, "fingerprints": [], "items": list(rivals), **more,
    }


def a_draw(**more: Any) -> dict[str, Any]:
    return {
        "draw": DRAW, "facility": "LAB-3", "fingerprint": FINGERPRINT, "made_at": DECIDED, "open": False,
        "seed": "5e" * 16, "entries": [
            {"entry": 2, "weight": 1.0, "key": 0.81, "won": True},
            {"entry": 1, "weight": 0.5, "key": 0.25, "won": False},
        ], **more,
    }


def kept(by: str = "ranking", rank: int = 2, **more: Any) -> dict[str, Any]:
    """What history keeps of a decision with one who lost."""
    winner = {"rank": 1, "total": 70.1, "parts": [
        {name: part[name] for name in ("part", "points", "of")} for part in parts(40.0, 15.1, 10.0, 5.0, 0.0)
    ]}
    return {"by": by, "rank": rank, "of": 3, "total": 56.2, "parts": parts(), "winner": winner, **more}


def drawn() -> dict[str, Any]:
    winner = {"rank": 1, "draw": {"draw": DRAW, "entry": 2, "weight": 1.0, "key": 0.81}}
    return {"by": "draw", "rank": 2, "of": 2, "winner": winner,
            "draw": {"draw": DRAW, "entry": 1, "weight": 0.5, "key": 0.25}}


def competing(by: str = "manager", **more: Any) -> dict[str, Any]:
    draw = {"draw": DRAW, "entry": 1, "fingerprint": FINGERPRINT} if by == "draw" else None
    return {
        "decided_at": DECIDED, "by": by, "rivals": 2, "needed_by": None, "draw": draw,
        "total": None if draw else 56.2, "parts": [] if draw else parts(), **more,
    }


def an_explanation(state: str = "rejected", **more: Any) -> dict[str, Any]:
    step = {"version": 2, "action": "pass_over", "at": DECIDED, "reason": "", "actor_name": None}
    return {
        "reservation": RESERVATION, "state": state, "competing": None,
        "decisions": [step | {"basis": {"contention": kept()}}], **more,
    }


ANSWERS = {
    ("booking", "contention"): {"items": [a_group(a_rival(), a_rival(2))]},
    ("booking", "contention_count"): {"count": 0},
    ("booking", "explanation"): an_explanation("competing", competing=competing("draw")),
    ("booking", "draw"): a_draw(),
    ("booking", "allocate_reservation"): {
        "id": RESERVATION, "state": "approved", "version": 2, "facility": "LAB-3", "unit": "A",
        "starts_at": STARTS, "ends_at": ENDS,
    },
}
BODIES = {
    ("POST", "/api/v1/reservations/<identifier:reservation>/allocate"): {"version": 1, "reason": "样品易失效"},
}
VALUES = {"<identifier:draw>": DRAW}
