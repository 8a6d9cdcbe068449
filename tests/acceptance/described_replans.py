"""Each operation on re-plans once, on two equal laboratories that nobody else uses."""

from datetime import UTC, datetime, timedelta

from tests.waiting import until

NAMES = {"zh-Hans": "改", "en": "Plan"}
ONE = "replans/{replan}"


def labs(api, code):
    """Two equal laboratories, open day and night, that grant at once; known to booking when this returns."""
    for own, other in ((code, f"{code}-B"), (f"{code}-B", code)):
        made = api("admin").post("facilities", json={
            "facility": own, "kind": "lab", "names": NAMES, "descriptions": NAMES, "approval": "automatic",
            "units": [{"code": "A", "names": NAMES}], "opening_hours": [[[0, 1440]]] * 7, "on_holidays": "open",
            "equivalents": [other],
        })  # fmt: skip
        assert made.status_code == 201, made.text
    for each in (code, f"{code}-B"):
        until(lambda each=each: api("admin").get("free-slots", params={"facility": each, "minutes": 60}).is_success, 30)


def day_after_tomorrow(hours):
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return midnight + timedelta(hours=hours)


def span(first, last):
    return {"starts_at": day_after_tomorrow(first).isoformat(), "ends_at": day_after_tomorrow(last).isoformat()}


def proposed(client, replan):
    """The plan, once the search for a better one is over."""
    return until(lambda: (found := client.get(f"replans/{replan}").json())["state"] == "proposed" and found, 60)


def replans(do, api, facility):
    labs(api, facility)
    asked = {"facility": facility, "team": "team-27", "purpose": "描述", **span(4, 6)}
    one = {"reservation": do("member27", "POST", "reservations", asked)["id"]}
    case = {"facility": facility, "team": "team-26", "purpose": "节点", "reason": "重大专项", **span(4, 6)}
    unwanted = do("admin", "POST", "replans", case)["id"]
    version = proposed(api("admin"), unwanted)["version"]
    do("admin", "POST", f"{ONE}/discard", {"version": version}, replan=unwanted)
    wanted = do("admin", "POST", "replans", case)["id"]
    version = proposed(api("admin"), wanted)["version"]
    do("admin", "GET", "replans", query={"state": "proposed"})
    do("admin", "PATCH", ONE, {"version": version, "excluded_facilities": [f"{facility}-B"]}, replan=wanted)
    version = proposed(api("admin"), wanted)["version"]
    assert do("admin", "GET", ONE, replan=wanted)["items"]
    do("admin", "POST", f"{ONE}/accept", {"version": version}, replan=wanted)
    assert do("member27", "GET", "replanned")["items"]
    do("member27", "POST", "reservations/{reservation}/confirm", None, **one)
