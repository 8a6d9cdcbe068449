"""Each operation on rivals once: one lab gives time by draw, one by its manager's choice."""

from datetime import UTC, datetime, timedelta

from tests.waiting import until

NAMES = {"zh-Hans": "争", "en": "Rivals"}
RESERVATION = "reservations/{reservation}"


def contention(do, api, facility):
    drawn, chosen = (collecting(api, f"{facility}-{how[0].upper()}", how) for how in ("draw", "manager"))
    one, other = (asked(do, *who, chosen) for who in (("member27", "team-27"), ("member28", "team-28")))
    ticket = asked(do, "member27", "team-27", drawn)
    told = do("member27", "GET", f"{RESERVATION}/explanation", reservation=ticket)["competing"]
    assert do("member28", "GET", "draws/{draw}", draw=told["draw"]["draw"])["seed"] is None
    groups = do("admin", "GET", "contention")["items"]
    (group,) = (each for each in groups if each["facility"] == chosen)
    assert {each["id"] for each in group["items"]} == {one, other}
    do("admin", "POST", f"{RESERVATION}/allocate", {"version": 1, "reason": "样品易失效"}, reservation=one)
    lost = do("member28", "GET", f"{RESERVATION}/explanation", reservation=other)
    assert (lost["state"], lost["decisions"][-1]["basis"]["contention"]["of"]) == ("rejected", 2)


def collecting(api, code, how):
    """A laboratory that is open day and night and collects requests until a day before; known when this returns."""
    made = api("admin").post("facilities", json={
        "facility": code, "kind": "lab", "names": NAMES, "descriptions": NAMES, "approval": "automatic",
        "units": [{"code": "A", "names": NAMES}], "opening_hours": [[[0, 1440]]] * 7, "on_holidays": "open",
        "allocation": how, "allocation_hours": 24,
    })  # fmt: skip
    assert made.status_code == 201, made.text
    until(lambda: api("admin").get("free-slots", params={"facility": code, "minutes": 60}).is_success, 30)
    return code


def asked(do, member, team, facility):
    starts_at = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=30)
    times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
    needed_by = (starts_at + timedelta(days=3)).date().isoformat()
    request = {"facility": facility, "team": team, "purpose": "描述", "needed_by": needed_by, **times}
    made = do(member, "POST", "reservations", request)
    assert made["state"] == "competing"
    return made["id"]
