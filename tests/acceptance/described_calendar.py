"""Each operation on bases, calendars and interruptions once, on a base and a facility that nobody else uses."""

from datetime import UTC, datetime, timedelta

NAMES = {"zh-Hans": "静", "en": "Quiet"}


def calendar(do, facility, site):
    """``do(person, method, path, body, query=..., **place)``, as in test_api_description.py."""
    one = "interruptions/{interruption}"
    site_version = do("admin", "POST", "sites", {"site": site, "names": NAMES})["version"]
    do("admin", "GET", "sites")
    do("admin", "PATCH", "sites/{site}", {"names": NAMES | {"en": "Quieter"}, "version": site_version}, site=site)
    do("member27", "GET", "sites/{site}/calendar-import", query={"year": 2026}, site=site)
    do("admin", "POST", "sites/{site}/calendar-import", {"year": 2026, "version": 2}, site=site)
    days = [{"date": "2027-01-01", "kind": "holiday", "names": NAMES}]
    do("admin", "POST", "sites/{site}/calendar/preview", {"year": 2027, "days": days}, site=site)
    do("admin", "POST", "sites/{site}/calendar", {"year": 2027, "days": days, "version": 3}, site=site)
    assert len(do("member27", "GET", "sites/{site}", site=site)["years"]) == 2
    do("admin", "POST", "facilities/{facility}/hours/preview", {"on_holidays": "open"}, facility=facility)

    now = datetime.now(UTC)
    span = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat(), "reason": NAMES}
    do("admin", "POST", "interruptions/preview", {"kind": "outage", "facility": facility, **span})
    outage = do("admin", "POST", "outages", {"facility": facility, "open_end": True, **span})["interruption"]
    do("admin", "PATCH", one, {"reason": {"en": "Leak"}}, interruption=outage)
    do("admin", "POST", f"{one}/extend", {"ends_at": (now + timedelta(hours=3)).isoformat()}, interruption=outage)
    do("admin", "POST", f"{one}/end", {}, interruption=outage)
    planned = do("admin", "POST", "maintenance", {"facility": facility, "rule": "FREQ=DAILY;COUNT=2", **span})
    do("admin", "POST", f"{one}/call-off", {}, interruption=planned["interruption"])
    do("member27", "GET", one, interruption=planned["interruption"])
    do("admin", "POST", "closures", {"site": site, **span})
    for path in ("interruptions", "outages", "maintenance", "closures"):
        do("member27", "GET", path, query={"facility": facility, "over": "false"})
