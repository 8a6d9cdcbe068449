"""Each operation on the use of what is reserved once, on a facility that is there for it alone."""

from datetime import timedelta

from tests.acceptance.facilities import soon
from tests.waiting import until

NAMES = {"zh-Hans": "昼夜", "en": "Day and night"}
RESERVATION = "reservations/{reservation}"


def open_always(do, api, facility):
    """A facility that is open day and night and grants at once; returns (a start soon, its grid)."""
    start, rules = soon()
    units = [{"code": code, "names": NAMES} for code in "AB"]
    do("admin", "POST", "facilities", {
        "facility": facility, "kind": "lab", "names": NAMES, "descriptions": NAMES, "units": units,
        "opening_hours": [[[0, 1440]]] * 7, "on_holidays": "open", "approval": "automatic", "check_in_minutes": 1440,
        **rules,
    })  # fmt: skip
    grid = rules["granularity_minutes"]
    question = {"facility": facility, "minutes": grid}
    until(lambda: api("member28").get("free-slots", params=question).is_success, 30)
    return start, timedelta(minutes=grid)


def use(do, facility, start, grid):
    """Come early, stay longer, leave, and say what is broken."""
    span = {"starts_at": start.isoformat(), "ends_at": (start + 2 * grid).isoformat()}
    asked = {"facility": facility, "team": "team-28", "purpose": "描述", **span}
    used = do("member28", "POST", "reservations", asked | {"unit": "A"})["id"]
    do("member28", "POST", f"{RESERVATION}/check-in", None, reservation=used)
    later = {"ends_at": (start + 3 * grid).isoformat()}
    do("member28", "POST", f"{RESERVATION}/extend", later, reservation=used)
    assert len(do("member28", "GET", "usage", query={"facility": facility})["items"]) == 1
    do("member28", "POST", f"{RESERVATION}/check-out", {"fault": "门封漏气"}, reservation=used)
    do("member28", "POST", "faults", {"facility": facility, "unit": "B", "text": "显示屏不亮"})
    told = do("admin", "GET", "faults", query={"facility": facility})["items"]
    assert len(told) == 2
    for fault in told:
        do("admin", "POST", "faults/{fault}/close", {"note": "已更换"}, fault=fault["fault"])


def miss(do, api, missed):
    """Nobody has come, once its time has."""
    actions = "allowed_actions"
    until(lambda: "mark_no_show" in api("admin").get(f"reservations/{missed}").json()[actions], 330)
    do("admin", "POST", f"{RESERVATION}/no-show", {}, reservation=missed)
