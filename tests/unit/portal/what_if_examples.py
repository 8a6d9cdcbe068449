"""What booking answers about trying a change; merged into examples.py."""

from typing import Any

from tests.unit.portal.swap_examples import LATER, RESERVATION

HIT = {
    "id": RESERVATION, "state": "approved", "version": 2, "facility": "LAB-1", "unit": "LAB-1-1",
    "starts_at": "2026-11-26T01:00:00+00:00", "ends_at": "2026-11-26T03:00:00+00:00", "team": "team-05",
    "team_name": "星河微电子", "project": None, "purpose": "老化试验", "requester": "lead05",
    "checked_in_at": None, "checked_out_at": None, "used_minutes": None, "unit_names": {"zh-Hans": "1 号箱"},
}


def tried(**more: Any) -> dict[str, Any]:
    figures = {"before": 10_080, "after": 9_360, "lost": 720, "gained": 0}
    return {
        "count": 2, "items": [HIT | {"place": LATER | {"why": "later"}}, HIT | {"place": None}], "looked_for": 2,
        "facilities": [{"facility": "LAB-1", **figures}], "weeks": [{"week": "2026-11-23", **figures}],
        "days": [{"date": "2026-11-26", "before": [[480, 1200]], "after": [[480, 720], [1000, 1200]]}],
        "date_exceptions": [{"date": "2026-11-28", "hours": [[480, 1440]], "names": {}}], "waiting": [], **more,
    }


ANSWERS = {("booking", "what_if"): tried()}
BODIES = {
    ("POST", "/api/v1/what-if"): {
        "facility": "LAB-1", "spans": [{"starts_at": "2026-11-26T08:00+08:00", "ends_at": "2026-11-26T20:00+08:00"}],
        "more_hours": [],
    },
}
