"""The fake base's calendar and interruptions: one outage on LAB-1, weekly maintenance of LAB-2, 2026 known."""

from datetime import date, datetime, timedelta

from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion

OUTAGE = "77777777-1111-4333-8444-555555555555"
MAINTENANCE = "77777777-2222-4333-8444-555555555555"
CLOSURE = "77777777-3333-4333-8444-555555555555"
NAMES = {"zh-Hans": "国庆节", "en": "National Day"}
DAYS = [
    *({"date": f"2026-10-0{day}", "kind": "holiday", "names": NAMES} for day in range(1, 8)),
    {"date": "2026-10-10", "kind": "working_day", "names": {"zh-Hans": "国庆节调休上班", "en": "Make-up"}},
]


class FakeCalendar:
    ANSWERS = {
        "facilities": (
            "sites",
            "site",
            "calendar_import",
            "interruptions",
            "interruption",
            "preview_interruption",
            "save_site",
            "import_calendar_year",
            "save_calendar_year",
            "declare_interruption",
            "extend_interruption",
            "end_interruption",
            "call_off_interruption",
            "describe_interruption",
        ),
        "booking": ("would_hit",),
    }

    def begin(self):
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        year = {
            "year": 2026,
            "revision": 1,
            "source": "chinesecalendar 1.11.0",
            "days": DAYS,
            "actor": "admin",
            "at": self.now.isoformat(),
        }
        self.bases = {
            "BASE": {
                "code": "BASE",
                "names": {"zh-Hans": "中试基地", "en": "Pilot base"},
                "version": 1,
                "known_years": [2026],
                "years": [year],
                "revisions": [year],
            }
        }
        weekly = [
            (hour + timedelta(days=2 + 7 * week), hour + timedelta(days=2 + 7 * week, hours=3)) for week in range(9)
        ]
        self.given, self.interrupted = (
            [],
            {
                OUTAGE: self.made(
                    OUTAGE,
                    "outage",
                    "LAB-1",
                    [(hour - timedelta(hours=2), hour + timedelta(hours=4))],
                    {"zh-Hans": "压缩机故障，等待备件", "en": "Compressor failure"},
                    unit="LAB-1-2",
                    open_end=True,
                ),
                MAINTENANCE: self.made(
                    MAINTENANCE, "maintenance", "LAB-2", weekly, {"zh-Hans": "每周校准"}, rule="FREQ=WEEKLY"
                ),
                CLOSURE: self.made(
                    CLOSURE,
                    "closure",
                    None,
                    [(hour + timedelta(days=20), hour + timedelta(days=21))],
                    {"zh-Hans": "全园区停电检修", "en": "Power works"},
                ),
            },
        )

    def made(self, code, kind, facility, spans, reason, unit=None, rule="", open_end=False):
        return {
            "id": code,
            "version": 1,
            "kind": kind,
            "site": "BASE",
            "facility": facility,
            "unit": unit,
            "rule": rule,
            "open_end": open_end,
            "reason": reason,
            "note": "供应商周三到场",
            "actor": "manager-labs",
            "spans": [{"starts_at": start.isoformat(), "ends_at": end.isoformat()} for start, end in spans],
            "facility_names": facility and self.facilities[facility]["names"],
            "site_names": self.bases["BASE"]["names"],
            "unit_names": unit and {"zh-Hans": "2 号箱", "en": "Chamber 2"},
        }

    def sites(self, actor):
        return {"items": list(self.bases.values())}

    def site(self, actor, site):
        if site not in self.bases:
            raise NotFound
        return self.bases[site]

    def calendar_import(self, actor, site, year):
        days = DAYS if year == 2026 else []
        return {
            "site": site,
            "version": 1,
            "year": year,
            "source": "chinesecalendar 1.11.0",
            "published": bool(days),
            "days": days,
            "differences": [
                {"date": day["date"], "before": None, "after": {"kind": day["kind"], "names": day["names"]}}
                for day in days[:2]
            ],
        }

    def interruptions(self, actor, over=False, facility=None, kind=None, site=None):
        found = [
            each
            for each in self.interrupted.values()
            if each["spans"]
            and (each["spans"][-1]["ends_at"] <= self.now.isoformat()) == over
            and kind in (None, each["kind"])
            and (facility is None or each["facility"] in (None, facility))
        ]
        return {"items": [self.seen(actor, each) for each in found]}

    def interruption(self, actor, interruption):
        if interruption not in self.interrupted:
            raise NotFound
        return self.seen(actor, self.interrupted[interruption])

    def seen(self, actor, each):
        ahead = [span for span in each["spans"] if span["ends_at"] > self.now.isoformat()]
        shown = each | {"may_change": actor != "member01", "next": ahead[0] if ahead else None}
        return shown if actor != "member01" else {name: shown[name] for name in shown if name != "note"}

    def preview_interruption(
        self, actor, kind, starts_at, ends_at, reason, facility=None, unit=None, site=None, **more
    ):
        if not reason:
            raise InvalidInput(errors={"reason": ["required"]})
        if datetime.fromisoformat(ends_at) <= datetime.fromisoformat(starts_at):
            raise InvalidInput(errors={"ends_at": ["ends_before_start"]})
        return {
            "site": site or "BASE",
            "facility": facility,
            "unit": unit,
            "spans": [{"starts_at": starts_at, "ends_at": ends_at}],
        }

    def would_hit(self, actor, facility=None, site=None, **asked):
        if actor == "member01":
            raise NotAllowed
        hit = [item for item in self.reservations.values() if facility in (None, item["facility"])][:2]
        changed = any(name in asked for name in ("spans", "opening_hours", "days"))
        today = date.fromisoformat(f"{self.now:%Y-%m-%d}")
        days = [
            {
                "date": (today + timedelta(days=number)).isoformat(),
                "hours": [[480, 1200]] if number % 7 else [],
                "special": {"date": "", "kind": "holiday", "names": NAMES} if number == 7 else None,
            }
            for number in range(28)
        ]
        return {"count": len(hit) if changed else 0, "items": hit if changed else [], "days": days if facility else []}

    def taken_away(self, starts_at, ends_at, facility):
        """What the board shows of interruptions; a closure is an item of each facility."""
        return [
            span
            | {"facility": code, "unit": each["unit"], "state": each["kind"], "mine": False, "reason": each["reason"]}
            | {"interruption": each["id"], "open_end": each["open_end"]}
            for each in self.interrupted.values()
            for code in ([each["facility"]] if each["facility"] else self.facilities)
            if facility in (None, code)
            for span in self.between(starts_at, ends_at, each["spans"])
        ]

    # commands: kept as they came

    def note(self, name, fields):
        self.given.append((name, fields))

    def save_site(self, actor, request_key, site, names, version=None):
        if site in self.bases and version is None:
            raise StaleVersion
        new = {"code": site, "version": 0, "known_years": [], "years": [], "revisions": []}
        self.bases[site] = self.bases.get(site, new) | {"names": names}
        return {"site": site, "version": 1}

    def import_calendar_year(self, **fields):
        self.note("import", fields)
        return {"site": "BASE", "version": 2, "year": fields["year"], "revision": 1}

    def save_calendar_year(self, **fields):
        self.note("year", fields)
        return {"site": "BASE", "version": 2, "year": fields["year"], "revision": 1}

    def declare_interruption(self, **fields):
        self.note("declare", fields)
        return {"interruption": OUTAGE, "version": 1, "spans": []}

    def extend_interruption(self, **fields):
        self.note("extend", fields)
        return {"interruption": OUTAGE, "version": 2, "spans": []}

    def end_interruption(self, **fields):
        self.note("end", fields)
        return {"interruption": OUTAGE, "version": 2, "spans": []}

    def call_off_interruption(self, **fields):
        self.note("call_off", fields)
        return {"interruption": OUTAGE, "version": 2, "spans": []}

    def describe_interruption(self, **fields):
        self.note("describe", fields)
        return {"interruption": OUTAGE, "version": 2, "spans": []}
