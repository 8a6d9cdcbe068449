"""Facilities that tests make for themselves, and when the next start on them can be."""

import uuid
from datetime import datetime, timedelta

from tests.acceptance.stack import SHANGHAI
from tests.waiting import until

NAMES = {"zh-Hans": "自用", "en": "One's own"}
GRIDS = [minutes for minutes in range(5, 61) if 1440 % minutes == 0]


def open_facility(api, prefix, **fields):
    """Make a lab with one unit, open day and night, that grants at once unless told otherwise; returns its code."""
    code = f"{prefix}-{uuid.uuid4().hex[:6]}"
    answer = api("admin").post("facilities", json={
        "facility": code, "kind": "lab", "names": NAMES, "descriptions": NAMES, "approval": "automatic",
        "units": [{"code": "A", "names": NAMES}], "opening_hours": [[[0, 1440]]] * 7, "on_holidays": "open", **fields,
    })  # fmt: skip
    assert answer.status_code == 201, answer.text
    question = {"facility": code, "minutes": fields.get("shortest_minutes", 60)}
    until(lambda: api("member01").get("free-slots", params=question).is_success, 30)
    return code


def put_out_of_use(admin, facility):
    """So that nobody else meets it; nothing when there is none."""
    found = admin.get(f"facilities/{facility}")
    if found.status_code == 200 and found.json()["active"]:
        body = {"version": found.json()["version"], "active": False}
        changed = admin.patch(f"facilities/{facility}", json=body)
        assert changed.is_success, changed.text


def soon():
    """The next start that some grid allows, and the rules of use of that grid."""
    midnight = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    first = int((datetime.now(SHANGHAI) - midnight).total_seconds() + 20) // 60 + 1
    minute = next(each for each in range(first, first + 5) if any(each % grid == 0 for grid in GRIDS))
    grid = next(grid for grid in GRIDS if minute % grid == 0)
    rules = {"granularity_minutes": grid, "shortest_minutes": grid, "longest_minutes": 4 * grid}
    return midnight + timedelta(minutes=minute), rules
