"""What the services answer about bases, their calendars, and interruptions."""

INTERRUPTION = "77777777-2222-4333-8444-555555555555"
ONE = "/api/v1/interruptions/<identifier:interruption>"
SITE = "/api/v1/sites/<code:site>"
STARTS, ENDS = "2026-11-26T01:00:00+00:00", "2026-11-26T03:00:00+00:00"
STRETCH = {"starts_at": STARTS, "ends_at": ENDS}
NAMES = {"zh-Hans": "春节", "en": "Spring Festival"}
DAY = {"date": "2027-02-06", "kind": "holiday", "names": NAMES}
YEAR = {"year": 2027, "revision": 1, "source": "hand", "days": [DAY], "actor": "admin", "at": STARTS}
SITE_STEP = {"site": "BASE", "version": 2, "year": 2027, "revision": 1}
SHOWN = {
    "id": INTERRUPTION, "version": 1, "kind": "outage", "site": "BASE", "facility": "LAB-1", "unit": None, "rule": "",
    "open_end": True, "spans": [STRETCH], "next": STRETCH, "reason": {"zh-Hans": "压缩机故障"}, "may_change": False,
    "facility_names": {"zh-Hans": "高低温老化"}, "unit_names": None, "site_names": {"zh-Hans": "中试基地"},
}
STEP = {"interruption": INTERRUPTION, "version": 2, "spans": [STRETCH]}
LIBRARY = {
    "site": "BASE", "version": 1, "year": 2027, "source": "chinesecalendar 1.11.0", "published": True, "days": [DAY],
    "differences": [{"date": DAY["date"], "before": None, "after": {"kind": "holiday", "names": NAMES}}],
}

ANSWERS = {
    ("facilities", "sites"): {"items": [{"code": "BASE", "names": NAMES, "version": 1, "known_years": [2026]}]},
    ("facilities", "site"): {"code": "BASE", "names": NAMES, "version": 1, "years": [YEAR], "revisions": [YEAR]},
    ("facilities", "calendar_import"): LIBRARY,
    ("facilities", "save_site"): {"site": "BASE", "version": 2},
    ("facilities", "import_calendar_year"): SITE_STEP,
    ("facilities", "save_calendar_year"): SITE_STEP,
    ("facilities", "interruptions"): {"items": [SHOWN]},
    ("facilities", "interruption"): SHOWN,
    ("facilities", "preview_interruption"): {
        "site": "BASE", "facility": "LAB-1", "unit": None, "spans": [STRETCH]},
    ("facilities", "declare_interruption"): STEP,
    ("facilities", "extend_interruption"): STEP,
    ("facilities", "end_interruption"): STEP,
    ("facilities", "call_off_interruption"): STEP,
    ("facilities", "describe_interruption"): STEP,
    ("booking", "would_hit"): {
        "count": 0, "items": [], "days": [{"date": "2026-11-26", "hours": [[0, 1440]], "special": None}]},
}

DECLARED = {"facility": "LAB-1", **STRETCH, "reason": {"zh-Hans": "压缩机故障"}}
BODIES = {
    ("POST", "/api/v1/interruptions/preview"): DECLARED | {"kind": "outage"},
    ("POST", "/api/v1/outages"): DECLARED | {"open_end": True},
    ("POST", "/api/v1/maintenance"): DECLARED | {"rule": "FREQ=WEEKLY"},
    ("POST", "/api/v1/closures"): {"site": "BASE", **STRETCH, "reason": {"en": "Holiday"}},
    ("PATCH", ONE): {"reason": {"en": "Leak"}, "version": 1},
    ("POST", f"{ONE}/extend"): {"ends_at": ENDS},
    ("POST", "/api/v1/sites"): {"site": "NORTH", "names": NAMES},
    ("PATCH", SITE): {"names": NAMES, "version": 1},
    ("POST", f"{SITE}/calendar-import"): {"year": 2026, "version": 1},
    ("POST", f"{SITE}/calendar"): {"year": 2027, "days": [DAY], "version": 1},
    ("POST", f"{SITE}/calendar/preview"): {"year": 2027, "days": [DAY]},
    ("POST", "/api/v1/facilities/<code:facility>/hours/preview"): {"on_holidays": "open"},
}
QUERIES = {f"{SITE}/calendar-import": "?year=2027"}
