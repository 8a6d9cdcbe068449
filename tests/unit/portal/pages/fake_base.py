"""A small base in memory, shaped like the services' answers: facilities, people, a week of reservations."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.errors import NotFound, RuleBroken, SlotTaken
from services.portal.pages.timeline import ZONE, at, week_of
from tests.unit.portal.fakes import FakeClient

PASSWORD = "a demo password"
CATALOGUE = [
    ("LINE-1", "line", "环形流水线", "Ring assembly line", 1), ("LINE-2", "line", "SMT 贴装中试线", "SMT pilot line", 1),
    ("LAB-1", "lab", "高低温老化", "High/low-temperature ageing", 4), ("LAB-2", "lab", "湿热与温度冲击", "Damp heat and thermal shock", 2),
    ("LAB-3", "lab", "电磁兼容", "Electromagnetic compatibility", 1), ("LAB-4", "lab", "振动与机械冲击", "Vibration and shock", 1),
    ("LAB-5", "lab", "盐雾腐蚀", "Salt spray", 1), ("LAB-6", "lab", "电气安规", "Electrical safety", 1),
    ("LAB-7", "lab", "功率器件", "Power devices", 1), ("LAB-8", "lab", "光电性能", "Optoelectronics", 1),
    ("LAB-9", "lab", "失效分析", "Failure analysis", 1), ("PLAT-01", "platform", "纳米银薄膜", "Nano-silver film", 1),
    ("PLAT-02", "platform", "功率模块封装", "Power module packaging", 1), ("PLAT-03", "platform", "光电芯片耦合", "Photonic chip coupling", 1),
    ("PLAT-04", "platform", "柔性电子印刷", "Flexible electronics printing", 1), ("PLAT-05", "platform", "PCB 快速打样", "Quick-turn PCB", 1),
    ("PLAT-06", "platform", "传感器封装与标定", "Sensor packaging and calibration", 1),
    ("PLAT-07", "platform", "充电桩联调", "Charging-pile integration", 2), ("PLAT-08", "platform", "电池包与 BMS", "Battery pack and BMS", 1),
    ("PLAT-09", "platform", "电机对拖台架", "Motor dynamometer", 1), ("PLAT-10", "platform", "智能终端装配", "Smart device assembly", 1),
    ("PLAT-11", "platform", "精密点胶与激光加工", "Dispensing and laser work", 1), ("PLAT-12", "platform", "三维打印成型", "3D printing", 3),
]
TEAMS = ["海晏光电", "云杉物联", "启明车载", "拓岳射频", "锐科存储", "微澜电源", "北斗终端", "芯辰传感"]
PURPOSES = ["85 °C 老化，2 块板", "辐射发射预扫", "小批试产 200 件", "引脚强度试验", "标定曲线复测"]


def facility_of(code: str, kind: str, chinese: str, english: str, units: int) -> dict[str, Any]:
    around = code == "LAB-1"
    hours = [[[0, 1440]]] * 7 if around else [[[480, 1320]]] * 5 + [[[540, 1080]], []]
    return {
        "facility": code, "kind": kind, "names": {"zh-Hans": chinese, "en": english},
        "descriptions": {"zh-Hans": f"{chinese}：从样机到小批，设备齐全，有工程师在场。",
                         "en": f"{english}: from prototype to small series, with an engineer on site."},
        "units": [{"code": f"{code}-{number}", "names": {"zh-Hans": f"{number} 号箱", "en": f"Chamber {number}"}}
                  for number in range(1, units + 1)],
        "opening_hours": hours, "granularity_minutes": 30, "shortest_minutes": 30,
        "longest_minutes": 60_000 if around else 2880, "notice_minutes": 0, "horizon_days": 90, "setup_minutes": 0,
        "cleardown_minutes": 30, "approval": "manager", "decision_hours": 24, "unit_choice": True,
        "equivalents": ["LAB-2"] if around else [], "location": "2 号楼 1 层", "active": True, "version": 3,
    }


def an_identity(person: str, name: str, roles: list[str], manages: list[str], teams: list[int]) -> dict[str, Any]:
    return {
        "person": person, "name": name, "email": f"{person}@example.org", "language": "zh-Hans", "active": True,
        "roles": roles, "manages": manages, "password_set_at": "2026-01-01T00:00:00+00:00",
        "teams": [{"code": f"team-{number:02d}", "name": TEAMS[number], "role": "member", "company": "c"} for number in teams],
    }


class FakeBase(FakeClient):
    """Answers for ``member01`` (a team), ``manager-labs`` (approves) and ``admin``."""

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__()
        self.now = now or datetime.now(UTC)
        self.facilities = {line[0]: facility_of(*line) for line in CATALOGUE}
        labs = [code for code in self.facilities if code.startswith("LAB")]
        for identity in (an_identity("member01", "李薇", [], [], [0, 2]), an_identity("manager-labs", "王建国", ["facility_manager"], labs, []),
                         an_identity("admin", "系统管理员", ["admin"], [], [])):
            self.people[identity["person"]] = identity
            self.passwords[identity["person"]] = PASSWORD
        self.reservations = self.seeded()
        for service, names in {
            "accounts": ("teams", "projects", "all_tokens", "choose_language", "create_token", "revoke_token"),
            "facilities": ("all_facilities", "facility", "save_facility"),
            "booking": ("board", "check_slot", "all_reservations", "reservation", "approvals", "approvals_count", "request_reservation",
                        "approve_reservation", "reject_reservation", "withdraw_reservation", "cancel_reservation", "move_reservation"),
            "notify": ("deliveries",),
        }.items():
            for name in names:
                self.answers[service, name.removeprefix("all_")] = getattr(self, name)

    def seeded(self) -> dict[str, dict[str, Any]]:
        """The same plausible weeks every time."""
        chance = random.Random(7)
        monday = week_of(self.now.astimezone(ZONE).date())
        made: dict[str, dict[str, Any]] = {}
        for facility in self.facilities.values():
            for unit in facility["units"]:
                cursor = at(monday - timedelta(days=7), 9 * 60)
                while cursor < at(monday + timedelta(days=14), 0):
                    cursor += timedelta(minutes=30 * chance.randint(2, 60))
                    local = cursor.astimezone(ZONE)
                    length = timedelta(minutes=30 * chance.choice((4, 5, 6, 8, 12, 48 if facility["facility"] == "LAB-1" else 7)))
                    if not 8 <= local.hour < 20 or local.weekday() > 4:
                        cursor = at((local + timedelta(days=1)).date(), 9 * 60)
                        continue
                    if local.hour * 60 + length.seconds // 60 > 1320 and facility["facility"] != "LAB-1":
                        continue
                    self.put(made, chance, facility["facility"], unit["code"], cursor, cursor + length)
                    cursor += length
        return made

    def put(self, made: dict, chance: random.Random, facility: str, unit: str, start: datetime, end: datetime) -> None:
        team = chance.randrange(len(TEAMS))
        state = "in_use" if start <= self.now < end else "finished" if end <= self.now else chance.choice(("approved", "approved", "requested"))
        identifier = str(UUID(int=chance.getrandbits(128), version=4))
        made[identifier] = {
            "id": identifier, "facility": facility, "unit": unit, "starts_at": start.isoformat(), "ends_at": end.isoformat(),
            "state": state, "team": f"team-{team:02d}", "team_name": TEAMS[team], "project": None, "purpose": chance.choice(PURPOSES),
            "requester": "member01", "requester_name": "李薇", "version": 1, "decide_by": (self.now + timedelta(hours=chance.randint(1, 23))).isoformat(),
            "requested_at": (self.now - timedelta(hours=chance.randint(1, 30))).isoformat(), "reason": "",
        }

    def sees(self, actor: str, item: dict[str, Any]) -> bool:
        person = self.people[actor]
        return "admin" in person["roles"] or item["facility"] in person["manages"] or self.own(actor, item)

    def own(self, actor: str, item: dict[str, Any]) -> bool:
        return item["team"] in {team["code"] for team in self.people[actor]["teams"]}

    def held(self) -> list[dict[str, Any]]:
        return [item for item in self.reservations.values() if item["state"] in ("requested", "approved", "in_use", "finished")]

    def between(self, starts_at: str, ends_at: str, items: Any) -> list[dict[str, Any]]:
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        return [item for item in items if datetime.fromisoformat(item["starts_at"]) < end and datetime.fromisoformat(item["ends_at"]) > start]

    # accounts

    def teams(self, actor):
        return {"items": [{"code": f"team-{number:02d}", "name": name} for number, name in enumerate(TEAMS)]}

    def projects(self, actor, team):
        return {"items": [{"code": f"{team}-p1", "name": "车规级电源模块"}]}

    def all_tokens(self, actor):
        return {"items": [{"token": str(UUID(int=5)), "name": "试验台 3", "prefix": "pbb_a1b2", "scopes": ["read", "reserve"],
                           "created_at": self.now.isoformat(), "expires_at": (self.now + timedelta(days=80)).isoformat(), "last_used_at": None}]}

    def choose_language(self, **fields):
        self.people[fields["actor"]]["language"] = fields["language"]
        return {}

    def create_token(self, **fields):
        return {"token": str(UUID(int=6)), "secret": "pbb_a1b2c3d4e5f6g7h8j9k0"}

    def revoke_token(self, **fields):
        return {}

    # facilities

    def all_facilities(self, actor, kind=None):
        return {"items": list(self.facilities.values())}

    def facility(self, actor, facility):
        if facility not in self.facilities:
            raise NotFound
        return self.facilities[facility] | {"managers": [{"person": "manager-labs", "name": "王建国"}]}

    def save_facility(self, **fields):
        self.facilities[fields["facility"]] |= {name: value for name, value in fields.items() if name not in ("actor", "request_key")}
        return {}

    # booking

    def board(self, actor, starts_at, ends_at, facility=None):
        items = []
        for item in self.between(starts_at, ends_at, self.held()):
            if facility in (None, item["facility"]):
                shown = {name: item[name] for name in ("facility", "unit", "starts_at", "ends_at")}
                seen = {name: item[name] for name in ("id", "state", "version", "team", "team_name", "purpose")} if self.sees(actor, item) else {"state": "taken"}
                items.append(shown | seen | {"mine": self.own(actor, item)})
        facilities = [item | {"code": code} for code, item in self.facilities.items() if facility in (None, code)]
        return {"facilities": facilities, "items": items}

    def check_slot(self, actor, facility, starts_at, ends_at, team=None, unit=None, reservation=None):
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        violations = [] if start > self.now else [{"rule": "in_the_past", "facts": {}, "waivable_by": []}]
        units = [item["code"] for item in self.facilities[facility]["units"] if unit in (None, item["code"])]
        taken = {item["unit"] for item in self.between(starts_at, ends_at, self.held()) if item["facility"] == facility and item["id"] != reservation}
        free = [code for code in units if code not in taken]
        length = end - start
        alternatives = [] if free and not violations else [
            {"facility": facility, "unit": units[0], "starts_at": (end + step).isoformat(), "ends_at": (end + step + length).isoformat(), "why": why}
            for step, why in ((timedelta(hours=26), "later"), (timedelta(hours=50), "later"))]
        return {"ok": bool(free) and not violations, "violations": violations, "taken": not free, "alternatives": alternatives, "unit": free[0] if free else None}

    def request_reservation(self, actor, request_key, facility, starts_at, ends_at, team, purpose, project=None, unit=None):
        found = self.check_slot(actor, facility, starts_at, ends_at, team, unit)
        if found["violations"]:
            raise RuleBroken(violations=found["violations"], alternatives=found["alternatives"])
        if found["taken"]:
            raise SlotTaken(alternatives=found["alternatives"])
        self.put(self.reservations, random.Random(request_key), facility, found["unit"], datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
        item = list(self.reservations.values())[-1]
        item |= {"state": "requested", "team": team, "team_name": TEAMS[int(team[-2:])], "purpose": purpose, "project": project}
        return {"id": item["id"], "state": "requested", "version": 1}

    def all_reservations(self, actor, team=None, facility=None, state=None, starts_at=None, ends_at=None, cursor=None, limit=50):
        items = [item for item in self.reservations.values() if self.sees(actor, item) and team in (None, item["team"]) and state in (None, item["state"])]
        items = self.between(starts_at or "2000-01-01T00:00:00+00:00", ends_at or "2100-01-01T00:00:00+00:00", items)
        return {"items": [item | {"mine": self.own(actor, item)} for item in sorted(items, key=lambda item: item["starts_at"])][:limit], "next_cursor": None}

    def reservation(self, actor, reservation):
        item = self.reservations.get(reservation)
        if item is None or not self.sees(actor, item):
            raise NotFound
        step = {"version": 1, "action": "request", "actor": "member01", "actor_name": "李薇", "at": item["requested_at"], "reason": ""}
        allowed = {"requested": ["move", "withdraw"], "approved": ["move", "cancel"]}.get(item["state"], [])
        deciding = ["approve", "reject"] if item["state"] == "requested" and not self.own(actor, item) else []
        later = [step | {"version": 2, "action": "reject", "reason": item["reason"], "actor_name": "王建国"}] if item["reason"] else []
        return item | {"history": [step, *later], "allowed_actions": deciding + [each for each in allowed if each != "withdraw" or not deciding]}

    def approvals(self, actor):
        items = [item for item in self.reservations.values() if item["state"] == "requested" and not self.own(actor, item) and self.sees(actor, item)]
        return {"items": [item | {"rivals": 0} for item in sorted(items, key=lambda item: item["decide_by"])][:8]}

    def approvals_count(self, actor):
        return {"count": len(self.approvals(actor)["items"])}

    def step(self, reservation, **changes):
        self.reservations[reservation] |= changes
        return {"id": reservation, **{name: self.reservations[reservation][name] for name in ("state", "version", "facility")}}

    def approve_reservation(self, **fields):
        return self.step(fields["reservation"], state="approved")

    def reject_reservation(self, **fields):
        return self.step(fields["reservation"], state="rejected", reason=fields["reason"])

    def withdraw_reservation(self, **fields):
        return self.step(fields["reservation"], state="withdrawn")

    def cancel_reservation(self, **fields):
        return self.step(fields["reservation"], state="cancelled")

    def move_reservation(self, **fields):
        changes = {name: fields[name] for name in ("facility", "unit", "starts_at", "ends_at") if fields.get(name)}
        return self.step(fields["reservation"], state="requested", **changes)

    # notify

    def deliveries(self, actor, reservation):
        told = {"event_type": "ReservationRequested", "recipient": "manager-labs", "recipient_name": "王建国", "attempts": 1, "reason": ""}
        times = {"created_at": self.now.isoformat(), "accepted_at": self.now.isoformat()}
        return {"items": [told | times | {"channel": "email", "state": "accepted"}, told | times | {"channel": "wechat", "state": "accepted", "attempts": 2}]}
