"""Quotas of the small base, and a line and a chamber that know families and sharing."""

from datetime import timedelta
from typing import Any

QUOTA = {
    "code": "TEAM-HOURS", "quota": "TEAM-HOURS", "scope": "team", "subject": None, "kind": "lab", "per": "week",
    "limit": 2400, "off_peak_percent": 50, "peak_hours": [[480, 1200]], "active": True, "version": 2,
}
FAMILIES = [
    {"code": "board", "names": {"zh-Hans": "主板", "en": "Boards"}},
    {"code": "module", "names": {"zh-Hans": "模组", "en": "Modules"}},
]
CHANGEOVER = [{"former": "board", "next": "module", "minutes": 120}]
SHARING = {"temperature_within": 5, "ramp_within": 2, "contamination": [["洁净", "焊剂"], ["盐雾"]]}


class FakeQuotas:
    """``limited`` collects the commands that came; ``crowding`` is what fewer places would leave too little room."""

    limited: list[dict[str, Any]]
    crowding: list[dict[str, Any]]

    def quotas(self, actor):
        other = {"code": "OPEN", "scope": "person", "kind": None, "per": "open", "limit": 3, "off_peak_percent": 100}
        return {"items": [QUOTA, QUOTA | other | {"subject": "member01", "peak_hours": [], "active": False}]}

    def save_quota(self, **fields):
        self.limited.append(fields)
        return {"quota": fields["quota"], "version": 3}

    def quota_usage(self, actor, team=None, project=None, at=None):
        week = {"starts_at": self.now.isoformat(), "ends_at": (self.now + timedelta(days=7)).isoformat()}
        of_team = {"team": "team-00", "team_name": "海晏光电", "subject": "team-00"}
        told = QUOTA | week | of_team | {"used": 2100, "left": 300}
        no_time = {"starts_at": None, "ends_at": None}
        told_open = told | no_time | {"scope": "person", "subject": actor, "kind": None, "per": "open", "limit": 3}
        return {"items": [told, told_open | {"used": 3, "left": 0, "off_peak_percent": 100, "peak_hours": []}]}

    def crowded(self, actor, facility, places):
        return {"items": self.crowding}

    def with_capacity(self):
        """LINE-1 runs families, LAB-1's first chamber has four places."""
        self.facilities["LINE-1"] |= {"families": FAMILIES, "changeover": CHANGEOVER}
        units = self.facilities["LAB-1"]["units"]
        self.facilities["LAB-1"] |= {"sharing": SHARING, "units": [units[0] | {"places": 4}, *units[1:]]}
