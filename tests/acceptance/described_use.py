"""Each operation on the use of what is reserved once, on a facility that is there for it alone."""

from datetime import datetime, timedelta

from tests.acceptance.stack import SHANGHAI
from tests.waiting import until

NAMES = {"zh-Hans": "昼夜", "en": "Day and night"}
RESERVATION = "reservations/{reservation}"
GRIDS = [minutes for minutes in range(5, 61) if 1440 % minutes == 0]


def soon():
    """The next start that some grid allows, and its minutes: nobody can be missing before a start has come."""
    midnight = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    first = int((datetime.now(SHANGHAI) - midnight).total_seconds() + 20) // 60 + 1
    minute = next(each for each in range(first, first + 5) if any(each % grid == 0 for grid in GRIDS))
    return midnight + timedelta(minutes=minute), next(grid for grid in GRIDS if minute % grid == 0)


def open_always(do, api, facility):
    """A facility that is open day and night and grants at once; returns (a start soon, its grid)."""
    start, grid = soon()
    units = [{"code": code, "names": NAMES} for code in "AB"]
    rules = {"granularity_minutes": grid, "shortest_minutes": grid, "longest_minutes": 4 * grid}
    do("admin", "POST", "facilities", {
        "facility": facility, "kind": "lab", "names": NAMES, "descriptions": NAMES, "units": units,
        "opening_hours": [[[0, 1440]]] * 7, "on_holidays": "open", "approval": "automatic", "check_in_minutes": 1440,
        **rules,
    })  # fmt: skip
    question = {"facility": facility, "minutes": grid}
    until(lambda: api("member28").get("free-slots", params=question).is_success, 30)
    return start, timedelta(minutes=grid)


def use(do, facility, start, grid):
    """Come early, stay longer, leave; returns a reservation of somebody who will not come."""
    span = {"starts_at": start.isoformat(), "ends_at": (start + 2 * grid).isoformat()}
    asked = {"facility": facility, "team": "team-28", "purpose": "描述", **span}
    used, missed = (do("member28", "POST", "reservations", asked | {"unit": unit})["id"] for unit in "AB")
    do("member28", "POST", f"{RESERVATION}/check-in", None, reservation=used)
    later = {"ends_at": (start + 3 * grid).isoformat()}
    do("member28", "POST", f"{RESERVATION}/extend", later, reservation=used)
    assert len(do("member28", "GET", "usage", query={"facility": facility})["items"]) == 2
    do("member28", "POST", f"{RESERVATION}/check-out", {"fault": "门封漏气"}, reservation=used)
    do("member28", "POST", "faults", {"facility": facility, "unit": "B", "text": "显示屏不亮"})
    told = do("admin", "GET", "faults", query={"facility": facility})["items"]
    assert len(told) == 2
    for fault in told:
        do("admin", "POST", "faults/{fault}/close", {"note": "已更换"}, fault=fault["fault"])
    return missed


def miss(do, api, facility, missed):
    """Nobody has come; then the facility is put out of use."""
    actions = "allowed_actions"
    until(lambda: "mark_no_show" in api("admin").get(f"reservations/{missed}").json()[actions], 330)
    do("admin", "POST", f"{RESERVATION}/no-show", {}, reservation=missed)
    version = do("admin", "GET", "facilities/{facility}", facility=facility)["version"]
    do("admin", "PATCH", "facilities/{facility}", {"version": version, "active": False}, facility=facility)
